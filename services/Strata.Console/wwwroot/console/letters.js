// Dead letters: what could never succeed, why, and what is to be done about it.

import * as api from './api.js';
import { ask, attribute, count, each, h, text, time } from './dom.js';

export function createLetters(root, told) {
    let letters = [];
    let version = 0;
    let open = null;
    let detail = null;
    let settled = false;

    const summary = h('p', { class: 'words' });
    const resendAll = h('button', { type: 'button', onclick: () => all('resend') }, 'Send all again');
    const discardAll = h('button', { type: 'button', onclick: () => all('discard') }, 'Discard all');
    const showSettled = h('input', { type: 'checkbox', id: 'letters-settled', onchange: () => { settled = showSettled.checked; draw(); } });
    const list = h('ul', { class: 'own', tabindex: -1, 'aria-label': 'Dead letters' });
    root.append(
        summary,
        h('div', { class: 'row' }, resendAll, discardAll, showSettled, h('label', { for: 'letters-settled' }, 'settled ones too')),
        list);

    const waiting = () => letters.filter(letter => !letter.settled);

    async function all(what) {
        const ids = waiting().map(letter => letter.id); // those that are seen, whatever comes meanwhile
        const words = `${count(ids.length)} ${ids.length === 1 ? 'letter' : 'letters'}`;
        if (await ask(
            what === 'resend' ? `Send ${words} again? What has failed for a reason that is still there fails again.` : `Discard ${words}?`,
            what === 'resend' ? 'Send again' : 'Discard')) {
            await settle(what, ids);
        }
    }

    async function settle(what, ids, message) {
        try {
            const answer = await (what === 'resend' ? api.resendLetters(ids, message) : api.discardLetters(ids));
            told(`${count(answer.done)} ${what === 'resend' ? 'sent again' : 'discarded'}.`);
            [open, detail] = [ids.includes(open) ? null : open, null];
            await refresh();
        } catch (fault) {
            told(`That was not done, or not all of it: ${fault.message}`);
        }
    }

    async function toggle(id) {
        [open, detail] = [open === id ? null : id, null];
        draw();
        if (open !== null) {
            const read = await api.letter(id).catch(fault => ({ undecoded: fault.message, headers: {} }));
            if (open === id) {
                detail = read;
                draw();
            }
        }
    }

    function create(letter) {
        const name = h('button', { type: 'button', class: 'link', onclick: () => toggle(letter.id) }, letter.id);
        const when = h('span', { class: 'number' });
        const why = h('p', { class: 'hint' });
        const more = h('div', { class: 'letter' });
        const message = h('textarea', { rows: 10, spellcheck: 'false', 'aria-label': `Message of ${letter.id}` });
        const fault = h('p', {});
        const bytes = h('pre', { tabindex: 0, 'aria-label': 'Bytes in base64' });
        const headers = h('ul', { class: 'plain hint' });
        const buttons = h(
            'div',
            { class: 'row' },
            h('button', { type: 'button', onclick: () => settle('resend', [letter.id]) }, 'Send again as it was'),
            h(
                'button',
                { type: 'button', class: 'strong', onclick: () => settle('resend', [letter.id], message.value) },
                'Send what is written above'),
            h('button', { type: 'button', onclick: () => settle('discard', [letter.id]) }, 'Discard'));
        more.append(message, fault, h('h3', {}, 'Bytes'), bytes, h('h3', {}, 'Headers'), headers, buttons);
        const element = h('li', {}, h('div', { class: 'head' }, name, when), why, more);
        return { element, name, when, why, more, message, fault, bytes, headers, shown: null };
    }

    function update(row, letter) {
        text(row.when, letter.settled ?? time(Date.parse(letter.time)));
        text(row.why, `${letter.reason} ${letter.errorType ? `(${letter.errorType})` : ''} · ${letter.group} · record ${letter.source}`);
        const isOpen = open === letter.id;
        attribute(row.name, 'aria-expanded', isOpen ? 'true' : 'false');
        row.more.hidden = !isOpen || detail === null;
        if (isOpen && detail !== null && row.shown !== detail) {
            row.shown = detail;
            row.message.value = detail.message ? JSON.stringify(detail.message, null, 2) : '';
            text(row.fault, detail.undecoded ? `Not decoded: ${detail.undecoded}` : '');
            text(row.bytes, detail.bytes ?? 'none: a tombstone');
            each(
                row.headers,
                Object.entries(detail.headers ?? {}),
                ([name]) => name,
                () => ({ element: h('li') }),
                (line, [name, value]) => text(line.element, `${name}: ${value}`));
        }
    }

    function draw() {
        const open = waiting().length;
        text(summary, open === 0 ? 'Nothing waits.' : `${count(open)} ${open === 1 ? 'letter waits' : 'letters wait'}.`);
        resendAll.disabled = discardAll.disabled = open === 0;
        each(list, letters.filter(letter => settled || !letter.settled).reverse(), letter => letter.id, create, update);
    }

    async function refresh() {
        const news = await api.letters(version);
        if (news.letters !== null && news.version > version) {
            [version, letters] = [news.version, news.letters];
            draw();
        }
    }

    return { refresh };
}
