// How far each consumer is behind in each partition: a row a consumer and topic, a column a partition, the worst first.

import * as api from './api.js';
import { attribute, count, h, text } from './dom.js';
import { createTable } from './table.js';

const late = 120; // seconds, as the alert StrataConsumerBehind has it

// An impression waits half an hour for what may follow it; a version that would do worse is held back for six hours at most.
const onPurpose = { outcomes: 1_800, learner: 21_600 };
const seconds = value => `${value < 10 ? value.toFixed(1) : count(value)} s`;

export function createLag(root) {
    let shown = -1;
    let table = null;
    const none = h('p', { class: 'hint' });
    const body = h('div');
    root.append(none, body, h('p', { class: 'hint' },
        'Seconds are the age of the oldest record that is not committed, beside them how many there are. What outcomes holds is held on '
        + 'purpose: an impression waits half an hour for what may follow it; so is what a learner that is held back has learned. Late is '
        + 'what is more than two minutes behind beyond that. Partitions that another process owns stand on its page.'));

    const isLate = row => row.worst > late + (onPurpose[row.group] ?? 0);

    function cellOf(partition) {
        return {
            title: `${partition}`,
            figure: true,
            create: () => {
                const [age, records] = [h('span'), h('span', { class: 'hint' })];
                return { element: h('span', {}, age, records), age, records };
            },
            update: (part, row) => {
                const one = row.partitions.get(partition);
                text(part.age, one ? seconds(one.seconds) : '–');
                text(part.records, one?.records ? ` · ${count(one.records)}` : '');
                attribute(part.age, 'class', one && one.seconds > late + (onPurpose[row.group] ?? 0) && 'late');
            },
        };
    }

    async function refresh() {
        const list = await api.lag();
        const rows = new Map();
        for (const one of list) {
            const key = `${one.group} ${one.topic}`;
            const row = rows.get(key) ?? { key, group: one.group, topic: one.topic, worst: 0, records: 0, partitions: new Map() };
            rows.set(key, row);
            row.partitions.set(one.partition, one);
            row.worst = Math.max(row.worst, one.seconds);
            row.records += Number(one.records);
        }
        const most = Math.max(-1, ...list.map(one => one.partition));
        if (most !== shown || table === null) {
            shown = most;
            table = createTable('Consumers by topic; a column for each partition', [
                { title: 'Consumer', of: row => row.group },
                { title: 'Topic', of: row => row.topic },
                { title: 'Worst', figure: true, of: row => `${seconds(row.worst)}${isLate(row) ? ', late' : ''}` },
                { title: 'Records', figure: true, of: row => count(row.records) },
                ...Array.from({ length: most + 1 }, (_, partition) => cellOf(partition)),
            ], row => row.key, isLate);
            body.replaceChildren(table.element);
        }
        text(none, list.length ? '' : 'Nothing is consumed yet.');
        table.draw([...rows.values()].sort((one, other) => isLate(other) - isLate(one) || one.key.localeCompare(other.key)));
    }

    return { refresh };
}
