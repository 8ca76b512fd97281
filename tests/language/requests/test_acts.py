"""What a clause does, by its form alone."""

from __future__ import annotations

import pytest

from openroom.language.requests.acts import Act, act
from openroom.language.words import stem

_VERBS = frozenset(map(stem, ("light", "ring", "water")))
_THINGS = frozenset(map(stem, ("lamp", "music", "tea", "1650")))


@pytest.mark.parametrize(
    ("clause", "does"),
    [
        ("light the lamp", Act.ASK),
        ("could somebody light the lamp", Act.ASK),
        ("shouldn't we light the lamp", Act.ASK),
        ("you'd better light it", Act.ASK),
        ("the plant needs a drink", Act.ASK),
        ("have you got any music", Act.ASK),
        ("don't forget to ring", Act.ASK),
        ("why don't you ring the bell", Act.ASK),
        ("a cup of tea", Act.ASK),
        ("back to 1650", Act.ASK),
        ("stop singing to it", Act.END),
        ("no more music", Act.END),
        ("i'm tired of all this rain", Act.END),
        ("we don't need the lamp any more", Act.END),
        ("don't light the lamp", Act.FORBID),
        ("you needn't light the lamp", Act.FORBID),
        ("leave the lamp as it is", Act.FORBID),
        ("stay off that channel", Act.FORBID),
        ("i am warm enough", Act.FORBID),
        ("i need the lamp to read by", Act.FORBID),
        ("leave a note for my sister", Act.ASK),
        ("how old is the lamp", Act.TELL),
        ("did you light the lamp", Act.TELL),
        ("would you like some tea", Act.TELL),
        ("could you tell me about the lamp", Act.TELL),
        ("i lit a lamp like that once", Act.TELL),
        ("my father played the fiddle", Act.TELL),
        ("close friends are rare", Act.TELL),
        ("the lamp is pretty", Act.TELL),
    ],
)
def test_what_a_clause_does(clause: str, does: Act) -> None:
    assert act(clause, _VERBS, bare=_THINGS) is does


def test_a_clause_may_go_on_asking() -> None:
    assert act("a little tea", _VERBS, asking=True, bare=_THINGS) is Act.ASK
    assert act("the light of the moon", _VERBS, bare=_THINGS) is Act.TELL
