// One voice at a time: sentences wait their turn. A line is what one character says in one go; its sentences can be dropped.
import { reactive } from "vue";

/** So many sentences wait at most. Who talks faster than a voice can read is read from where it is by then. */
const MOST_WAITING = 24;

/** @param synthesiser says one sentence at a time: speak, cancel, and perhaps prepare, for the next one */
export function makeSpeaker(synthesiser, { failed }) {
  let waiting = [];
  let current = null;

  const speaker = reactive({
    /** Who is heard now: from the first sound to the last of each sentence. */
    who: "",
    /** Whether anything is being said or waits. */
    busy: false,
    /** A sentence, as the synthesiser takes it, of a line { who }. */
    add(line, sentence) {
      waiting.push({ line, sentence });
      if (waiting.length > MOST_WAITING) waiting = waiting.slice(-MOST_WAITING);
      next();
    },
    /** Neither say nor go on saying the lines that `of` is true of. */
    drop(of) {
      waiting = waiting.filter(({ line }) => !of(line));
      if (current && of(current.line)) {
        synthesiser.cancel();
        over();
      }
      next();
    },
  });

  function next() {
    if (!current && waiting.length) {
      const one = (current = waiting.shift());
      synthesiser.speak(one.sentence, {
        started() {
          speaker.who = one.line.who;
          ahead();
        },
        ended(error) {
          over();
          if (error) failed(error);
          next();
        },
      });
    }
    speaker.busy = Boolean(current);
    ahead();
  }

  /** While one is heard the next may be made ready. */
  function ahead() {
    if (speaker.who && waiting.length) synthesiser.prepare?.(waiting[0].sentence);
  }

  function over() {
    current = null;
    speaker.who = "";
  }

  return speaker;
}
