"""Generate: one streamed model call, whose words pass the guards sentence by sentence before anybody sees them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

from openroom.cast.turn.guards import GuardRules, Objection, SentenceGate
from openroom.ports.model import Delta, Model, ModelRequest, Usage
from openroom.ports.reply.structured import Parsed, ReplyReader


@dataclass(frozen=True, slots=True)
class Generated:
    """A finished call: the words that passed, what the guards found, the parsed object, and what it cost."""

    shown: str
    flaws: tuple[Objection, ...]
    parsed: Parsed
    raw: str
    usage: Usage
    cut: bool = False
    """Whether the reply ended before its words did, so that ``shown`` is not all that was meant."""


class Draft:
    """A reply while it is written. ``shown`` is provisional: a Stop commits exactly that much."""

    def __init__(self, rules: GuardRules, show: Callable[[str], None]) -> None:
        self._gate = SentenceGate(rules)
        self._show = show

    @property
    def shown(self) -> str:
        """The sentences that everybody has seen."""
        return self._gate.shown.strip()

    async def write(self, model: Model, request: ModelRequest) -> Generated:
        """Run the call to its end. Raises `openroom.errors.ModelError`; cancelling closes the model's stream."""
        reader, usage = ReplyReader(request.schema), Usage(estimated=True)
        async with aclosing(cast("Any", model.stream(request))) as stream:
            async for item in stream:
                if isinstance(item, Delta):
                    self._take(reader.feed(item.text), last=reader.complete)
                else:
                    usage = item
        rest, parsed = reader.close()
        self._take(rest)
        cut = usage.cut_short and not reader.whole and self._gate.unfinished
        if not cut or (usage.finish == "length" and not self.shown):  # half a sentence, where that is all there is
            self._take("", last=True)
        return Generated(self.shown, tuple(self._gate.flaws), parsed, reader.raw, usage, cut)

    def _take(self, text: str, *, last: bool = False) -> None:
        grew = self._gate.feed(text)
        if last:
            grew = self._gate.close() or grew
        if grew:
            self._show(self.shown)
