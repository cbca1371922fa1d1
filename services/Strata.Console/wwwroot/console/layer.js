// One layer: what it is about, how it goes, where it comes from, and what an operator may do with it.

import * as api from './api.js';
import * as overview from './overview.js';
import { ask, attribute, count, each, h, percent, text, time } from './dom.js';

const heading = words => h('h3', {}, words);

export async function readLayer(id) {
    const lineage = await api.lineage(id);
    if (!lineage.alive) {
        return { id, lineage };
    }
    const [summary, series] = await Promise.all([api.layer(id), api.series(id)]);
    return { id, lineage, summary, series };
}

export function createLayer(section, select, act) {
    const name = section.querySelector('h2');
    const words = h('p', { class: 'words' });
    const facts = h('dl', { class: 'facts' });
    const bars = h('svg', { class: 'series', role: 'img', height: 48, preserveAspectRatio: 'none' });
    const trend = h('p', { class: 'hint' });
    const neighbours = h('ul', { class: 'chips' });
    const examples = h('ul', { class: 'plain' });
    const steps = h('ol', { class: 'plain' });
    const heirs = h('ul', { class: 'chips' });
    const into = h('select', { 'aria-label': 'Layer to merge into' });
    const split = h('button', { type: 'button', onclick: () => askSplit(shown) }, 'Split in two…');
    const merge = h('button', { type: 'button', onclick: () => askMerge(shown, Number(into.value)) }, 'Merge into…');
    const alive = h('div', {},
        words, facts,
        heading('Points by the hour'), bars, trend,
        heading('Items in its middle'), examples,
        heading('Layers near it'), neighbours,
        heading('For operators'), h('div', { class: 'row operator' }, split, h('span', { class: 'row' }, merge, into)));
    const gone = h('div', {}, heading('Where its interests are now'), heirs);
    section.append(alive, heading('Its life'), steps, gone);
    let shown = 0;

    function draw(read) {
        const { id, lineage, summary, series } = read;
        shown = id;
        text(name, `Layer ${id}${summary ? `: ${overview.name(id, summary.words)}` : ' is gone'}`);
        alive.hidden = !lineage.alive;
        gone.hidden = lineage.alive;
        each(steps, lineage.steps, step => step.version + step.kind,
            () => ({ element: h('li') }), (row, step) => text(row.element, tell(step)));
        drawLinks(heirs, lineage.heirs.map(heir => (
            { id: heir.layerId, words: `${overview.name(heir.layerId)} · ${percent(heir.share)}` })));
        if (lineage.alive) {
            drawAlive(id, summary, series.hours);
        }
    }

    function drawAlive(id, summary, hours) {
        text(words, summary.description || summary.words.join(', '));
        each(facts, [
            ['share of all interest', percent(summary.share)],
            ['items', count(summary.items)],
            ['points taken in', count(summary.points)],
            ['group', overview.groupName(summary.groupId)],
            ['large group', overview.groupName(summary.parentGroupId)],
        ], fact => fact[0], createFact, (row, fact) => text(row.value, fact[1]));
        drawBars(bars, hours);
        text(trend, tellTrend(summary.trend, hours));
        each(examples, summary.examples, example => example.itemId,
            () => ({ element: h('li') }), (row, example) => text(row.element, example.title || example.itemId));
        drawLinks(neighbours, summary.neighbours.map(near => (
            { id: near.layerId, words: `${overview.name(near.layerId, near.words)} · ${near.cosine.toFixed(2)}` })));
        const near = summary.neighbours.map(one => one.layerId);
        const others = [...near, ...overview.all().map(layer => layer.layerId).filter(other => other !== id && !near.includes(other))];
        each(into, others, other => other,
            other => ({ element: h('option', { value: other }) }), (row, other) => text(row.element, `${other}: ${overview.name(other)}`));
    }

    function drawLinks(list, links) {
        each(list, links, link => link.id, link => {
            const button = h('button', { type: 'button', class: 'link', onclick: () => select(link.id) });
            return { element: h('li', {}, button), button };
        }, (row, link) => text(row.button, link.words));
    }

    async function askSplit(id) {
        if (await ask(`Split layer ${id} (${overview.name(id)}) in two? What users have in it goes to its parts.`, 'Split it')) {
            act(() => api.move(id, 0), done => `Layer ${id} is split: layers ${done.bornLayerIds.join(' and ')}. `
                + `Layer ${done.removedLayerId} gave its place and went into ${done.mergedIntoLayerId}.`);
        }
    }

    async function askMerge(id, other) {
        const [one, heir] = [id, other].map(layer => `layer ${layer} (${overview.name(layer)})`);
        if (await ask(`Merge ${one} into ${heir}? What users have in the one goes to the other.`, 'Merge them')) {
            act(() => api.move(id, other), done => `Layer ${id} is merged into ${done.mergedIntoLayerId}. `
                + `Its place went to layer ${done.splitLayerId}, now ${done.bornLayerIds.join(' and ')}.`);
        }
    }

    return { draw };
}

function createFact([term]) {
    const value = h('dd');
    return { element: h('div', {}, h('dt', {}, term), value), value };
}

function drawBars(bars, hours) {
    const most = Math.max(1, ...hours.map(hour => Number(hour.points)));
    attribute(bars, 'viewBox', `0 0 ${Math.max(24, hours.length)} 1`);
    attribute(bars, 'aria-label', hours.length ? `Points in each of the last ${hours.length} hours; at most ${most}` : 'No points yet');
    each(bars, hours, hour => hour.startUnixMs, () => {
        const title = h('title');
        return { element: h('rect', { width: 0.8 }, title), title };
    }, (row, hour) => {
        const tall = Math.max(0.03, hour.points / most);
        attribute(row.element, 'x', hours.indexOf(hour));
        attribute(row.element, 'y', (1 - tall).toFixed(3));
        attribute(row.element, 'height', tall.toFixed(3));
        text(row.title, `${time(Number(hour.startUnixMs))}: ${count(hour.points)} points, ${percent(hour.share)} of all`);
    });
}

function tellTrend(trend, hours) {
    if (!hours.length) {
        return 'No points yet.';
    }
    const times = 2 ** Math.abs(trend);
    const way = times < 1.1 ? 'steady'
        : trend > 0 ? `rising: ${times.toFixed(1)} times its share of the time before`
        : `falling: its share was ${times.toFixed(1)} times as large in the time before`;
    return `${count(hours.at(-1).points)} in the newest hour; ${way}.`;
}

function tell(step) {
    const [first, second] = step.otherLayerIds;
    const what = {
        KIND_SEEDED: 'It came with a seeding of all layers',
        KIND_BORN: `It is a part of layer ${first}, which was split${second ? `; the other part is layer ${second}` : ''}`,
        KIND_ABSORBED: `It took in layer ${first}`,
        KIND_SPLIT: `It was split into layers ${step.otherLayerIds.join(' and ')}`,
        KIND_MERGED: `It was merged into layer ${first}`,
        KIND_DIED: 'It went with a new seeding of all layers',
    }[step.kind] ?? step.kind;
    const when = Number(step.eventTimeUnixMs) ? `, ${time(Number(step.eventTimeUnixMs))}` : '';
    return `${what} (version ${step.version}${when})${step.why ? `: ${step.why}` : ''}.`;
}
