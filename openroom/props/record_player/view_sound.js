// The record player's sound: short pieces, synthesised here and derived from the time the record was put on, so that
// every browser in the room hears the same bar. Browsers let a page sound only after a click: until then `blocked`.
import { store } from "openroom-gui/shared/keep.js";
import { reactive } from "vue";
import { PIECES } from "./view_tunes.js";

const AHEAD_S = 0.6;
const TICK_MS = 200;

export function makeSound() {
  let context = null;
  let master = null;
  let timer = 0;
  let playing = null;
  let next = 0;
  let room = 1;

  const sound = reactive({
    blocked: false,
    active: "",
    beat: 0,
    /** When the record began, in ms by this browser's clock. */
    began: 0,
    /** The same by the clock of the sound that is heard, to 50 ms; 0 while nothing sounds. */
    heardFrom: 0,
    volume: Number(store.get("openroom.volume", 0.6)),
    setVolume(value) {
      sound.volume = value;
      store.set("openroom.volume", String(value));
      loudness(room);
    },
    async unlock() {
      await open().resume();
      sound.blocked = context.state !== "running";
      if (!sound.blocked && playing) start();
    },
    /** Sound as the player's state says. `skew` is our clock minus the server's, in ms. */
    follow(state, skew = 0) {
      const wanted = wantedOf(state);
      if (wanted) loudness(wanted.volume);
      const key = wanted ? `${wanted.record} ${wanted.startedAt} ${wanted.position}` : "";
      if (key === sound.active) return;
      stop();
      sound.active = key;
      playing = wanted ? { ...wanted, piece: pieceFor(wanted), skew } : null;
      if (!playing) return;
      sound.began = Math.round(playing.startedAt + skew - playing.position);
      open();
      sound.blocked = context.state !== "running";
      if (!sound.blocked) start();
    },
    close() {
      stop();
      context?.close();
      context = null;
    },
  });

  /** The room's own volume (everybody's) times this browser's. */
  function loudness(value) {
    room = value;
    if (master) master.gain.value = room * sound.volume;
  }

  function open() {
    if (!context) {
      context = new AudioContext();
      master = context.createGain();
      master.gain.value = room * sound.volume;
      const warm = context.createBiquadFilter();
      Object.assign(warm, { type: "lowpass" });
      warm.frequency.value = 3200;
      master.connect(warm).connect(context.destination);
      context.onstatechange = () => {
        if (context?.state === "running" && sound.blocked) sound.blocked = false;
      };
    }
    return context;
  }

  /** Seconds since the record began, now. */
  function position() {
    return (Date.now() - playing.skew - playing.startedAt + playing.position) / 1000;
  }

  function start() {
    clearInterval(timer);
    next = Math.max(0, Math.ceil(position() / beatLength()));
    timer = setInterval(schedule, TICK_MS);
    schedule();
  }

  function beatLength() {
    return 60 / playing.piece.bpm / 2;
  }

  function schedule() {
    const at = position();
    while (next * beatLength() < at + AHEAD_S) {
      const delay = next * beatLength() - at;
      if (delay > -0.05) {
        const when = context.currentTime + Math.max(0, delay);
        beat(next % playing.piece.length, when);
        const heard = next * beatLength() - (when - context.currentTime);
        sound.heardFrom = Math.round((Date.now() - heard * 1000) / 50) * 50;
      }
      next += 1;
    }
    sound.beat = next;
  }

  function beat(index, when) {
    for (const voice of playing.piece.voices) {
      for (const [note, length] of voice.at(index)) tone(voice, note, length * beatLength(), when);
    }
  }

  function tone(voice, note, seconds, when) {
    const oscillator = context.createOscillator();
    const envelope = context.createGain();
    oscillator.type = voice.wave;
    oscillator.frequency.value = 440 * 2 ** ((note - 69) / 12);
    envelope.gain.setValueAtTime(0, when);
    envelope.gain.linearRampToValueAtTime(voice.gain, when + 0.02);
    envelope.gain.exponentialRampToValueAtTime(0.0008, when + seconds * 1.3 + 0.15);
    oscillator.connect(envelope).connect(master);
    oscillator.start(when);
    oscillator.stop(when + seconds * 1.3 + 0.2);
  }

  function stop() {
    clearInterval(timer);
    playing = null;
    sound.active = "";
    sound.blocked = false;
    sound.heardFrom = 0;
    if (master) {
      const old = master;
      old.gain.setTargetAtTime(0, context.currentTime, 0.05);
      context.close();
      context = null;
      master = null;
    }
  }

  return sound;
}

/** What should be heard: { record, mood, startedAt (ms, server's clock), position (ms), volume 0..1 }, or nothing. */
function wantedOf(state) {
  if (!state?.playing) return null;
  return { record: state.record, mood: state.records?.[state.record]?.mood, startedAt: state.started_at, position: state.position_ms, volume: state.volume / 10 };
}

function pieceFor({ mood, record }) {
  const all = Object.values(PIECES);
  return PIECES[mood] ?? all[hash(record) % all.length];
}

function hash(text) {
  return [...String(text)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 0);
}
