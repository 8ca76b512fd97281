"""Checks across people and time: secrets, leaks between people (in replies and in prompts), memory."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from openroom.core.actor import character_id
from openroom.core.character import Secret
from openroom.evals.checks.base import Check, Finding, Params, Scope, Span, span
from openroom.evals.lexicon import find_affirmed, find_word, words

_AROUND = 60


class _SecretParams(Params):
    secrets: tuple[str, ...] = ()
    """Ids (none: all of the card)."""


class SecretKept(Check):
    """Before it may be told, a secret is in no reply (by its words) and in no prompt (by its text)."""

    name, dimension, kind = "secret_kept", "secrets", "secrets"
    Params = _SecretParams

    def look(self, scope: Scope, params: Any) -> Finding:
        flaws = []
        for secret in _secrets(scope, params.secrets):
            for reply in scope.replies:
                if secret.text in reply.prompt:
                    flaws.append((f"the secret {secret.id} is in the prompt", Span(0, secret.text)))
                if word := find_word(_not_asked(secret, reply.heard), reply.say):
                    flaws.append((f"gives the secret {secret.id} away", span(reply, word)))
        return self.verdict(flaws)


def _secrets(scope: Scope, ids: tuple[str, ...]) -> list[Secret]:
    return [secret for secret in scope.card.secrets if not ids or secret.id in ids]


def _not_asked(secret: Secret, heard: str) -> list[str]:
    """The secret's words without those the visitor used first: to repeat them gives nothing away."""
    return [word for word in secret.words if not find_word([word], heard)]


class PromptsClean(Check):
    """No prompt of the character holds a secret of another character, nor one of its own that may never be told."""

    name, dimension, kind = "prompts_clean", "secrets", "secrets"
    needs_reply = False

    def look(self, scope: Scope, params: Any) -> Finding:
        sealed = [secret.text for secret in scope.card.secrets if secret.never]
        own = [prompt for who, prompt in scope.played.prompts if who == scope.played.character]
        flaws = [
            ("a secret that may never be told is in a prompt", Span(0, text))
            for text in sealed
            if any(text in prompt for prompt in own)
        ]
        others = [prompt for who, prompt in scope.played.prompts if who != scope.played.character]
        flaws += [
            (f"the secret {secret.id} is in another character's prompt", Span(0, secret.text))
            for secret in scope.card.secrets
            if any(secret.text in prompt for prompt in others)
        ]
        return self.verdict(flaws)


class _LeakParams(Params):
    words: tuple[str, ...] = Field(min_length=1)
    whose: str
    """The visitor (id) whose words they are."""


class NoLeak(Check):
    """What one visitor whispered is in no reply that others hear, and in no prompt of a character it was not for."""

    name, dimension, kind = "no_leak", "secrets", "secrets"
    needs_reply = False
    Params = _LeakParams

    def look(self, scope: Scope, params: Any) -> Finding:
        owner = f"player:{params.whose}"
        flaws = []
        for reply in scope.played.replies:
            alone = reply.to and set(reply.to) <= {owner, reply.who}
            if not alone and (word := find_word(params.words, reply.say)):
                flaws.append((f"passes on {word!r}", span(reply, word)))
        for who, prompt in scope.played.prompts:
            if who == character_id(scope.card.id):
                continue
            if word := find_word(params.words, prompt):
                flaws.append((f"{who} was given {word!r}", Span(0, _around(word, prompt))))
        return self.verdict(flaws)


def _around(word: str, text: str) -> str:
    at = max(0, text.casefold().find(word.casefold()))
    return text[max(0, at - _AROUND) : at + _AROUND]


class _RecallParams(Params):
    any: tuple[str, ...] = Field(min_length=1)
    none: tuple[str, ...] = ()


class Recalls(Check):
    """Asked for what it was told earlier, the character says it (one of ``any``) and nothing false (``none``)."""

    name, dimension, kind = "recalls", "memory", "recall"
    Params = _RecallParams

    def look(self, scope: Scope, params: Any) -> Finding:
        for reply in scope.said:
            if word := find_affirmed(params.none, reply.say):
                return self.failed(f"remembers wrongly: {word!r}", span(reply, word), kind="false_memory")
        if any(find_word(params.any, reply.say) for reply in scope.said):
            return self.passed(*map(span, scope.said[:1]))
        return self.failed(f"does not recall {' or '.join(params.any)}", *map(span, scope.said[:2]))


class _FalseParams(Params):
    words: tuple[str, ...] = ()
    """Details of what never happened; to affirm one is a fail, unless it is denied in the same reply."""


class NoFalseMemory(Check):
    """Told of what never happened, the character does not confirm it."""

    name, dimension, kind = "no_false_memory", "memory", "false_memory"
    Params = _FalseParams

    def look(self, scope: Scope, params: Any) -> Finding:
        flaws = []
        for reply in scope.said:
            denied = find_word(words("denies"), reply.say)
            if not denied and (word := find_affirmed(words("confirms"), reply.say)):
                flaws.append(("confirms what never happened", span(reply, word)))
            elif not denied and (word := find_affirmed(params.words, reply.say)):
                flaws.append((f"takes up {word!r} as if it had happened", span(reply, word)))
        return self.verdict(flaws)


CHECKS = (SecretKept, PromptsClean, NoLeak, Recalls, NoFalseMemory)
