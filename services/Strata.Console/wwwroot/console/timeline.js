// What fed a user's layers: what they did, newest first, with the layer that it went to.

import * as api from './api.js';
import * as overview from './overview.js';
import { attribute, count, each, h, percent, text } from './dom.js';

const kinds = [[1, 'viewed'], [2, 'clicked'], [3, 'searched'], [4, 'liked'], [5, 'put into the basket'], [6, 'bought'], [7, 'dismissed']];
const wishes = { BOOST: 'More of this layer', MUTE: 'None of this layer', PIN: 'Always some of this layer', FORGET: 'Forget this layer' };
const freshMs = 60_000;
const atOnce = 8;
const asked = 16;
const shortTime = {
    day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: 'UTC',
};
const when = ms => (ms ? `${new Date(ms).toLocaleString('en-GB', shortTime)} UTC` : 'at some time');

export function createTimeline(root, { choose, select }) {
    const name = h('input', { id: 'timeline-user', autocomplete: 'off', maxlength: 128, spellcheck: 'false', required: true });
    const summary = h('p', { class: 'words' });
    const chips = h('ul', { class: 'row', tabindex: -1, 'aria-label': 'Layers' });
    const hint = h('p', { class: 'hint', hidden: true },
        'The last 64 items, each with all that was done to it and the time of the last of it, and the last three searches. An item counts '
        + 'for the layer that it lies in now, and to a part for those near it; a search for those near its words. Beside each layer stands '
        + 'how many of these went to it, and its share of the interest over 30 days.');
    const list = h('ol', { class: 'own', tabindex: -1, 'aria-label': 'What they did' });
    root.append(
        h('form', { class: 'row', onsubmit: sent => { sent.preventDefault(); choose(name.value.trim()); } },
            h('label', { for: 'timeline-user' }, 'User'), name, h('button', {}, 'Show')),
        summary, chips, hint, list);
    const items = new Map();
    let shown = null;
    let only = null;

    // Titles and layers are asked for item by item: those that are new first, then some of those that may have changed.
    async function learn(user, ids) {
        const old = performance.now() - freshMs;
        const wanted = [...ids.filter(id => !items.has(id)), ...ids.filter(id => items.get(id)?.at < old).slice(0, asked)];
        while (wanted.length) {
            await Promise.all(wanted.splice(0, atOnce).map(async id => {
                const item = await api.explain(user, id).then(answer => answer.item).catch(fault => {
                    if (fault.status !== 404) {
                        throw fault;
                    }
                    return null; // no longer in the catalogue
                });
                items.set(id, { at: performance.now(), title: item?.title, layer: item?.layer?.layerId || null, gone: item === null });
            }));
        }
    }

    function actsOf(profile) {
        const touched = (profile?.items ?? []).map(item => ({
            key: item.itemId,
            item: item.itemId,
            at: Number(item.lastUnixMs),
            what: kinds.filter(([kind]) => item.kinds >> kind & 1).map(([, words]) => words).join(', '),
            times: item.count,
            forgotten: item.forgotten,
        }));
        const dismissed = (profile?.dismissed ?? []).map((item, index) => (
            { key: `no ${item}`, item, at: Number(profile.dismissedUnixMs[index] ?? 0), what: 'dismissed' }));
        const searched = (profile?.queries ?? []).map(query => (
            { key: `search ${query.text}`, title: `«${query.text}»`, at: Number(query.timeUnixMs), what: 'searched' }));
        const controls = (profile?.controls ?? []).map(control => ({
            key: `${control.action} ${control.layerId}`,
            title: wishes[control.action.slice('LAYER_ACTION_'.length)] ?? control.action,
            at: Number(control.askedUnixMs) || Number(control.asOfUnixMs),
            what: 'asked for',
            layer: control.layerId,
        }));
        return [...touched, ...dismissed, ...searched, ...controls].sort((one, other) => other.at - one.at);
    }

    const layerOf = act => act.layer ?? items.get(act.item)?.layer ?? null;

    function createChip() {
        const dot = h('span', { 'aria-hidden': 'true' });
        const words = h('span');
        const button = h('button', { type: 'button', class: 'small' }, dot, words);
        return { element: h('li', {}, button), button, dot, words };
    }

    function updateChip(row, { id, words }) {
        row.button.onclick = () => { only = id; draw(); };
        attribute(row.button, 'aria-pressed', only === id ? 'true' : 'false');
        attribute(row.dot, 'class', id ? `dot ${overview.colour(id)}` : null);
        text(row.words, words);
    }

    function createAct() {
        const [dot, title, time] = [h('span', { 'aria-hidden': 'true' }), h('strong'), h('time', { class: 'number' })];
        const what = h('span');
        const layer = h('button', { type: 'button', class: 'link' });
        const note = h('span');
        const element = h('li', {},
            h('div', { class: 'head' }, dot, h('div', {}, title), time),
            h('p', { class: 'why' }, what, layer, note));
        return { element, dot, title, time, what, layer, note };
    }

    function updateAct(row, act) {
        const item = items.get(act.item);
        const layer = layerOf(act);
        attribute(row.dot, 'class', `dot ${overview.colour(layer)}`);
        text(row.title, act.title ?? item?.title ?? act.item);
        text(row.time, when(act.at));
        attribute(row.time, 'datetime', act.at ? new Date(act.at).toISOString() : null);
        const times = act.times >= 1.5 ? `, ${count(act.times)} times in all` : '';
        text(row.what, `${act.what}${times}${layer ? ' → ' : ''}`);
        row.layer.hidden = !layer;
        text(row.layer, layer ? overview.name(layer) : '');
        row.layer.onclick = () => select(layer);
        text(row.note, act.forgotten ? ' · forgotten: it says nothing any more' : item?.gone ? ' · no longer in the catalogue' : '');
    }

    function draw() {
        const { user, profile, layers, acts } = shown;
        if (document.activeElement !== name) {
            name.value = user;
        }
        const events = Number(profile?.events ?? 0);
        text(summary, acts.length === 0
            ? `Nothing is held of ${user}.`
            : `${count(events)} ${events === 1 ? 'event' : 'events'} of ${user}, the last ${when(Number(profile.lastEventUnixMs))}.`);
        const fed = id => acts.filter(act => layerOf(act) === id).length;
        const weight = layers.reduce((sum, layer) => sum + Math.max(0, layer.longWeight), 0) || 1;
        const shareOf = layer => percent(Math.max(0, layer.longWeight) / weight);
        const known = layers.map(layer => ({
            id: layer.layerId,
            words: `${overview.name(layer.layerId, layer.words)}: ${fed(layer.layerId)}, ${shareOf(layer)}`,
        }));
        only = known.some(layer => layer.id === only) ? only : null;
        each(chips, known.length ? [{ id: null, words: `All: ${acts.length}` }, ...known] : [], chip => chip.id, createChip, updateChip);
        hint.hidden = acts.length === 0;
        each(list, acts.filter(act => only === null || layerOf(act) === only), act => act.key, createAct, updateAct);
    }

    async function refresh(user) {
        const [held, layers] = await Promise.all([api.exportUser(user), api.layers()]);
        overview.learn(layers);
        const acts = actsOf(held.profile);
        await learn(user, [...new Set(acts.filter(act => act.item).map(act => act.item))]);
        if (shown?.user !== user) {
            only = null;
        }
        shown = { user, profile: held.profile, layers: held.layers, acts };
        draw();
    }

    return { refresh };
}
