// The map of layers: area by share, colour by group, places as the API lays them, moved apart where circles would hide each other.

import * as overview from './overview.js';
import { attribute, each, h, percent, text } from './dom.js';

const margin = 24;
const pushes = 150;
const lineHeight = 15;
const letterWidth = 6.9;
const boldWidth = 7.8;

export function createMap(section, select) {
    const circles = h('g');
    const labels = h('g', { class: 'labels', 'aria-hidden': 'true' });
    const picture = h('svg', { role: 'group', 'aria-label': 'Map of layers' }, circles, labels);
    const empty = h('p', { class: 'empty' }, 'No layers yet: the catalogue is being read, and layers are seeded from it.');
    const legend = h('ul', { class: 'legend', 'aria-label': 'Groups of layers' });
    section.append(empty, picture, legend);
    let drawn = null;
    new ResizeObserver(() => drawn && draw(...drawn)).observe(section);

    function draw(map, selected) {
        drawn = [map, selected];
        empty.hidden = map.places.length > 0;
        const width = Math.max(280, picture.clientWidth);
        const height = Math.round(Math.min(width * 0.95, 600));
        attribute(picture, 'viewBox', `0 0 ${width} ${height}`);
        attribute(picture, 'height', map.places.length > 0 ? height : 0);
        const discs = layOut(map.places, width, height);
        each(circles, discs, disc => disc.id, disc => createDisc(disc.id, select), (row, disc) => updateDisc(row, disc, selected));
        each(labels, labelsOf(discs, selected, width), label => label.id, createLabel, updateLabel);
        each(legend, overview.living(), group => group.groupId, createGroup, updateGroup);
    }

    return { draw };
}

// Areas together fill a fixed part of the picture.
function layOut(places, width, height) {
    const most = places.reduce((sum, place) => sum + place.share, 0) || 1;
    const [x, y] = [scale(places.map(place => place.x), width), scale(places.map(place => -place.y), height)];
    const discs = places.map(place => ({
        id: place.layerId,
        words: place.words,
        share: place.share,
        x: x(place.x),
        y: y(-place.y),
        r: Math.max(6, Math.sqrt(place.share / most * width * height * 0.15 / Math.PI)),
    }));
    for (let push = 0; push < pushes; push++) {
        moveApart(discs);
        for (const disc of discs) {
            disc.x = Math.min(width - disc.r - 2, Math.max(disc.r + 2, disc.x));
            disc.y = Math.min(height - disc.r - lineHeight, Math.max(disc.r + 2, disc.y));
        }
    }
    return discs;
}

function scale(values, size) {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return value => high === low ? size / 2 : margin + (value - low) / (high - low) * (size - 2 * margin);
}

// The room between two circles is that of a line of text.
function moveApart(discs) {
    for (let i = 0; i < discs.length; i++) {
        for (let j = 0; j < i; j++) {
            const [a, b] = [discs[i], discs[j]];
            const [dx, dy] = [a.x - b.x || 0.01, a.y - b.y];
            const distance = Math.hypot(dx, dy);
            const overlap = a.r + b.r + lineHeight - distance;
            if (overlap > 0) {
                const [stepX, stepY] = [dx / distance * overlap / 4, dy / distance * overlap / 4];
                a.x += stepX;
                a.y += stepY;
                b.x -= stepX;
                b.y -= stepY;
            }
        }
    }
}

// Below its circle or above it, where it hides no other circle and no other label; else a label is left out, its circle still tells it.
// The selected layer's is always there.
function labelsOf(discs, selected, width) {
    const taken = [];
    const ordered = [...discs].sort((a, b) => (b.id === selected) - (a.id === selected) || b.share - a.share);
    return ordered.flatMap(disc => {
        const chosen = disc.id === selected;
        const words = overview.name(disc.id, disc.words, chosen ? 3 : 2);
        const half = words.length * (chosen ? boldWidth : letterWidth) / 2;
        const x = Math.min(width - half - 2, Math.max(half + 2, disc.x));
        const boxes = [disc.y + disc.r, disc.y - disc.r - lineHeight]
            .map(top => ({ left: x - half, right: x + half, top, bottom: top + lineHeight }));
        const free = one => one.top >= 0
            && !taken.some(other => meet(one, other))
            && !discs.some(other => other !== disc && meet(one, frameOf(other)));
        const box = boxes.find(free) ?? (chosen ? boxes[0] : null);
        if (box === null) {
            return [];
        }
        taken.push(box);
        return [{ id: disc.id, words, x, y: box.bottom - 3, chosen }];
    });
}

const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

// The square within the circle's edge that a label may not touch: its corners are free.
const frameOf = ({ x, y, r }) => ({ left: x - r * 0.8, right: x + r * 0.8, top: y - r * 0.8, bottom: y + r * 0.8 });

function createDisc(id, select) {
    const title = h('title');
    const circle = h('circle', { r: 0 });
    const choose = () => select(id);
    const element = h('g', {
        class: 'disc',
        role: 'button',
        tabindex: 0,
        onclick: choose,
        onkeydown: key => {
            if (key.key === 'Enter' || key.key === ' ') {
                key.preventDefault();
                choose();
            }
        },
    }, title, circle);
    return { element, title, circle };
}

function updateDisc(row, disc, selected) {
    const told = `${overview.name(disc.id, disc.words, 5)}: ${percent(disc.share)} of all interest`;
    text(row.title, told);
    attribute(row.element, 'aria-label', told);
    attribute(row.element, 'aria-pressed', disc.id === selected ? 'true' : 'false');
    attribute(row.circle, 'class', overview.colour(disc.id));
    attribute(row.circle, 'r', disc.r.toFixed(1));
    row.element.style.transform = `translate(${disc.x.toFixed(1)}px, ${disc.y.toFixed(1)}px)`;
}

const createLabel = () => ({ element: h('text', { 'text-anchor': 'middle' }) });

function updateLabel(row, label) {
    text(row.element, label.words);
    attribute(row.element, 'class', label.chosen ? 'selected' : null);
    row.element.style.transform = `translate(${label.x.toFixed(1)}px, ${label.y.toFixed(1)}px)`;
}

function createGroup() {
    const [dot, words] = [h('span', { 'aria-hidden': 'true' }), h('span')];
    return { element: h('li', {}, dot, words), dot, words };
}

function updateGroup(row, group) {
    attribute(row.dot, 'class', `dot ${overview.groupColour(group.groupId)}`);
    text(row.words, `${group.words.slice(0, 3).join(', ')} · ${percent(group.share)}`);
}
