"""Generate: one streamed model call, whose words pass the guards sentence by sentence before anybody sees them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

from openroom.cast.turn.guards import Flaw, GuardRules, SentenceGate
from openroom.ports.model import Delta, Model, ModelRequest, Usage
from openroom.ports.reply.saystream import SayStream
from openroom.ports.reply.structured import Parsed, parse_reply


@dataclass(frozen=True, slots=True)
class Generated:
    """A finished call: the words that passed, what the guards found, the parsed object, and what it cost."""

    shown: str
    flaws: tuple[Flaw, ...]
    parsed: Parsed
    raw: str
    usage: Usage


class Draft:
    """A reply while it is written. ``shown`` is provisional: a Stop commits exactly that much."""

    def __init__(self, rules: GuardRules, show: Callable[[str], None]) -> None:
        self._gate = SentenceGate(rules)
        self._show = show
        self._say = SayStream()
        self._raw: list[str] = []

    @property
    def shown(self) -> str:
        """The sentences that everybody has seen."""
        return self._gate.shown.strip()

    async def write(self, model: Model, request: ModelRequest) -> Generated:
        """Run the call to its end. Raises `openroom.errors.ModelError`; cancelling closes the model's stream."""
        usage = Usage(estimated=True)
        async with aclosing(cast("Any", model.stream(request))) as stream:
            async for item in stream:
                if isinstance(item, Delta):
                    self._take(item.text)
                else:
                    usage = item
        if self._gate.feed(self._say.close()) or self._gate.close():
            self._show(self.shown)
        raw = "".join(self._raw)
        return Generated(self.shown, tuple(self._gate.flaws), parse_reply(raw, request.schema), raw, usage)

    def _take(self, text: str) -> None:
        self._raw.append(text)
        grew = self._gate.feed(self._say.feed(text))
        if self._say.complete:
            grew = self._gate.close() or grew
        if grew:
            self._show(self.shown)
