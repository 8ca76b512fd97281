"""What passes the guards, sentence by sentence."""

from __future__ import annotations

import pytest

from openroom.cast.turn.guards import GuardRules, SentenceGate


def passed(text: str, rules: GuardRules) -> str:
    """What of a text is said; it comes in pieces, as from a model."""
    gate = SentenceGate(rules)
    for start in range(0, len(text), 3):
        gate.feed(text[start : start + 3])
    gate.close()
    return gate.shown.strip()


@pytest.mark.parametrize(
    "said",
    [
        "Good evening, Mr. Holmes. Mrs. Hudson and Dr. Watson left you a note.",
        "Herr Dr. Braun kam am 3. Mai. Er wohnt in Nr. 5.",
        "La Sra. López vive en EE. UU. desde 1990. El Sr. García no.",
    ],
)
def test_a_title_is_no_sentence_of_those_that_a_voice_may_say(said: str) -> None:
    assert passed(said, GuardRules("Mira", max_sentences=2)) == said
    assert passed(f"{said} And more.", GuardRules("Mira", max_sentences=2)) == said
