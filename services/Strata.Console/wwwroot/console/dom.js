// Builds and updates elements. Texts go in as text, never as markup.

const svgNames = new Set(['svg', 'g', 'circle', 'rect', 'text', 'title', 'line']);

export function h(name, attributes = {}, ...children) {
    const element = svgNames.has(name) ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (key.startsWith('on')) {
            element.addEventListener(key.slice(2), value);
        } else {
            attribute(element, key, value);
        }
    }
    element.append(...children.filter(child => child !== null));
    return element;
}

export function attribute(element, name, value) {
    if (value === false || value === null || value === undefined) {
        element.removeAttribute(name);
    } else if (element.getAttribute(name) !== String(value)) {
        element.setAttribute(name, value === true ? '' : value);
    }
}

export function text(element, value) {
    if (element.textContent !== value) {
        element.textContent = value;
    }
}

// Makes the children of a parent those of a list: by key, so that what stays keeps its element and its focus.
export function each(parent, list, keyOf, create, update) {
    const focused = parent.contains(document.activeElement) ? document.activeElement : null;
    const old = parent.byKey ?? new Map();
    parent.byKey = new Map(list.map(entry => [keyOf(entry), old.get(keyOf(entry)) ?? create(entry)]));
    for (const [key, row] of old) {
        if (!parent.byKey.has(key)) {
            row.element.remove();
        }
    }
    let next = parent.firstChild;
    for (const entry of list) {
        const row = parent.byKey.get(keyOf(entry));
        if (row.element === next) {
            next = next.nextSibling;
        } else {
            parent.insertBefore(row.element, next);
        }
        update(row, entry);
    }
    if (focused && focused !== document.activeElement) {
        (focused.isConnected ? focused : parent).focus({ preventScroll: true });
    }
}

// A question that must be answered before something that cannot be taken back.
export function ask(question, yes) {
    const dialog = document.getElementById('question');
    text(document.getElementById('question-text'), question);
    text(document.getElementById('question-yes'), yes);
    dialog.returnValue = 'no';
    dialog.showModal();
    return new Promise(answered => dialog.addEventListener('close', () => answered(dialog.returnValue === 'yes'), { once: true }));
}

const whole = new Intl.NumberFormat('en');
export const count = value => whole.format(Math.round(value));
export const percent = value => `${(value * 100).toFixed(value < 0.0995 ? 1 : 0)} %`;
const shortTime = { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' };
export const time = ms => new Date(ms).toLocaleString('en-GB', shortTime);
