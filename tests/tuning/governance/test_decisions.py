"""Decisions are the same from every door: asked first, logged, and then what the store says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from openroom.errors import AccessError, SettingsError
from openroom.ports.store import Activation
from openroom.store.inmemory import MemoryStore
from openroom.tuning.audit.run_log import KEPT_MARK
from openroom.tuning.governance.decisions import APPROVAL_SECONDS, SHARE, Answer, Decision, decide, put_in_force
from openroom.tuning.governance.states import Holdout, Item
from tests.tuning.governance.conftest import House


@pytest.fixture
async def store() -> AsyncIterator[MemoryStore]:
    one = MemoryStore()
    yield one
    await one.close()


class Asker:
    """Asks the holdout, which says at once what it is told to say; nothing: it is still being asked."""

    def __init__(self, house: House, answer: dict[str, Any] | None = None, kind: str = "holdout_answer") -> None:
        self.house, self.answer, self.kind = house, answer, kind
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, item: Item, calls: int) -> None:
        self.asked.append((item.round_id, calls))
        if self.answer is not None:
            self.house.holdout(item.round_id, self.kind, **self.answer)


async def answer(
    house: House, round_id: str, word: Answer, ask: Asker | None = None, by: str = "ann", **more: Any
) -> Item:
    wish = Decision.on(house.desk.item(round_id), word, **more)
    return await decide(house.desk, round_id, wish, by, ask or Asker(house))


async def test_an_approval_holds_for_ten_minutes_and_starts_a_canary_in_a_fifth_of_the_turns(house: House) -> None:
    item = await answer(house, house.round("tea"), "approve", why="she says traveller")
    assert (item.state, item.share) == ("canary", SHARE)
    assert item.approval is not None
    assert (item.approval.by, item.approval.why) == ("ann", "she says traveller")
    assert item.approval.expires - item.approval.at == APPROVAL_SECONDS == 600
    assert (await answer(house, house.round("rain"), "approve", share=0.0)).state == "approved"


async def test_the_store_learns_how_far_the_log_has_come(house: House, store: MemoryStore) -> None:
    item = await answer(house, house.round("tea"), "approve")
    await put_in_force(house.desk, store, item.character)
    assert house.heads.read_mark(await store.get(KEPT_MARK) or "") == house.chain.entries[-1].head
    await store.put(KEPT_MARK, "of another log")
    await put_in_force(house.desk, store, item.character)
    assert await store.get(KEPT_MARK) == "of another log"


async def test_release_asks_the_holdout_once_and_takes_effect_when_it_passes(house: House) -> None:
    round_id, ask = house.round("tea", tier=2), Asker(house, {"passed": True})
    await answer(house, round_id, "approve", share=0.0)
    assert (await answer(house, round_id, "release", ask, "ben", calls=40)).state == "released"
    assert ask.asked == [(round_id, 40)]


@pytest.mark.parametrize(
    ("ask", "holdout"),
    [(None, "not_asked"), ({"passed": False}, "failed"), ({"why": "nobody answers"}, "unplayed")],
)
async def test_what_has_not_passed_stays_what_it_is(house: House, ask: dict[str, Any] | None, holdout: Holdout) -> None:
    round_id = house.round("tea", tier=2)
    await answer(house, round_id, "approve", share=0.0)
    kind = "holdout_off" if holdout == "unplayed" else "holdout_answer"
    item = await answer(house, round_id, "release", Asker(house, ask, kind))
    assert (item.state, item.holdout) == ("approved", holdout)
    assert house.refusals() == []
    again = Asker(house)
    if holdout == "failed":  # it has answered: whoever says release all the same is refused, and it is not asked again
        with pytest.raises(AccessError, match="shows no gain"):
            await answer(house, round_id, "release", again)
    else:
        await answer(house, round_id, "release", again)
    assert len(again.asked) == (holdout != "failed")
    unasked = Asker(house)
    assert (await answer(house, round_id, "release", unasked, override="we listened to her")).state == "released"
    assert unasked.asked == []


async def test_what_people_taste_costs_the_holdout_no_question(house: House) -> None:
    round_id, ask = house.round("tea"), Asker(house, {"passed": True})
    await answer(house, round_id, "approve", share=0.0)
    with pytest.raises(AccessError, match="which has not begun"):
        await answer(house, round_id, "release", ask)
    house.tasted(round_id)
    assert (await answer(house, round_id, "release", ask)).state == "released"
    assert ask.asked == []


async def test_who_may_not_release_costs_the_holdout_no_question(house: House) -> None:
    round_id, ask = house.round("tea", operator="ann"), Asker(house, {"passed": True})
    await answer(house, round_id, "approve", by="ben")
    with pytest.raises(AccessError, match="did not propose it"):
        await answer(house, round_id, "release", ask)
    assert ask.asked == []


async def test_what_waited_too_long_has_expired_before_anybody_answers(house: House) -> None:
    late, other = house.round("tea"), house.round("rain")
    house.clock.now = 1101.0
    with pytest.raises(AccessError, match="expired allows"):
        await answer(house, other, "approve")
    assert {house.desk.item(one).state for one in (late, other)} == {"expired"}


async def test_not_now_changes_nothing_and_no_wants_a_reason(house: House) -> None:
    round_id = house.round("tea")
    assert (await answer(house, round_id, "later")).state == "awaiting_approval"
    with pytest.raises(AccessError, match="with a reason"):
        await answer(house, round_id, "reject")
    assert (await answer(house, round_id, "reject", why="too flat")).state == "rejected"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"why": "x" * 501}, "why: String should have at most 500 characters"),
        ({"calls": 0}, "calls: Input should be greater than or equal to 1"),
    ],
)
def test_an_answer_that_no_door_takes_is_told_in_a_sentence(house: House, more: dict[str, Any], why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        Decision.on(house.desk.item(house.round("tea")), "approve", **more)


async def test_the_store_follows_the_log(house: House, store: MemoryStore) -> None:
    start, round_id = house.head.digest, house.round("tea")
    item = await answer(house, round_id, "approve")
    active = await put_in_force(house.desk, store, "mira")
    assert (active.canary, active.round_id, active.released) == (item.version, round_id, start)
    kept = {one.digest: one.parent for one in await store.versions("mira")}
    assert kept == {start: None, item.version: start}
    assert await store.active("mira") == start
    await answer(house, round_id, "release", override="we listened to her")
    for _ in range(2):
        assert (await put_in_force(house.desk, store, "mira")).released == item.version
    house.desk.rollback("mira", "ann")
    await put_in_force(house.desk, store, "mira", went_back=True)
    assert [one.digest for one in await store.activations("mira")] == [start, item.version, start]


async def test_what_the_store_says_stays_where_the_log_has_released_nothing(house: House, store: MemoryStore) -> None:
    version = house.desk.version("edda", house.head.digest)
    await store.add_version(version)
    await store.activate(Activation("edda", version.digest, 1))
    await put_in_force(house.desk, store, "edda")
    assert await store.active("edda") == version.digest
    await put_in_force(house.desk, store, "edda", went_back=True)
    assert await store.active("edda") is None
