"""How much of a prompt a model at hand has room for: the talk, the persona and the facts."""

from __future__ import annotations

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


def budget_of(info: ModelInfo) -> Budget:
    """Shares of the context in proportion to those of a slot of 4,096 tokens (talk 800, persona 500, facts 700), never
    less than these, at most 6,000, 5,000 and 4,500. Where the context is not known (0), an endpoint is taken to have
    8,192 tokens, any other model and a small one 4,096.
    """
    context = info.context or (_REMOTE if info.kind == "remote" and info.level != "small" else _SLOT)
    times = max(1.0, context / _SLOT)
    return Budget(
        talk=min(int(_LEAST.talk * times), _MOST.talk),
        persona=min(int(_LEAST.persona * times * _persona_grows(times)), _MOST.persona),
        facts=min(int(_LEAST.facts * times), _MOST.facts),
    )


def _persona_grows(times: float) -> float:
    """With more room a persona gets a larger share, up to a quarter of it: the least is what a slow model reads."""
    return min(2.0, times)
