// The last hour as charts: asks for the rows that are new, and gives them to uPlot.

import * as api from './api.js';
import { h, text } from './dom.js';
import uPlot from './vendor/uplot.js';

const rowsKept = 720;
const height = 190;
const colours = 10;
const shown = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

// UTC, like all times of the page; seconds where marks are closer than minutes.
const clocks = (_, ticks, axis, space, step) => ticks.map(tick => new Date(tick * 1000).toISOString().slice(11, step < 60 ? 19 : 16));

export function createHistory(root, page) {
    const charts = new Map();
    const dark = matchMedia('(prefers-color-scheme: dark)');
    let times = [];
    let last = 0;

    dark.addEventListener('change', () => charts.forEach(chart => { chart.plot?.destroy(); chart.plot = null; draw(chart); }));
    new ResizeObserver(() => charts.forEach(chart => chart.plot?.setSize({ width: width(chart), height }))).observe(root);

    const width = chart => Math.max(200, chart.body.clientWidth);

    function chartOf(title, unit) {
        if (!charts.has(title)) {
            const body = h('div', { class: 'plot', 'aria-hidden': 'true' });
            const newest = h('p', { class: 'legend' });
            const element = h('section', {}, h('h3', {}, unit ? `${title}, ${unit}` : title), body, newest);
            root.append(element);
            charts.set(title, { body, newest, lines: new Map(), plot: null });
        }
        return charts.get(title);
    }

    // Colours are asked of an element that has them: the canvas knows no variables.
    function colourOf(kind, body) {
        const probe = h('span', { class: `${kind} probe` });
        body.append(probe);
        const colour = getComputedStyle(probe).color;
        probe.remove();
        return colour;
    }

    function draw(chart) {
        const names = [...chart.lines.keys()];
        const rows = [times.map(time => time / 1000), ...chart.lines.values()];
        if (chart.plot && chart.plot.series.length === rows.length) {
            chart.plot.setData(rows);
        } else {
            chart.plot?.destroy();
            const [ink, rule] = [colourOf('ink', chart.body), { stroke: colourOf('rule', chart.body), width: 1 }];
            const axis = { stroke: ink, grid: rule, ticks: rule };
            chart.plot = new uPlot({
                width: width(chart),
                height,
                legend: { show: false },
                cursor: { show: false },
                scales: { y: { range: (_, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
                axes: [
                    { ...axis, space: 70, values: clocks },
                    { ...axis, size: 56, values: (_, ticks) => ticks.map(tick => shown.format(tick)) },
                ],
                series: [{}, ...names.map((label, index) => ({
                    label,
                    stroke: colourOf(`colour-${index % colours}`, chart.body),
                    width: 1.5,
                    points: { show: false },
                    spanGaps: true,
                }))],
            }, rows, chart.body);
        }
        chart.newest.replaceChildren(...names.map((name, index) => {
            const value = chart.lines.get(name).findLast(one => one !== null);
            const words = `${name} ${value === undefined ? '–' : shown.format(value)}`;
            return h('span', {}, h('span', { class: `dot colour-${index % colours}` }), words);
        }));
        if (names.length === 0) {
            text(chart.newest, 'Nothing yet.');
        }
    }

    async function refresh() {
        const after = last;
        const news = await api.history(after);
        if (after !== last || (news.times.length === 0 && charts.size > 0)) {
            return; // another answer has brought these rows, or there are none
        }
        times = [...times, ...news.times].slice(-rowsKept);
        last = times.at(-1) ?? 0;
        for (const { title, unit, series } of news.charts.filter(chart => chart.page === page)) {
            const chart = chartOf(title, unit);
            const none = Array(news.times.length).fill(null); // of a line that a new process does not have
            const names = new Set([...chart.lines.keys(), ...series.map(line => line.name)]);
            for (const name of names) {
                const before = chart.lines.get(name) ?? [];
                const values = series.find(line => line.name === name)?.values ?? none;
                const gap = times.length - Math.min(rowsKept, before.length + values.length);
                chart.lines.set(name, [...Array(Math.max(0, gap)).fill(null), ...before, ...values].slice(-times.length));
            }
            draw(chart);
        }
    }

    // What a line comes to over the rows that are shown.
    const sum = (title, line) => (charts.get(title)?.lines.get(line) ?? []).reduce((all, value) => all + (value ?? 0), 0);

    return { refresh, sum };
}
