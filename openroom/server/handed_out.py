"""What was handed out, who came by it, and who gave it: plain values in memory, which `Access` keeps in step with the
store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openroom.ports.store import Token


class HandedOut:
    """Records by id, and by person the records they came by, the newest last."""

    def __init__(self, records: Iterable[Token] = (), guests: Iterable[tuple[str, str]] = ()) -> None:
        self._records = {token.id: token for token in records}
        self._came: dict[str, dict[str, None]] = {}
        self._told: set[tuple[str, str]] = set()
        for token, person in guests:
            self.note(person, token)

    def get(self, id: str) -> Token | None:
        """The record of that id."""
        return self._records.get(id)

    def put(self, record: Token) -> None:
        """A record that is new, or has changed."""
        self._records[record.id] = record

    def all(self) -> list[Token]:
        """All records."""
        return list(self._records.values())

    # who came by what -----------------------------------------------------------------------------------------------

    def note(self, who: str, id: str) -> None:
        """A person came by a record: it is their newest."""
        self._told.discard((who, id))
        came = self._came.setdefault(who, {})
        came.pop(id, None)
        came[id] = None

    def learn(self, who: str, id: str, rooms: Mapping[str, str]) -> None:
        """What a session tells, from before the server kept it: the record ``id`` of a role, records by room."""
        known = self.invites(who)
        for one in [id, *(record for room, record in rooms.items() if room not in known)]:
            if one and one not in self._came.get(who, ()):
                self.note(who, one)
                self._told.add((who, one))

    def told_of(self, id: str) -> list[str]:
        """Those who came by a record as only their sessions tell: the store does not know them."""
        return [who for who, one in self._told if one == id]

    def came_by(self, id: str) -> list[str]:
        """Who came by a record."""
        return [who for who, came in self._came.items() if id in came]

    def invites(self, who: str) -> dict[str, str]:
        """By room the newest record that a person came by; of those that were not withdrawn, where there is one."""
        found: dict[str, Token] = {}
        for record in filter(None, map(self._records.get, self._came.get(who, ()))):
            kept = found.get(record.room)
            if record.room and (kept is None or record.withdrawn is None or kept.withdrawn is not None):
                found.pop(record.room, None)
                found[record.room] = record
        return {room: record.id for room, record in found.items()}

    def lost(self, who: str) -> tuple[str, ...]:
        """The rooms to which every invite of a person was withdrawn."""
        invites = self.invites(who)
        return tuple(room for room, id in invites.items() if self._records[id].withdrawn is not None)

    # who gave what --------------------------------------------------------------------------------------------------

    def counts_as(self, who: str) -> frozenset[str]:
        """The person, who gave them the role of operator, who gave it to those, and so on."""
        found: set[str] = set()
        ahead = [who]
        while ahead:
            if (one := ahead.pop()) not in found:
                found.add(one)
                ahead += [record.giver for record in self._operator_roles(one) if record.giver]
        return frozenset(found)

    def given_by(self, id: str) -> list[str]:
        """The roles that rest on a record of an operator: handed out by those who came by it, by those who came by
        these, and so on, where they have no other role that was given in the end by somebody beyond that."""
        found, ahead = {id: None}, [id]
        while ahead:
            people = self._operators_by(ahead.pop())
            given = [one.id for one in self._roles() if one.giver in people and one.id not in found]
            found.update(dict.fromkeys(given))
            ahead += given
        rooted = self._rooted(id)
        return [one for one in found if one != id and one not in rooted]

    def _rooted(self, without: str) -> set[str]:
        """The roles that stand ``without`` a record: given by the machine, by who is operator by no record, or by who
        has one of these. Who gave each other a role, in a ring, have it from nobody."""
        found: set[str] = set()
        people: set[str] = set()
        left = [one for one in self._roles() if one.id != without]
        while new := [one.id for one in left if one.giver in people or not self._operator_roles(one.giver)]:
            found.update(new)
            people.update(*map(self._operators_by, new))
            left = [one for one in left if one.id not in found]
        return found

    def _roles(self) -> list[Token]:
        """The records that stand, but for invites into a room: those are the room's affair, unless they make somebody
        operator."""
        stand = (record for record in self._records.values() if record.revoked is None)
        return [record for record in stand if not record.room or record.role == "operator"]

    def _operators_by(self, id: str) -> set[str]:
        """Whom a record makes operator."""
        record = self._records.get(id)
        return {bearer(id), *self.came_by(id)} if record is not None and record.role == "operator" else set()

    def _operator_roles(self, who: str) -> list[Token]:
        """The records that make somebody operator, or did."""
        ids = {*self._came.get(who, ()), who.removeprefix(bearer(""))}
        return [one for one in map(self._records.get, ids) if one is not None and one.role == "operator"]


def bearer(id: str) -> str:
    """The person who bears a token of any number of uses."""
    return f"player:{id}"
