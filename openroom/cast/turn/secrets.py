"""Which of a character's secrets may enter a prompt now. What may not be told is not in the prompt at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openroom.core.actor import definition_id, is_character
from openroom.core.character import Character, Secret
from openroom.core.state import State


def tellable(
    character: Character,
    state: State,
    stages: Sequence[str],
    hearers: Sequence[str],
    replies: Mapping[str, int],
) -> list[Secret]:
    """Secrets that may come out before ``hearers`` (everybody who would perceive the reply, the character left out).

    Each hearer must be among those who may learn it. ``replies`` counts the character's earlier replies to each person;
    ``stages`` are the scene's, in order.
    """
    reached = _reached(stages, state)
    return [
        secret
        for secret in character.secrets
        if not secret.never
        and hearers
        and all(_may_learn(secret, who) for who in hearers)
        and (secret.after_turns is None or all(replies.get(who, 0) >= secret.after_turns for who in _people(hearers)))
        and (secret.after_stage is None or secret.after_stage in reached)
    ]


def kept(character: Character, told: Sequence[Secret]) -> list[Secret]:
    """The secrets that stay secret in this turn."""
    open_now = {secret.id for secret in told}
    return [secret for secret in character.secrets if secret.id not in open_now]


def _reached(stages: Sequence[str], state: State) -> Sequence[str]:
    """The stages that the story has come to."""
    now = state.shared.get("scene", {}).get("stage")
    return stages[: stages.index(now) + 1] if now in stages else ()


def _may_learn(secret: Secret, who: str) -> bool:
    return "anyone" in secret.to or (is_character(who) and definition_id(who) in secret.to)


def _people(hearers: Sequence[str]) -> list[str]:
    return [who for who in hearers if not is_character(who)]
