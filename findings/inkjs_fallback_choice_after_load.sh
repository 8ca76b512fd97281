#!/usr/bin/env bash
# inkjs 2.3.2 and 2.4.0 (npm), seen on 2026-11-29 with Node 20.
#
# A fallback choice of ink (`* -> place`) is taken by itself when no other is left, and is never offered. A state that 2.3.2
# has saved forgets which one it was: loaded again, by 2.3.2 or by 2.4.0, the story offers it as a choice without a text. Where
# it stands before others it takes their numbers, so the same `ChooseChoiceIndex(0)` leads to one place in the running story and
# to another in the loaded one. 2.4.0 keeps it in its own states; those of older games stay as they are.
#
# What follows: keep no choice by its number across a save; name it by its text or tag, and drop those without a text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . old@npm:inkjs@2.3.2 new@npm:inkjs@2.4.0 >log 2>&1 ||
  { tail -3 log; exit 2; }
cat >finding.cjs <<'JS'
const inks = { "2.3.2": require("old/full"), "2.4.0": require("new/full") };
const story = `
-> shop
=== shop ===
* -> closing
* [Ask about the clock] It stopped at noon.
+ [Wait] Nothing happens.
- -> shop
=== closing ===
The shop closes.
-> END
`;

function begun(ink, json) {
  const one = new ink.Story(json);
  one.ContinueMaximally();
  return one;
}

const offered = (one) => one.currentChoices.map((choice) => choice.text);

function firstChosen(one) {
  one.ChooseChoiceIndex(0);
  return one.ContinueMaximally().trim();
}

const two = ["Ask about the clock", "Wait"];
let same = true;
for (const [saver, loader, before] of [
  ["2.3.2", "2.3.2", ["", ...two]],
  ["2.3.2", "2.4.0", ["", ...two]],
  ["2.4.0", "2.4.0", two],
]) {
  const json = new inks[saver].Compiler(story).Compile().ToJson();
  const running = begun(inks[saver], json);
  const loaded = new inks[loader].Story(json);
  loaded.state.LoadJson(running.state.ToJson());
  const [here, there] = [offered(running), offered(loaded)];
  const [goes, went] = [firstChosen(running), firstChosen(loaded)];
  console.log(`saved by ${saver}, loaded by ${loader}:`);
  console.log(`  running: ${JSON.stringify(here)}, the first leads to "${goes}"`);
  console.log(`  loaded:  ${JSON.stringify(there)}, the first leads to "${went}"`);
  const other = before === two ? goes : "The shop closes.";
  same &&= String(here) === String(two) && String(there) === String(before) && went === other;
  same &&= goes === "It stopped at noon.";
}
console.log(same ? "as before" : "CHANGED");
process.exit(same ? 0 : 1);
JS
node finding.cjs
