// What may wait until the browser has nothing better to do: it is done bit by bit, between frames.
const waiting = [];
const LONGEST_MS = 400;
const LEAST_MS = 4;

/** Have something done soon, between frames, `first` before all that waits; the function that comes back calls it off. */
export function later(job, first = false) {
  if ((first ? waiting.unshift(job) : waiting.push(job)) === 1) plan();
  return () => {
    const at = waiting.indexOf(job);
    if (at >= 0) waiting.splice(at, 1);
  };
}

function plan() {
  if (globalThis.requestIdleCallback) requestIdleCallback(work, { timeout: LONGEST_MS });
  else setTimeout(() => work({ timeRemaining: () => LEAST_MS, didTimeout: false }), LONGEST_MS / 4);
}

function work(idle) {
  const began = performance.now();
  const left = () => (idle.didTimeout ? LEAST_MS - (performance.now() - began) : idle.timeRemaining());
  while (waiting.length && left() > 0) waiting.shift()();
  if (waiting.length) plan();
}
