from __future__ import annotations

import itertools
import json
import stat
import time
from dataclasses import replace
from pathlib import Path

import pytest

from openroom.errors import AccessError
from openroom.server.access import (
    MACHINE,
    SESSION_SECONDS,
    Access,
    Person,
    PersonRole,
    load_secret,
    new_person,
    rename,
    require,
)
from openroom.store.inmemory import MemoryStore
from tests.server.live import small_settings

SECRET = b"0123456789abcdef"


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def access(clock: Clock) -> Access:
    found = Access(MemoryStore(), SECRET, clock)
    await found.load()
    return found


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    settings = small_settings(tmp_path)
    first = load_secret(settings)
    assert load_secret(settings) == first
    assert len(first) == 64
    assert stat.S_IMODE((settings.data / "secret").stat().st_mode) == 0o600
    assert load_secret(small_settings(tmp_path, secret="given by the settings")) == b"given by the settings"


async def test_a_session_says_who_one_is_and_nobody_else_can_sign_it(access: Access) -> None:
    ann = Person("player:1", "creator", "Ann", rooms=("hall-1",))
    text = access.session(ann)
    assert access.person(text) == ann
    assert access.person(text[:-2] + "xx") is None
    assert Access(MemoryStore(), b"another secret!!", Clock()).person(text) is None
    assert access.person("") is None


async def test_a_name_is_no_identity() -> None:
    one, other = rename(new_person(), "Ann"), rename(new_person(), "Ann")
    assert one.id != other.id
    for name in ("", "  ", "x" * 41, "a\nb"):
        with pytest.raises(AccessError, match="1 to 40"):
            rename(one, name)


async def test_a_reusable_grant_is_a_token_by_itself_until_it_is_revoked(access: Access, clock: Clock) -> None:
    record = await access.hand_out("creator", note="build bot", seconds=60)
    text = access.grant(record)
    person = access.person(text)
    assert person is not None
    assert (person.id, person.role, person.grant) == (f"player:{record.id}", "creator", record.id)
    clock.now += 61_000
    assert access.person(text) is None
    clock.now -= 61_000
    assert await access.revoke(record.id)
    assert access.person(text) is None
    assert not await access.revoke("unknown")


async def test_a_redeemed_role_goes_when_its_grant_is_revoked(access: Access) -> None:
    record = await access.hand_out("operator", uses=1)
    text = access.grant(record)
    assert access.person(text) is None, "a link to be redeemed is no bearer token"
    ann = await access.redeem(text, Person("player:1", name="Ann"))
    session = access.session(ann)
    assert (ann.id, ann.role, ann.name) == ("player:1", "operator", "Ann")
    with pytest.raises(AccessError, match="used already"):
        await access.redeem(text, None)
    await access.revoke(record.id)
    demoted = access.person(session)
    assert demoted is not None
    assert (demoted.id, demoted.role) == ("player:1", "player")


async def test_redeeming_never_lowers_a_role_and_adds_the_room(access: Access) -> None:
    invite = access.grant(await access.hand_out("player", room="hall-7"))
    boss = await access.redeem(invite, Person("player:1", "operator"))
    assert (boss.role, boss.rooms) == ("operator", ("hall-7",))
    somebody = await access.redeem(invite, None)
    assert somebody.id != boss.id
    with pytest.raises(AccessError, match="not one of ours"):
        await access.redeem("forged", None)


async def test_a_withdrawn_invite_takes_the_room_from_those_who_came_by_it(access: Access) -> None:
    record, other = [await access.hand_out("player", room="hall-7") for _ in range(2)]
    ann, ben = [await access.redeem(access.grant(one), None) for one in (record, other)]
    session = access.session(ann)
    assert access.person(session) == ann
    assert await access.revoke(record.id)
    kept = access.person(session)
    assert kept is not None
    assert (kept.rooms, kept.lost) == (("hall-7",), ()), "revoking alone takes the room from nobody"
    assert await access.revoke(record.id, withdraw=True)
    assert await access.revoke(record.id, withdraw=True) is None
    lost = access.person(access.session(rename(kept, "Ann")))
    assert lost is not None
    assert (lost.rooms, lost.lost) == ((), ("hall-7",)), "a session made anew remembers it"
    assert access.person(access.session(ben)) == ben
    again = await access.redeem(access.grant(other), lost)
    assert (again.rooms, again.lost) == (("hall-7",), ())
    assert access.person(access.session(again)) == again


async def test_no_older_session_of_a_person_keeps_a_room_that_was_taken_back(clock: Clock) -> None:
    store = MemoryStore()
    access = Access(store, SECRET, clock)
    await access.load()
    record, other = [await access.hand_out("player", room="hall-7") for _ in range(2)]
    before = access.session(Person("player:1", name="Ann"))
    ann = await access.redeem(access.grant(record), access.person(before))
    again = await access.redeem(access.grant(other), ann)
    assert await access.revoke(record.id, withdraw=True)
    for server in (access, Access(store, SECRET, clock)):  # as it runs, and started anew
        await server.load()
        for text in (before, access.session(ann), access.session(again)):
            assert server.person(text) == replace(again, rooms=("hall-7",)), "the newest invite counts, in each of them"
    await access.revoke(other.id, withdraw=True)
    for server in (access, Access(store, SECRET, clock)):
        await server.load()
        for text in (before, access.session(ann), access.session(again)):
            found = server.person(text)
            assert found is not None
            assert (found.rooms, found.lost) == ((), ("hall-7",))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_any_invite_that_was_not_withdrawn_keeps_the_room(clock: Clock, order: tuple[int, ...]) -> None:
    store = MemoryStore()
    access = Access(store, SECRET, clock)
    await access.load()
    records = [await access.hand_out("player", room="hall-7") for _ in range(3)]
    ann = Person("player:1")
    sessions = []
    for record in records:
        ann = await access.redeem(access.grant(record), ann)
        sessions.append(access.session(ann))
    await access.revoke(records[order[-1]].id)  # alone, which takes the room from nobody
    for left in (2, 1, 0):
        await access.revoke(records[order[2 - left]].id, withdraw=True)
        for server in (access, Access(store, SECRET, clock)):
            await server.load()
            for text in sessions:
                found = server.person(text)
                assert found is not None
                assert (found.rooms, found.lost) == ((("hall-7",), ()) if left else ((), ("hall-7",)))


async def test_a_session_from_before_the_server_kept_who_came_tells_it(clock: Clock) -> None:
    store = MemoryStore()
    access = Access(store, SECRET, clock)
    await access.load()
    record = await access.hand_out("player", room="hall-7")
    before = access.session(Person("player:1"))
    told = access.session(Person("player:1", invites=(("hall-7", record.id),)))
    assert access.person(before) == Person("player:1")
    assert access.person(told) == Person("player:1", rooms=("hall-7",), invites=(("hall-7", record.id),))
    await access.revoke(record.id, withdraw=True)
    for server in (access, Access(store, SECRET, clock)):
        await server.load()
        for text in (before, told):
            found = server.person(text)
            assert found is not None
            assert (found.rooms, found.lost) == ((), ("hall-7",))


async def test_an_invite_is_no_bearer_token(access: Access) -> None:
    invite = await access.hand_out("player", room="hall-7")
    assert access.person(access.grant(invite)) is None


@pytest.mark.parametrize("role", ["spectator", "player", "creator", "operator"])
async def test_a_new_person_has_the_role_of_the_grant_and_never_more_when_it_is_taken_back(
    access: Access, role: PersonRole
) -> None:
    record = await access.hand_out(role, uses=2)
    ann = await access.redeem(access.grant(record), None)
    assert ann.role == role
    session = access.session(ann)
    known = access.session(await access.redeem(access.grant(record), Person("player:1")))
    await access.revoke(record.id)
    roles = [found.role for text in (session, known) if (found := access.person(text))]
    assert roles == ["spectator" if role == "spectator" else "player", "player"]


async def test_a_person_counts_as_whom_they_have_their_role_from(access: Access) -> None:
    root = await access.redeem(await access.operator_link() or "", None)
    second = await access.redeem(access.grant(await access.hand_out("operator", uses=1, giver=root.id)), None)
    bot = access.person(access.grant(await access.hand_out("operator", giver=second.id)))
    guest = await access.redeem(access.grant(await access.hand_out("creator", uses=1, giver=root.id)), None)
    machine = await access.redeem(access.grant(await access.hand_out("operator", uses=1, giver=MACHINE)), None)
    assert bot is not None
    assert access.counts_as(root.id) == {root.id}
    assert access.counts_as(bot.id) == {bot.id, second.id, root.id}
    assert access.counts_as(machine.id) == {machine.id}
    assert access.counts_as(guest.id) == {guest.id}, "who can't decide counts as nobody else"


async def test_taking_a_role_back_takes_back_what_was_given_on_its_strength(access: Access) -> None:
    first = await access.hand_out("operator", uses=1)
    ann = await access.redeem(access.grant(first), None)
    second = await access.hand_out("operator", uses=1, giver=ann.id)
    ben = await access.redeem(access.grant(second), None)
    await access.hand_out("creator", giver=ben.id)
    room = await access.hand_out("creator", room="hall-7", giver=ben.id)
    own = await access.hand_out("operator", uses=3)
    for one in (ann, None):
        boss = await access.redeem(access.grant(own), one)
    kept = await access.hand_out("creator", giver=boss.id)
    await access.revoke(second.id)
    good = {record.id for record in access.records() if record.revoked is None}
    assert good == {first.id, room.id, own.id, kept.id}, "invites into a room stay the room's affair"
    again = await access.hand_out("creator", giver=ann.id)
    await access.revoke(first.id)
    assert {record.id for record in access.records() if record.revoked is None} >= {own.id, kept.id, again.id}, (
        "who is operator by another record too gave it by right"
    )
    await access.revoke(own.id)
    assert {record.id for record in access.records() if record.revoked is None} == {room.id}


@pytest.mark.parametrize("room", ["", "hall-7"])
@pytest.mark.parametrize("length", [1, 2, 3])
async def test_who_gave_each_other_a_role_in_a_ring_have_it_from_nobody(access: Access, length: int, room: str) -> None:
    """Each makes the next operator, and the last the first, by links and by tokens that serve as they are."""
    ring = [await access.hand_out("operator", uses=1)]
    people = [await access.redeem(access.grant(ring[0]), None)]
    for _ in range(length - 1):
        ring.append(await access.hand_out("operator", room=room, giver=people[-1].id))
        people.append(await access.redeem(access.grant(ring[-1]), None))
    ring.append(await access.hand_out("operator", room=room, giver=people[-1].id))
    await access.redeem(access.grant(ring[-1]), people[0])
    bot = await access.hand_out("operator", giver=people[-1].id)
    own = await access.hand_out("operator", giver=f"player:{bot.id}")
    await access.redeem(access.grant(own), people[-1])
    further = await access.hand_out("creator", giver=people[0].id)
    other = await access.hand_out("operator")
    outside = await access.hand_out("operator", giver="player:known-to-the-application")
    sessions = [access.session(person) for person in people]
    await access.revoke(ring[0].id)
    assert {record.id for record in access.records() if record.revoked is None} == {other.id, outside.id}
    assert {person.role for text in sessions if (person := access.person(text))} == {"player"}
    for record in (*ring, bot, own, further):
        assert access.person(access.grant(record)) is None
        with pytest.raises(AccessError):
            await access.redeem(access.grant(record), people[0])


async def test_a_ring_stands_while_somebody_in_it_has_a_role_from_beyond_it(access: Access) -> None:
    first, second = [await access.hand_out("operator", uses=1) for _ in range(2)]
    ann, ben = [await access.redeem(access.grant(one), None) for one in (first, second)]
    by_ann, by_ben = [await access.hand_out("operator", giver=one.id) for one in (ann, ben)]
    await access.redeem(access.grant(by_ann), ben)
    await access.redeem(access.grant(by_ben), ann)
    await access.revoke(first.id)
    assert {record.id for record in access.records() if record.revoked is None} == {second.id, by_ann.id, by_ben.id}
    await access.revoke(second.id)
    assert not [record for record in access.records() if record.revoked is None]


async def test_the_operator_link_is_the_same_until_somebody_used_it(clock: Clock) -> None:
    store = MemoryStore()
    links = []
    for _ in range(2):  # two starts of the server
        access = Access(store, SECRET, clock)
        await access.load()
        links.append(access.record(await access.operator_link() or ""))
    assert links[0] == links[1]
    await access.redeem(await access.operator_link() or "", None)
    assert await access.operator_link() is None
    again = Access(store, SECRET, clock)
    await again.load()
    assert await again.operator_link() is None


async def test_a_revoked_operator_link_is_made_anew(access: Access) -> None:
    link = await access.operator_link()
    record = access.record(link or "")
    assert record is not None
    await access.redeem(link or "", None)
    await access.revoke(record.id)
    fresh = access.record(await access.operator_link() or "")
    assert fresh is not None
    assert fresh.id != record.id


async def test_an_ended_session_stays_ended_for_as_long_as_it_could_be_used(clock: Clock) -> None:
    store = MemoryStore()
    access = Access(store, SECRET, clock)
    await access.load()
    ann, ben = [access.session(Person(f"player:{n}")) for n in (1, 2)]
    await access.end_session(ann)
    for server in (access, Access(store, SECRET, clock)):
        await server.load()
        assert server.person(ann) is None
        assert server.person(ben) == Person("player:2")
    await access.end_session("no session")
    clock.now += SESSION_SECONDS * 1000 + 1
    await access.end_session(ben)
    assert len(json.loads(await store.get("ended sessions") or "")) == 1, "what has run out is not kept"


def test_roles_are_in_order() -> None:
    assert require(Person("p", "operator"), "creator").id == "p"
    with pytest.raises(AccessError, match="needs the role operator"):
        require(Person("p", "creator"), "operator")
    with pytest.raises(AccessError):
        require(None, "spectator")


@pytest.mark.parametrize(("days", "known"), [(-4000, True), (-1, True), (399, True), (401, False)])
async def test_a_session_is_known_before_its_time_and_until_it_is_too_old(
    access: Access, monkeypatch: pytest.MonkeyPatch, days: int, known: bool
) -> None:
    text = access.session(Person("player:1"))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + days * 86_400)
    assert access.person(text) == (Person("player:1") if known else None)
