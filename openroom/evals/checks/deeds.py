"""Checks of what a character does: asked-for deeds are done, others are not, and what is claimed is so."""

from __future__ import annotations

import re
from typing import Any

from pydantic import Field

from openroom.evals.checks.base import Check, Finding, Params, Scope, Span, span
from openroom.evals.lexicon import claims, lexicon
from openroom.evals.played import PlayedReply
from openroom.language.sentences import sentences

_OFFER = re.compile(
    r"\b(?:if|when|once|unless|until|say the word|shall i|would you|do you want|let me know)\b", re.IGNORECASE
)


class _DoesParams(Params):
    any: tuple[str, ...] = Field(min_length=1)
    """Deeds as ``prop.verb`` (or ``prop``: any verb of it); one of them must be done."""
    state: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """What must hold of the props at the end."""


class Does(Check):
    """Asked to, the character uses a prop, and the room is as it should be then."""

    name, dimension, kind = "does", "action", "action"
    needs_reply = False
    Params = _DoesParams

    def look(self, scope: Scope, params: Any) -> Finding:
        done = [deed for reply in scope.replies for deed in reply.deeds]
        hit = [deed for deed in done if deed.id in params.any or deed.prop in params.any]
        if not hit:
            did = ", ".join(deed.id for deed in done) or "nothing"
            return self.failed(f"does {did}, not {' or '.join(params.any)}", *_first(scope))
        for prop, wanted in params.state.items():
            state = scope.played.after.get(prop, {})
            wrong = {key: state.get(key) for key, value in wanted.items() if state.get(key) != value}
            if wrong:
                return self.failed(f"{prop} is {wrong}, not {wanted}", Span(hit[0].seq, hit[0].id))
        return self.passed(Span(hit[0].seq, hit[0].id))


class _NotParams(Params):
    deeds: tuple[str, ...] = ()
    """Deeds as ``prop.verb`` or ``prop`` (none: any deed at all)."""


class DoesNot(Check):
    """Nothing of this is done: nobody asked for it."""

    name, dimension, kind = "does_not", "action", "action"
    needs_reply = False
    Params = _NotParams

    def look(self, scope: Scope, params: Any) -> Finding:
        flaws = [
            (f"does {deed.id} unasked", Span(deed.seq, deed.id))
            for reply in scope.replies
            for deed in reply.deeds
            if not params.deeds or deed.id in params.deeds or deed.prop in params.deeds
        ]
        return self.verdict(flaws)


class SaidAndDid(Check):
    """What a reply claims to have done was done in that turn, or holds already; no deed was refused."""

    name, dimension, kind = "said_and_did", "action", "said_and_did"
    needs_reply = False

    def look(self, scope: Scope, params: Any) -> Finding:
        flaws = []
        for reply in scope.said:
            flaws += [(f"a deed that was refused: {why}", span(reply)) for why in reply.refused]
            for verb, quote in _claimed(reply):
                if not any(deed.verb == verb for deed in reply.deeds) and not _done_before(scope, reply, verb):
                    flaws.append((f"claims {quote!r} and does not do it", span(reply, quote)))
        return self.verdict(flaws)


def _claimed(reply: PlayedReply) -> list[tuple[str, str]]:
    """(verb, words) of what the reply claims; an offer ("shall I", "say the word and I will") claims nothing."""
    flat = [one for one in sentences(reply.say) if not one.rstrip().endswith("?") and not _OFFER.search(one)]
    return [
        (verb, found[0])
        for sentence in flat
        for verb in lexicon().deeds
        for pattern in claims(verb)
        if (found := pattern.search(sentence))
    ]


def _done_before(scope: Scope, reply: PlayedReply, verb: str) -> bool:
    """Whether the verb was used in the room before this reply (by anybody), so that the claim may be about that."""
    earlier = [one for one in scope.played.replies if one.step < reply.step]
    if any(deed.verb == verb for one in earlier for deed in one.deeds):
        return True
    used = [step.use for step in scope.case.steps[: max(reply.step, 0)] if step.use]
    return any(one.partition(".")[2].partition(":")[0] == verb for one in used)


def _first(scope: Scope) -> list[Span]:
    return [span(reply) for reply in scope.said[:1]]


CHECKS = (Does, DoesNot, SaidAndDid)
