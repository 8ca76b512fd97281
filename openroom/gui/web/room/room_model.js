// What a page knows about a room beside the shared state: the log, who is thinking, what failed. Changed only by what a
// member of the room hears (static/openroom.js).
import { reactive, shallowReactive } from "vue";
import { MOST } from "./moment.js";

const SHOWN = new Set(["said", "used", "entered", "left", "happened", "moved", "rolled", "noted", "muted", "brought"]);
/** So many of the newest lines are held at hand; those that are over go together. */
const KEEP = 600;
const OVER = 50;
const SNAPSHOT_LINES = 200;

export function newRoom() {
  return reactive({
    ready: false,
    id: "",
    you: "",
    role: "",
    name: "",
    owner: false,
    seq: 0,
    shared: { scene: {}, run: {}, props: {}, people: {} },
    manifest: { scene: {}, characters: {}, props: {} },
    log: shallowReactive([]),
    /** What one can do now, by prop. */
    options: {},
    /** How things look now, by prop, in their author's words. */
    looks: {},
    turns: {},
    failures: [],
    typing: {},
    model: null,
    ratings: {},
    erased: {},
    /** Where the story stands: going back there undoes what took it elsewhere. */
    head: 0,
    /** Lines that stand in for each other, by the first of them. */
    ways: {},
    /** By line which event is one's own wish that it came of. */
    wishes: {},
    /** The last move of the story: { seq, why, by, undone } (`undone`: back to where the story stood before the move before
     * it); the newest one known; and where the story stood before that. */
    turned: null,
    movedTo: 0,
    stood: 0,
    /** What takes back one's own last act that took the story elsewhere, while nobody has said or done anything since. */
    undo: null,
    /** What characters are to keep in mind here, for who runs the room. */
    note: "",
    /** Whether there are lines from before the log; null while nobody knows. */
    more: null,
    /** Lines from before the log, where one reads back: { events, earlier, later, joined } (moment.js). */
    past: null,
    /** The line to go to now: { seq }, with { offset } back to where it stood. */
    jump: null,
    /** One's own personas. */
    personas: [],
    /** Names of people whom the room has forgotten since. */
    names: {},
  });
}

/** Keep the room up to date with what a member hears. */
export function follow(room, me) {
  for (const [what, take] of Object.entries(HANDLERS)) me.on(what, (message) => take(room, message));
}

const HANDLERS = {
  state(room, state) {
    room.shared = state;
  },
  hello(room, m) {
    Object.assign(room, { you: m.you, role: m.role, name: m.name, owner: Boolean(m.owner) });
    room.turns = {};
    room.typing = {};
  },
  snapshot(room, m) {
    const stood = room.head;
    Object.assign(room, { seq: m.seq, manifest: m.manifest, options: byProp(m.options), looks: m.looks ?? {}, model: m.model, head: m.head ?? 0, ways: { ...m.ways }, wishes: { ...m.wishes } });
    const turned = turnedBack(room, m, stood);
    const before = earlier(room.log, m.log);
    room.log = shallowReactive([...before]);
    if (!before.length) room.more = begins(m.log[0], room.you) ? null : true;
    room.failures = [];
    room.ratings = known(room.ratings, before);
    room.erased = known(room.erased, before);
    room.turns = {};
    room.note = "";
    for (const event of m.log) note(room, event);
    if (m.note !== undefined) room.note = m.note;
    if (turned) note(room, turned);
    for (const turn of m.turns) onTurn(room, turn);
    room.id = m.room;
    room.ready = true;
  },
  event(room, event) {
    room.seq = event.seq;
    room.head = event.kind === "moved" ? event.head : event.seq;
    if (["said", "used", "rolled"].includes(event.kind) && event.actor.startsWith("player:")) room.undo = null; // it would go, too
    note(room, event);
  },
  options(room, m) {
    if (m.prop) room.looks[m.prop] = m.looks?.[m.prop] ?? "";
    else room.looks = m.looks ?? {};
  },
  signal(room, m) {
    if (m.signal === "typing") setTyping(room, m.who, m.on);
    else if (m.signal === "turn") onTurn(room, m);
    else if (m.signal === "model") room.model = m.model;
  },
};

/** Of a log the lines from before those that a snapshot brings, where it goes back less far and they are of one story:
 * what somebody is reading stays where it is. */
function earlier(log, brought) {
  if (brought.length < SNAPSHOT_LINES) return [];
  const seqs = new Set(brought.map((event) => event.seq));
  return log.slice(0, Math.max(0, log.findIndex((event) => seqs.has(event.seq))));
}

function known(marks, events) {
  return Object.fromEntries(events.filter((event) => event.seq in marks).map((event) => [event.seq, marks[event.seq]]));
}

function byProp(options) {
  const found = {};
  for (const option of options) (found[option.prop] ??= []).push(option);
  return found;
}

/** Whether a log begins with one's own coming in, or with nothing: before that there is mostly nothing to read. */
function begins(first, you) {
  return !first || (first.kind === "entered" && first.who === you);
}

/** After a reset or a rewind the server sends what is active now: the line that says so is ours. */
function turnedBack(room, m, stood) {
  const undone = m.moved?.why === "rewind" && m.head === room.stood;
  if (room.ready && m.moved?.seq > room.movedTo) Object.assign(room, { turned: { ...m.moved, undone }, stood }); // who comes in has missed nothing
  room.movedTo = Math.max(room.movedTo, m.moved?.seq ?? 0);
  if (m.moved && !["delete", "rewind", "reset", "load"].includes(m.moved.why)) return null; // a line tells it by its own arrows
  const last = room.log[room.log.length - 1];
  if (!room.ready || !last || last.seq > m.seq || m.log.length >= SNAPSHOT_LINES || m.log.some((event) => event.seq === last.seq)) return null;
  const [before, after] = [room.log, m.log].map((log) => log.findLast((event) => SHOWN.has(event.kind) && event.kind !== "moved"));
  if (before && before.seq === after?.seq) return null; // it was out of one's hearing
  return { seq: m.seq, at: Date.now(), kind: "moved", head: m.seq, by: m.moved?.by, undone, why: m.moved?.why === "delete" || m.log.some((event) => event.kind === "said") ? "rewind" : "reset" };
}

function note(room, event) {
  if (event.kind === "rated") room.ratings[event.target] = event.value;
  if (event.kind === "noted") room.note = event.text ?? "";
  if (event.kind === "erased") {
    room.erased[event.target] = true;
    for (const [seq, wish] of Object.entries(room.wishes)) if (wish === event.target) delete room.wishes[seq];
  }
  if (event.kind === "moved") room.log = shallowReactive(room.log.filter((old) => old.seq <= event.head));
  if (event.kind === "said") {
    delete room.typing[event.actor];
    const others = event.alternative_of ? (room.ways[event.alternative_of] ?? [event.alternative_of]) : [event.seq];
    if (!others.includes(event.seq)) room.ways[event.alternative_of] = [...others, event.seq];
    for (const [id, turn] of Object.entries(room.turns)) if (turn.who === event.actor && turn.phase !== "waiting") delete room.turns[id];
    room.failures = room.failures.filter((failed) => failed.who !== event.actor);
  }
  if (!SHOWN.has(event.kind) || (event.kind === "happened" && !event.telling)) return;
  room.log.push(event);
  if (room.log.length > KEEP + OVER) letGo(room, room.log.splice(0, room.log.length - KEEP));
}

/** The oldest lines of the log go: to those of the past, where one has read back from here. */
function letGo(room, events) {
  if (!room.past?.joined) {
    room.more = true;
    return;
  }
  const past = [...room.past.events, ...events];
  Object.assign(room.past, { events: past.slice(-MOST), earlier: room.past.earlier || past.length > MOST });
}

function setTyping(room, who, on) {
  if (who === room.you) return;
  if (on) room.typing[who] = Date.now();
  else delete room.typing[who];
}

function onTurn(room, turn) {
  if (["waiting", "thinking", "speaking"].includes(turn.phase)) {
    const known = room.turns[turn.turn];
    const since = turn.since ?? known?.since ?? Date.now();
    room.turns[turn.turn] = { ...known, ...turn, since, text: turn.text ?? known?.text ?? "" };
    room.failures = room.failures.filter((failed) => failed.who !== turn.who);
    return;
  }
  delete room.turns[turn.turn];
  if (turn.phase === "failed") {
    room.failures = room.failures.filter((failed) => failed.who !== turn.who);
    room.failures.push({ ...turn, after: room.seq, at: Date.now() });
  }
}

/** Those present, in order of arrival; `kind` narrows it. */
export function here(room, kind = "") {
  return Object.entries(room.shared.people ?? {})
    .filter(([, person]) => person.here && (!kind || person.kind === kind))
    .map(([id, person]) => ({ id, ...person }))
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
}

/** Whether it is a narrator, who tells what happens and is not seen. */
export function isNarrator(room, who) {
  return (room.manifest.characters?.[who]?.body ?? room.shared.people?.[who]?.body) === "none";
}

/** Whether this person runs the room: its owner, or an operator. */
export function runs(room) {
  return room.owner || room.role === "operator";
}

/** Whether this person may ask a character to speak. */
export function mayNudge(room) {
  return room.role !== "spectator" && (runs(room) || room.shared.run?.nudge !== "owner");
}

/** What somebody wrote when they used a thing: the arguments that take any text. */
export function writtenAt(room, event) {
  const kind = room.manifest.props?.[event.prop];
  const params = kind?.verbs?.[event.verb]?.params ?? {};
  return Object.entries(event.args ?? {}).filter(([name, value]) => typeof value === "string" && isFree(params[name])).map(([, value]) => value);
}

function isFree(param) {
  return param?.type === "string" && !["enum", "const", "pattern", "format"].some((key) => key in param);
}

/** Whether the server would let this person erase the words of a line: their own, or anybody's for who runs the room. */
export function mayErase(room, event) {
  if (event.erased || room.erased[event.seq] || room.shared.people?.[room.you]?.kind === "spectator") return false;
  if (event.actor !== room.you && event.edited_by !== room.you && !runs(room)) return false;
  return event.kind === "said" || (event.kind === "used" && writtenAt(room, event).length > 0);
}

export function nameOf(room, who) {
  return room.shared.people?.[who]?.name ?? room.manifest.characters?.[who]?.name ?? room.names[who] ?? who;
}

/** Whose words a line holds: of one that somebody spoke in a character's place, theirs. */
export function wordsBy(event) {
  return event.played_by ?? event.actor;
}

/** The persona that whoever acted showed then; empty: themselves. */
export function personaIn(room, event) {
  if (event.persona) return event.persona;
  let shown = "self";
  const { worn = {} } = room.shared.people?.[event.actor] ?? {};
  for (const since of Object.keys(worn).map(Number).sort((a, b) => a - b)) if (since <= event.seq) shown = worn[since];
  return shown === "self" ? "" : shown;
}

/** What whoever acted was called then. */
export function nameIn(room, event) {
  const shown = room.shared.people?.[event.actor]?.personas?.[personaIn(room, event) || "self"];
  return shown?.name ?? nameOf(room, event.actor);
}

/** The props with their public description, in order. */
export function placedProps(room) {
  return Object.entries(room.shared.props ?? {})
    .map(([id, placed]) => ({ id, ...placed, about: room.manifest.props?.[id] ?? {}, sight: room.looks[id] ?? "" }))
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
}
