// One WebSocket to one room, protocol openroom.v1 (docs/protocol.md): joins, resumes by epoch and seq, and tells why not.
//
//   const line = new RoomConnection({ url, name, watch, language, onMessage, onStatus });
//   line.open(); const answer = await line.act({ do: "say", text: "Hello" }); line.close();
//
// onStatus gets { state, reason?, message?, retryAt? }; states: connecting, open, waiting, offline, ended.
// act() resolves to { ok: true, seqs } or { ok: false, reason, message }; acts survive a reconnect (their id makes that harmless).

const FINAL = { 4400: "bad_join", 4401: "not_known", 4403: "refused", 4404: "no_such_room", 4408: "join_deadline", 4413: "too_large" };
const PROTOCOL = "openroom.v1";
const PING_MS = 15000;
const SILENCE_MS = 12000;
const PROBE_MS = 3000;
const MAX_WAIT_MS = 10000;

let counter = 0;
const page = Math.random().toString(36).slice(2, 8);

export class RoomConnection {
  constructor({ url, name, watch = false, language = "", token = "", onMessage, onStatus }) {
    Object.assign(this, { url, name, watch, language, token, onMessage, onStatus });
    this.epoch = "";
    this.seq = 0;
    this.pending = new Map();
    this.tries = 0;
    this.ended = false;
    this.farewell = null;
    this.refusal = null;
    this._online = () => this._retryNow();
    // The browser may be wrong (a server on this machine needs no network): ask the server itself.
    this._offline = () => (this.isOpen ? this._beat(PROBE_MS) : this._status({ state: "offline" }));
  }

  open() {
    window.addEventListener("online", this._online);
    window.addEventListener("offline", this._offline);
    this._connect();
  }

  close() {
    this._end({ state: "ended", reason: "left" });
    this.socket?.close(1000);
  }

  act(action) {
    const id = `${page}-${++counter}`;
    return new Promise((resolve) => {
      this.pending.set(id, { action, resolve });
      this._send({ type: "act", id, action });
    });
  }

  send(message) {
    return this._send(message);
  }

  get isOpen() {
    return this.joined && this.socket?.readyState === WebSocket.OPEN;
  }

  _send(message) {
    if (!this.isOpen) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  _connect() {
    clearTimeout(this.timer);
    if (this.ended) return;
    this.joined = false;
    this.farewell = null;
    this._status({ state: "connecting", again: this.tries > 0 });
    const socket = new WebSocket(this.url, [PROTOCOL]);
    this.socket = socket;
    socket.onopen = () => {
      const join = { type: "join", name: this.name, watch: this.watch };
      if (this.language) join.language = this.language;
      if (this.epoch) Object.assign(join, { epoch: this.epoch, last_seq: this.seq });
      if (this.token) join.token = this.token;
      socket.send(JSON.stringify(join));
    };
    socket.onmessage = (message) => socket === this.socket && this._message(JSON.parse(message.data));
    socket.onclose = (event) => socket === this.socket && this._closed(event);
  }

  _message(message) {
    this.heard = Date.now();
    if (message.type === "hello") this._hello(message);
    else if (message.type === "snapshot") Object.assign(this, { epoch: message.epoch, seq: message.seq });
    else if (message.type === "event") this.seq = Math.max(this.seq, message.event.seq);
    else if (message.type === "done") this._settle(message.id, { ok: true, seqs: message.seqs });
    else if (message.type === "refused") this._settle(message.id, { ok: false, reason: message.reason, message: message.message });
    else if (message.type === "bye") this.farewell = message;
    else if (message.type === "error") this.refusal = message;
    this.onMessage(message);
  }

  _hello(message) {
    this.joined = true;
    this.tries = 0;
    this.refusal = null;
    if (message.token) this.token = message.token;
    if (message.epoch !== this.epoch) Object.assign(this, { epoch: message.epoch, seq: 0 });
    this._status({ state: "open" });
    for (const [id, { action }] of this.pending) this._send({ type: "act", id, action });
    clearInterval(this.beat);
    this.beat = setInterval(() => this._beat(), PING_MS);
  }

  _settle(id, answer) {
    this.pending.get(id)?.resolve(answer);
    this.pending.delete(id);
  }

  _beat(patience = SILENCE_MS) {
    const sent = Date.now();
    const asked = this.socket;
    this._send({ type: "ping", t: sent });
    setTimeout(() => {
      if (this.isOpen && this.socket === asked && this.heard < sent) this._drop();
    }, patience);
  }

  _drop() {
    const socket = this.socket;
    this.socket = null;
    socket.close();
    this._later("silence");
  }

  _closed(event) {
    clearInterval(this.beat);
    this.joined = false;
    const said = this.farewell ?? this.refusal;
    const reason = this.farewell?.reason;
    if (reason && reason !== "closing") return this._end({ state: "ended", reason, message: said.message });
    if (FINAL[event.code]) {
      return this._end({ state: "ended", reason: said?.reason ?? FINAL[event.code], message: said?.message ?? event.reason });
    }
    if (event.code === 4499) return this._connect();
    return this._later(event.code === 1012 || reason === "closing" ? "restarting" : "lost");
  }

  _later(reason) {
    if (this.ended) return;
    if (!navigator.onLine) this._status({ state: "offline" });
    const wait = Math.min(MAX_WAIT_MS, 400 * 1.7 ** this.tries) * (0.8 + 0.4 * Math.random());
    this.tries += 1;
    this._status({ state: navigator.onLine ? "waiting" : "offline", reason, retryAt: Date.now() + wait });
    this.timer = setTimeout(() => this._connect(), wait);
  }

  _retryNow() {
    if (!this.isOpen && !this.ended) {
      this.tries = 0;
      this._connect();
    }
  }

  retry() {
    this._retryNow();
  }

  _end(status) {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.timer);
    clearInterval(this.beat);
    window.removeEventListener("online", this._online);
    window.removeEventListener("offline", this._offline);
    for (const { resolve } of this.pending.values()) resolve({ ok: false, reason: "closed", message: "" });
    this.pending.clear();
    this._status(status);
  }

  _status(status) {
    this.onStatus(status);
  }
}
