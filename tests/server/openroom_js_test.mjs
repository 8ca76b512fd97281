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
await assert.rejects(ann.use("lamp", "light"), { reason: "precondition", message: "The lamp is already lit." });
await until(() => bob.state.props.lamp.state.lit === true);

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

// A connection that is open and dead is given up after two heartbeats, and what it missed comes after all. Cleo's heart
// beats, and her clock goes on, when this script says so.
const BEAT = 150;
const { now, setInterval } = { now: Date.now, setInterval: globalThis.setInterval };
let time = 0;
let beat;
Date.now = () => time;
globalThis.setInterval = (pulse) => {
  beat = () => { time += BEAT; pulse(); };
};
const cleo = connect({ url, room: "hall", name: "Cleo", beat: BEAT });
await cleo.joined;
const dead = cleo.socket;
dead.onmessage = () => {};
await ann.say("into the void");
beat();
beat();
assert.notEqual(dead.onmessage, null, "two heartbeats of silence are borne with");
beat();
await until(() => cleo.socket !== dead && cleo.ready && cleo.seq === ann.seq);
const alive = cleo.socket;
for (let n = 0; n < 5; n++) {
  beat();
  await until(() => cleo.heard === time);
}
assert.equal(cleo.socket, alive, "who is answered stays connected");
cleo.close();
Object.assign(Date, { now });
Object.assign(globalThis, { setInterval });

const nobody = connect({ url, room: "cellar", name: "Ann" });
await assert.rejects(nobody.joined, { reason: "no_such_room" });
ann.close();
bob.close();
await assert.rejects(ann.say("gone"), { reason: "left" });
console.log(JSON.stringify({ seq: bob.seq, gap: gap.length }));

async function until(so) {
  while (!so()) {
    assert.ok(performance.now() < 100_000, `it did not come about: ${so}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
