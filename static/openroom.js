// openroom: a small client for rooms, protocol openroom.v1 (docs/protocol.md). No build, no dependencies.
//
//   import { connect } from "/static/openroom.js";
//   const me = connect({ url: location.origin, room: "tea_room", name: "Ann" });
//   me.on("event", (event) => console.log(event.seq, event.text));
//   await me.joined;
//   await me.say("Hello");
//   await me.use("lamp", "light");
//   await me.options("lamp");             // what one can do with it now
//   me.state, me.seq                      // the shared state, kept up to date
//   me.status.state                       // connecting, open, waiting, offline or ended
//   me.close();
//
// on(what, callback) with what = "event", "state", "signal", "status" or any message type; it returns a function that ends it.
// A connection that breaks, or on which a ping (every `beat` ms) is not answered, is made again and resumes with exactly
// the gap; acts under way are sent again under their id, and questions are asked again.

const PROTOCOL = "openroom.v1";
const RESTART = 1012;
const TOO_SLOW = 4499;
const FIRST_WAIT = 400;
const MOST_WAIT = 10_000;
const PROBE = 3_000;
const ACT_ID = /^[A-Za-z0-9_:.-]{1,80}$/;

/** Close codes after which one does not come back, and why, where no message said it (openroom/protocol/closing.py). */
export const FINAL = {
  4400: "bad_join",
  4401: "not_known",
  4403: "refused",
  4404: "no_such_room",
  4408: "deadline",
  4413: "too_large",
};

// JSON Merge Patch, RFC 7396; shares what does not change.
export function merge(target, patch) {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const result = target !== null && typeof target === "object" && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}

export class Refused extends Error {
  constructor(reason, message) {
    super(message || reason);
    this.reason = reason;
  }
}

export function connect(options) {
  return new Member(options);
}

class Member {
  constructor({ url, room, name = "", watch = false, language = "", look = null, persona = "", token = "", beat = 15_000 }) {
    this.address = `${url.replace(/^http/, "ws").replace(/\/$/, "")}/ws/rooms/${encodeURIComponent(room)}`;
    Object.assign(this, { name, watch, language, look, persona, token, beat, state: {}, manifest: {}, seq: 0, epoch: "", you: "", failures: 0, count: 0 });
    this.page = Math.random().toString(36).slice(2, 12);
    this.pending = new Map();
    this.asked = [];
    this.listeners = new Map();
    this.joined = new Promise((resolve, reject) => Object.assign(this, { isIn: resolve, isOut: reject }));
    this.joined.catch(() => {});
    this.online = () => this.retry();
    // The browser may be wrong (a server on this machine needs no network): ask the server itself.
    this.offline = () => (this.ready ? this.ping(PROBE) : this.is("offline"));
    globalThis.addEventListener?.("online", this.online);
    globalThis.addEventListener?.("offline", this.offline);
    this.open();
  }

  on(what, callback) {
    if (!this.listeners.has(what)) this.listeners.set(what, new Set());
    this.listeners.get(what).add(callback);
    return () => this.listeners.get(what).delete(callback);
  }

  act(action, id = `${this.page}-${++this.count}`) {
    if (this.over) return Promise.reject(this.over);
    if (!ACT_ID.test(id)) return Promise.reject(new Refused("malformed", `Expected an id of A-Z a-z 0-9 _ : . -, came ${id}.`));
    return new Promise((resolve, reject) => {
      const text = JSON.stringify({ type: "act", id, action });
      this.pending.set(id, { text, resolve, reject });
      this.sendText(text);
    });
  }

  /** What one can do now with a thing, or with all of them. */
  options(prop) {
    if (this.over) return Promise.reject(this.over);
    return new Promise((resolve, reject) => {
      this.asked.push({ prop, resolve, reject });
      this.send({ type: "options", prop });
    });
  }

  /** Speak; `as` lets one's own persona ({ persona }) or a character ({ play }, who runs the room) do it. */
  say(text, to, as = {}) { return this.act({ do: "say", text, ...(to ? { to } : {}), ...as }); }
  use(prop, verb, args = {}) { return this.act({ do: "use", prop, verb, args }); }
  /** Throw dice, as in "2d6+1", before everybody; what fell is in the event `rolled`. */
  roll(dice) { return this.act({ do: "roll", dice }); }
  /** Ask a character to speak now. */
  nudge(character) { return this.act({ do: "nudge", character }); }
  /** Have a character say nothing, or (false) let it speak again: for who runs the room. */
  mute(character, on = true) { return this.act({ do: "mute", character, on }); }
  /** What characters are to keep in mind in this room: for who runs it. */
  note(text) { return this.act({ do: "note", text }); }
  /** Have a character try another reply than line `seq`, perhaps with a wish ("shorter"). (`retry` is the connection's.) */
  tryAgain(seq, wish = "") { return this.act({ do: "retry", seq, ...(wish ? { wish } : {}) }); }
  /** Have line `seq` tell the story instead of the one it is an alternative of. */
  choose(seq) { return this.act({ do: "choose", seq }); }
  /** Say a line in other words: a new way begins there. */
  edit(seq, text) { return this.act({ do: "edit", seq, text }); }
  /** Go back to before a line; nothing of the log is lost. */
  delete(seq) { return this.act({ do: "delete", seq }); }
  /** Go to after event `to`, of any way that the story took. */
  rewind(to) { return this.act({ do: "rewind", to }); }
  /** Name the moment that the story has come to: the id of the save point, of those in `state.saves`. */
  save(name) { return this.act({ do: "save", name }).then(([seq]) => `s${seq}`); }
  load(id) { return this.act({ do: "load", id }); }
  unsave(id) { return this.act({ do: "unsave", id }); }
  /** Name a branch (by its first event `of`; without it the one the story is in), or have it `listed` no more or again. */
  branch({ name, of, listed } = {}) { return this.act({ do: "branch", ...(name === undefined ? {} : { name }), ...(of === undefined ? {} : { of }), ...(listed === undefined ? {} : { listed }) }); }
  leave() { return this.act({ do: "leave" }); }
  typing(on = true) { this.send({ type: "typing", on }); }
  stop() { this.send({ type: "stop" }); }
  /** Have the author's lines answer in a turn that takes long. */
  recite(turn) { this.send({ type: "recite", turn }); }
  send(message) { this.sendText(JSON.stringify(message)); }
  sendText(text) { if (this.ready && this.socket.readyState === WebSocket.OPEN) this.socket.send(text); }

  /** Hang up. One stays in the room for the server's grace; `leave` goes at once. */
  close() {
    this.end(new Refused("left", ""));
    this.drop();
  }

  /** While it waits to connect again: do so now. */
  retry() {
    if (this.ready || this.over) return;
    this.failures = 0;
    this.open();
  }

  open() {
    clearTimeout(this.timer);
    this.drop();
    this.said = undefined;
    this.is("connecting", { again: this.failures > 0 });
    const socket = (this.socket = new WebSocket(this.address, [PROTOCOL]));
    socket.onopen = () => {
      const join = { type: "join", name: this.name, watch: this.watch };
      if (this.language) join.language = this.language;
      if (this.look) join.look = this.look;
      if (this.persona) join.persona = this.persona;
      if (this.token) join.token = this.token;
      if (this.seq) Object.assign(join, { epoch: this.epoch, last_seq: this.seq });
      socket.send(JSON.stringify(join));
    };
    socket.onmessage = ({ data }) => this.take(JSON.parse(data));
    socket.onclose = ({ code, reason }) => this.closed(code, reason);
  }

  /** Let go of the socket. Its own end is not waited for: that of a dead connection could take minutes. */
  drop() {
    const { socket } = this;
    if (!socket) return;
    this.ready = false;
    socket.onmessage = socket.onclose = null;
    if (socket.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close(1000);
    else socket.close(1000);
  }

  /** Ask for a sign of life. Of a page whose timers slept the answer may be waiting behind them: it asks again. */
  ping(patience = 0.8 * this.beat) {
    const due = Date.now() + patience;
    this.heard = false;
    this.send({ type: "ping", t: Date.now() });
    clearTimeout(this.verdict);
    this.verdict = setTimeout(() => {
      if (this.heard) return;
      if (Date.now() > due + patience) return this.ping(patience);
      this.drop();
      this.closed(0, "");
    }, patience);
  }

  take(message) {
    const { type } = message;
    this.heard = true;
    // An error after joining is about a message: it ends nothing.
    if (type === "bye" || (type === "error" && !this.ready)) this.said = message;
    if (type === "hello") this.hello(message);
    else if (type === "snapshot") this.snapshot(message);
    else if (type === "event" && !this.event(message.event)) return;
    else if (type === "done") this.settle(message.id, "resolve", message.seqs);
    else if (type === "refused") this.settle(message.id, "reject", new Refused(message.reason, message.message));
    else if (type === "options") this.answered(message);
    this.tell(type, type === "event" ? message.event : message);
  }

  hello(message) {
    if (message.epoch !== this.epoch) Object.assign(this, { epoch: message.epoch, seq: 0 });
    Object.assign(this, { you: message.you, owner: message.owner, ready: true, failures: 0 });
    if (message.token) this.token = message.token;
    for (const { text } of this.pending.values()) this.sendText(text);
    for (const { prop } of this.asked) this.send({ type: "options", prop });
    if (this.seq) this.isIn(this);
    clearInterval(this.pulse);
    this.pulse = setInterval(() => this.ping(), this.beat);
    this.is("open");
  }

  snapshot({ epoch, seq, state, manifest }) {
    Object.assign(this, { epoch, seq, state, manifest });
    this.isIn(this);
    this.tell("state", this.state);
  }

  event(event) {
    if (event.seq <= this.seq) return false;
    if (event.seq !== this.seq + 1) { this.send({ type: "resync" }); return false; }
    this.seq = event.seq;
    if (event.patch) this.tell("state", (this.state = merge(this.state, event.patch)));
    return true;
  }

  settle(id, how, value) {
    this.pending.get(id)?.[how](value);
    this.pending.delete(id);
  }

  answered({ prop, options }) {
    const at = this.asked.findIndex((one) => one.prop === prop);
    if (at >= 0) this.asked.splice(at, 1)[0].resolve(options);
  }

  closed(code, reason) {
    this.rest();
    if (this.over) return;
    const said = this.said;
    const isBye = said?.type === "bye" && said.reason !== "closing";
    if (isBye || FINAL[code]) this.end(new Refused(said?.reason ?? FINAL[code], said?.message ?? reason));
    else if (code === TOO_SLOW) this.open();
    else this.later(code === RESTART || said?.type === "bye" ? "restarting" : "lost");
  }

  later(reason) {
    const wait = Math.min(MOST_WAIT, FIRST_WAIT * 1.7 ** this.failures++) * (0.8 + 0.4 * Math.random());
    const state = globalThis.navigator?.onLine === false ? "offline" : "waiting";
    this.timer = setTimeout(() => this.open(), wait);
    this.is(state, { reason, retryAt: Date.now() + wait });
  }

  rest() {
    this.ready = false;
    for (const timer of [this.timer, this.verdict]) clearTimeout(timer);
    clearInterval(this.pulse);
  }

  end(over) {
    if (this.over) return;
    this.over = over;
    this.rest();
    globalThis.removeEventListener?.("online", this.online);
    globalThis.removeEventListener?.("offline", this.offline);
    this.isOut(over);
    for (const { reject } of [...this.pending.values(), ...this.asked]) reject(over);
    this.pending.clear();
    this.asked.length = 0;
    this.is("ended", { reason: over.reason, message: over.message });
  }

  /** `why` is { again } while connecting, { reason, retryAt } (ms) while waiting, { reason, message } at the end. */
  is(state, why = {}) {
    this.status = { state, ...why };
    this.tell("status", state, this.status);
  }

  tell(what, ...values) {
    for (const callback of this.listeners.get(what) ?? []) callback(...values);
  }
}
