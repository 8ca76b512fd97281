from __future__ import annotations

from openroom.client.view import RoomView


def test_events_in_order_old_ones_and_gaps() -> None:
    view = RoomView(epoch="e", seq=4, state={"props": {"lamp": {"lit": True}}})
    assert view.event({"seq": 5, "patch": {"props": {"lamp": {"lit": None, "glow": "low"}}}}) is True
    assert view.state == {"props": {"lamp": {"glow": "low"}}}
    assert view.event({"seq": 5, "patch": {"props": None}}) is False
    assert view.event({"seq": 7, "patch": {"props": None}}) is None
    assert (view.seq, view.state) == (5, {"props": {"lamp": {"glow": "low"}}})


def test_a_new_epoch_forgets_what_was() -> None:
    view = RoomView(epoch="old", seq=9, state={"a": 1}, token="mine")
    view.hello({"you": "player:1", "name": "Ann", "role": "player", "owner": False, "epoch": "new"})
    assert (view.epoch, view.seq, view.state, view.token) == ("new", 0, {}, "mine")


def test_turns_come_and_go() -> None:
    view = RoomView()
    view.signal({"signal": "turn", "turn": "t1", "who": "character:mira", "phase": "thinking"})
    assert list(view.turns) == ["t1"]
    view.signal({"signal": "turn", "turn": "t1", "who": "character:mira", "phase": "done"})
    assert view.turns == {}
    view.signal({"signal": "model", "model": {"name": "understudy", "kind": "understudy", "detail": ""}})
    assert view.model["kind"] == "understudy"
