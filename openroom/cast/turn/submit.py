"""Submit: what a reply asks for, as actions that may be refused like anybody's."""

from __future__ import annotations

from openroom.cast.turn.context import TurnContext
from openroom.cast.turn.contract import Reply
from openroom.cast.turn.secrets import kept
from openroom.core.action import Action, Feel, Pass, Say
from openroom.core.resolve import Refusal
from openroom.language.text import first_word, framed
from openroom.ports.prompt import PromptPart


async def submit(turn: TurnContext, reply: Reply) -> tuple[tuple[int, ...], tuple[Refusal, ...]]:
    """Submit what the reply asks for: face, words, deeds. One refused action does not stop the others."""
    seqs: list[int] = []
    refusals: list[Refusal] = []
    for name, action in _actions(turn, reply):
        answer = await turn.room.submit(turn.actor, action, cause=f"{turn.id}.{name}", since=turn.trigger.since)
        if isinstance(answer, Refusal):
            refusals.append(answer)
            told = f"(That did not happen: {framed(answer.message)})"
            turn.part.talk.note(PromptPart("refused", told, name, answer.reason))
        else:
            seqs.extend(answer.seqs)
    return tuple(seqs), tuple(refusals)


def _actions(turn: TurnContext, reply: Reply) -> list[tuple[str, Action]]:
    actions: list[tuple[str, Action]] = []
    if reply.emotion:
        actions.append(("feel", Feel(emotion=reply.emotion)))
    to = turn.audience
    if reply.say and to != []:
        actions.append(("say", Say(text=reply.say, to=to, cut=reply.cut)))
        actions += [(f"say{n}", Say(text=text, to=to)) for n, text in enumerate(reply.more, 2)]
    known = turn.offer.possible
    text = _written(turn, reply)
    actions += [(f"do{n}", known[deed].action(text)) for n, deed in enumerate(reply.do)]
    if not (reply.say or reply.do):
        actions.append(("pass", Pass()))
    return actions


def _written(turn: TurnContext, reply: Reply) -> str:
    """What a deed writes into the room, where everybody reads it: no whisper, and nothing that is kept from one
    of them.
    """
    text = reply.write or ("" if turn.audience is not None else reply.say)
    kept_back = kept(turn.character, turn.tellable(turn.others))
    return "" if first_word([word for secret in kept_back for word in secret.words], text) else text
