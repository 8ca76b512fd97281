// The browser's own speech (Web Speech API): which voices there are, which one fits, one utterance at a time.
import { primary } from "./tongue.js";

/** Voices come late in some browsers; so long one waits for them. */
const VOICES_MS = 2000;
/** Some browsers forget to say that an utterance is over: so often one looks, and so often in vain. */
const LOOK_MS = 1000;
const LOOKS = 4;

/** Where a browser keeps whether voices of its maker's service may be used. */
export const REMOTE = "openroom.voice.remote";

export class Synthesiser {
  constructor() {
    this.synth = globalThis.speechSynthesis;
    this.there = Boolean(this.synth?.speak && globalThis.SpeechSynthesisUtterance);
    this.current = null; // kept here too: an utterance that nothing holds may vanish without its end
  }

  voices() {
    return this.there ? this.synth.getVoices() : [];
  }

  /** Resolves when there are voices, or when it is clear that there are none. */
  ready() {
    if (!this.there || this.voices().length) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.unwatch(done);
        resolve();
      };
      const timer = setTimeout(done, VOICES_MS);
      this.watch(done);
    });
  }

  /** Call `changed` when voices come or go. */
  watch(changed) {
    this.synth?.addEventListener?.("voiceschanged", changed);
  }

  unwatch(changed) {
    this.synth?.removeEventListener?.("voiceschanged", changed);
  }

  /** { voice } for a language, the first of `wished` that there is; or { why }: no_language, only_remote. */
  choose(language, wished, remote) {
    const speaking = this.voices().filter((voice) => primary(voice.lang) === primary(language));
    const usable = remote ? speaking : speaking.filter((voice) => voice.localService !== false);
    if (!usable.length) return { why: speaking.length ? "only_remote" : "no_language" };
    for (const name of wished) {
      const voice = usable.find((one) => isCalled(one, name));
      if (voice) return { voice };
    }
    const region = (voice) => voice.lang.replaceAll("_", "-").toLowerCase() === language.toLowerCase();
    const rank = (voice) => (region(voice) ? 4 : 0) + (voice.localService !== false ? 2 : 0) + (voice.default ? 1 : 0);
    return { voice: usable.reduce((best, one) => (rank(one) > rank(best) ? one : best)) };
  }

  /** Within a click: some phones let a page speak later only if it spoke (here: nothing, silently) in one. */
  prime() {
    if (!this.there || this.current) return;
    const nothing = new SpeechSynthesisUtterance(" ");
    nothing.volume = 0;
    this.synth.speak(nothing);
  }

  /** Say `text`; `ended(error)` is called once, with the browser's word for what went wrong, if anything did. */
  speak({ text, language, voice, pitch, rate }, { started, ended }) {
    const utterance = new SpeechSynthesisUtterance(text);
    Object.assign(utterance, { lang: language, voice, pitch, rate });
    const end = (error) => {
      if (this.current !== utterance) return;
      this.current = null;
      clearInterval(this.clock);
      ended(error);
    };
    utterance.onstart = () => this.current === utterance && started();
    utterance.onend = () => end("");
    utterance.onerror = ({ error }) => end(["canceled", "interrupted"].includes(error) ? "" : error || "synthesis-failed");
    this.current = utterance;
    this.look(end);
    if (this.synth.paused) this.synth.resume();
    this.synth.speak(utterance);
  }

  look(end) {
    let idle = 0;
    clearInterval(this.clock);
    this.clock = setInterval(() => {
      idle = this.synth.speaking || this.synth.pending ? 0 : idle + 1;
      if (idle >= LOOKS) end("");
    }, LOOK_MS);
  }

  /** Be silent at once; what was being said has no end that anybody hears of. */
  cancel() {
    clearInterval(this.clock);
    if (!this.current) return;
    this.current = null;
    this.synth.cancel();
  }
}

/** `Daniel` is also `Daniel (Enhanced)`, but not `Daniela`. */
function isCalled(voice, name) {
  const [known, wished] = [voice.name.toLowerCase(), name.toLowerCase()];
  return known.startsWith(wished) && !/^[\p{L}\p{N}]/u.test(known.slice(wished.length));
}
