// How the arms of experiments fare, a table an experiment.

import * as api from './api.js';
import { attribute, count, each, h, percent, text, time } from './dom.js';

const titles = [
    'arm', 'of all users', 'users', 'slates', 'clicked', 'click rate', 'above the baseline', 'NDCG@20 of clicks', 'above the baseline',
    'of the catalogue so far',
];

const space = '\u00a0'; // that no line is broken at

export function createExperiments(root) {
    const none = h('p', { class: 'words', hidden: true }, 'No experiment runs: Ranking:Experiments names none.');
    const list = h('div', { class: 'experiments' });
    root.append(none, list);

    async function refresh() {
        const { experiments } = await api.experiments();
        none.hidden = experiments.length > 0;
        each(list, experiments, experiment => experiment.name, create, update);
    }

    return { refresh };
}

function create({ name }) {
    const arms = h('tbody');
    const since = h('p', { class: 'hint' });
    const head = h('thead', {}, h('tr', {}, ...titles.map(title => h('th', { scope: 'col' }, title))));
    const table = h('div', { class: 'wide', role: 'region', tabindex: 0, 'aria-label': `Arms of ${name}` }, h('table', {}, head, arms));
    return { element: h('section', {}, h('h3', {}, name), table, since), arms, since };
}

function update(row, experiment) {
    each(row.arms, experiment.arms, arm => arm.name, createArm, (cells, arm) => updateArm(cells, arm, arm.name === experiment.baseline));
    const [first, last] = [
        Math.min(...experiment.arms.map(arm => Number(arm.firstUnixMs) || Infinity)),
        Math.max(...experiment.arms.map(arm => Number(arm.lastUnixMs))),
    ];
    text(row.since, last > 0 ? `Slates of ${time(first)} to ${time(last)}, UTC.` : 'No slate is counted yet.');
}

function createArm() {
    const cells = titles.map((_, column) => h(column === 0 ? 'th' : 'td', column === 0 ? { scope: 'row' } : {}));
    return { element: h('tr', {}, ...cells), cells };
}

function updateArm({ cells }, arm, isBaseline) {
    [
        [isBaseline ? `${arm.name} (baseline)` : arm.name],
        [percent(arm.share)],
        [count(arm.users)],
        [count(arm.slates)],
        [count(arm.clicked)],
        ...rate(arm.clickRate, isBaseline),
        ...rate(arm.ndcg, isBaseline),
        [percent(arm.coverage)],
    ].forEach(([value, mark], column) => {
        text(cells[column], value);
        attribute(cells[column], 'class', mark);
    });
}

// The rate, and by how much it lies above the baseline's.
const rate = ({ value, difference }, isBaseline) =>
    [[value.toFixed(4)], isBaseline ? [''] : difference ? against(difference) : ['too little yet']];

function against({ value, low, high, decided }) {
    const [verdict, mark] = !decided ? ['open', ''] : value > 0 ? ['better', ' mark up'] : ['worse', ' mark down'];
    const words = [signed(value), verdict].join(space);
    const interval = [`(${signed(low)}`, 'to', `${signed(high)})`].join(space);
    return [`${words} ${interval}`, `against${mark}`];
}

const signed = value => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(4)}`;
