// What slates are ranked with: click rates by layer, versions with what they were estimated to get, and back to one of them.

import * as api from './api.js';
import * as overview from './overview.js';
import { ask, attribute, count, h, percent, text } from './dom.js';
import { createTable } from './table.js';

const fewLayers = 12;
const width = 200;
const clicks = value => value.toFixed(3);
const moment = ms => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

export function createPolicy(root, history, told) {
    let read = null;
    let all = false;
    let widest = 1;

    const summary = h('p', { class: 'words' });
    const held = h('p', {});
    const rates = createTable('Chosen of what was shown from a layer, by everybody, with the 95 % interval', [
        { title: 'Layer', create: createName, update: updateName },
        { title: 'Drawn, from 0', create: createBar, update: updateBar },
        { title: 'Click rate', figure: true, of: layer => percent(layer.rate) },
        { title: 'Interval', figure: true, of: layer => `${percent(layer.low)} to ${percent(layer.high)}` },
        { title: 'Clicks', figure: true, of: layer => count(layer.clicks) },
        { title: 'Looked at', figure: true, of: layer => count(layer.shown) },
    ], layer => layer.layerId, layer => layer.layerId === 0);
    const more = h('button', { type: 'button', class: 'link', hidden: true, onclick: () => { all = !all; draw(); } });
    const none = h('p', { class: 'hint' });
    const versions = createTable('Versions kept, newest first, and the clicks a slate that each was estimated to get as it was published', [
        { title: 'Version', of: policy => `${policy.version}${policy.restored ? `: ${policy.restored} again` : ''}` },
        { title: 'Back to it', create: createBack, update: updateBack },
        { title: 'Published', of: policy => (policy.published ? moment(policy.published) : 'before this was noted') },
        { title: 'Doubly robust, ± 95 %', figure: true,
            of: ({ estimate }) => (estimate ? `${clicks(estimate.doublyRobust)} ± ${clicks(estimate.halfWidth)}` : '–') },
        { title: 'SNIPS', figure: true, of: ({ estimate }) => (estimate ? clicks(estimate.snips) : '–') },
        { title: 'IPS', figure: true, of: ({ estimate }) => (estimate ? clicks(estimate.ips) : '–') },
        { title: 'Slates', figure: true, of: ({ estimate }) => (estimate ? count(estimate.slates) : '–') },
        { title: 'of equal weight', figure: true, of: ({ estimate }) => (estimate ? count(estimate.effectiveSlates) : '–') },
    ], policy => policy.version, policy => policy.inForce);
    root.append(
        summary, held,
        h('h3', {}, 'Click rate by layer'), none, rates.element, more,
        h('p', { class: 'hint' },
            'An item shown counts by how likely its position is looked at, 1 at the head of a slate; counts are halved every 30 days. The '
            + 'interval takes each item for chosen apart from the others: users who come often make the truth wider.'),
        h('h3', {}, 'Versions'), versions.element);

    function createName() {
        const dot = h('span', { 'aria-hidden': 'true' });
        const words = h('span');
        return { element: h('span', {}, dot, words), dot, words };
    }

    function updateName(part, layer) {
        attribute(part.dot, 'class', layer.layerId ? `dot ${overview.colour(layer.layerId)}` : null);
        text(part.words, layer.layerId ? overview.name(layer.layerId) : 'All layers together');
    }

    function createBar() {
        const [back, band, point] = [h('rect', { y: 6, height: 2, width }), h('rect', { class: 'band', y: 2, height: 10 }),
            h('rect', { class: 'point', y: 1, height: 12, width: 2 })];
        const element = h('svg', { class: 'interval', viewBox: `0 0 ${width} 14`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
            back, band, point);
        return { element, band, point };
    }

    function updateBar(part, layer) {
        const at = rate => Math.min(width, rate / widest * width);
        attribute(part.element, 'class', `interval ${overview.colour(layer.layerId)}`);
        attribute(part.band, 'x', at(layer.low).toFixed(1));
        attribute(part.band, 'width', Math.max(1, at(layer.high) - at(layer.low)).toFixed(1));
        attribute(part.point, 'x', Math.max(0, at(layer.rate) - 1).toFixed(1));
    }

    function createBack(policy) {
        const button = h('button', { type: 'button', class: 'small', onclick: () => rollBack(policy.version) }, 'Roll back');
        const words = h('span', {}, 'in force');
        return { element: h('span', {}, button, words), button, words };
    }

    function updateBack(part, policy) {
        part.button.hidden = policy.inForce;
        part.words.hidden = !policy.inForce;
        attribute(part.button, 'aria-label', `Roll back to version ${policy.version}`);
    }

    async function rollBack(version) {
        if (await ask(
            `Roll back to version ${version}? It is in force at once and learning goes on from it: what was learned since is given up.`,
            'Roll back')) {
            try {
                told(`Version ${version} is in force again, as ${(await api.rollBack(version)).version}.`);
                await refresh();
            } catch (fault) {
                told(`That was not done, or is not known to be: ${fault.message}`);
            }
        }
    }

    function draw() {
        const [policies, policy] = read;
        const inForce = policies.find(one => one.inForce);
        text(summary, inForce
            ? `Version ${inForce.version} is in force, after ${count(inForce.steps)} steps of learning`
                + `${inForce.published ? `, since ${moment(inForce.published)}` : ''}.`
            : 'Nothing was published yet: slates follow the order that comes with Strata.');
        const times = history.sum('Versions', 'held back');
        const words = times === 1 ? 'once' : `${count(times)} times`;
        text(held, !inForce ? '' : times === 0
            ? 'No version was held back in the last hour.'
            : `What was learned was held back ${words} in the last hour: its estimate lay below that of the policy in force.`);
        const layers = [...policy?.layerClicks ?? []].sort((one, other) => other.shown - one.shown);
        text(none, layers.length ? '' : 'Nothing is known yet: what was shown counts once its outcome is settled, half an hour later.');
        more.hidden = layers.length <= fewLayers;
        text(more, all ? 'Show those that were shown most' : `Show all ${layers.length}`);
        const shown = all ? layers : layers.slice(0, fewLayers);
        const highs = shown.filter(layer => layer.clicks >= 5).map(layer => layer.high); // few clicks would make all others narrow
        widest = Math.max(0.01, ...shown.map(layer => layer.rate * 1.6), ...highs);
        rates.draw(layers.length ? [policy.allClicks, ...shown] : []);
        versions.draw(policies);
    }

    async function refresh() {
        const [list, layers] = await Promise.all([api.policies(), api.layers(), history.refresh()]);
        overview.learn(layers);
        const policies = list.policies.map(policy => ({
            ...policy,
            published: Number(policy.publishedUnixMs),
            restored: Number(policy.restoredVersion),
        }));
        const inForce = policies.find(policy => policy.inForce);
        read = [policies, inForce ? await api.policy(inForce.version).catch(gone) : null];
        draw();
    }

    // A version that another one took the place of in between is not kept: the next look finds that one.
    function gone(fault) {
        if (fault.status === 404) {
            return read?.[1] ?? null;
        }
        throw fault;
    }

    return { refresh };
}
