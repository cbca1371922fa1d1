// Merges and splits that the chat model suggests, for an operator to accept. Hidden where there are none, as there are without a model.

import * as api from './api.js';
import * as overview from './overview.js';
import { ask, each, h, text } from './dom.js';

export function createSuggestions(section, act) {
    const list = h('ul', { class: 'plain' });
    const all = h('div', { hidden: true }, h('h3', {}, 'Suggested to operators'), list);
    section.append(all);

    function draw({ suggestions }) {
        all.hidden = suggestions.length === 0;
        each(list, suggestions, one => `${one.layerId}-${one.intoLayerId}`, create, update);
    }

    function create(one) {
        const what = h('span');
        const accept = h('button', { type: 'button', class: 'small', onclick: () => confirm(one) }, 'Accept…');
        return { element: h('li', { class: 'row' }, what, accept), what };
    }

    async function confirm(one) {
        if (await ask(`${tell(one)}?`, 'Accept')) {
            act(() => api.acceptSuggestion(one.layerId, one.intoLayerId), `Done: ${tell(one)}.`);
        }
    }

    return { draw };
}

const update = (row, one) => text(row.what, `${tell(one)}${one.why ? `: ${one.why}` : ''}`);

function tell(one) {
    const layer = `${one.layerId} (${overview.name(one.layerId, one.words)})`;
    return one.intoLayerId
        ? `Merge layer ${layer} into ${one.intoLayerId} (${overview.name(one.intoLayerId, one.intoWords)})`
        : `Split layer ${layer}`;
}
