"""The interface's languages and the choice of one for a request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from fastapi import Request

LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch", "es": "Español", "zh": "中文", "ja": "日本語"}
"""Every language of the interface: code and its own name."""

COOKIE = "openroom_language"
CATALOGUES = Path(__file__).parent / "web" / "shared" / "i18n"


def choose(wished: str | None, accept: str | None) -> str:
    """The language for a request: a wish (query or cookie), else the browser's ``Accept-Language``, else English."""
    for code in [wished or "", *_accepted(accept or "")]:
        short = code.strip().lower().replace("_", "-").partition("-")[0]
        if short in LANGUAGES:
            return short
    return "en"


def of_request(request: Request) -> str:
    """The language of a request for a page: ``?lang=``, the cookie or what the browser accepts."""
    wished = request.query_params.get("lang") or request.cookies.get(COOKIE)
    return choose(wished, request.headers.get("accept-language"))


def catalogue(language: str) -> dict[str, str]:
    """All words of one language, by key. Raises ``KeyError`` for a language there is none of."""
    if language not in LANGUAGES:
        raise KeyError(language)
    words: dict[str, str] = json.loads((CATALOGUES / f"{language}.json").read_text(encoding="utf-8"))
    return words


def _accepted(header: str) -> list[str]:
    """Language codes of an ``Accept-Language`` header (RFC 9110), most wanted first; malformed weights count as 0."""
    weighted: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:20]):
        code, _, rest = part.partition(";")
        weighted.append((-_weight(rest), place, code))
    return [code for weight, _, code in sorted(weighted) if weight < 0]


def _weight(text: str) -> float:
    name, equals, value = text.strip().partition("=")
    if not equals:
        return 1.0
    try:
        return float(value) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0
