// What of a long talk a page holds: its newest lines (`room.log`), and a row of older ones (`room.past`) that joins on to
// them, or stands by itself where one went to a line of long ago. What is not here is fetched as one comes near it.
import { shallowReactive } from "vue";
import { api } from "../shared/api.js";

/** So many lines on both sides of one that is gone to; so many at a time as one reads on; so many older ones at most. */
const AROUND = 40;
const PART = 100;
export const MOST = 4000;

/** The lines that are here in one row, oldest first, where one reads. */
export function held(room) {
  if (!room.past) return room.log;
  return room.past.joined ? [...room.past.events, ...room.log] : room.past.events;
}

/** Whether there are lines before those that are held; null where nobody has asked yet. */
export function hasEarlier(room) {
  return room.past ? room.past.earlier : room.more;
}

/** The place of a line among others, oldest first: the first that is not before it. */
export function placeOf(events, seq) {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle].seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

const has = (events, seq) => events[placeOf(events, seq)]?.seq === seq;

/** Show a line: where it stands, if it is held, else in a part of the story around it. Whether one perceived it. */
export async function goTo(room, address, seq, how = {}) {
  if (!has(held(room), seq)) {
    if (has(room.log, seq)) room.past = null;
    else if (!(await readAround(room, address, seq))) return false;
  }
  room.jump = { seq, ...how };
  return true;
}

/** Hold the part of the story around a line instead of what was held of the past; whether the line is in it. */
export async function readAround(room, address, seq) {
  const part = await api(`${address}/story?around=${seq}&limit=${AROUND}`);
  if (!part.there) return false;
  learn(room, part);
  room.past = shallowReactive({ events: part.events, earlier: part.earlier, later: part.later, joined: false });
  join(room);
  return true;
}

/** After the story may have gone another way: hold what is now around the line that one reads; whether it is in the story. */
export async function readAgain(room, address, seq) {
  if (!seq || has(room.log, seq)) {
    room.past = null;
    return true;
  }
  room.past.joined = false;
  return readAround(room, address, seq);
}

/** Hold more of the story, before what is held ("earlier") or after it; what lies too far off at the other end is let go. */
export function readOn(room, address, where) {
  return where === "earlier" ? readEarlier(room, address) : readLater(room, address);
}

async function readEarlier(room, address) {
  const first = held(room)[0]?.seq;
  const part = await api(`${address}/story?${first ? `before=${first}&` : ""}limit=${PART}`);
  if (held(room)[0]?.seq !== first) return; // one reads elsewhere by now
  learn(room, part);
  if (!room.past && !part.events.length) {
    room.more = false;
    return;
  }
  room.past ??= shallowReactive({ events: [], earlier: true, later: false, joined: true });
  const events = [...part.events, ...room.past.events];
  Object.assign(room.past, { events: events.slice(0, MOST), earlier: part.earlier });
  if (events.length > MOST) Object.assign(room.past, { later: true, joined: false });
}

async function readLater(room, address) {
  const { past } = room;
  const last = past.events.at(-1)?.seq;
  const part = await api(`${address}/story?after=${last}&limit=${PART}`);
  if (room.past !== past || past.joined || past.events.at(-1)?.seq !== last) return;
  learn(room, part);
  const events = [...past.events, ...part.events];
  Object.assign(past, { events: events.slice(-MOST), earlier: past.earlier || events.length > MOST, later: part.later });
  join(room);
}

function learn(room, { names, ways }) {
  Object.assign(room.names, names);
  Object.assign(room.ways, ways);
}

/** Whether what is held of the past reaches the newest lines: then it goes on with them. */
function join(room) {
  const { past } = room;
  const newest = room.log[0]?.seq ?? Infinity;
  if (past.later && past.events.at(-1)?.seq < newest) return;
  Object.assign(past, { events: past.events.slice(0, placeOf(past.events, newest)), later: false, joined: true });
}

/** The address of a line, to give away. */
export function linkTo(prefix, roomId, seq) {
  return `${location.origin}${prefix}/room/${encodeURIComponent(roomId)}?at=${seq}`;
}

/** Who has said something is back at the end, also when the page is loaded anew. */
export function forgetAsked() {
  if (!askedFor()) return;
  const address = new URL(location.href);
  address.searchParams.delete("at");
  history.replaceState(history.state, "", address);
}

/** The line that this page was asked to open at; 0 where none was. */
export function askedFor() {
  const at = Number(new URLSearchParams(location.search).get("at"));
  return Number.isSafeInteger(at) && at > 0 ? at : 0;
}
