#!/usr/bin/env bash
# gepa 0.1.4 (PyPI), seen on 2026-12-01 with Python 3.11.
#
# gepa.optimize improves a text by scores, of which only "higher is better" is asked. Its default is perfect_score=1.0 with
# skip_perfect_score=True, and a batch whose scores are all 1.0 or more counts as perfect: with marks from 0 to 10 that is
# nearly every batch. The text is then never sent to the model for a better one; the whole budget of calls goes into playing
# it again, and the seed comes back as the best candidate, without an error (the log says "scores perfect"). The same marks
# divided by ten, or skip_perfect_score=False, find the better text at once. One would have expected a scale to make no
# difference where nobody named its top, or a warning about a score above the perfect one.
#
# What follows: give scores from 0 to 1, or name the top of the scale as perfect_score.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
{ python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install -q gepa==0.1.4; } >"$folder/log" 2>&1 ||
  { tail -3 "$folder/log"; exit 2; }
cat >"$folder/finding.py" <<'PY'
import sys

import gepa

SEED, BETTER = "Answer.", "Answer in the character's voice."
LINES = [f"line {n}" for n in range(6)]


class Marks:
    """An adapter: four of ten for the seed, nine for the better text, times `scale`."""

    propose_new_texts = None

    def __init__(self, scale):
        self.scale = scale

    def evaluate(self, batch, candidate, capture_traces=False):
        mark = (9 if candidate["manner"] == BETTER else 4) * self.scale
        return gepa.EvaluationBatch(outputs=list(batch), scores=[mark] * len(batch), trajectories=list(batch))

    def make_reflective_dataset(self, candidate, batch, components):
        return {name: [{"Feedback": "It does not sound like the character."}] for name in components}


class Silent:
    def log(self, message):
        pass


def tried(scale, **options):
    asked = []

    def model(prompt):
        asked.append(prompt)
        return f"```\n{BETTER}\n```"

    result = gepa.optimize(
        seed_candidate={"manner": SEED}, trainset=LINES, valset=LINES, adapter=Marks(scale), reflection_lm=model,
        max_metric_calls=60, logger=Silent(), **options,
    )
    return result.best_candidate["manner"], bool(asked), result.total_metric_calls >= 60


ways = {
    "marks from 0 to 10": (tried(1), (SEED, False, True)),
    "the same from 0 to 1": (tried(0.1), (BETTER, True, True)),
    "0 to 10, perfect_score=10": (tried(1, perfect_score=10), (BETTER, True, True)),
    "0 to 10, skip_perfect_score=False": (tried(1, skip_perfect_score=False), (BETTER, True, True)),
}
for name, ((best, asked, spent), _) in ways.items():
    spending = "spent" if spent else "not spent"
    print(f"{name}: best {best!r}, model {'asked' if asked else 'never asked'}, budget {spending}")
same = all(came == before for came, before in ways.values())
print("as before" if same else "CHANGED")
sys.exit(not same)
PY
"$folder/venv/bin/python" "$folder/finding.py"
