// A moment of the talk: going to a line, however long ago it was said, and reading on from there.
import { api } from "../shared/api.js";

const AROUND = 40;
const MOST = 240;

/** Show a line: where it stands, if it is among those that are loaded, else in a part of the story around it. Whether one perceived it. */
export async function goTo(room, address, seq) {
  if (!room.log.some((event) => event.seq === seq)) {
    const part = await api(`${address}/story?around=${seq}&limit=${AROUND}`);
    if (!part.there) return false;
    room.past = { events: part.events, earlier: part.earlier, later: part.later };
    Object.assign(room.names, part.names);
  } else room.past = null;
  room.jump = { seq };
  return true;
}

/** Read on from what is shown of the past: what lies too far off at the other end is let go. */
export async function readOn(room, address, where) {
  const { events } = room.past;
  const from = where === "earlier" ? `before=${events[0].seq}` : `after=${events[events.length - 1].seq}`;
  const part = await api(`${address}/story?${from}&limit=${AROUND}`);
  if (!room.past) return; // one has gone back meanwhile
  Object.assign(room.names, part.names);
  if (where === "earlier") {
    const all = [...part.events, ...events];
    room.past = { events: all.slice(0, MOST), earlier: part.earlier, later: room.past.later || all.length > MOST };
  } else {
    const all = [...events, ...part.events];
    room.past = { events: all.slice(-MOST), earlier: room.past.earlier || all.length > MOST, later: part.later };
  }
}

/** The address of a line, to give away. */
export function linkTo(prefix, roomId, seq) {
  return `${location.origin}${prefix}/room/${encodeURIComponent(roomId)}?at=${seq}`;
}

/** The line that this page was asked to open at; 0 where none was. */
export function askedFor() {
  const at = Number(new URLSearchParams(location.search).get("at"));
  return Number.isSafeInteger(at) && at > 0 ? at : 0;
}
