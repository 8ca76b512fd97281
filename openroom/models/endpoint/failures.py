"""What an endpoint's failure means, in our words: every exception of the openai client becomes a `ModelError`.

The sentences are fit to be shown to a player. They name the host, never the key; what the endpoint itself said is
shortened and cleaned of the key.
"""

from __future__ import annotations

import email.utils
import re
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

_LONGEST = 200
_KEY_LIKE = re.compile(r"\b(?:sk|pk|key|gsk|xai|hf)[-_][A-Za-z0-9*_\-]{6,}|Bearer\s+\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed attempt: the error to raise, whether another attempt may help, and after how many seconds if the
    endpoint says. ``refusal`` holds its words if it did not take the request as put (400, 422): another form may do."""

    error: ModelError
    again: bool = False
    wait: float | None = None
    refusal: str | None = None


def clean(text: str, key: str) -> str:
    """One line of what an endpoint said, without the key or anything that looks like one."""
    if len(key) >= 4:
        text = text.replace(key, "[key]")
    text = _KEY_LIKE.sub("[key]", text)
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def understand(error: openai.OpenAIError | ValueError, host: str, key: str, now: float) -> Failure:
    """Map an exception of the openai client. ``now`` (seconds since the epoch) is for a ``Retry-After`` with a date."""
    if isinstance(error, openai.APITimeoutError):
        return Failure(ModelUnreachable(f"The language model at {host} could not be reached in time."), again=True)
    if isinstance(error, openai.APIConnectionError):
        return Failure(ModelUnreachable(f"The language model at {host} could not be reached."), again=True)
    if isinstance(error, openai.APIStatusError):
        return _status(error, host, clean(_words(error), key), now)
    if isinstance(error, openai.APIError):
        said = clean(_words(error), key)
        return Failure(ModelUnreachable(f"The language model at {host} broke off: {said}"), again=True)
    return Failure(ModelMalformed(f"The language model at {host} answered in a way that could not be read."))


def _words(error: openai.APIError) -> str:
    """What the endpoint said: its own message if there is one, else the client's."""
    body = error.body
    if isinstance(body, Mapping):
        inner = body.get("error", body)
        said = inner.get("message") if isinstance(inner, Mapping) else inner
        if isinstance(said, str) and said:
            return said
    return error.message


def _status(error: openai.APIStatusError, host: str, said: str, now: float) -> Failure:
    status = error.status_code
    if status in (401, 403):
        return Failure(ModelAuthError(f"The language model at {host} does not accept the key ({status})."))
    if status == 402:
        return Failure(ModelRateLimited(f"The account at {host} has no credit left (402)."))
    if status == 404:
        return Failure(ModelRefused(f"The language model at {host} is not there (404): {said}"))
    if status == 429:
        return _limited(error, host, now)
    if status in (400, 422):
        refused = ModelRefused(f"The language model at {host} declined the request ({status}): {said}")
        hopeless = error.code in ("context_length_exceeded", "content_filter", "content_policy_violation")
        return Failure(refused, refusal=None if hopeless else said)
    if status in (408, 409, 425) or status >= 500:
        wait = _retry_after(error.response.headers, now)
        return Failure(ModelUnreachable(f"The language model at {host} has trouble ({status})."), True, wait)
    return Failure(ModelRefused(f"The language model at {host} declined the request ({status}): {said}"))


def _limited(error: openai.APIStatusError, host: str, now: float) -> Failure:
    if error.code == "insufficient_quota":
        return Failure(ModelRateLimited(f"The account at {host} has no credit left (429)."))
    wait = _retry_after(error.response.headers, now)
    return Failure(ModelRateLimited(f"The language model at {host} is busy and asks to wait (429)."), True, wait)


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


def broke_off(host: str) -> ModelUnreachable:
    """The connection went away in the middle of an answer."""
    return ModelUnreachable(f"The connection to the language model at {host} broke in the middle of its answer.")
