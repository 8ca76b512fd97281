"""The page for an address behind which there is nothing: the house's own, with the way back."""

from __future__ import annotations

from html import escape

from fastapi import Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import HTMLResponse, Response
from nicegui import app as nicegui_app
from starlette.exceptions import HTTPException

from openroom.gui import languages

_HTML = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>openroom · {title}</title>
<link rel="icon" href="{home}favicon.ico">
<style>* {{ box-sizing: border-box; margin: 0; }} svg {{ width: 96px; height: 96px; }}</style>{head}</head>
<body><main class="room"><div class="ending" data-ending="missing"><section class="panel">{picture}
<p class="eyebrow">openroom</p>
<h1>{title}</h1><p>{text}</p>
<div class="row"><a class="primary big" href="{home}">{back}</a></div></section></div></main></body></html>
"""


def install(head: str, picture: str, home: str) -> None:
    """Answer page requests that nothing else answers. ``head`` is markup with styles, ``picture`` an SVG of ours,
    ``home`` the address of the lobby."""

    async def nothing_here(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        found = request.scope.get("endpoint")
        if found is not None and found is not nicegui_app:  # a route raised it: not a page but a file, say
            return await http_exception_handler(request, error)
        language = languages.of_request(request)
        words = languages.catalogue(language)
        title, text, back = (escape(words[key]) for key in ("missing.title", "missing.text", "ending.lobby"))
        filled = {"title": title, "text": text, "back": back, "home": escape(home), "language": language}
        return HTMLResponse(_HTML.format(head=head, picture=picture, **filled), 404)

    nicegui_app.add_exception_handler(404, nothing_here)
