// One user: their layers with what they want of them, and the slate they would see now, with what has changed in it.

import * as api from './api.js';
import * as overview from './overview.js';
import { ask, attribute, each, h, percent, text } from './dom.js';

const controls = [
    ['BOOST', 'Boost', 'More of it'],
    ['MUTE', 'Mute', 'None of it'],
    ['PIN', 'Pin', 'Always some of it'],
    ['FORGET', 'Forget', 'What was done in it so far says nothing any more'],
    ['CLEAR', 'Clear', 'Neither boosted nor muted nor pinned any more'],
];
const acts = [['CLICK', 'Click'], ['LIKE', 'Like'], ['DISMISS', 'Dismiss']];
const markedMs = 6_000;
const fewLayers = 6;

export async function readUser(user, asOf) {
    const [layers, slate] = await Promise.all([api.userLayers(user, asOf), api.slate(user, asOf)]);
    return { user, layers, slate };
}

export function createUser(section, { watch, follow, select, act, turn }) {
    const name = h('input', { id: 'user-id', name: 'user', autocomplete: 'off', maxlength: 128, spellcheck: 'false', required: true });
    const names = h('ul', { class: 'chips', 'aria-label': 'Users who acted lately' });
    const following = h('input', { type: 'checkbox', onchange: () => follow(following.checked) });
    const query = h('input', { id: 'query', name: 'query', autocomplete: 'off', maxlength: 512, type: 'search', required: true });
    const doing = h('p', { class: 'hint doing' });
    const more = h('button', { type: 'button', class: 'link', onclick: () => showAll(!all) });
    const own = h('ul', { class: 'own', tabindex: -1 });
    const slate = h('ol', { class: 'slate', tabindex: -1 });
    const left = h('p', { class: 'hint' });
    const degraded = h('p', { class: 'hint' });
    const words = h('p', { class: 'hint' });
    section.append(
        h('form', { class: 'row', onsubmit: sent => enter(sent, () => watch(name.value.trim())) },
            h('label', { for: 'user-id' }, 'User'), name, h('button', {}, 'Watch')),
        names,
        h('label', { class: 'row' }, following, 'Follow whoever acts'),
        doing,
        h('form', { class: 'row', onsubmit: sent => enter(sent, search) },
            h('label', { for: 'query' }, 'Search as this user'), query, h('button', {}, 'Search')),
        h('h3', {}, 'Layers of this user'), words, own, more,
        h('p', {}, h('button', { type: 'button', class: 'link', onclick: () => turn('timeline') }, 'What fed them: the timeline')),
        h('h3', {}, 'Slate for this user'), degraded, slate, left);
    const marks = new Map();
    let shown = null;
    let all = false;

    function draw({ user, layers, slate: offered }) {
        if (shown?.user !== user) {
            marks.clear();
            text(left, '');
        } else {
            mark(shown.slate.items, offered.items);
        }
        shown = { user, layers, slate: offered };
        if (document.activeElement !== name) {
            name.value = user;
        }
        drawLayers();
        each(slate, offered.items, item => item.itemId, createItem, updateItem);
        text(words, layers.words.length ? `Words of this user: ${layers.words.join(', ')}` : '');
        text(degraded, tellDegraded(offered.degraded));
    }

    // The strongest, and those that they have said something about.
    function drawLayers() {
        const layers = shown.layers.layers;
        const few = layers.filter((layer, rank) => rank < fewLayers || layer.action !== 'LAYER_ACTION_UNSPECIFIED');
        each(own, all ? layers : few, layer => layer.layerId, createLayerRow, updateLayerRow);
        more.hidden = few.length === layers.length;
        text(more, all ? 'Show the strongest only' : `Show all ${layers.length}`);
    }

    function showAll(on) {
        all = on;
        drawLayers();
    }

    function mark(before, after) {
        const was = new Map(before.map((item, position) => [item.itemId, position]));
        const at = performance.now();
        after.forEach((item, position) => {
            const old = was.get(item.itemId);
            if (old !== position) {
                const [kind, words] = old === undefined ? ['new', 'new']
                    : old > position ? ['up', `▲ ${old - position}`]
                    : ['down', `▼ ${position - old}`];
                marks.set(item.itemId, { kind, words, at });
            }
        });
        const gone = before.filter(item => !after.some(other => other.itemId === item.itemId));
        if (gone.length) {
            text(left, `No longer in it: ${gone.map(titleOf).join('; ')}`);
        }
    }

    function createLayerRow(layer) {
        const id = layer.layerId;
        const words = h('button', { type: 'button', class: 'link', onclick: () => select(id) });
        const [dot, value, fill] = [h('span', { 'aria-hidden': 'true' }), h('span', { class: 'number' }), h('div')];
        const buttons = controls.map(([action, label, hint]) =>
            h('button', { type: 'button', class: 'small', title: hint, onclick: () => want(id, action) }, label));
        const element = h('li', {},
            h('div', { class: 'head' }, dot, words, value),
            h('div', { class: 'row' },
                h('div', { class: 'bar', 'aria-hidden': 'true' }, fill),
                h('div', { class: 'row buttons' }, ...buttons)));
        return { element, dot, words, value, fill, buttons };
    }

    function updateLayerRow(row, layer) {
        const told = overview.name(layer.layerId, layer.words);
        attribute(row.dot, 'class', `dot ${overview.colour(layer.layerId)}`);
        text(row.words, told);
        text(row.value, percent(layer.probability));
        attribute(row.value, 'title', "Probability of recommending from it. Its share of the user's interest: "
            + `${percent(layer.longInterest)} over 30 days, ${percent(layer.shortInterest)} over the last hour.`);
        attribute(row.fill, 'class', overview.colour(layer.layerId));
        row.fill.style.width = `${(layer.probability * 100).toFixed(1)}%`;
        row.buttons.forEach((button, i) => {
            attribute(button, 'aria-label', `${controls[i][1]} the layer ${told}`);
            attribute(button, 'aria-pressed', i < 3 ? String(layer.action === `LAYER_ACTION_${controls[i][0]}`) : null);
        });
    }

    function createItem(item) {
        const part = {
            position: h('span', { class: 'position' }),
            title: h('strong'),
            mark: h('span'),
            score: h('span', { class: 'number' }),
            dot: h('span', { 'aria-hidden': 'true' }),
            why: h('p', { class: 'why' }),
        };
        part.buttons = acts.map(([kind, label]) =>
            h('button', { type: 'button', class: 'small', onclick: () => react(kind, label, item) }, label));
        const element = h('li', {},
            h('div', { class: 'head' }, part.position, part.dot, h('div', {}, part.title, ' ', part.mark), part.score),
            h('div', { class: 'row' }, part.why, h('div', { class: 'row buttons' }, ...part.buttons)));
        return { element, ...part };
    }

    function updateItem(row, item) {
        const recent = marks.get(item.itemId);
        const marked = recent && performance.now() - recent.at < markedMs ? recent : null;
        text(row.position, `${item.position + 1}`);
        text(row.title, titleOf(item));
        text(row.mark, marked?.words ?? '');
        attribute(row.mark, 'class', marked ? `mark ${marked.kind}` : 'mark');
        attribute(row.element, 'class', marked ? 'changed' : null);
        text(row.score, item.score.toFixed(2));
        const contributions = (item.reason?.contributions ?? []).map(part => `${part.feature} ${part.value.toFixed(2)}`);
        attribute(row.score, 'title', `Score: ${contributions.join(', ')}`);
        attribute(row.dot, 'class', `dot ${overview.colour(item.layer?.layerId)}`);
        attribute(row.dot, 'title', item.layer?.layerId ? overview.name(item.layer.layerId, item.layer.words) : null);
        text(row.why, item.reason?.text ?? '');
        row.buttons.forEach((button, i) => attribute(button, 'aria-label', `${acts[i][1]} ${titleOf(item)}`));
    }

    async function want(id, action) {
        const user = shown.user;
        const question = `Forget what ${user} did in the layer ${overview.name(id)}? This cannot be taken back.`;
        if (action !== 'FORGET' || await ask(question, 'Forget it')) {
            act(() => api.control(user, id, `LAYER_ACTION_${action}`), `${user}: ${action.toLowerCase()} ${overview.name(id)}.`);
        }
    }

    function react(kind, label, item) {
        const user = shown.user;
        act(() => api.publish({ userId: user, kind: `EVENT_KIND_${kind}`, itemId: item.itemId }),
            `${user}: ${label.toLowerCase()} «${titleOf(item)}».`);
    }

    function search() {
        const typed = query.value.trim();
        const user = shown.user;
        act(() => api.publish({ userId: user, kind: 'EVENT_KIND_SEARCH', query: typed }), `${user}: search «${typed}».`);
    }

    function drawTraffic(now, acting, isFollowing) {
        following.checked = isFollowing;
        text(doing, now.userId ? `Just now ${now.userId}: ${now.act}` : '');
        each(names, acting, id => id, id => {
            const button = h('button', { type: 'button', class: 'link', onclick: () => watch(id) }, id);
            return { element: h('li', {}, button), button };
        }, (row, id) => attribute(row.button, 'aria-current', id === shown?.user && 'true'));
    }

    return { draw, drawTraffic };
}

function enter(sent, then) {
    sent.preventDefault();
    then();
}

const titleOf = item => item.title || item.itemId;

function tellDegraded(fallbacks) {
    const words = {
        'no-profile': 'nothing is known of this user yet: this is what anyone new would see',
        'no-layers': 'no layers have been published yet',
        'store-timeout': 'this user\'s state could not be read in time',
        'state-unreadable': 'a part of this user\'s state could not be used',
        'stale': 'the stream is away: this is what was known before',
        'repeats-forced': 'they have had everything, so it comes again',
        'oldest-forgotten': 'they had and dismissed more than is remembered, so the oldest of it may come again',
        'no-items': 'there is nothing to recommend yet',
    };
    const told = (fallbacks.includes('no-items') ? ['no-items'] : fallbacks).map(fallback => words[fallback] ?? fallback).join('; ');
    return told && `${told[0].toUpperCase()}${told.slice(1)}.`;
}
