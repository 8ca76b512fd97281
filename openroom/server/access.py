"""Who is asking: signed people, roles, invites, and the one-time link that makes the local browser operator.

A person is a random id under our signature, in a cookie (browsers) or a token (``join.token``, ``Authorization:
Bearer``); a display name never identifies anybody. Two kinds of signed text exist: a *session* says who one is, and a
*grant* names a `openroom.ports.store.Token` record that was handed out. A grant is redeemed (an invite, the operator
link), which puts its role into a session, or, if it may be used any number of times, serves as a token by itself.
Revoking the record takes the role back at the next request of every session made from it; those whom it let into a
private room stay known there, unless it is withdrawn too.

Who came by which record is the server's to know, not the session's: an older session of the same person gives them
nothing that was taken from them. So it is with who gave what: for the four-eyes rule a person counts as those whom they
have their role from.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol, cast

from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import TypeAdapter, ValidationError

from openroom.core.action import Name
from openroom.core.actor import Actor
from openroom.errors import AccessError
from openroom.ports.store import KeyValues, Token, Tokens
from openroom.server.handed_out import HandedOut, bearer
from openroom.settings import Settings

PersonRole = Literal["spectator", "player", "creator", "operator"]
ROLES: tuple[PersonRole, ...] = ("spectator", "player", "creator", "operator")
"""From the least to the most that one may do."""

SESSION_SECONDS = 400 * 86_400
MACHINE = "player:command-line"
"""Whoever can read the secret of a server: its commands. What they hand out was given by nobody in the house."""
_OPERATOR_LINK = "operator link"
_MOST_ROOMS = 20
_ENDED, _MOST_ENDED = "ended sessions", 10_000
_NAME: TypeAdapter[str] = TypeAdapter(Name)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a signed id. ``grant`` is the record their role came from, ``rooms`` those they were invited to.

    ``invites`` are (room, record) as they were redeemed, the newest last; a room whose records were all withdrawn is in
    ``lost``. ``identified``: the application around the rooms says who they are, and no session does.
    """

    id: str
    role: PersonRole = "player"
    name: str = ""
    grant: str = ""
    rooms: tuple[str, ...] = ()
    invites: tuple[tuple[str, str], ...] = ()
    lost: tuple[str, ...] = ()
    identified: bool = False

    def actor(self, owner: bool = False, name: str = "") -> Actor:
        """The actor under which this person acts in a room."""
        return Actor(self.id, self.role, name or self.name, owner)

    def is_at_least(self, role: PersonRole) -> bool:
        """Whether their role allows what ``role`` may do."""
        return ROLES.index(self.role) >= ROLES.index(role)


def new_person() -> Person:
    """Somebody who has not been here before."""
    return Person(f"player:{secrets.token_hex(9)}")


def load_secret(settings: Settings) -> bytes:
    """What sessions are signed with: the setting, else a file of the data folder that only its owner can read.

    The file is made at the first start. Raises OSError when it can neither be read nor made.
    """
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    folder = settings.data.expanduser()
    return _kept_secret(folder)


def _kept_secret(folder: Path) -> bytes:
    path = folder / "secret"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes().strip()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()


class AccessStore(Tokens, KeyValues, Protocol):
    """What of a store access needs."""


class Access:
    """Signs and reads sessions and grants. One per server; `load` it before use.

    The records are held in memory too, so that reading a token needs no query: one process owns a data folder.
    """

    def __init__(self, tokens: AccessStore, secret: bytes, clock: Callable[[], int]) -> None:
        self._tokens, self._clock = tokens, clock
        self.handed_out = HandedOut()
        self._ended: dict[str, int] = {}
        """Sessions that were signed out of, by digest, and when."""
        self._sessions = URLSafeTimedSerializer(secret, salt="openroom.session")
        self._grants = URLSafeTimedSerializer(secret, salt="openroom.grant")
        self.cookie_name = f"openroom_{hashlib.sha256(b'cookie' + secret).hexdigest()[:8]}"

    async def load(self) -> None:
        """Read the records that were handed out, and which sessions were ended."""
        self._ended = json.loads(await self._tokens.get(_ENDED) or "{}")
        self.handed_out = HandedOut(await self._tokens.tokens(), await self._tokens.guests())

    # sessions -------------------------------------------------------------------------------------------------------

    def session(self, person: Person) -> str:
        """The signed session of a person."""
        body: dict[str, object] = {"p": person.id, "r": person.role}
        if person.name:
            body["n"] = person.name
        if person.grant:
            body["g"] = person.grant
        by_record = dict(person.invites)
        if rooms := [*(room for room in person.rooms if room not in by_record), *person.invites][-_MOST_ROOMS:]:
            body["i"] = rooms
        return self._sessions.dumps(body)

    def person(self, text: str | None) -> Person | None:
        """Whom a session or a reusable grant names; ``None`` when it is not ours, too old or taken back."""
        if not text:
            return None
        return self._from_session(text) or self._from_grant(text)

    def _from_session(self, text: str) -> Person | None:
        try:
            body, signed = self._sessions.loads(text, return_timestamp=True)
        except BadSignature:
            return None
        # One from the future is ours all the same: the clock was wrong then, or is now.
        if _digest(text) in self._ended or time.time() - signed.timestamp() > SESSION_SECONDS:
            return None
        role, grant = cast("PersonRole", body["r"]), str(body.get("g", ""))
        record = self.handed_out.get(grant)
        if grant and (record is None or record.revoked is not None):
            role, grant = _least(role, "player"), ""
        return self._with_rooms(Person(body["p"], role, body.get("n", ""), grant), body.get("i", ()))

    async def end_session(self, text: str) -> None:
        """Take a session back: it names nobody any more, wherever a copy of it is."""
        if self._from_session(text) is None:
            return
        now = self._clock()
        kept = {one: at for one, at in self._ended.items() if now - at < SESSION_SECONDS * 1000}
        self._ended = dict([*kept.items(), (_digest(text), now)][-_MOST_ENDED:])
        await self._tokens.put(_ENDED, json.dumps(self._ended))

    def with_rooms(self, person: Person) -> Person:
        """The person with the rooms that the server knows of."""
        return self._with_rooms(person, ())

    def _with_rooms(self, person: Person, kept: Sequence[str | Sequence[str]]) -> Person:
        """The person with their rooms, as the server knows them; a session that is older than that has told of others:
        ids, and (room, record) where an invite led there."""
        self.handed_out.learn(person.id, person.grant, {one[0]: one[1] for one in kept if not isinstance(one, str)})
        invites = self.handed_out.invites(person.id)
        lost = self.handed_out.lost(person.id)
        plain = [one for one in kept if isinstance(one, str) and one not in invites]
        rooms = (*plain, *(room for room in invites if room not in lost))
        return replace(person, rooms=rooms, invites=tuple(invites.items()), lost=lost)

    def _from_grant(self, text: str) -> Person | None:
        record = self.record(text)
        if record is None or record.uses or record.room or not record.is_good(self._clock()):
            return None
        return Person(record.person or bearer(record.id), _role(record), record.note[:40], record.id)

    # grants ---------------------------------------------------------------------------------------------------------

    def grant(self, record: Token) -> str:
        """The signed text that names a record."""
        return self._grants.dumps(record.id)

    def record(self, text: str) -> Token | None:
        """The record that a grant names, good or not; ``None`` when the signature is not ours."""
        try:
            return self.handed_out.get(self._grants.loads(text))
        except BadSignature:
            return None

    def is_good(self, record: Token) -> bool:
        """Whether a record may be redeemed now."""
        return record.is_good(self._clock())

    def records(self) -> Sequence[Token]:
        """Everything that was handed out, newest first."""
        return sorted(self.handed_out.all(), key=lambda token: token.created, reverse=True)

    async def hand_out(
        self,
        role: PersonRole,
        *,
        room: str = "",
        note: str = "",
        uses: int = 0,
        seconds: int | None = None,
        giver: str = "",
    ) -> Token:
        """A new record; ``uses`` 0 is any number, ``seconds`` how long it may be redeemed, ``giver`` who hands it out
        (nobody: the machine)."""
        now = self._clock()
        expires = None if seconds is None else now + seconds * 1000
        giver = "" if giver == MACHINE else giver
        record = Token(secrets.token_hex(8), role, now, room=room, note=note, expires=expires, uses=uses, giver=giver)
        await self._tokens.add_token(record)
        self.handed_out.put(record)
        return record

    async def redeem(self, text: str, person: Person | None) -> Person:
        """Use a grant once: the person with its room and, if that is more than they have, its role. If nobody came, a
        new one with the very role of the grant. Raises `AccessError` when the grant is not ours or no longer good.
        """
        record = self.record(text)
        if record is None:
            raise AccessError("This link is not one of ours.")
        now = self._clock()
        used = await self._tokens.use_token(record.id, now)
        if used is None:
            raise AccessError("This link was used already, has run out or was taken back.")
        self.handed_out.put(used)
        role = _role(used)
        if person is None:
            person = replace(new_person(), role=role, grant="" if role == "player" else used.id)
        elif _least(role, person.role) != role:
            person = replace(person, role=role, grant=used.id)
        await self._tokens.add_guest(used.id, person.id, now)
        self.handed_out.note(person.id, used.id)
        return self._with_rooms(person, [*person.rooms, *person.invites])

    async def revoke(self, id: str, *, withdraw: bool = False) -> Token | None:
        """Take a record back (with ``withdraw`` also its room from those who came by no other), and the roles that were
        given on its strength: the record after it, or ``None`` when there was nothing to take back."""
        now = self._clock()
        for who in self.handed_out.told_of(id) if withdraw else ():
            await self._tokens.add_guest(id, who, 0)  # before all that is known of them
        given = self.handed_out.given_by(id)
        found = await self._tokens.revoke_token(id, now, withdraw=withdraw)
        for further in given if found else ():
            await self._tokens.revoke_token(further, now)
        await self.load()
        return self.handed_out.get(id) if found else None

    def counts_as(self, who: str) -> frozenset[str]:
        """The person, and those whom they have their role of operator from."""
        return self.handed_out.counts_as(who)

    async def operator_link(self) -> str | None:
        """The grant of the one-time operator link; ``None`` once somebody has redeemed it."""
        links = [t for t in self.handed_out.all() if t.note == _OPERATOR_LINK]
        if any(t.used and t.revoked is None for t in links):
            return None
        good = [t for t in links if t.is_good(self._clock())]
        record = good[0] if good else await self.hand_out("operator", note=_OPERATOR_LINK, uses=1)
        return self.grant(record)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _least(one: PersonRole, other: PersonRole) -> PersonRole:
    return min(one, other, key=ROLES.index)


def rename(person: Person, name: str) -> Person:
    """The person under another display name. Raises `AccessError` when it is no fit name."""
    try:
        return replace(person, name=_NAME.validate_python(name))
    except ValidationError:
        raise AccessError("Expected a name of 1 to 40 characters.") from None


def require(person: Person | None, role: PersonRole) -> Person:
    """The person, if they may do what ``role`` may. Raises `AccessError`."""
    if person is None or not person.is_at_least(role):
        raise AccessError(f"This needs the role {role}.")
    return person


def _role(record: Token) -> PersonRole:
    return next((role for role in ROLES if role == record.role), "spectator")
