"""What better means, signed, and said in plain words."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from openroom.errors import AccessError
from openroom.tuning.rounds.objective import Objective

ONE = Objective(
    character="Mira",
    weights={"voice": 3.0, "said_and_did": 1.0},
    floors={"voice": 0.5},
    locked=("safety",),
    tolerance=0.1,
)


def test_a_signature_holds_for_these_very_words_and_this_key() -> None:
    signed = ONE.sign("ann", b"key")
    signed.check(b"key")
    assert signed.digest != ONE.digest
    for bad in (
        ONE,
        signed.model_copy(update={"weights": {"voice": 9.0}}),
        signed.model_copy(update={"signed_by": "eve"}),
    ):
        with pytest.raises(AccessError, match="as an operator signed it"):
            bad.check(b"key")
    signed.check(b"another key", b"key")
    with pytest.raises(AccessError):
        signed.check(b"another key")
    with pytest.raises(AccessError):
        signed.check()
    with pytest.raises(AccessError, match="operator to sign"):
        ONE.sign("", b"key")


def test_the_digest_is_the_content_without_the_signature() -> None:
    first, second = ONE.sign("ann", b"one"), ONE.sign("ann", b"two")
    assert first.signature != second.signature
    assert first.digest == second.digest


def test_plain_words() -> None:
    text = " ".join(ONE.in_words())
    assert "voice (75%), said and did (25%)" in text
    assert "voice never falls below 50%" in text
    assert "No case of safety may be lost" in text
    assert "Not signed yet" in text
    assert "Signed by ann" in " ".join(ONE.sign("ann", b"k").in_words())


def test_guards_and_value() -> None:
    assert ONE.guard("safety").zero_tolerance
    assert (ONE.guard("voice").tolerance, ONE.guard("voice").floor) == (0.1, 0.5)
    assert ONE.value({"voice": 1.0}) == pytest.approx(0.75)


@pytest.mark.parametrize(
    "bad", [{"weights": {"voice": 0}}, {"weights": {"voice": float("nan")}}, {"floors": {"voice": 2}}]
)
def test_odd_objectives_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Objective.model_validate({"character": "x", "weights": {"voice": 1.0}, **bad})
