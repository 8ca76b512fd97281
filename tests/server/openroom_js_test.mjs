// Run by test_openroom_js.py: node openroom_js_test.mjs <client> <url>. Prints one JSON line, or fails.
import assert from "node:assert/strict";
const [, , client, url] = process.argv;
const { connect, merge } = await import(client);

assert.deepEqual(merge({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: null }, d: [2] }), { a: { c: 2 }, d: [2] });

const ann = connect({ url, room: "hall", name: "Ann" });
const bob = connect({ url, room: "hall", name: "Bob" });
await Promise.all([ann.joined, bob.joined]);
const seen = [];
bob.on("event", (event) => seen.push(event.seq));
await ann.use("lamp", "light");
assert.equal(ann.state.props.lamp.state.lit, true, "what was done is in the state");
await assert.rejects(ann.use("lamp", "light"), { reason: "precondition", message: "The lamp is already lit." });
await until(() => bob.state.props.lamp.state.lit === true);

// What cannot be asked for is refused, whatever is wrong with it, and nothing hangs.
let deep = {};
for (let n = 0; n < 20; n++) deep = { deep };
await assert.rejects(ann.act({ do: "say", text: "x" }, "my act 1"), { reason: "malformed" });
await assert.rejects(ann.use("lamp", "light", deep), { reason: "malformed" });
await assert.rejects(ann.say("\ud800"), { reason: "malformed" });
await assert.rejects(ann.say("x".repeat(20_000)), { reason: "too_large" });
await assert.rejects(ann.act({ do: "say", text: 1n }), TypeError);

// The story takes another way, and comes back.
const cy = connect({ url, room: "hall", name: "Cy" });
await cy.joined;
const [line] = await cy.say("First.");
const there = await cy.save("There");
await cy.edit(line, "First, in other words.");
await cy.branch({ name: "Other words" });
assert.equal(Object.values(cy.state.branches)[0].name, "Other words");
await cy.choose(line);
await cy.load(there);
await cy.delete(line);
await cy.rewind(line);
await assert.rejects(cy.tryAgain(line, "shorter"), { reason: "unknown_target" });
await cy.unsave(there);
assert.equal(cy.state.saves?.[there], undefined);
await cy.leave();
await until(() => bob.seq === ann.seq);

// Bob's connection breaks; what happens meanwhile arrives once, in order, and his act under way is done once.
const before = bob.seq;
bob.socket.close(4000);
const under = bob.act({ do: "say", text: "under way" }, "once");
for (let n = 0; n < 5; n++) await ann.say(`line ${n}`);
await under;
await until(() => bob.seq === ann.seq && ann.seq >= before + 6);
const gap = seen.filter((seq) => seq > before);
assert.deepEqual(gap, Array.from({ length: gap.length }, (_, n) => before + 1 + n));
assert.deepEqual(bob.state, ann.state);

// A connection that is open and dead is given up after two heartbeats, and what it missed comes after all.
const cleo = connect({ url, room: "hall", name: "Cleo", beat: 1500 }); // long enough for an answer on a busy machine
await cleo.joined;
const dead = cleo.socket;
dead.onmessage = () => {};
await ann.say("into the void");
await until(() => cleo.socket !== dead && cleo.ready && cleo.seq === ann.seq);
const alive = cleo.socket;
let pongs = 0;
cleo.on("pong", () => pongs++);
await until(() => pongs >= 2);
assert.equal(cleo.socket, alive, "who is answered stays connected");

// A page whose timers slept has its answer waiting behind them: that is no dead connection.
cleo.ping();
const woken = Date.now() + 4 * cleo.beat;
while (Date.now() < woken);
pongs = 0;
await until(() => pongs >= 2);
assert.equal(cleo.socket, alive, "sleep is not death");
cleo.close();

// A hidden tab wakes its timers long after they were due, and all at once: its own silence is no dead connection either.
const WAKE = 1000, usual = { setTimeout, setInterval, clearTimeout, clearInterval };
const due = new Map();
let timers = 0;
const wakes = setInterval(() => {
  const now = Date.now();
  for (const [id, one] of [...due]) {
    if (one.at > now || !due.has(id)) continue;
    if (one.every) one.at = now + one.every;
    else due.delete(id);
    one.run();
  }
}, WAKE);
globalThis.setTimeout = (run, ms = 0) => due.set(++timers, { run, at: Date.now() + ms }) && timers;
globalThis.setInterval = (run, ms = 0) => due.set(++timers, { run, at: Date.now() + ms, every: ms }) && timers;
globalThis.clearTimeout = globalThis.clearInterval = (id) => due.delete(id);
const hidden = connect({ url, room: "hall", name: "Hidden", beat: WAKE / 5 });
const statuses = [];
hidden.on("status", (state) => statuses.push(state));
await hidden.joined;
let answers = 0;
await new Promise((resolve) => hidden.on("pong", () => ++answers >= 4 && resolve()));
assert.deepEqual(statuses, ["open"], "a hidden tab keeps its connection");
hidden.close();
usual.clearInterval(wakes);
Object.assign(globalThis, usual);

// What one can do with a thing is asked by name, and asked again when the connection broke before the answer.
assert.ok((await bob.options("lamp")).some((option) => option.id === "lamp.put_out"));
assert.deepEqual(await bob.options("samovar"), []);
assert.deepEqual(await bob.options(), await bob.options("lamp"));
bob.socket.close(4000);
assert.equal((await bob.options("lamp"))[0].prop, "lamp");

// How the connection is, for a banner: each step with what is known of it.
const told = [];
bob.on("status", (state, why) => told.push([state, why]));
bob.socket.close(4000);
await until(() => told.length > 0);
bob.retry();
await until(() => bob.ready);
assert.equal(told[0][1].reason, "lost");
assert.ok(told[0][1].retryAt > woken);
assert.deepEqual(told.map(([state]) => state), ["waiting", "connecting", "open"]);

// What is streamed arrives as signals.
const typing = new Promise((resolve) => ann.on("signal", (signal) => signal.signal === "typing" && resolve(signal)));
bob.typing();
assert.deepEqual(await typing, { type: "signal", signal: "typing", who: bob.you, on: true });

const nobody = connect({ url, room: "cellar", name: "Ann" });
await assert.rejects(nobody.joined, { reason: "no_such_room" });
assert.equal(nobody.status.state, "ended");
assert.equal(nobody.status.reason, "no_such_room");
await bob.leave();
await until(() => bob.status.state === "ended");
assert.equal(bob.status.reason, "left");
await assert.rejects(bob.options("lamp"), { reason: "left" });
ann.close();
await assert.rejects(ann.say("gone"), { reason: "left" });
console.log(JSON.stringify({ seq: bob.seq, gap: gap.length }));

async function until(so) {
  for (let tries = 0; tries < 500; tries++) {
    if (so()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`not in time: ${so}`);
}
