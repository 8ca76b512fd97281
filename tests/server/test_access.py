from __future__ import annotations

import stat
from pathlib import Path

import pytest

from openroom.errors import AccessError
from openroom.server.access import Access, Person, load_secret, new_person, rename, require
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


def test_roles_are_in_order() -> None:
    assert require(Person("p", "operator"), "creator").id == "p"
    with pytest.raises(AccessError, match="needs the role operator"):
        require(Person("p", "creator"), "operator")
    with pytest.raises(AccessError):
        require(None, "spectator")
