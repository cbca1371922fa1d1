// Runs of the evaluator: each file as it was written, its lists as tables, its single values as such.

import * as api from './api.js';
import { attribute, count, each, h, text, time } from './dom.js';
import { createTable } from './table.js';

const exact = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const words = name => name.replaceAll('_', ' ');
const isSingle = value => value === null || typeof value !== 'object';
const isObject = value => !isSingle(value) && !Array.isArray(value);
const isRows = value => Array.isArray(value) && value.length > 0 && value.every(isObject);

function tell(value) {
    switch (typeof value) {
        case 'number': return Number.isInteger(value) ? count(value) : exact.format(value);
        case 'boolean': return value ? 'yes' : 'no';
        case 'string': return value;
        default: return '–';
    }
}

// A row's own objects of single values stand in its columns too: `before.ndcg10` as "before ndcg10".
function flatten(row, prefix = '') {
    return Object.entries(row).flatMap(([name, value]) => isSingle(value) ? [[prefix + words(name), value]]
        : Array.isArray(value) ? []
        : flatten(value, `${prefix}${words(name)} `));
}

function tableOf(title, list) {
    const rows = list.map((row, index) => ({ index, cells: new Map(flatten(row)) }));
    const names = [...new Set(rows.flatMap(row => [...row.cells.keys()]))];
    const table = createTable(title, names.map(name => ({
        title: name,
        figure: rows.some(row => typeof row.cells.get(name) === 'number'),
        of: row => tell(row.cells.get(name)),
    })), row => row.index);
    table.draw(rows);
    return table.element;
}

function partsOf(title, value) {
    if (isRows(value)) {
        return [tableOf(title, value)];
    }
    if (Array.isArray(value)) {
        return value.length ? [h('p', { class: 'hint' }, `${title}: ${value.filter(isSingle).map(tell).join(', ')}`)] : [];
    }
    const singles = Object.entries(value).filter(([, one]) => isSingle(one));
    const facts = h('dl', {}, ...singles.map(([name, one]) => h('div', {}, h('dt', {}, words(name)), h('dd', {}, tell(one)))));
    return [
        ...(singles.length ? [facts] : []),
        ...Object.entries(value).filter(([, one]) => !isSingle(one)).flatMap(([name, one]) => partsOf(words(name), one)),
    ];
}

export function createEvaluation(root) {
    let list = null;
    let open = null;
    let untouched = true;
    const read = new Map();
    const hint = h('p', { class: 'words' });
    const runs = h('ul', { class: 'own', tabindex: -1, 'aria-label': 'Runs' });
    root.append(hint, runs);

    const keyOf = run => `${run.name} ${run.written}`; // a run that was made again is another one

    async function toggle(run) {
        untouched = false;
        open = open === keyOf(run) ? null : keyOf(run);
        draw();
        await load(run);
    }

    async function load(run) {
        if (open === keyOf(run) && !read.has(open)) {
            const key = open;
            read.set(key, await api.evaluation(run.name).then(
                found => ({ found }),
                fault => ({ fault: fault.message })));
            draw();
        }
    }

    function create(run) {
        const name = h('button', { type: 'button', class: 'link', onclick: () => toggle(run) }, run.name);
        const body = h('div', { class: 'run' });
        const element = h('li', {},
            h('div', { class: 'head' },
                name, h('time', { class: 'number', datetime: run.written }, `${time(Date.parse(run.written))} UTC`)),
            body);
        return { element, name, body, shown: null };
    }

    function update(row, run) {
        const isOpen = open === keyOf(run);
        const answer = read.get(keyOf(run));
        attribute(row.name, 'aria-expanded', isOpen ? 'true' : 'false');
        row.body.hidden = !isOpen;
        if (isOpen && answer && row.shown !== answer) {
            row.shown = answer;
            row.body.replaceChildren(...(answer.fault ? [h('p', {}, answer.fault)]
                : isSingle(answer.found) ? [h('p', {}, tell(answer.found))]
                : partsOf('Rows', answer.found)));
        }
    }

    function draw() {
        text(hint, list.fault || (list.runs.length
            ? `${count(list.runs.length)} ${list.runs.length === 1 ? 'run' : 'runs'} in ${list.folder}, the newest first.`
            : `No run lies in ${list.folder} yet: strata evaluate … --json writes one.`));
        each(runs, list.runs, keyOf, create, update);
    }

    async function refresh() {
        list = await api.evaluations();
        if (untouched && list.runs.length) {
            open = keyOf(list.runs[0]);
        }
        draw();
        const run = list.runs.find(one => keyOf(one) === open);
        if (run) {
            await load(run);
        }
    }

    return { refresh };
}
