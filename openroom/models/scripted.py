"""A model that answers from a script, for tests. It fails on a prompt that the script does not know."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from openroom.errors import UnscriptedPrompt
from openroom.language.tokens import estimate_tokens
from openroom.ports.model import Delta, ModelInfo, ModelRequest, Usage, prompt_text

Matcher = str | re.Pattern[str] | Callable[[ModelRequest], bool]
"""A text that the prompt must hold (``""``: any), a pattern to be found in it, or a predicate."""

_TAIL = 600


@dataclass(frozen=True, slots=True)
class Hang:
    """A reply that writes ``text`` and then nothing more until the call is cancelled."""

    text: str = ""


@dataclass(slots=True)
class InTurn:
    """Replies given one after the other, each once; after the last the script does not know the prompt any more."""

    replies: Sequence[Any]
    _next: int = field(default=0, init=False)

    def take(self) -> Any:
        """The next reply, or ``None``."""
        if self._next >= len(self.replies):
            return None
        self._next += 1
        return self.replies[self._next - 1]


Reply = (
    str
    | Mapping[str, Any]
    | BaseException
    | type[BaseException]
    | Sequence[str | float]
    | Hang
    | InTurn
    | Callable[[ModelRequest], Any]
)
"""A text; a mapping (given as JSON; of a request with choices how likely each is); an exception to raise; a list of
pieces of text and of seconds to wait between them (an exception may end it); `Hang`; `InTurn`; or a function of the
request that returns any of these (``None``: not known).
"""


class ScriptedModel:
    """Answers each prompt with the reply of the first entry that matches it.

    ``script`` is a list of (matcher, reply) and of functions from a request to a reply or ``None``. Text streams in
    pieces of ``piece`` characters. ``requests`` and ``prompts`` hold what was asked, in order; ``cancelled`` and
    ``finished`` count how calls ended. ``cached`` tokens are those of the prefix shared with the last prompt of the
    same slot. Raises `UnscriptedPrompt`, naming the prompt's tail.
    """

    def __init__(
        self,
        script: Sequence[tuple[Matcher, Reply] | Callable[[ModelRequest], Reply | None]],
        *,
        piece: int = 7,
        info: ModelInfo | None = None,
    ) -> None:
        if piece < 1:
            raise ValueError(f"piece is a number of characters, 1 or more, came {piece}")
        self._script = list(script)
        self._piece = piece
        self._info = info or ModelInfo("scripted", "scripted")
        self._last: dict[str, str] = {}
        self.requests: list[ModelRequest] = []
        self.cancelled = 0
        self.finished = 0

    @property
    def info(self) -> ModelInfo:
        return self._info

    @property
    def prompts(self) -> list[str]:
        """The prompts as texts, in the order they were asked."""
        return [prompt_text(request.messages) for request in self.requests]

    def add(self, matcher: Matcher, reply: Reply) -> None:
        """Put one more entry at the end of the script."""
        self._script.append((matcher, reply))

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        """As `Model.stream`, from the script."""
        self.requests.append(request)
        written: list[str] = []
        done = False
        try:
            reply = self._reply(request)
            odds = dict(reply) if request.choices and isinstance(reply, Mapping) else {}
            for step in [max(odds, key=odds.__getitem__)] if odds else self._steps(reply, request):
                if isinstance(step, str):
                    for start in range(0, len(step), self._piece):
                        written.append(step[start : start + self._piece])
                        yield Delta(written[-1])
                        await asyncio.sleep(0)
                elif isinstance(step, Hang):
                    await asyncio.Event().wait()
                elif isinstance(step, (int, float)):
                    await asyncio.sleep(step)
                else:
                    raise step
            usage = replace(self._usage(request, "".join(written)), odds=odds)
            done = True
            yield usage
        except (asyncio.CancelledError, GeneratorExit):
            self.cancelled += not done
            raise
        finally:
            self.finished += done

    def _reply(self, request: ModelRequest) -> Any:
        text = prompt_text(request.messages)
        for entry in self._script:
            if isinstance(entry, tuple):
                matcher, scripted = entry
                reply = self._resolve(scripted, request) if _matches(matcher, text, request) else None
            else:
                reply = self._resolve(entry, request)
            if reply is not None:
                return reply
        raise UnscriptedPrompt(
            f"the script of {len(self._script)} entries knows no reply to this prompt (purpose {request.purpose!r}), "
            f"which ends in:\n…{text[-_TAIL:]}"
        )

    def _resolve(self, reply: Any, request: ModelRequest) -> Any:
        """Follow functions and `InTurn` to a reply that can be played."""
        while True:
            if isinstance(reply, InTurn):
                reply = reply.take()
            elif callable(reply) and not isinstance(reply, type):
                reply = reply(request)
            else:
                return reply

    def _steps(self, reply: Any, request: ModelRequest) -> list[Any]:
        if isinstance(reply, str):
            return [reply]
        if isinstance(reply, Mapping):
            return [json.dumps(reply, ensure_ascii=False)]
        if isinstance(reply, Hang):
            return [reply.text, reply]
        if isinstance(reply, BaseException) or (isinstance(reply, type) and issubclass(reply, BaseException)):
            return [reply]
        if isinstance(reply, Sequence):
            return [step for item in reply for step in self._steps(item, request)]
        if isinstance(reply, (int, float)):
            return [reply]
        raise TypeError(f"a reply is a text, mapping, exception, list, Hang, InTurn or function, came {reply!r}")

    def _usage(self, request: ModelRequest, written: str) -> Usage:
        text = prompt_text(request.messages)
        slot = request.slot or "-"
        shared = _shared_prefix(text, self._last.get(slot, ""))
        self._last[slot] = text
        prompt = estimate_tokens(text)
        return Usage(
            prompt, estimate_tokens(written), min(estimate_tokens(shared), prompt), self._info.name, "stop", True
        )


def _matches(matcher: Matcher, text: str, request: ModelRequest) -> bool:
    if isinstance(matcher, str):
        return matcher in text
    if isinstance(matcher, re.Pattern):
        return matcher.search(text) is not None
    return bool(matcher(request))


def _shared_prefix(one: str, other: str) -> str:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return one[:length]
