"""Who is asking: signed people, roles, invites, and the one-time link that makes the local browser operator.

A person is a random id under our signature, in a cookie (browsers) or a token (``join.token``, ``Authorization:
Bearer``); a display name never identifies anybody. Two kinds of signed text exist: a *session* says who one is, and a
*grant* names a `openroom.ports.store.Token` record that was handed out. A grant is redeemed (an invite, the operator
link), which puts its role into a session, or, if it may be used any number of times, serves as a token by itself.
Revoking the record takes the role back at the next request of every session made from it; those whom it let into a
private room stay known there, unless it is withdrawn too.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast

from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import TypeAdapter, ValidationError

from openroom.core.action import Name
from openroom.core.actor import Actor
from openroom.errors import AccessError
from openroom.ports.store import Token, Tokens
from openroom.settings import Settings

PersonRole = Literal["spectator", "player", "creator", "operator"]
ROLES: tuple[PersonRole, ...] = ("spectator", "player", "creator", "operator")
"""From the least to the most that one may do."""

SESSION_SECONDS = 400 * 86_400
_OPERATOR_LINK = "operator link"
_MOST_ROOMS = 20
_NAME: TypeAdapter[str] = TypeAdapter(Name)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a signed id. ``grant`` is the record their role came from, ``rooms`` those they were invited to.

    ``invites`` are (room, record) as they were redeemed; a room whose record was withdrawn is in ``lost``.
    """

    id: str
    role: PersonRole = "player"
    name: str = ""
    grant: str = ""
    rooms: tuple[str, ...] = ()
    invites: tuple[tuple[str, str], ...] = ()
    lost: tuple[str, ...] = ()

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
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes().strip()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()


class Access:
    """Signs and reads sessions and grants. One per server; `load` it before use.

    The records are held in memory too, so that reading a token needs no query: one process owns a data folder.
    """

    def __init__(self, tokens: Tokens, secret: bytes, clock: Callable[[], int]) -> None:
        self._tokens, self._clock = tokens, clock
        self._records: dict[str, Token] = {}
        self._sessions = URLSafeTimedSerializer(secret, salt="openroom.session")
        self._grants = URLSafeTimedSerializer(secret, salt="openroom.grant")
        self.cookie_name = f"openroom_{hashlib.sha256(b'cookie' + secret).hexdigest()[:8]}"

    async def load(self) -> None:
        """Read the records that were handed out."""
        self._records = {token.id: token for token in await self._tokens.tokens()}

    # sessions -------------------------------------------------------------------------------------------------------

    def session(self, person: Person) -> str:
        """The signed session of a person."""
        body: dict[str, object] = {"p": person.id, "r": person.role}
        if person.name:
            body["n"] = person.name
        if person.grant:
            body["g"] = person.grant
        by_record = dict(person.invites)
        if rooms := [*(room for room in person.rooms if room not in by_record), *person.invites]:
            body["i"] = rooms
        return self._sessions.dumps(body)

    def person(self, text: str | None) -> Person | None:
        """Whom a session or a reusable grant names; ``None`` when it is not ours, too old or taken back."""
        if not text:
            return None
        return self._from_session(text) or self._from_grant(text)

    def _from_session(self, text: str) -> Person | None:
        try:
            body = self._sessions.loads(text, max_age=SESSION_SECONDS)
        except BadSignature:
            return None
        role, grant = cast("PersonRole", body["r"]), str(body.get("g", ""))
        record = self._records.get(grant)
        if grant and (record is None or record.revoked is not None):
            role, grant = "player", ""
        return self._with_rooms(Person(body["p"], role, body.get("n", ""), grant), body.get("i", ()))

    def _with_rooms(self, person: Person, kept: Sequence[str | Sequence[str]]) -> Person:
        """The person with the rooms of a session: ids, and (room, record) where an invite led there."""
        plain = [one for one in kept if isinstance(one, str)]
        invites = tuple((one[0], one[1]) for one in kept if not isinstance(one, str))
        lost = tuple(room for room, id in invites if self._is_withdrawn(id))
        rooms = (*plain, *(room for room, _ in invites if room not in lost))
        return replace(person, rooms=rooms, invites=invites, lost=lost)

    def _is_withdrawn(self, id: str) -> bool:
        record = self._records.get(id)
        return record is not None and record.withdrawn is not None

    def _from_grant(self, text: str) -> Person | None:
        record = self.record(text)
        if record is None or record.uses or not record.is_good(self._clock()):
            return None
        person = Person(record.person or f"player:{record.id}", _role(record), record.note[:40], record.id)
        return _invited(person, record) if record.room else person

    # grants ---------------------------------------------------------------------------------------------------------

    def grant(self, record: Token) -> str:
        """The signed text that names a record."""
        return self._grants.dumps(record.id)

    def record(self, text: str) -> Token | None:
        """The record that a grant names, good or not; ``None`` when the signature is not ours."""
        try:
            return self._records.get(self._grants.loads(text))
        except BadSignature:
            return None

    def is_good(self, record: Token) -> bool:
        """Whether a record may be redeemed now."""
        return record.is_good(self._clock())

    def records(self) -> Sequence[Token]:
        """Everything that was handed out, newest first."""
        return sorted(self._records.values(), key=lambda token: token.created, reverse=True)

    async def hand_out(
        self, role: PersonRole, *, room: str = "", note: str = "", uses: int = 0, seconds: int | None = None
    ) -> Token:
        """A new record; ``uses`` 0 is any number, ``seconds`` how long it may be redeemed."""
        now = self._clock()
        expires = None if seconds is None else now + seconds * 1000
        record = Token(secrets.token_hex(8), role, now, room=room, note=note, expires=expires, uses=uses)
        await self._tokens.add_token(record)
        self._records[record.id] = record
        return record

    async def redeem(self, text: str, person: Person | None) -> Person:
        """Use a grant once: the person (a new one, if nobody came) with its role and its room.

        A role is never lowered by it. Raises `AccessError` when the grant is not ours or no longer good.
        """
        record = self.record(text)
        if record is None:
            raise AccessError("This link is not one of ours.")
        used = await self._tokens.use_token(record.id, self._clock())
        if used is None:
            raise AccessError("This link was used already, has run out or was taken back.")
        self._records[record.id] = used
        person = person or new_person()
        if used.room:
            person = _invited(person, used)
        if ROLES.index(_role(used)) > ROLES.index(person.role):
            person = replace(person, role=_role(used), grant=used.id)
        return person

    async def revoke(self, id: str, *, withdraw: bool = False) -> Token | None:
        """Take a record back (with ``withdraw`` also its room from those who came by it): the record after it, or
        ``None`` when there was nothing to take back."""
        found = await self._tokens.revoke_token(id, self._clock(), withdraw=withdraw)
        await self.load()
        return self._records.get(id) if found else None

    async def operator_link(self) -> str | None:
        """The grant of the one-time operator link; ``None`` once somebody has redeemed it."""
        links = [t for t in self._records.values() if t.note == _OPERATOR_LINK]
        if any(t.used and t.revoked is None for t in links):
            return None
        good = [t for t in links if t.is_good(self._clock())]
        record = good[0] if good else await self.hand_out("operator", note=_OPERATOR_LINK, uses=1)
        return self.grant(record)


def _invited(person: Person, record: Token) -> Person:
    """The person with the room of a record, as the newest of at most `_MOST_ROOMS`."""
    rooms = (*[room for room in person.rooms if room != record.room], record.room)[-_MOST_ROOMS:]
    invites = (*[one for one in person.invites if one[0] != record.room], (record.room, record.id))[-_MOST_ROOMS:]
    return replace(person, rooms=rooms, invites=invites, lost=tuple(r for r in person.lost if r != record.room))


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
