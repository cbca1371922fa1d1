// Asks every second and hands the answers to the views; what the page shows is chosen here and stands in the address.

import * as api from './api.js';
import * as overview from './overview.js';
import { attribute, count, each, h, text, time } from './dom.js';
import { createEvaluation } from './evaluation.js';
import { createExperiments } from './experiments.js';
import { createHistory } from './history.js';
import { createLag } from './lag.js';
import { createLayer, readLayer } from './layer.js';
import { createLetters } from './letters.js';
import { createMap } from './map.js';
import { createPolicy } from './policy.js';
import { createSuggestions } from './suggestions.js';
import { createTimeline } from './timeline.js';
import { createUser, readUser } from './user.js';

const pollMs = 1_000;
const patienceMs = 12_000;
const noticeMs = 8_000;
const namesOffered = 6;
const namesStandMs = 5_000;
const anyone = 'me';
const pages = ['layers', 'timeline', 'now', 'policy', 'experiments', 'evaluation', 'letters'];
const otherPageMs = 5_000;

const at = id => document.getElementById(id);
const chosen = new URLSearchParams(location.hash.slice(1));
let page = pages.includes(chosen.get('page')) ? chosen.get('page') : pages[0];
let user = chosen.get('user');
let layerId = Number(chosen.get('layer')) || null;
let following = user === null;
let lastSeen = 0;
let now = {};
let acting = [];
let actingSince = 0;
let question = 0;
let awaited = '';

const map = createMap(at('map'), select);
const suggestions = createSuggestions(at('map'), act);
const layer = createLayer(at('layer'), select, act);
const timeline = createTimeline(at('timeline'), { choose, select: id => { layerId = id; turn('layers'); } });
const hour = createHistory(at('charts'), 'now');
const lag = createLag(at('lag'));
const readers = {
    layers: refresh,
    timeline: refreshTimeline,
    now: refreshNow,
    policy: createPolicy(at('policy'), createHistory(at('policy-charts'), 'policy'), notice).refresh,
    experiments: createExperiments(at('experiments')).refresh,
    evaluation: createEvaluation(at('evaluation')).refresh,
    letters: createLetters(at('letters'), notice).refresh,
};
const person = createUser(at('user'), { watch, follow, select, act, turn });

function remember() {
    const kept = new URLSearchParams();
    if (page !== pages[0]) {
        kept.set('page', page);
    }
    if (user && (!following || page === 'timeline')) {
        kept.set('user', user);
    }
    if (layerId) {
        kept.set('layer', layerId);
    }
    history.replaceState(null, '', `#${kept}`);
}

function turn(to) {
    page = to;
    remember();
    show();
    poll();
}

function show() {
    for (const name of pages) {
        at(`page-${name}`).hidden = name !== page;
        attribute(at(`go-${name}`), 'aria-pressed', name === page ? 'true' : 'false');
    }
}

function select(id) {
    layerId = id;
    remember();
    refresh();
}

function watch(id) {
    [user, following, awaited] = [id, false, ''];
    remember();
    refresh();
}

function choose(id) {
    [user, following, awaited] = [id, false, ''];
    remember();
    poll();
}

function follow(on) {
    following = on;
    lastSeen = 0;
    remember();
    refresh();
}

// Does something as the user or the operator, and asks again at once, for a state that knows it.
async function act(send, told) {
    following = false;
    remember();
    try {
        const answer = await send();
        notice(typeof told === 'function' ? told(answer) : told);
        awaited = answer.asOf ?? '';
        await refresh();
    } catch (fault) {
        notice(`That was not taken: ${fault.message}`);
    }
}

let noticeEnds;
function notice(words) {
    text(at('notice'), words);
    at('notice').hidden = false;
    clearTimeout(noticeEnds);
    noticeEnds = setTimeout(() => { at('notice').hidden = true; }, noticeMs);
}

// Stays with a user while they act, and turns to another one when they have gone.
function lookAround() {
    const offer = acting.length < namesOffered || performance.now() - actingSince > namesStandMs;
    if (now.userId && !acting.includes(now.userId) && offer) {
        acting = [now.userId, ...acting].slice(0, namesOffered);
        actingSince = performance.now();
    }
    if (now.userId === user) {
        lastSeen = performance.now();
    }
    if (user === null || (following && now.userId && performance.now() - lastSeen > patienceMs)) {
        user = now.userId ?? user ?? anyone;
        lastSeen = performance.now();
    }
}

// An answer that was overtaken by a newer question is dropped.
async function refresh() {
    const mine = ++question;
    try {
        const [told, list, layerMap, suggested] = await Promise.all([api.now(), api.layers(), api.layerMap(), api.suggestions()]);
        if (mine !== question) {
            return;
        }
        now = told;
        overview.learn(list);
        lookAround();
        layerId ??= list.layers[0]?.layerId ?? null;
        map.draw(layerMap, layerId);
        suggestions.draw(suggested);
        const [readOfUser, readOfLayer] = await Promise.all([readUser(user, awaited), layerId && readLayer(layerId)]);
        if (mine !== question) {
            return;
        }
        awaited = '';
        person.draw(readOfUser);
        person.drawTraffic(now, acting, following);
        at('layer').hidden = !readOfLayer;
        if (readOfLayer) {
            layer.draw(readOfLayer);
        }
        drawCounts(list, readOfUser.slate);
        at('fault').hidden = true;
        text(at('pulse'), 'live');
    } catch (fault) {
        if (mine === question) {
            text(at('fault'), `${fault.message} Asking again every second.`);
            at('fault').hidden = false;
            text(at('pulse'), 'waiting');
        }
    }
}

function drawCounts(list, slate) {
    each(at('counts'), [
        ['layers', count(list.layers.length)],
        ['version of the set', count(list.version)],
        ['items', count(list.layers.reduce((sum, one) => sum + one.items, 0))],
        ['users', now.users && count(now.users)],
        ['events', now.events && count(now.events)],
        ['policy', slate.policyVersion && count(slate.policyVersion)],
        ['stream time', now.streamTime && time(Date.parse(now.streamTime))],
    ].filter(([, value]) => value), ([term]) => term, ([term]) => {
        const value = h('dd');
        return { element: h('div', {}, h('dt', {}, term), value), value };
    }, (row, [, value]) => text(row.value, value));
}

async function refreshNow() {
    await Promise.all([hour.refresh(), lag.refresh()]);
}

async function refreshTimeline() {
    user ??= (await api.now()).userId ?? anyone;
    remember();
    await timeline.refresh(user);
}

// A page that is not looked at is not asked for.
async function refreshOther() {
    const asked = page;
    try {
        await readers[asked]();
        at('fault').hidden = true;
        text(at('pulse'), 'live');
    } catch (fault) {
        if (asked === page) {
            text(at('fault'), `${fault.message} Asking again every ${otherPageMs / 1000} seconds.`);
            at('fault').hidden = false;
            text(at('pulse'), 'waiting');
        }
    }
}

let next;
async function poll() {
    clearTimeout(next);
    if (document.hidden) {
        text(at('pulse'), 'paused');
    } else {
        await (page === pages[0] ? refresh() : refreshOther());
    }
    clearTimeout(next);
    next = setTimeout(poll, page === pages[0] ? pollMs : otherPageMs);
}

for (const name of pages) {
    at(`go-${name}`).addEventListener('click', () => turn(name));
}
document.addEventListener('visibilitychange', () => document.hidden || poll());
show();
poll();
