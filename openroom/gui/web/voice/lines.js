// What is to be read of a room: follows what a member of it hears, and hands on each sentence once, as it comes.
import { readableTo } from "./readable.js";

/**
 * @param say(line, text) reads more of a line { who, seq }; @param drop(of) takes lines back;
 * @param listening() whether anything is read now: what comes meanwhile is passed over, not kept for later
 * @param patient() whether a line is read only once it was said, and not while it is written
 */
export function makeLines({ say, drop, listening, patient = () => false }) {
  /** Lines that are being written, by turn. */
  const open = new Map();

  function grow(line, text, whole) {
    if (!text.startsWith(line.text)) restart(line);
    if (!whole && listening() && patient()) return;
    const end = whole ? text.length : Math.max(line.text.length, readableTo(text));
    const more = text.slice(line.text.length, end);
    line.text = text.slice(0, end);
    if (!listening()) drop((one) => one === line);
    else if (more.trim() && !line.muted) say(line, more);
  }

  /** What was shown was provisional, and other words have taken its place. */
  function restart(line) {
    drop((one) => one === line);
    line.text = "";
  }

  /** Nobody says two lines at once: of an earlier one the end was missed. */
  function begin(turn, who, text = "") {
    for (const [other, line] of open) if (line.who === who) close(other);
    open.set(turn, { who, text, seq: 0, muted: false });
  }

  function close(turn) {
    const line = open.get(turn);
    open.delete(turn);
    if (line) drop((one) => one === line);
  }

  function onTurn({ turn, who, phase, text }) {
    if (phase === "thinking" || phase === "speaking") {
      if (!open.has(turn)) begin(turn, who);
      if (text) grow(open.get(turn), text, false);
    } else close(turn); // said by now (and closed there), or never to be
  }

  function onSaid(event, you) {
    if (!event.actor.startsWith("character:")) return;
    const [turn, line] = [...open].find(([, one]) => one.who === event.actor) ?? ["", { who: event.actor, text: "", muted: false }];
    open.delete(turn);
    line.seq = event.seq;
    if (event.erased || (event.to && !event.to.includes(you))) return;
    // Somebody said Stop: of what they stopped no more is read either.
    if (event.cut) drop((one) => one === line);
    else grow(line, event.text, true);
  }

  const lines = {
    signal(message) {
      if (message.signal === "turn") onTurn(message);
    },
    event(event, you) {
      if (event.kind === "said" && !event.imported) onSaid(event, you);
      else if (event.kind === "erased") drop((line) => line.seq === event.target);
      else if (event.kind === "moved") lines.forget();
    },
    /** The room as it is now: what was said before is not read. */
    snapshot({ turns }) {
      lines.forget();
      for (const { turn, who, phase, text } of turns) if (phase !== "waiting") begin(turn, who, text);
    },
    /** Nothing of what is said or being written now is read any further. */
    mute() {
      for (const line of open.values()) line.muted = true;
      drop(() => true);
    },
    forget() {
      open.clear();
      drop(() => true);
    },
  };
  return lines;
}
