"""What an endpoint says about a request it did not take, wherever its body has it, and what that means in our words.

Its own words may quote the prompt, so they are for operators only; players get a sentence of ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_PLACES = ("message", "error", "detail", "details", "errors", "msg", "raw", "metadata", "title")
_HINTS = ("param", "code", "type")
_DEEPEST = 5
_LONGEST = 200
_KEY_LIKE = re.compile(r"\b(?:sk|pk|key|gsk|xai|hf)[-_][A-Za-z0-9*_\-]{6,}|Bearer\s+\S+", re.IGNORECASE)
_FORM = re.compile(r"param|support|format|schema|feature|capab|\brole\b|handle", re.IGNORECASE)

_MEANINGS = (
    (r"context[_ ](?:length|window|size)|too long|too many tokens", "the prompt is too long for it"),
    (r"content[_ ](?:filter|policy|management)|moderation|safety", "its filter objects to the words"),
    (r"credit|quota|billing|payment|balance", "the account has no credit left"),
    (r"(?:country|region|location).{0,40}(?:not|un)", "it does not serve this region"),
    (
        r"model.{0,60}(?:disabled|not (?:enabled|allowed))|(?:disabled|denied).{0,40}model",
        "somebody has disabled this model",
    ),
    (
        r"model.{0,80}(?:not found|not exist|unknown|not available|no access)|(?:no such|unknown|invalid|find) model",
        "it has no model of that name",
    ),
    (r"role.{0,40}alternat|alternat.{0,40}role|(?:last|final) (?:message|role)", "it wants another order of roles"),
)


def words_of(body: Any) -> str:
    """What the body of an error says: a text, ``error.message``, FastAPI's ``detail``, a list, an error within one."""
    return "; ".join(dict.fromkeys(_words(body, _DEEPEST)))


def _words(body: Any, depth: int) -> list[str]:
    if isinstance(body, str):
        inner = _json(body)
        return ([body.strip()] if body.strip() else []) if inner is None else _words(inner, depth - 1)
    if depth <= 0:
        return []
    if isinstance(body, list):
        return [said for one in body[:5] for said in _words(one, depth - 1)]
    if not isinstance(body, Mapping):
        return []
    place = body.get("loc")
    at = ".".join(str(part) for part in place) + ": " if isinstance(place, list) else ""
    lowered = {str(key).lower(): value for key, value in body.items()}
    return [at + said for key in _PLACES if key in lowered for said in _words(lowered[key], depth - 1)]


def _json(text: str) -> Any:
    """An error that stands as JSON in a text, as routers pass one on."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def hints_of(body: Any) -> str:
    """The fields of an error that name what is meant, in one text."""
    inner = body.get("error", body) if isinstance(body, Mapping) else body
    if not isinstance(inner, Mapping):
        return ""
    return " ".join(str(inner[key]) for key in _HINTS if isinstance(inner.get(key), str | int))


def about_the_form(said: str) -> bool:
    """Whether a 404 is about what was asked for in what form, and not about an address or a model that is not there."""
    return bool(_FORM.search(said)) and meaning(said) != "it has no model of that name"


def meaning(said: str) -> str:
    """What a refusal comes to, in our words; empty where that is not known."""
    return next((ours for theirs, ours in _MEANINGS if re.search(theirs, said, re.IGNORECASE | re.DOTALL)), "")


def clean(text: str, key: str) -> str:
    """One line of what an endpoint said, without the key or anything that looks like one."""
    if len(key) >= 4:
        text = text.replace(key, "[key]")
    text = _KEY_LIKE.sub("[key]", text)
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
