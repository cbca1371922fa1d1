// Tables that are narrower than what they hold: they scroll by themselves, by keyboard too.

import { attribute, each, h, text } from './dom.js';

// Columns: { title, figure, of }, where `of` gives a row's words or makes and updates an element in the row's cell.
export function createTable(caption, columns, keyOf, strong = () => false) {
    const body = h('tbody');
    const table = h('table', { 'aria-label': caption },
        h('thead', {}, h('tr', {}, ...columns.map(column => h('th', { scope: 'col', class: column.figure && 'figure' }, column.title)))),
        body);
    const element = h('div', { hidden: true }, // until there is a row
        h('p', { class: 'hint' }, caption), // outside, or it would scroll away
        h('div', { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: 0 }, table));

    function create(entry) {
        const cells = columns.map((column, index) => {
            const cell = h(index === 0 ? 'th' : 'td', { class: column.figure && 'figure', scope: index === 0 && 'row' });
            const part = column.create?.(entry);
            cell.append(...(part ? [part.element] : []));
            return { cell, part };
        });
        return { element: h('tr', {}, ...cells.map(one => one.cell)), cells };
    }

    function update(row, entry) {
        attribute(row.element, 'class', strong(entry) && 'strong');
        columns.forEach((column, index) => {
            const { cell, part } = row.cells[index];
            if (part) {
                column.update(part, entry);
            } else {
                text(cell, column.of(entry));
            }
        });
    }

    return { element, draw: list => { element.hidden = list.length === 0; each(body, list, keyOf, create, update); } };
}
