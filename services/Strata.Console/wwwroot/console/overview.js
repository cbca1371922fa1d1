// What all views know of the layers: names and colours by id, kept up to date by every poll.

const colours = 10;
const colourOfGroup = new Map();
let byId = new Map();
let byGroup = new Map();
let groups = [];

export function learn(list) {
    byId = new Map(list.layers.map(layer => [layer.layerId, layer]));
    byGroup = new Map(list.groups.map(group => [group.groupId, group]));
    groups = list.groups.filter(group => group.kind === 'KIND_GROUP');
    for (const group of groups) {
        if (!colourOfGroup.has(group.groupId)) {
            colourOfGroup.set(group.groupId, freeColour());
        }
    }
}

// A group keeps its colour for as long as the page is open; a new one takes the colour that the living groups have least.
function freeColour() {
    const uses = Array(colours).fill(0);
    for (const group of groups) {
        if (colourOfGroup.has(group.groupId)) {
            uses[colourOfGroup.get(group.groupId)]++;
        }
    }
    return uses.indexOf(Math.min(...uses));
}

export const all = () => [...byId.values()];
export const living = () => groups;
export const groupName = id => byGroup.get(id)?.words.slice(0, 3).join(', ') ?? 'none yet';
export const find = id => byId.get(id);
export const groupColour = groupId => `colour-${colourOfGroup.get(groupId) ?? 'none'}`;
export const colour = id => groupColour(byId.get(id)?.groupId);
export const name = (id, words, most = 3) =>
    byId.get(id)?.title || (words?.length ? words : byId.get(id)?.words ?? []).slice(0, most).join(', ') || `layer ${id}`;
