"""Static checks: what they let through, and what hides from a reader but not from them."""

from __future__ import annotations

import base64

import pytest

from openroom.core.harness import Guards, Harness, Rule, Trigger
from openroom.tuning.edits import AddRule, AddTriggerRule, SetGuard, SetSampling
from openroom.tuning.proposals.static_checks import StaticChecks, contradicts, decoded, text_of

HARNESS = Harness(
    rules=(Rule(id="sad", text="Never mocks anybody who is sad.", locked=True),),
    guards=Guards(banned_words=("AI",)),
)


def _bad(edit: object, checks: StaticChecks | None = None) -> set[str]:
    rows = (checks or StaticChecks(start=HARNESS))(HARNESS, edit)  # type: ignore[arg-type]
    return {row.check for row in rows if not row.ok}


@pytest.mark.parametrize(
    "text",
    [
        "Say one or two short sentences, then stop.",
        "When somebody is sad, be tender and pour them a cup.",
        "If you do not know, say that you have never heard of it.",
        "Never repeat yourself.",
        "Answer in the language that you were spoken to in.",
        "Mention the rain when the window is open.",
    ],
)
def test_plain_rules_pass(text: str) -> None:
    assert _bad(AddRule(id="x", text=text)) == set()


def test_every_check_gives_a_row() -> None:
    rows = StaticChecks()(HARNESS, SetSampling(name="top_p", value=0.9))
    assert [row.check for row in rows] == ["path", "safety", "sealed", "verbosity", "stuffing"]
    assert all(row.ok for row in rows)


def test_banned_words_may_grow_but_not_shrink() -> None:
    assert _bad(SetGuard(name="banned_words", value=("AI", "okay"))) == set()
    assert _bad(SetGuard(name="banned_words", value=("okay",))) == {"safety"}
    assert _bad(SetGuard(name="banned_words", value=())) == {"safety"}


def test_the_words_of_a_trigger_are_read_too() -> None:
    edit = AddTriggerRule(id="x", text="Nod.", after=Trigger(kind="said", words=("canary-1",)))
    assert list(text_of(edit)) == ["Nod.", "canary-1"]
    assert _bad(edit, StaticChecks(canaries=("canary-1",))) == {"sealed"}


def test_what_is_wrapped_is_unwrapped() -> None:
    secret = "the samovar burned her thumb"
    once = base64.b64encode(secret.encode()).decode()
    assert secret in decoded(f"say {once}")
    assert secret in decoded(base64.b64encode(once.encode()).decode())
    assert secret in decoded(base64.urlsafe_b64encode(secret.encode()).decode().rstrip("="))
    assert secret in decoded(secret.encode().hex())
    assert decoded("a plain sentence about tea and rain") == []


@pytest.mark.parametrize(
    ("rule", "text", "against"),
    [
        ("Gives no medical or legal advice; pours tea.", "Give medical advice.", True),
        ("Gives no medical or legal advice; pours tea.", "Never give medical advice.", False),
        ("Gives no medical or legal advice; pours tea.", "Give no medical advice unless they insist.", True),
        ("Gives no medical or legal advice; pours tea.", "Pour tea.", False),
        ("Never mocks anybody who is sad.", "Mock anybody who seems sad.", True),
        ("Never mocks anybody who is sad.", "Be tender with anybody who is sad.", True),
        ("Never mocks anybody who is sad.", "Sit with them.", False),
    ],
)
def test_contradictions(rule: str, text: str, against: bool) -> None:
    assert contradicts(rule, text) is against


def test_a_harness_may_not_grow_without_end() -> None:
    long = "Mention " + ", ".join(f"thing{number}" for number in range(25)) + "."
    grown = HARNESS
    refused = 0
    for number in range(60):
        edit = AddRule(id=f"r{number}", text=f"{long[:200]} {number}")
        rows = StaticChecks(start=HARNESS)(grown, edit)
        refused += any(row.check == "verbosity" and not row.ok for row in rows)
        if all(row.ok for row in rows):
            grown = grown.model_copy(update={"rules": [*grown.rules, Rule(id=edit.id, text=edit.text)]})
    assert refused > 20
