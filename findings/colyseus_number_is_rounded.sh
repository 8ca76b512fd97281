#!/usr/bin/env bash
# @colyseus/schema 5.0.34 (npm), the state of Colyseus rooms, seen on 2026-12-01 with Node 20.
#
# A field of type "number" is said to find the int or float that it needs. A number with a fraction is sent as float32 whenever
# that is off by less than 0.0001, not only when it is the same: 0.1 on the server is 0.10000000149011612 at every client, and
# 1e-50 is 0. Below 2048 that goes for all fractions; from there on some are sent as float64 and arrive as they are, so of two
# numbers side by side one is exact and the other is not. The server keeps its own value. One would have expected "number" to
# be JavaScript's, as in JSON; the field has to be a "float64" for that.
#
# What follows: a client can't compare such a field with === or hash its state against the server's; what it sends back (a
# volume that was read and raised) is another number. Declare "float64", or send whole numbers: thousandths of a second, cents.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . @colyseus/schema@5.0.34 >log 2>&1 || { tail -3 log; exit 2; }
cat >finding.mjs <<'JS'
import { Decoder, Encoder, schema, t } from "@colyseus/schema";

const Lamp = schema({ level: t.number(), exact: t.float64() }, "Lamp");
const here = new Lamp();
const there = new Lamp();
const [encoder, decoder] = [new Encoder(here), new Decoder(there)];
decoder.decode(encoder.encodeAll());

let same = true;
for (const [value, before] of [
  [7, 7],
  [0.5, 0.5],
  [0.1, Math.fround(0.1)],
  [19.99, Math.fround(19.99)],
  [1500.00001, 1500],
  [1e-50, 0],
  [2048.1, 2048.10009765625],
  [2048.00011, 2048.00011],
  [1764500000.25, 1764500000.25],
]) {
  here.level = value;
  here.exact = value;
  decoder.decode(encoder.encode());
  encoder.discardChanges();
  console.log(`${value} on the server is ${there.level} at the client, ${there.exact} as float64`);
  same &&= here.level === value && there.level === before && there.exact === value;
}
console.log(same ? "as before" : "CHANGED");
process.exit(same ? 0 : 1);
JS
node finding.mjs
