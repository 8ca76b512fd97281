"""A remark that says a label word for word."""

from __future__ import annotations

import pytest

from openroom.language.requests.by_label import by_label
from openroom.language.requests.item import MenuItem

MENU = (
    MenuItem("lamp.light", "Light the lamp", (), ("Die Lampe anzünden", "点亮灯", "ランプをつける")),
    MenuItem("beacon.light_up", "Light the great lamp", (), ("Die große Lampe anzünden",)),
    MenuItem("doll.up", "Hang the doll upright (for a clear sky)", (), ("Die Puppe aufhängen (für klaren Himmel)",)),
)


@pytest.mark.parametrize(
    ("heard", "wanted"),
    [
        ("mira, could you please light the lamp?", "lamp.light"),
        ("mira, kannst du bitte die lampe anzünden?", "lamp.light"),
        ("edda, kannst du bitte die große lampe anzünden?", "beacon.light_up"),
        ("mira，可以请你点亮灯吗？", "lamp.light"),
        ("miraさん、ランプをつけるのをお願いできますか。", "lamp.light"),
        ("kannst du die puppe aufhängen?", "doll.up"),
        ("why did you light the lamp?", ""),
        ("mira, soll ich die lampe anzünden?", ""),
        ("light the lamp when the train comes", ""),
        ("", ""),
    ],
)
def test_only_an_address_and_a_polite_form_may_stand_around_it(heard: str, wanted: str) -> None:
    assert by_label(heard, MENU) == wanted
