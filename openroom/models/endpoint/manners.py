"""What one endpoint takes of what we ask for, and which form to try next when it refused one.

Endpoints word a refusal in many ways and places; here it comes as one text (`openroom.models.endpoint.refusals`). A
parameter that it names, in whatever case, is given up, and nothing else. Where none is named, each is given up by
itself before all are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from openroom.ports.model import ModelRequest

Shape = Literal["json_schema", "json_object", "text"]
SHAPES: tuple[Shape, ...] = ("json_schema", "json_object", "text")
SAMPLING = ("temperature", "top_p", "frequency_penalty", "presence_penalty", "seed")
ODDS = "logprobs"
"""How likely each token was: asked for with a request's choices."""
ROOMS = (0, 2048, 8192)
"""Tokens allowed for thoughts, beside those of the reply: none, and each time that was too few, more."""


def _named(*names: str) -> re.Pattern[str]:
    """Any of these, as snake_case, camelCase or words."""
    either = "|".join(name.replace("_", r"[_\- ]?") for name in names)
    return re.compile(rf"(?<![a-z])(?:{either})(?![a-z])", re.IGNORECASE)


_USAGE = _named("stream_options", "include_usage")
_SHAPE = _named(
    "response_format", "json_schema", "json_object", "json_mode", "structured_outputs?", "guided_json", "grammar"
)
_LENGTH = _named("max_tokens", "max_completion_tokens", "max_new_tokens", "max_output_tokens")
_NEW_LENGTH = _named("max_completion_tokens")
_UNKNOWN = re.compile(
    r"not supported|unsupported|unrecognized|unknown|unexpected|not permitted|deprecated", re.IGNORECASE
)
_SYSTEM = re.compile(
    r"(?<![a-z])(?:system|developer)(?![a-z]).{0,40}(?:role|message|prompt|instruction)|role.{0,40}(?<![a-z])system(?![a-z])"
    # A template that knows no such role calls it a user's turn in the wrong place; ours are in turn.
    r"|role.{0,40}alternat|alternat.{0,40}role|only user and assistant|first message.{0,40}user|start with a user",
    re.IGNORECASE | re.DOTALL,
)
_ODDS = _named("logprobs?", "top_logprobs?")
_SAMPLED = {name: _named(name) for name in SAMPLING}
TOO_LONG = re.compile(
    r"context[_ ](?:length|window|size)|(?:prompt|input|request).{0,30}too (?:long|large)|too many tokens",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Manners:
    """What one endpoint takes, as learned so far. Immutable: a better guess is a new value, kept once it has worked."""

    shape: Shape = "json_schema"
    usage: bool = True
    length_key: str = "max_tokens"
    dropped: frozenset[str] = field(default_factory=frozenset)
    system: bool = True
    """Whether it knows the role; else what stood there begins the first message of the user."""
    room: int = 0
    """Tokens allowed for thoughts, beside those of the reply."""

    def roomier(self) -> Manners | None:
        """With more room for thoughts; ``None``: there is no more."""
        more = next((room for room in ROOMS if room > self.room), None)
        return None if more is None else replace(self, room=more)

    def without_named(self, request: ModelRequest, said: str) -> Manners | None:
        """Without what the refusal names; ``None`` if it names nothing of ours."""
        if self.room and (TOO_LONG.search(said) or _LENGTH.search(said)):
            return replace(self, room=max(room for room in ROOMS if room < self.room))
        if TOO_LONG.search(said):
            return None
        if self.usage and _USAGE.search(said):
            return replace(self, usage=False)
        if self.length_key == "max_tokens" and (
            _NEW_LENGTH.search(said) or (_LENGTH.search(said) and _UNKNOWN.search(said))
        ):
            return replace(self, length_key="max_completion_tokens")
        for name in self._sampled(request):
            if _SAMPLED[name].search(said):
                return replace(self, dropped=self.dropped | {name})
        if self._weighed(request) and _ODDS.search(said):
            return replace(self, dropped=self.dropped | {ODDS})
        if self._shaped(request) and _SHAPE.search(said):
            return replace(self, shape=SHAPES[SHAPES.index(self.shape) + 1])
        if self.system and _SYSTEM.search(said) and any(m.role == "system" for m in request.messages):
            return replace(self, system=False)
        return None

    def simpler(self, request: ModelRequest) -> Iterator[Manners]:
        """What may be tried where a refusal names nothing: without each thing alone, then without all of them."""
        bare = self
        if self._shaped(request):
            yield from (replace(self, shape=shape) for shape in SHAPES[SHAPES.index(self.shape) + 1 :])
            bare = replace(bare, shape="text")
        if self.usage:
            yield replace(self, usage=False)
            bare = replace(bare, usage=False)
        if self._weighed(request):
            yield replace(self, dropped=self.dropped | {ODDS})
            bare = replace(bare, dropped=bare.dropped | {ODDS})
        if sampled := self._sampled(request):
            yield replace(self, dropped=self.dropped | set(sampled))
            bare = replace(bare, dropped=bare.dropped | set(sampled))
        yield bare

    def _shaped(self, request: ModelRequest) -> bool:
        return request.schema is not None and self.shape != "text"

    def _weighed(self, request: ModelRequest) -> bool:
        return bool(request.choices) and ODDS not in self.dropped

    def _sampled(self, request: ModelRequest) -> list[str]:
        return [name for name in SAMPLING if getattr(request.sampling, name) is not None and name not in self.dropped]


class Forms:
    """The forms in which one request is put to an endpoint until it takes one."""

    def __init__(self, known: Manners, request: ModelRequest) -> None:
        self.manners = known
        """The form to try now."""
        self._base, self._request = known, request
        self._tried = {known}

    def refused(self, said: str, *, guess: bool) -> bool:
        """Go on to the next form; false if there is none. ``guess``: also where the refusal names nothing."""
        named = self._base.without_named(self._request, said)
        if named is not None and named not in self._tried:
            self._base = self.manners = named
        elif guess and not TOO_LONG.search(said):
            left = (one for one in self._base.simpler(self._request) if one not in self._tried)
            self.manners = next(left, self.manners)
        if self.manners in self._tried:
            return False
        self._tried.add(self.manners)
        return True
