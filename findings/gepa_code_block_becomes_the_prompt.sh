#!/usr/bin/env bash
# gepa 0.1.4 (PyPI), seen on 2026-12-01 with Python 3.11.
#
# gepa asks a model for a new prompt "within ``` blocks" and takes what stands between the first ``` and the last. A reply
# without any is taken whole, which is kind to small models that forget the fence. But let such a reply hold one code block of
# its own, an example of the JSON to answer with, say: then only the inside of the example is the new prompt, and all the
# instructions around it are gone. A reply that quotes the old prompt in a block before the new one gives both, with the fences
# and the words between, as one prompt; and of a longer fence (````, right in Markdown around a text that has a block inside) a
# backtick stays. No error and no warning: the candidate is scored as it is, and where it wins (an example of JSON does well
# where form is what is scored) it stays.
#
# What follows: look at what an optimiser's parser cut off; a candidate much shorter than the reply, or one that holds a fence,
# is best asked for again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
{ python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install -q gepa==0.1.4; } >"$folder/log" 2>&1 ||
  { tail -3 "$folder/log"; exit 2; }
cat >"$folder/finding.py" <<'PY'
import sys

import gepa

EXAMPLE = '{"say": "Good evening."}'
FENCED = "Be kind.\n```json\n" + EXAMPLE + "\n```\nNever lie."
CASES = {
    "in a fence": ("Here it is:\n```\nBe kind.\n```\nIt is shorter.", "Be kind."),
    "without one": ("Be kind. Never lie.", "Be kind. Never lie."),
    "without one, with an example": (FENCED, EXAMPLE),
    "the old one quoted first": (
        "The old one:\n```\nBe rude.\n```\nThe new one:\n```\nBe kind.\n```",
        "Be rude.\n```\nThe new one:\n```\nBe kind.",
    ),
    "in a longer fence": (f"````\n{FENCED}\n````", f"{FENCED}\n`"),
}


class Any:
    """An adapter whose scores let every new text win."""

    propose_new_texts = None

    def evaluate(self, batch, candidate, capture_traces=False):
        mark = 0.2 if candidate["manner"] == "Answer." else 0.8
        return gepa.EvaluationBatch(outputs=list(batch), scores=[mark] * len(batch), trajectories=list(batch))

    def make_reflective_dataset(self, candidate, batch, components):
        return {name: [{"Feedback": "Not polite."}] for name in components}


class Silent:
    def log(self, message):
        pass


same = True
for name, (reply, before) in CASES.items():
    found = gepa.optimize(
        seed_candidate={"manner": "Answer."}, trainset=["Hello"], adapter=Any(), reflection_lm=lambda _, reply=reply: reply,
        max_metric_calls=8, logger=Silent(),
    ).best_candidate["manner"]
    print(f"{name}: the model says\n  {reply!r}\nand the prompt is\n  {found!r}")
    same &= found == before
print("as before" if same else "CHANGED")
sys.exit(not same)
PY
"$folder/venv/bin/python" "$folder/finding.py"
