// The operator's speech service, by way of the server: the sound of what a character said, one sentence at a time.
import { api } from "../shared/api.js";

/** A moment of silence: some phones let an element play later only if it played in a click. */
const NOTHING = "data:audio/wav;base64,UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQIAAACAgA==";

export class Service {
  /** @param prefix of the server's paths, @param room the room's id */
  constructor(prefix, room) {
    Object.assign(this, { prefix, room, named: false, failed: false });
    this.player = globalThis.Audio ? new Audio() : null;
    this.current = null;
    this.ahead = null; // { sentence, sound }: the next one is fetched while one is heard
  }

  /** Whether it speaks here. */
  get there() {
    return this.named && !this.failed && Boolean(this.player);
  }

  /** Ask the server, once, whether the operator named one. */
  look() {
    this.looked ??= api(`${this.prefix}/api/model`).then(
      ({ speech }) => (this.named = Boolean(speech)),
      () => (this.looked = undefined),
    );
    return this.looked;
  }

  /** Whether it can say a sentence { text, line }: the server speaks only what was said, and by then it has a seq. */
  says(sentence) {
    return this.there && Boolean(sentence.line.seq);
  }

  /** Within a click. */
  prime() {
    if (!this.there || this.current) return;
    this.player.src = NOTHING;
    this.player.play()?.catch?.(() => {});
  }

  /** Fetch what is said next. */
  prepare(sentence) {
    if (this.says(sentence) && this.ahead?.sentence !== sentence) this.ahead = { sentence, sound: this.fetch(sentence) };
  }

  /** Say a sentence; `ended(error)` is called once: with nothing, `not-allowed` or `failed`. */
  async speak(sentence, { started, ended }) {
    const mine = (this.current = {});
    const end = (error) => {
      if (this.current !== mine) return;
      this.release();
      ended(error);
    };
    const fetched = this.ahead?.sentence === sentence ? this.ahead.sound : this.fetch(sentence);
    this.ahead = null;
    const sound = await fetched;
    if (this.current !== mine) return;
    if (typeof sound === "string") return end(sound);
    const { player } = this;
    mine.url = player.src = URL.createObjectURL(sound);
    player.onplaying = () => this.current === mine && started();
    player.onended = () => end("");
    player.onerror = () => end("failed");
    Promise.resolve(player.play()).catch(({ name }) => end(name === "NotAllowedError" ? "not-allowed" : "failed"));
  }

  /** The sound; or `failed`, or nothing where there is nothing to say any more (it was erased). */
  async fetch({ text, line }) {
    try {
      const answer = await fetch(`${this.prefix}/api/speech`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ room: this.room, seq: line.seq, text }),
      });
      if (answer.ok) return await answer.blob();
      return answer.status === 404 ? "" : "failed";
    } catch {
      return "failed";
    }
  }

  /** Be silent at once. */
  cancel() {
    this.ahead = null;
    if (!this.current) return;
    this.release();
    this.player.pause();
  }

  release() {
    Object.assign(this.player, { onplaying: null, onended: null, onerror: null });
    if (this.current.url) URL.revokeObjectURL(this.current.url);
    this.current = null;
  }
}
