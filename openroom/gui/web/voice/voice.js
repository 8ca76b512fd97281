// Voices in a room: off until the player asks, remembered in this browser, silent before a first click and out of sight.
import { reactive } from "vue";
import { t, words } from "../shared/i18n.js";
import { store } from "../shared/keep.js";
import { makeLines } from "./lines.js";
import { sentencesOf } from "./readable.js";
import { Service } from "./service.js";
import { makeSpeaker } from "./speaker.js";
import { REMOTE, Synthesiser } from "./synthesiser.js";
import { tongueOf } from "./tongue.js";

const KEPT = "openroom.voice";

/** `room` is what the page knows (room_model.js), `id` the room's id, `prefix` that of the server's paths. */
export function makeVoice(room, id, prefix) {
  const synthesiser = new Synthesiser();
  const service = new Service(prefix, id);
  const told = new Set();
  let tell = () => {};

  /** The operator's service where there is one, else the browser; one after the other, as the speaker asks. */
  const either = {
    prepare: (sentence) => service.prepare(sentence),
    speak(sentence, { started, ended }) {
      if (!service.says(sentence)) return byBrowser(sentence, { started, ended });
      return service.speak(sentence, {
        started,
        ended(error) {
          if (error !== "failed") return ended(error);
          service.failed = true; // until voices are turned on anew
          once("service", t("voice.service_failed"));
          return byBrowser(sentence, { started, ended });
        },
      });
    },
    cancel() {
      service.cancel();
      synthesiser.cancel();
    },
  };
  const speaker = makeSpeaker(either, { failed });
  const lines = makeLines({ say, drop: speaker.drop, listening: () => voice.leads && !document.hidden, patient: () => service.there });

  const voice = reactive({
    speaker,
    on: store.get(KEPT, "") === "on",
    /** Whether this page was clicked or typed in: before, browsers let no page speak, and rightly so. */
    touched: false,
    /** Why there is no voice: `none` (no speech here), `empty` (no voices), or nothing. */
    missing: synthesiser.there ? "" : "none",
    /** For the control: off, on, waiting (for a click) or missing. */
    get state() {
      if (voice.missing) return "missing";
      if (!voice.on) return "off";
      return voice.touched ? "on" : "waiting";
    },
    /** Whether lines are read, so that mouths move with the voice and not with the words as they come. */
    get leads() {
      return voice.state === "on";
    },
    /** `telling(text)` is how something is said to the player. */
    begin(telling) {
      tell = telling;
      for (const what of ["click", "keydown"]) window.addEventListener(what, touch, true);
      document.addEventListener("visibilitychange", seen);
      synthesiser.watch(late);
      service.look().then(() => (voice.on || service.there) && look());
    },
    end() {
      untouch();
      document.removeEventListener("visibilitychange", seen);
      synthesiser.unwatch(late);
      lines.forget();
    },
    follow(me) {
      me.on("signal", lines.signal);
      me.on("event", (event) => lines.event(event, me.you));
      me.on("snapshot", lines.snapshot);
      me.on("status", (state) => state === "ended" && lines.forget());
    },
    /** Be silent now; who speaks next is heard again. */
    hush: lines.mute,
    async press() {
      if (voice.state === "on") return turn(false);
      voice.touched = true;
      untouch();
      service.failed = false;
      prime();
      await look();
      if (voice.missing) return tell(t(`voice.${voice.missing}`));
      if (service.there) tell(t("voice.service"));
      return turn(true);
    },
  });

  function turn(on) {
    voice.on = on;
    store.set(KEPT, on ? "on" : "");
    told.clear();
    if (!on) lines.mute();
  }

  async function look() {
    await service.look();
    if (!service.there) await synthesiser.ready();
    voice.missing = service.there ? "" : !synthesiser.there ? "none" : synthesiser.voices().length ? "" : "empty";
  }

  /** Voices that come after one has given up waiting for them. */
  function late() {
    if (voice.missing) look();
  }

  function touch(event) {
    // The control's own click is no mere touch: it says what it is for.
    if (event.target?.closest?.("[data-voice]") || !event.isTrusted || !(navigator.userActivation?.hasBeenActive ?? true)) return;
    voice.touched = true;
    untouch();
    if (voice.on) prime();
  }

  function prime() {
    synthesiser.prime();
    service.prime();
  }

  function untouch() {
    for (const what of ["click", "keydown"]) window.removeEventListener(what, touch, true);
  }

  function seen() {
    if (document.hidden) lines.mute();
  }

  function say(line, text) {
    const { language } = soundOf(line);
    for (const sentence of sentencesOf(text, language)) {
      // One short sentence says little of its language: the line so far says more.
      const spoken = tongueOf(line.text, language);
      if (service.there || voiceFor(line, spoken)) speaker.add(line, { line, text: sentence, language: spoken });
    }
  }

  function soundOf(line) {
    const card = room.manifest.characters?.[line.who] ?? {};
    const { language = card.language || "en", pitch = 1, rate = 1, voices = [] } = card.sound ?? {};
    return { language, pitch, rate, voices };
  }

  /** The browser's voice for a line in that language; where there is none, the player is told. */
  function voiceFor(line, language) {
    const { voice: chosen, why } = synthesiser.choose(language, soundOf(line).voices, store.get(REMOTE, "") === "yes");
    if (why) once(`${why} ${language}`, t(`voice.${why}`, { language: nameOf(language) }));
    return chosen;
  }

  function byBrowser({ line, text, language }, heard) {
    const chosen = voiceFor(line, language);
    if (!chosen) return heard.ended("");
    const { pitch, rate } = soundOf(line);
    return synthesiser.speak({ text, language, voice: chosen, pitch, rate }, heard);
  }

  function failed(error) {
    if (error === "not-allowed") {
      for (const what of ["click", "keydown"]) window.addEventListener(what, touch, true);
      voice.touched = false;
      lines.mute();
    } else once("failed", t("voice.failed"));
  }

  function once(what, text) {
    if (told.has(what)) return;
    told.add(what);
    tell(text);
  }

  return voice;
}

function nameOf(tag) {
  try {
    return new Intl.DisplayNames([words.language], { type: "language" }).of(tag.split("-")[0]) ?? tag;
  } catch {
    return tag;
  }
}
