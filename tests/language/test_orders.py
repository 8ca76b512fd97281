"""Orders that stand in a card's prose."""

from __future__ import annotations

import pytest

from openroom.language.orders import Orders, read_orders


def values(found: Orders) -> dict[str, object]:
    one = {key: order.value for key in ("address", "sentences", "until") if (order := getattr(found, key))}
    many = {
        key: tuple(order.value for order in orders)
        for key in ("never_address", "unknown", "banned")
        if (orders := getattr(found, key))
    }
    return {**one, **many, **({"until_named": True} if found.until_named else {})}


@pytest.mark.parametrize(
    ("code", "text", "found"),
    [
        ("en", "Call the visitor traveller.", {"address": "traveller"}),
        ("en", "Addresses everyone as 'captain'.", {"address": "captain"}),
        ("en", "You call visitors sailor, always.", {"address": "sailor"}),
        ("en", "Call a visitor traveller until they tell a name.", {"address": "traveller", "until_named": True}),
        ("en", "Call a visitor my friend.", {"address": "my friend"}),
        ("en", "Never call a visitor dear.", {"never_address": ("dear",)}),
        ("en", "Never more than two sentences.", {"sentences": "2"}),
        ("en", "Replies in one or two short sentences.", {"sentences": "2"}),
        ("en", "Knows nothing after 1962.", {"until": "1962"}),
        ("en", "Lives in 1890.", {"until": "1890"}),
        ("en", "It is November 1962 and it storms.", {"until": "1962"}),
        ("en", 'Never says "okay".', {"banned": ("okay",)}),
        ("en", "He has never heard of the internet, football or smartphones.",
         {"unknown": ("internet", "football", "smartphones")}),
        ("de", "Du nennst alle Besucher Kapitän.", {"address": "Kapitän"}),
        ("de", "Nenne jeden „Wanderer“.", {"address": "Wanderer"}),
        ("de", "Höchstens zwei Sätze.", {"sentences": "2"}),
        ("de", "Es ist das Jahr 1890.", {"until": "1890"}),
        ("de", "Du hast nie vom Kino gehört.", {}),
        ("de", "Du hast nie von Computern gehört.", {"unknown": ("Computern",)}),
        ("de", "Sag nie „okay“.", {"banned": ("okay",)}),
        ("es", "Llama a los visitantes «capitán».", {"address": "capitán"}),
        ("es", "Nunca más de dos frases.", {"sentences": "2"}),
        ("es", "Vive en 1890.", {"until": "1890"}),
        ("es", "Nunca ha oído hablar de internet ni del cine.", {"unknown": ("internet", "cine")}),
        ("zh", "把客人叫做“船长”。", {"address": "船长"}),
        ("zh", "最多两句。", {"sentences": "2"}),
        ("zh", "你生活在1890年。", {"until": "1890"}),
        ("zh", "从没听说过电脑和手机。", {"unknown": ("电脑", "手机")}),
        ("zh", "从不说“好的”。", {"banned": ("好的",)}),
        ("ja", "客のことを「船長」と呼ぶ。", {"address": "船長"}),
        ("ja", "二文以内で話す。", {"sentences": "2"}),
        ("ja", "今は1890年だ。", {"until": "1890"}),
        ("ja", "テレビを聞いたことがない。", {"unknown": ("テレビ",)}),
        ("ja", "「はい」とは決して言わない。", {"banned": ("はい",)}),
        ("zh", "Call a visitor traveller.", {"address": "traveller"}),
    ],
)  # fmt: skip
def test_an_order_is_read(code: str, text: str, found: dict[str, object]) -> None:
    assert values(read_orders([f"Some prose before. {text}"], code)) == found


@pytest.mark.parametrize(
    "text",
    [
        "You call people to dinner.",
        "You call visitors by name.",
        "She calls people who lie cowards.",
        "Nobody calls visitors anything.",
        "You know nothing about it.",
        "At three you listen, and write nothing about it in the log.",
        "You lived in Lisbon for two sentences of a bad judge.",
        "The house was built in 1890.",
        "You have 1962 sheep.",
        "He said more than two words once.",
    ],
)
def test_what_is_no_order_is_none(text: str) -> None:
    assert values(read_orders([text], "en")) == {}
