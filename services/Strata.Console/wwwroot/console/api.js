// The JSON calls of Ranking and Ingestion. A call that fails throws a Fault whose message is a sentence for people.

const patienceMs = 10_000;
const manyPatienceMs = 120_000;

// Of whom looks at the page, where the host wants one; kept nowhere else.
let key = '';
let declined = false;

export class Fault extends Error {
    constructor(message, status = 0) {
        super(message);
        this.status = status;
    }
}

async function call(path, init, patience = patienceMs) {
    const sent = key;
    let response;
    try {
        const headers = sent ? { ...init?.headers, authorization: `Bearer ${sent}` } : init?.headers;
        response = await fetch(path, { ...init, headers, credentials: 'omit', signal: AbortSignal.timeout(patience) });
    } catch (fault) {
        throw new Fault(fault.name === 'TimeoutError'
            ? `${location.origin}${path} has not answered within ${patience / 1000} seconds.`
            : `${location.origin} is unreachable: is Strata still running?`);
    }
    if (response.status === 401) {
        // Calls under way together ask once: a prompt holds the others back, and they find the new key.
        if (sent === key && !declined) {
            key = prompt(sent ? 'This key does not count here. Another:' : 'This Strata needs a key:')?.trim() ?? '';
            declined = key === '';
        }
        if (sent !== key) {
            return call(path, init, patience);
        }
    }
    const answer = await response.json().catch(() => null);
    if (!response.ok || answer === null) {
        throw new Fault(answer?.message ?? `${location.origin}${path} answers ${response.status} ${response.statusText}.`, response.status);
    }
    return answer;
}

const get = path => call(path);
const post = (path, body, patience) => call(
    path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }, patience);
const of = user => `/v1/users/${encodeURIComponent(user)}`;
const known = asOf => asOf ? `asOf=${encodeURIComponent(asOf)}` : '';

export const now = () => get('/console/now');
export const layers = () => get('/v1/layers');
export const layerMap = () => get('/v1/layer-map');
export const layer = id => get(`/v1/layers/${id}`);
export const lineage = id => get(`/v1/layers/${id}/lineage`);
export const series = id => get(`/v1/layers/${id}/series`);
export const userLayers = (user, asOf) => get(`${of(user)}/layers?${known(asOf)}`);

// Watching is not showing: a dry run logs no impression and explores nothing, so every change of the slate has a cause.
export const slate = (user, asOf) => get(`${of(user)}/recommendations?dryRun=true&${known(asOf)}`);

export const exportUser = user => get(of(user));
export const explain = (user, item) => get(`${of(user)}/explanations/${encodeURIComponent(item)}`);

export const publish = happened => post('/v1/events', happened);
export const control = (user, id, action) => post(`${of(user)}/layers/${id}`, { action });
export const suggestions = () => get('/v1/layer-suggestions');
export const acceptSuggestion = (id, intoLayerId) => post(`/v1/layer-suggestions/${id}/accept`, { intoLayerId });
export const move = (id, intoLayerId) => post(`/v1/layers/${id}/move`, { intoLayerId });

export const experiments = () => get('/v1/experiments');
export const history = after => get(`/console/history?after=${after}`);
export const policies = () => get('/v1/policies');
export const policy = version => get(`/v1/policies/${version}`);
export const rollBack = version => post(`/v1/policies/${version}/rollback`, {}, manyPatienceMs);
export const lag = () => get('/console/lag');
export const evaluations = () => get('/console/evaluations');
export const evaluation = name => get(`/console/evaluation?name=${encodeURIComponent(name)}`);
export const letters = known => get(`/console/letters?known=${known}`);
export const letter = id => get(`/console/letter?id=${encodeURIComponent(id)}`);
export const resendLetters = (ids, message) => post('/console/letters/resend', { ids, message: message ?? null }, manyPatienceMs);
export const discardLetters = ids => post('/console/letters/discard', { ids }, manyPatienceMs);
