"""REST: who one is (a session in a cookie, a name), tokens that were handed out, and the links that grant a role."""

from __future__ import annotations

from dataclasses import asdict
from html import escape
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from openroom.errors import AccessError
from openroom.server.access import SESSION_SECONDS, Person, PersonRole, new_person, rename
from openroom.server.api.shared import FOR_OPERATORS, AskedSite, Asker, Known, session_text
from openroom.server.site import Site

router = APIRouter(tags=["people"])


class NewName(BaseModel):
    """A display name."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)


class NewToken(BaseModel):
    """A token to be handed out; ``uses`` 0 is any number (then, if it is of no room, it also is a bearer token)."""

    model_config = ConfigDict(extra="forbid")

    role: PersonRole
    note: str = Field(default="", max_length=200)
    room: str = Field(default="", max_length=80)
    uses: int = Field(default=0, ge=0, le=1000)
    hours: float | None = Field(default=None, gt=0, le=24 * 366)


class Redemption(BaseModel):
    """A grant to be redeemed."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(max_length=1000)


def set_session(site: Site, request: Request, response: Response, person: Person) -> None:
    """Put the person's session into a cookie that scripts cannot read; not for whom the application around knows."""
    if person.identified:
        return
    response.set_cookie(
        site.access.cookie_name,
        site.access.session(person),
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="lax",
        secure=site.address(request).startswith("https:"),
        path="/",
    )


def about(person: Person) -> dict[str, Any]:
    """What one is told about oneself."""
    return {"id": person.id, "role": person.role, "name": person.name, "rooms": list(person.rooms)}


@router.post("/api/session")
async def session(site: AskedSite, person: Asker, request: Request, response: Response) -> dict[str, Any]:
    """Begin or renew a session: sets the cookie and says who one is."""
    person = person or new_person()
    set_session(site, request, response, person)
    return about(person)


@router.delete("/api/session", status_code=204)
async def forget_session(site: AskedSite, request: Request, response: Response) -> None:
    """Sign out: the session that came is known no more, and the cookie forgotten."""
    await site.access.end_session(session_text(request))
    response.delete_cookie(site.access.cookie_name, path="/")


@router.get("/api/people/me")
async def me(person: Known) -> dict[str, Any]:
    """Who one is."""
    return about(person)


@router.post("/api/people/me")
async def set_name(
    site: AskedSite, person: Asker, request: Request, response: Response, wish: NewName
) -> dict[str, Any]:
    """Choose a display name; it is kept in the session."""
    if person is not None and person.identified:
        raise AccessError("Your name is the one that you have outside of the rooms.")
    named = rename(person or new_person(), wish.name)
    set_session(site, request, response, named)
    return about(named)


@router.get("/api/tokens", dependencies=[FOR_OPERATORS])
async def tokens(site: AskedSite) -> dict[str, Any]:
    """Everything that was handed out, without the signatures."""
    return {"tokens": [asdict(token) for token in site.access.records()]}


@router.post("/api/tokens", status_code=201, dependencies=[FOR_OPERATORS])
async def new_token(site: AskedSite, person: Known, request: Request, wish: NewToken) -> dict[str, Any]:
    """Hand out a token: use it as a bearer token or in ``join`` (not one of a room), or give its link to a person."""
    seconds = None if wish.hours is None else int(wish.hours * 3600)
    record = await site.access.hand_out(
        wish.role, room=wish.room, note=wish.note, uses=wish.uses, seconds=seconds, giver=person.id
    )
    token = site.access.grant(record)
    return {"id": record.id, "role": record.role, "token": token, "url": f"{site.address(request)}/invite/{token}"}


@router.delete("/api/tokens/{id}", status_code=204, dependencies=[FOR_OPERATORS])
async def revoke_token(site: AskedSite, id: str, guests: bool = False) -> None:
    """Take a token back: nobody redeems it any more, and a role that came from it is gone, as are the roles that were
    given on its strength. Those whom it let into a private room stay; with ``guests`` they are shown the door and do
    not come in again without another invite."""
    if not await site.take_back(id, guests=guests):
        raise AccessError(f"There is no token {id[:40]!r}, or it was taken back already.")


@router.post("/api/redeem")
async def redeem(
    site: AskedSite, person: Asker, request: Request, response: Response, wish: Redemption
) -> dict[str, Any]:
    """Use a grant (the last part of an invite or operator link): its role and room go into one's session."""
    changed = await site.access.redeem(wish.token, person)
    record = site.access.record(wish.token)
    set_session(site, request, response, changed)
    return {**about(changed), "room": record.room if record else ""}


@router.get("/operator/{token}", include_in_schema=False, response_model=None)
async def operator_link(site: AskedSite, person: Asker, token: str) -> HTMLResponse | RedirectResponse:
    """The page behind the one-time operator link; it redeems itself at once where scripts run."""
    if person is not None and person.role == "operator":
        return RedirectResponse(f"{site.prefix}/", 303)
    return _link_page(site, "operator", token)


@router.get("/invite/{token}", include_in_schema=False, response_model=None)
async def invite_link(site: AskedSite, token: str) -> HTMLResponse:
    """The page behind an invite. Looking at it changes nothing (link previews look too); its button redeems."""
    return _link_page(site, "invite", token)


@router.post("/operator/{token}", include_in_schema=False, response_model=None)
@router.post("/invite/{token}", include_in_schema=False, response_model=None)
async def redeem_link(site: AskedSite, person: Asker, request: Request, token: str) -> HTMLResponse | RedirectResponse:
    """Redeem a link, then go where it leads."""
    try:
        changed = await site.access.redeem(token, person)
    except AccessError as error:
        return _page(site, str(error), status=410)
    record = site.access.record(token)
    target = f"{site.prefix}/room/{record.room}" if record and record.room else f"{site.prefix}/"
    response = RedirectResponse(target, 303)
    set_session(site, request, response, changed)
    return response


def _link_page(site: Site, kind: str, token: str) -> HTMLResponse:
    record = site.access.record(token)
    if record is None:
        return _page(site, "This link is not one of ours.", status=404)
    if not site.access.is_good(record):
        return _page(site, "This link was used already, has run out or was taken back.", status=410)
    what = "Become this server's operator" if record.role == "operator" else "Come in"
    by_itself = kind == "operator" and record.role == "operator"  # an invite asks first, whatever the link is called
    return _page(site, "", action=f"{site.prefix}/{kind}/{token}", button=what, auto=by_itself)


def _page(
    site: Site, text: str, *, action: str = "", button: str = "", auto: bool = False, status: int = 200
) -> HTMLResponse:
    home = f'<p><a href="{escape(site.prefix)}/">To the rooms</a></p>'
    form = f'<form method="post" action="{escape(action)}"><button autofocus>{escape(button)}</button></form>'
    script = "<script>document.forms[0].submit()</script>" if auto else ""
    body = form + script if action else f"<p>{escape(text)}</p>{home}"
    html = _HTML.replace("{icon}", escape(f"{site.prefix}/favicon.ico")).replace("{body}", body)
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(html, status, headers)


_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; form-action 'self'"
)
_HTML = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>openroom</title>
<link rel="icon" href="{icon}">
<style>body{font:1.1rem/1.5 system-ui;display:grid;place-items:center;min-height:90vh;background:#1d1a17;color:#f3ead9}
button{font:inherit;padding:.7em 1.4em;border:0;border-radius:.6em;background:#d9a441;color:#1d1a17;cursor:pointer}
a{color:#d9a441}</style></head><body><main><h1>openroom</h1>{body}</main></body></html>
"""
