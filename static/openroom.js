// openroom: a small client for rooms, protocol openroom.v1 (docs/protocol.md). No build, no dependencies.
//
//   import { connect } from "/static/openroom.js";
//   const me = connect({ url: location.origin, room: "tea_room", name: "Ann" });
//   me.on("event", (event) => console.log(event.seq, event.text));
//   await me.joined;
//   await me.say("Hello");
//   await me.use("lamp", "light");
//   me.state, me.seq                      // the shared state, kept up to date
//   me.close();
//
// on(what, callback) with what = "event", "state", "signal", "status" or any message type; it returns a function that ends it.
// A connection that breaks, or on which nothing comes for two heartbeats (beat, ms), is made again and resumes with exactly
// the gap; acts under way are sent again under their id.

const PROTOCOL = "openroom.v1";
const FINAL = new Set([4400, 4401, 4403, 4404, 4408, 4413]);

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
  constructor({ url, room, name = "", watch = false, language = "", token = "", beat = 15_000 }) {
    this.address = `${url.replace(/^http/, "ws").replace(/\/$/, "")}/ws/rooms/${encodeURIComponent(room)}`;
    Object.assign(this, { name, watch, language, token, beat, state: {}, manifest: {}, seq: 0, epoch: "", you: "", failures: 0, count: 0 });
    this.page = Math.random().toString(36).slice(2, 12);
    this.pending = new Map();
    this.listeners = new Map();
    this.joined = new Promise((resolve, reject) => Object.assign(this, { isIn: resolve, isOut: reject }));
    this.joined.catch(() => {});
    this.open();
  }

  on(what, callback) {
    if (!this.listeners.has(what)) this.listeners.set(what, new Set());
    this.listeners.get(what).add(callback);
    return () => this.listeners.get(what).delete(callback);
  }

  act(action, id = `${this.page}-${++this.count}`) {
    if (this.over) return Promise.reject(this.over);
    return new Promise((resolve, reject) => {
      this.pending.set(id, { action, resolve, reject });
      if (this.ready) this.send({ type: "act", id, action });
    });
  }

  say(text, to) { return this.act({ do: "say", text, ...(to ? { to } : {}) }); }
  use(prop, verb, args = {}) { return this.act({ do: "use", prop, verb, args }); }
  typing(on = true) { this.send({ type: "typing", on }); }
  stop() { this.send({ type: "stop" }); }
  send(message) { if (this.ready) this.socket.send(JSON.stringify(message)); }
  close() { this.end(new Refused("left", "")); this.socket.close(1000); }

  open() {
    this.tell("status", "connecting");
    const socket = (this.socket = new WebSocket(this.address, [PROTOCOL]));
    socket.onopen = () => {
      const join = { type: "join", name: this.name, watch: this.watch };
      if (this.language) join.language = this.language;
      if (this.token) join.token = this.token;
      if (this.seq) Object.assign(join, { epoch: this.epoch, last_seq: this.seq });
      socket.send(JSON.stringify(join));
    };
    socket.onmessage = ({ data }) => this.take(JSON.parse(data));
    socket.onclose = ({ code, reason }) => this.closed(code, reason);
  }

  listen(socket) {
    clearInterval(this.pulse);
    this.pulse = setInterval(() => {
      if (Date.now() - this.heard <= 2 * this.beat) return this.send({ type: "ping", t: Date.now() });
      socket.onmessage = socket.onclose = null; // open but dead: its own end could take minutes
      socket.close();
      return this.closed(4000, "silent");
    }, this.beat);
  }

  take(message) {
    const { type } = message;
    this.heard = Date.now();
    if (type === "hello") this.hello(message);
    else if (type === "snapshot") this.snapshot(message);
    else if (type === "event" && !this.event(message.event)) return;
    else if (type === "done") this.settle(message.id, "resolve", message.seqs);
    else if (type === "refused") this.settle(message.id, "reject", new Refused(message.reason, message.message));
    else if (type === "bye" || type === "error") this.said = message;
    this.tell(type, type === "event" ? message.event : message);
  }

  hello(message) {
    if (message.epoch !== this.epoch) Object.assign(this, { epoch: message.epoch, seq: 0 });
    Object.assign(this, { you: message.you, owner: message.owner, ready: true, failures: 0, said: undefined });
    if (message.token) this.token = message.token;
    for (const [id, { action }] of this.pending) this.send({ type: "act", id, action });
    if (this.seq) this.isIn(this);
    this.listen(this.socket);
    this.tell("status", "open");
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

  closed(code, reason) {
    this.ready = false;
    clearInterval(this.pulse);
    if (this.over) return;
    const said = this.said;
    if ((said?.type === "bye" && said.reason !== "closing") || FINAL.has(code)) {
      this.end(new Refused(said?.reason ?? reason, said?.message ?? reason));
      return;
    }
    const wait = Math.min(10_000, 300 * 1.7 ** this.failures++) * (0.8 + 0.4 * Math.random());
    this.tell("status", "waiting");
    this.timer = setTimeout(() => this.open(), wait);
  }

  end(over) {
    this.over = over;
    clearTimeout(this.timer);
    clearInterval(this.pulse);
    this.isOut(over);
    for (const { reject } of this.pending.values()) reject(over);
    this.pending.clear();
    this.tell("status", "ended");
  }

  tell(what, value) {
    for (const callback of this.listeners.get(what) ?? []) callback(value);
  }
}
