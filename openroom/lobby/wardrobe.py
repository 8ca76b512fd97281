"""A person's personas, kept in the store: made, changed and deleted by them alone.

wardrobe = await wardrobes.of(person)       # the same object for all who ask while somebody holds it
persona = await wardrobe.add(PersonaWish(name="Captain Vale", about="Sailed round the Horn twice."))
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from weakref import WeakValueDictionary

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from openroom.core.action import Name
from openroom.core.look import Look
from openroom.core.persona import MOST_PERSONAS, About, Persona
from openroom.errors import AccessError, RefusedError
from openroom.ports.store import KeyValues

_LOG = logging.getLogger(__name__)
_KEY = "personas {person}"
_PERSONAS: TypeAdapter[tuple[Persona, ...]] = TypeAdapter(tuple[Persona, ...])


class PersonaWish(BaseModel):
    """What a persona shall be: `openroom.core.persona.Persona` without its id."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    about: About = ""
    look: Look | None = None
    is_me: bool = False

    def as_persona(self, id: str) -> Persona:
        return Persona(id=id, name=self.name, about=self.about, look=self.look, is_me=self.is_me)


class Wardrobe:
    """The personas of one person."""

    def __init__(self, store: KeyValues, person: str, personas: tuple[Persona, ...]) -> None:
        self.personas = personas
        self._store, self._key, self._changing = store, _KEY.format(person=person), asyncio.Lock()

    def persona(self, id: str) -> Persona:
        """The one of that id. Raises `AccessError`."""
        found = next((one for one in self.personas if one.id == id), None)
        if found is None:
            raise AccessError(f"You have no persona {id[:40]!r}.")
        return found

    async def add(self, wish: PersonaWish) -> Persona:
        """A new one. Raises `RefusedError` when there are `MOST_PERSONAS`."""
        async with self._changing:
            if len(self.personas) >= MOST_PERSONAS:
                raise RefusedError("too_many", f"You have {MOST_PERSONAS} personas; delete one first.")
            made = wish.as_persona(f"p{secrets.token_hex(6)}")
            await self._keep((*self.personas, made))
            return made

    async def change(self, id: str, wish: PersonaWish) -> Persona:
        """Another content for that one; rooms know it from the next time that it is shown. Raises `AccessError`."""
        async with self._changing:
            self.persona(id)
            changed = wish.as_persona(id)
            await self._keep(tuple(changed if one.id == id else one for one in self.personas))
            return changed

    async def remove(self, id: str) -> None:
        """Delete that one. Raises `AccessError`."""
        async with self._changing:
            self.persona(id)
            await self._keep(tuple(one for one in self.personas if one.id != id))

    async def _keep(self, personas: tuple[Persona, ...]) -> None:
        written = json.dumps([one.model_dump(mode="json", exclude_none=True) for one in personas])
        await self._store.put(self._key, written if personas else None)
        self.personas = personas


class Wardrobes:
    """Everybody's, each read when somebody asks for it, and let go when nobody holds it."""

    def __init__(self, store: KeyValues) -> None:
        self._store = store
        self._held: WeakValueDictionary[str, Wardrobe] = WeakValueDictionary()

    async def of(self, person: str) -> Wardrobe:
        """The wardrobe of a participant id. Raises `StoreError`."""
        if (held := self._held.get(person)) is not None:
            return held
        kept = await self._store.get(_KEY.format(person=person))
        if (held := self._held.get(person)) is None:  # nobody has asked meanwhile
            held = self._held[person] = Wardrobe(self._store, person, _read(kept))
        return held


def _read(kept: str | None) -> tuple[Persona, ...]:
    """What was kept; what a later version wrote and this one cannot read is no persona."""
    try:
        return _PERSONAS.validate_json(kept) if kept else ()
    except ValidationError as error:
        _LOG.warning("personas that cannot be read: %s", error)
        return ()
