// Short pieces of our own, in eighth notes: a melody, chords and a bass each. Notes are MIDI numbers; "-" holds, "." rests.

const NAMES = { c: 0, d: 2, e: 4, f: 5, g: 7, a: 9, b: 11 };

function pitch(name) {
  const [, letter, sign, octave] = name.match(/^([a-g])([#b]?)(\d)$/);
  return 12 * (Number(octave) + 1) + NAMES[letter] + (sign === "#" ? 1 : sign === "b" ? -1 : 0);
}

/** "c4 - e4 . [c4,e4]" -> for each step the notes that begin there, with their length in steps. */
function voice(text, wave, gain) {
  const steps = text.trim().split(/\s+/);
  const begins = steps.map((step, index) => {
    if (step === "-" || step === ".") return [];
    let length = 1;
    while (steps[index + length] === "-") length += 1;
    return step.replace(/[[\]]/g, "").split(",").map((name) => [pitch(name), length]);
  });
  return { wave, gain, steps: steps.length, at: (index) => begins[index % steps.length] };
}

function piece(bpm, ...voices) {
  return { bpm, voices, length: Math.max(...voices.map((one) => one.steps)) };
}

const waltz = piece(
  126,
  voice("a4 - - c5 - - e5 - - d5 - c5 b4 - - g4 - - a4 - - - - - f4 - - a4 - - c5 - - b4 - a4 g#4 - - b4 - - a4 - - - - -", "triangle", 0.16),
  voice(". . [c4,e4] - [c4,e4] - . . [c4,e4] - [c4,e4] - . . [b3,d4] - [b3,d4] - . . [c4,e4] - [c4,e4] - . . [a3,c4] - [a3,c4] - . . [a3,d4] - [a3,d4] - . . [g#3,d4] - [g#3,d4] - . . [c4,e4] - [c4,e4] -", "sine", 0.07),
  voice("a2 - - - - - a2 - - - - - g2 - - - - - a2 - - - - - f2 - - - - - d2 - - - - - e2 - - - - - a2 - - - - -", "sine", 0.2),
);

const tram = piece(
  96,
  voice("e5 - d5 - b4 - g4 - a4 - - - . . b4 a4 g4 - e4 - g4 - a4 - b4 - - - - - . . e5 - g5 - f#5 - d5 - e5 - - - . . d5 b4 a4 - g4 - a4 - b4 - e4 - - - - - . .", "triangle", 0.14),
  voice("[e3,g3,b3] - - - - - - - [c3,e3,a3] - - - - - - - [d3,g3,b3] - - - - - - - [d3,f#3,a3] - - - - - - -", "sine", 0.06),
  voice("e2 - . e2 - . b2 - a2 - . a2 - . e2 - g2 - . g2 - . d2 - d2 - . d2 - . a2 -", "sine", 0.2),
);

const lullaby = piece(
  72,
  voice("g4 - e4 - g4 - a4 - g4 - - - e4 - - - f4 - d4 - f4 - g4 - e4 - - - . . . . g4 - e4 - g4 - c5 - b4 - a4 - g4 - - - f4 - a4 - g4 - d4 - c4 - - - - - . .", "sine", 0.18),
  voice("c3 g3 e4 g3 c3 g3 e4 g3 c3 g3 e4 g3 a2 e3 c4 e3 d3 a3 f4 a3 g2 d3 b3 d3 c3 g3 e4 g3 c3 g3 e4 g3", "triangle", 0.06),
);

const sea = piece(
  108,
  voice("d4 - f4 a4 - g4 f4 - e4 d4 - . d4 - f4 a4 - d5 c5 - a4 a4 - . a#4 - a4 g4 - f4 e4 - f4 g4 - . a4 - f4 e4 - c#4 d4 - - - - .", "triangle", 0.15),
  voice("d3 - a3 d3 - a3 a2 - e3 d3 - a3 d3 - a3 d3 - a3 f3 - c4 f3 - c4 a#2 - f3 a#2 - f3 c3 - g3 c3 - g3 d3 - a3 a2 - e3 d3 - a3 d3 - a3", "sine", 0.14),
);

const swing = piece(
  148,
  voice("g4 - b4 d5 - e5 d5 - b4 - g4 - a4 - - - . . a4 - c5 e5 - f#5 e5 - c5 - a4 - b4 - - - . . b4 - d5 g5 - f#5 e5 - d5 - c5 - b4 - a4 - g4 - b4 a4 - f#4 g4 - - - . . . .", "triangle", 0.13),
  voice(". . [b3,d4] - . . [b3,d4] - . . [c4,e4] - . . [c4,f#4] - . . [c4,e4] - . . [c4,e4] - . . [c4,f#4] - . . [b3,d4] -", "sine", 0.07),
  voice("g2 - - - d3 - - - a2 - - - d3 - - - a2 - - - e3 - - - d3 - - - g2 - - -", "sine", 0.2),
);

/** By mood, the word that a record of the record player carries. */
export const PIECES = { slow: tram, wistful: waltz, warm: lullaby, bright: swing, deep: sea };
