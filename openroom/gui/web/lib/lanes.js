// Where speech bubbles go: above their speaker, the newest nearest, none over another, none outside.

const GAP = 8;

/**
 * @param bubbles [{ id, anchorX, anchorY, width, height }], newest first; the anchor is the top of the speaker's head
 * @param box { width, height, top } the stage; `top` is kept free
 * @returns { id: { x, y, tail } } ; a bubble that finds no place is missing (its words are in the log)
 */
export function placeBubbles(bubbles, box) {
  const placed = [];
  const result = {};
  for (const bubble of bubbles) {
    const x = clamp(bubble.anchorX - bubble.width / 2, GAP, box.width - bubble.width - GAP);
    const spot = freeSpot({ ...bubble, x }, placed, box);
    if (spot === null) continue;
    placed.push({ x, y: spot, width: bubble.width, height: bubble.height });
    result[bubble.id] = { x, y: spot, tail: clamp(bubble.anchorX - x, 18, bubble.width - 18) };
  }
  return result;
}

function freeSpot(bubble, placed, box) {
  const lowest = Math.min(bubble.anchorY - bubble.height - GAP, box.height - bubble.height - GAP);
  const start = Math.max(lowest, box.top);
  const spots = [start, ...placed.map((other) => other.y - bubble.height - GAP)].filter((y) => y <= start && y >= box.top);
  spots.sort((a, b) => b - a);
  return spots.find((y) => !placed.some((other) => overlap(bubble, y, other))) ?? null;
}

function overlap(bubble, y, other) {
  return bubble.x < other.x + other.width + GAP && other.x < bubble.x + bubble.width + GAP && y < other.y + other.height + GAP && other.y < y + bubble.height + GAP;
}

function clamp(value, low, high) {
  return Math.max(low, Math.min(high, value));
}

/** Move places apart along x until neighbours are `gap` apart, within low..high; keeps their order. */
export function spread(xs, gap, low, high) {
  const order = xs.map((x, index) => ({ x, index })).sort((a, b) => a.x - b.x || a.index - b.index);
  const step = Math.min(gap, order.length > 1 ? (high - low) / (order.length - 1) : gap);
  order.forEach((one, place) => {
    one.x = clamp(Math.max(one.x, place ? order[place - 1].x + step : low), low, high);
  });
  for (let place = order.length - 1; place >= 0; place -= 1) {
    const limit = place === order.length - 1 ? high : order[place + 1].x - step;
    order[place].x = Math.min(order[place].x, limit);
  }
  const result = [];
  for (const one of order) result[one.index] = one.x;
  return result;
}
