"""How much of a prompt a model at hand has room for: the talk, the persona and the facts."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from openroom.core.condense import Budget
from openroom.ports.model import ModelInfo

_SLOT: Final = 4096
"""The context that the figures below were measured with: a slot of the local engine."""
_REMOTE: Final = 8192
"""What an endpoint has at least, whatever it says of itself."""
_LEAST: Final = Budget()
_MOST: Final = Budget(talk=6000, persona=5000, facts=4500)
"""A talk of more costs more than it gives; a persona has at most 20,000 characters."""
_SECONDS: Final = 75
"""So long a model may read all three from cold. At 28 tokens a second, the step of the machine that the least were
measured on (docs/local-model.md), that is just the least."""
_STEP: Final = 0.25
_LEAST_TALK: Final = 400
"""A talk of less is cut so often that reading it again costs more than it saves."""


def budget_of(info: ModelInfo) -> Budget:
    """Shares of the context in proportion to those of a slot of 4,096 tokens (talk 800, persona 500, facts 700), never
    less than these, at most 6,000, 5,000 and 4,500. Where the context is not known (0), an endpoint is taken to have
    8,192 tokens, any other model and a small one 4,096.

    Where it is known how fast it reads, all three are no more than what it reads in 75 seconds from cold: they shrink
    together to those of a slot, and from there the talk alone, down to 400 tokens.
    """
    context = info.context or (_REMOTE if info.kind == "remote" and info.level != "small" else _SLOT)
    budget = _shares(times := max(1.0, context / _SLOT))
    if not info.speed:
        return budget
    most = info.speed * _SECONDS
    while (over := _total(budget) - most) > 0 and times > 1.0:
        budget = _shares(times := max(1.0, times - _STEP))
    return replace(budget, talk=max(_LEAST_TALK, budget.talk - over)) if over > 0 else budget


def _shares(times: float) -> Budget:
    """What fits into so many times a slot."""
    return Budget(
        talk=min(int(_LEAST.talk * times), _MOST.talk),
        persona=min(int(_LEAST.persona * times * _persona_grows(times)), _MOST.persona),
        facts=min(int(_LEAST.facts * times), _MOST.facts),
    )


def _total(budget: Budget) -> int:
    return budget.talk + budget.persona + budget.facts


def _persona_grows(times: float) -> float:
    """With more room a persona gets a larger share, up to a quarter of it: the least is what a slow model reads."""
    return min(2.0, times)
