"""Who asks: as the application around the rooms says (`identify`), else as a token or the session cookie says."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError
from starlette.requests import HTTPConnection

from openroom.core.action import Id
from openroom.errors import AccessError
from openroom.server.access import MACHINE, Access, Person, PersonRole, rename

_ID: TypeAdapter[str] = TypeAdapter(Id)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody whom the application around the rooms knows. ``id`` is its own for them and never changes: in rooms they
    are ``player:<id>``. Raises ValueError for an id that cannot be one."""

    id: str
    name: str = ""
    role: PersonRole = "player"

    def __post_init__(self) -> None:
        try:
            fits = bool(self.id) and _ID.validate_python(self.participant) != MACHINE
        except ValidationError:
            fits = False
        if not fits:
            raise ValueError(f"expected a user id of 1 to 73 of A-Z a-z 0-9 _ : . -, came {self.id[:80]!r}")

    @property
    def participant(self) -> str:
        return f"player:{self.id}"


Identify = Callable[[HTTPConnection], User | Awaitable[User | None] | None]
"""Of a request or the opening of a socket: who it is, ``None`` where the application does not know. It may raise
`openroom.errors.AccessError` to turn them away."""


async def ask(identify: Identify | None, access: Access, asked: HTTPConnection) -> Person | None:
    """Who asks, as the application says. No session is ever signed for them: at each request it is asked again."""
    user = identify(asked) if identify is not None else None
    if inspect.isawaitable(user):
        user = await user
    if user is None:
        return None
    person = Person(user.participant, user.role, identified=True)
    with suppress(AccessError):  # without a fit name they choose one as they come in, or are a guest
        person = rename(person, user.name)
    return access.with_rooms(person)


def by_cookie(access: Access, asked: HTTPConnection) -> Person | None:
    """Whom the session cookie names."""
    return access.person(asked.cookies.get(access.cookie_name))
