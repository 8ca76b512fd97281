"""Repair: whether what came of a call is a reply, how another is asked for, and what the reply is in the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from openroom.cast.turn.context import TurnContext
from openroom.cast.turn.contract import Reply, opening_anew, read
from openroom.cast.turn.deeds import settle
from openroom.cast.turn.face import face
from openroom.cast.turn.generate import Generated
from openroom.cast.turn.guards import repair_note
from openroom.cast.turn.puzzled import puzzled
from openroom.cast.turn.wordless import while_doing
from openroom.errors import ModelMalformed
from openroom.language.honesty import plainly
from openroom.language.text import called, spoken
from openroom.ports.model import Message, ModelRequest
from openroom.ports.prompt import PromptPart

_UNDERSTUDY_TRIES = 8
_OPENINGS = 3
"""With the letters of so many of its last lines a small model's second try does not begin either."""
_WORD_BACK = re.compile(r"\w+\?")
_HELD_BACK = ("leak", "banned", "address", "boilerplate", "repeat", "echo", "denies", "declined", "unknown", "nonsense")


def spoilt(turn: TurnContext, generated: Generated) -> bool:
    """Whether a repair is due: nothing that may be shown is left."""
    if generated.shown:
        return False
    if generated.parsed.how == "clean" and not generated.flaws:
        deeds = read(generated.parsed.value, turn.character.emotions.can, turn.offer.menu, "").do
        return not (turn.trigger.may_pass or deeds or while_doing(turn))
    return True


def most_repairs(turn: TurnContext) -> int:
    """How many more calls may mend a reply. The understudy's are free, and it must never be without an answer."""
    return _UNDERSTUDY_TRIES if turn.is_understudy else turn.harness.guards.repair_attempts


def ask_again(turn: TurnContext, request: ModelRequest, tried: Sequence[Generated]) -> ModelRequest:
    """The request for another try after those that were ``tried``."""
    generated = tried[-1]
    lines = [say for one in tried if (say := str((one.parsed.value or {}).get("say") or ""))]
    note, sampling, form = repair_note(generated.flaws), request.sampling, request.schema or {}
    warmth = (sampling.temperature or 0.7) + 0.2
    wrong = PromptPart("repair", generated.raw[:600] or "{}", why="what was wrong")
    messages = (*request.messages, Message.of("assistant", [wrong]), Message.of("user", [_mended(turn, note)]))
    if turn.is_local and generated.parsed.how == "clean":
        # A small model that is shown what it wrote writes it again; so it is shown what it is to answer.
        if turn.heard:
            note = f'{note}\n{called(turn.name(turn.trigger.by))} said: "{spoken(turn.heard)}"'
        last = request.messages[-1]
        messages = (*request.messages[:-1], Message.of(last.role, (*last.parts, _mended(turn, note))))
        if any(flaw.kind in ("repeat", "echo") for flaw in generated.flaws):
            warmth += 0.3
            sampling = replace(sampling, frequency_penalty=0.8, presence_penalty=0.8)
            form = opening_anew(form, [*lines, *turn.part.talk.said[-_OPENINGS:]])
    sampling = replace(sampling, temperature=min(1.2, warmth))
    cue = request.cue
    if cue is not None:
        cue = replace(cue, nonce=cue.nonce + len(tried), said=(*cue.said, *lines))
    return replace(request, messages=messages, sampling=sampling, schema=form, purpose="repair", cue=cue)


def _mended(turn: TurnContext, note: str) -> PromptPart:
    return PromptPart("repair", note, why="how to mend it", rests_on=turn.about)


def reply_of(turn: TurnContext, generated: Generated) -> Reply:
    """The reply, with the deeds and the plain words that are due. Raises `ModelMalformed` where none is left."""
    menu = tuple(turn.offer.possible.values()) if generated.by_author else turn.offer.menu
    reply = read(generated.parsed.value or {}, turn.character.emotions.can, menu, generated.shown)
    reply = replace(settle(reply, turn.offer), cut=generated.cut)
    if not reply.say and turn.offer.spoken:
        reply = replace(reply, say=while_doing(turn))
    if not reply.say and turn.part.language == "en" and turn.offer.spoken not in turn.part.talk.said:
        reply = replace(reply, say=turn.offer.spoken)
    if not reply.say and not turn.sincere and any(flaw.kind == "unknown" for flaw in generated.flaws):
        reply = replace(reply, say=puzzled(turn))
    if turn.author_leads and turn.not_known and _WORD_BACK.fullmatch(reply.say):  # alone it is hardly an answer
        reply = replace(reply, say=f"{reply.say} {puzzled(turn)}".strip())
    if turn.sincere:
        name = turn.character.name if turn.card.by_name else ""
        reply = replace(reply, say=plainly(reply.say, turn.heard, turn.character.voice.admission, name))
    if reply.say or reply.do:
        return reply if generated.by_author else replace(reply, emotion=face(turn, reply.say, reply.emotion))
    held_back = any(flaw.kind in _HELD_BACK for flaw in generated.flaws)
    if turn.trigger.may_pass and not held_back and generated.parsed.how in ("clean", "repaired"):
        return reply
    raise ModelMalformed(f"{turn.character.name} lost the thread.")
