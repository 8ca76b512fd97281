"""What an endpoint's failure means, in our words: every exception of the openai client becomes a `ModelError`.

The sentences are fit to be shown to a player. They name the host, never the key; what the endpoint itself said,
shortened and cleaned of the key, is the error's ``said``.
"""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from dataclasses import dataclass

import openai

from openroom.errors import (
    ModelAuthError,
    ModelError,
    ModelMalformed,
    ModelRateLimited,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
)
from openroom.models.endpoint import refusals

_HOPELESS = ("context_length_exceeded", "content_filter", "content_policy_violation")


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed attempt: the error to raise, whether another attempt may help, and after how many seconds if the
    endpoint says. ``refusal`` holds its words if another form of the request may do: one without what it names, and
    where it surely did not take the request as put (``form``: 400, 422) also one without what it does not name."""

    error: ModelError
    again: bool = False
    wait: float | None = None
    refusal: str | None = None
    form: bool = False


def understand(error: openai.OpenAIError | ValueError, host: str, key: str, now: float) -> Failure:
    """Map an exception of the openai client. ``now`` (seconds since the epoch) is for a ``Retry-After`` with a date."""
    if isinstance(error, openai.APITimeoutError):
        return Failure(ModelUnreachable(f"The language model at {host} could not be reached in time."), again=True)
    if isinstance(error, openai.APIConnectionError):
        return Failure(ModelUnreachable(f"The language model at {host} could not be reached."), again=True)
    if isinstance(error, openai.APIStatusError):
        return _status(error, host, key, now)
    if isinstance(error, openai.APIError):
        words, hints = _said(error)
        broke = ModelUnreachable(f"The language model at {host} broke off.", said=refusals.clean(words, key))
        return Failure(broke, again=True, refusal=hints)
    return Failure(ModelMalformed(f"The language model at {host} answered in a way that could not be read."))


def _said(error: openai.APIError) -> tuple[str, str]:
    """What the endpoint said (if nothing, the client), and the same with the fields that name what is meant."""
    words = refusals.words_of(error.body) or error.message
    return words, f"{refusals.hints_of(error.body)} {words}"


def _status(error: openai.APIStatusError, host: str, key: str, now: float) -> Failure:
    status, (words, hints) = error.status_code, _said(error)
    said = refusals.clean(words, key)
    if status in (401, 403):
        sentence = f"The language model at {host} does not accept the key ({status})."
        return Failure(ModelAuthError(sentence, said=said))
    if status == 402:
        return Failure(ModelRateLimited(f"The account at {host} has no credit left (402).", said=said))
    if status == 429:
        return _limited(error, host, said, now)
    form = status in (400, 422, 501) or (status == 404 and refusals.about_the_form(hints))
    if form or status in (404, 405):
        hopeless = error.code in _HOPELESS
        return Failure(_refused(host, status, said), refusal=None if hopeless else hints, form=form)
    if status in (408, 409, 425) or status >= 500:
        trouble = ModelUnreachable(f"The language model at {host} has trouble ({status}).", said=said)
        return Failure(trouble, True, _retry_after(error.response.headers, now), refusal=hints)
    return Failure(_refused(host, status, said))


def _refused(host: str, status: int, said: str) -> ModelRefused:
    if 300 <= status < 400:  # a prompt goes to the address that was set, and nowhere else
        return ModelRefused(f"The address {host} points elsewhere ({status}), and no redirect is followed.", said=said)
    ours = refusals.meaning(said)
    if status in (404, 405) and not ours:
        return ModelRefused(f"The language model is not at this address of {host} ({status}).", said=said)
    because = f": {ours}" if ours else ""
    return ModelRefused(f"The language model at {host} declined the request ({status}){because}.", said=said)


def _limited(error: openai.APIStatusError, host: str, said: str, now: float) -> Failure:
    if error.code == "insufficient_quota":
        return Failure(ModelRateLimited(f"The account at {host} has no credit left (429).", said=said))
    wait = _retry_after(error.response.headers, now)
    busy = ModelRateLimited(f"The language model at {host} is busy and asks to wait (429).", said=said)
    return Failure(busy, True, wait)


def _retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait by ``retry-after-ms``, or ``Retry-After`` in seconds or as a date (RFC 9110, 10.2.3)."""
    for name, divisor in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / divisor
        except ValueError:
            continue
        if 0 <= seconds < float("inf"):
            return seconds
    date = email.utils.parsedate_tz(headers.get("retry-after", ""))
    if date is None:
        return None
    try:
        return max(email.utils.mktime_tz(date) - now, 0.0)
    except (ValueError, OverflowError):
        return None


def first_token_late(host: str, seconds: float) -> ModelTimeout:
    return ModelTimeout(f"The language model at {host} did not begin to answer within {seconds:g} s.")


def stalled(host: str, seconds: float) -> ModelTimeout:
    """The text stopped coming."""
    return ModelTimeout(f"The language model at {host} stopped in the middle of its answer for {seconds:g} s.")


def too_long(host: str, seconds: float) -> ModelTimeout:
    """The whole call took too long."""
    return ModelTimeout(f"The language model at {host} took longer than {seconds:g} s for its answer.")


def no_answer(host: str) -> ModelMalformed:
    """The stream ended without a word and without a reason: likely no such endpoint at all."""
    return ModelMalformed(f"The language model at {host} gave no answer that could be read.")


def only_thoughts(host: str) -> ModelMalformed:
    """It thought until its limit, each time."""
    return ModelMalformed(f"The language model at {host} thought for so long that it never came to its answer.")


def broke_off(host: str) -> ModelUnreachable:
    """The connection went away in the middle of an answer."""
    return ModelUnreachable(f"The connection to the language model at {host} broke in the middle of its answer.")
