// Where speech bubbles go: near their speaker, the newest nearest; never over one another, and clear of faces and things
// where there is room. And who stands and sits where along the stage.

const GAP = 8;
const STEP = 12;
const EDGE = 22;
/** What it costs to be 100 px away from the best place, to a side (the tail still reaches) and up; to cover a thing: 1. */
const ASIDE = 0.15;
const ABOVE = 0.5;
/** What it costs to have no place at all; and so much has to be won before another order is taken. */
const MISSING = 4;
const SETTLED = 0.15;

/**
 * @param bubbles [{ id, anchorX, anchorY, width, height }], newest first; the anchor is the top of the speaker's head
 * @param box { width, height, top } the stage; `top` is kept free
 * @param things [{ x, y, width, height, weight }] what is better not covered
 * @returns { id: { x, y, tail } } ; a bubble that finds no place is missing (its words are in the log)
 */
export function placeBubbles(bubbles, box, things = []) {
  // The newest first, unless less is covered when another one has the choice before it.
  const orders = bubbles.map((first) => [first, ...bubbles.filter((other) => other !== first)]);
  let best = { cost: Infinity, result: {} };
  for (const order of orders) {
    const found = placeInTurn(order, box, things);
    if (found.cost < best.cost - SETTLED) best = found;
  }
  return best.result;
}

function placeInTurn(bubbles, box, things) {
  const placed = [];
  const result = {};
  let cost = 0;
  for (const bubble of bubbles) {
    const spot = bestSpot(bubble, placed, things, box);
    cost += spot ? spot.cost : MISSING;
    if (!spot) continue;
    placed.push({ x: spot.x, y: spot.y, width: bubble.width, height: bubble.height });
    result[bubble.id] = { x: spot.x, y: spot.y, tail: clamp(bubble.anchorX - spot.x, EDGE, bubble.width - EDGE) };
  }
  return { cost, result };
}

function bestSpot(bubble, placed, things, box) {
  const middle = clamp(bubble.anchorX - bubble.width / 2, GAP, box.width - bubble.width - GAP);
  const lowest = Math.max(box.top, Math.min(bubble.anchorY - bubble.height - GAP, box.height - bubble.height - GAP));
  let best = null;
  for (const y of heights(lowest, box.top, bubble, placed)) {
    for (const x of sides(middle, bubble, box)) {
      const here = { x, y, width: bubble.width, height: bubble.height };
      const cost = (ASIDE * Math.abs(x - middle) + ABOVE * (lowest - y)) / 100;
      if (best && cost >= best.cost) continue;
      if (placed.some((other) => meet(here, other, GAP))) continue;
      const total = cost + things.reduce((sum, thing) => sum + covered(here, thing), 0);
      if (!best || total < best.cost) best = { x, y, cost: total };
    }
  }
  return best;
}

/** From just above the speaker upwards; right above other bubbles too. */
function heights(lowest, top, bubble, placed) {
  const found = placed.map((other) => other.y - bubble.height - GAP).filter((y) => y >= top && y < lowest);
  for (let y = lowest; y > top; y -= STEP) found.push(y);
  return [...found, top];
}

/** Over the speaker first, then to either side, as far as the tail still reaches. */
function sides(middle, bubble, box) {
  const found = [middle];
  for (let x = bubble.anchorX - bubble.width + EDGE; x <= bubble.anchorX - EDGE; x += STEP) {
    if (x >= GAP && x <= box.width - bubble.width - GAP) found.push(x);
  }
  return found;
}

function meet(one, other, gap) {
  return one.x < other.x + other.width + gap && other.x < one.x + one.width + gap && one.y < other.y + other.height + gap && other.y < one.y + one.height + gap;
}

/** How much of a thing is covered, 0 to its weight; a touch counts a little, so that a free place is better. */
function covered(here, thing) {
  if (!meet(here, thing, 2)) return 0;
  const width = Math.min(here.x + here.width, thing.x + thing.width) - Math.max(here.x, thing.x);
  const height = Math.min(here.y + here.height, thing.y + thing.height) - Math.max(here.y, thing.y);
  return thing.weight * (0.1 + (0.9 * Math.max(0, width * height)) / (thing.width * thing.height));
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

const SHIFT = 2;

/**
 * Where a row of visitors sits along x (per cent): `gap` apart, around the middle, moved aside as far as they hide fewer
 * of the names at `taken` (nearer than `near`); `edge` stays free at either end.
 */
export function seats(count, gap, taken, near, edge) {
  const row = Array.from({ length: count }, (_, index) => 50 + (index - (count - 1) / 2) * gap);
  const most = Math.max(0, 50 - edge - ((count - 1) / 2) * gap);
  const hidden = (by) => row.reduce((sum, x) => sum + taken.reduce((all, name) => all + Math.max(0, near - Math.abs(x + by - name)), 0), 0);
  let best = { by: 0, cost: hidden(0) };
  for (let by = SHIFT; by <= most; by += SHIFT) {
    for (const way of [-by, by]) {
      const cost = hidden(way);
      if (cost < best.cost - 0.01) best = { by: way, cost };
    }
  }
  return row.map((x) => x + best.by);
}
