"""Recall in languages whose words nothing sets apart, and in several languages at once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from benchmarks.memory_evenings import EVENINGS
from benchmarks.memory_recall import measure
from openroom.language.words import searchable, telling_words
from openroom.memory.local import LocalMemory
from openroom.memory.rank import beyond_usual
from openroom.ports.memory_rows import Recall
from tests.memory.conftest import ANN, MIRA, Evening


async def test_evenings_in_five_languages_are_recalled_about_as_well_as_in_english() -> None:
    """Without embeddings. Of Chinese .33 and of Japanese .17 was recalled when an index held whole runs of characters,
    and .83 of English."""
    english = (await measure(None, people=4))["R@5"]
    assert english >= 0.75
    for language in EVENINGS:
        assert (await measure(None, people=4, language=language))["R@5"] >= 0.8 * english, language


@pytest.mark.parametrize(
    ("told", "asked", "answer"),
    [
        ("先週、灯台で古い望遠鏡を見つけました。", "灯台には何がありましたか？", "望遠鏡"),
        ("昨日は市場でりんごをたくさん買ったよ。", "りんごはどこで買ったの？", "市場"),
        ("我在墓园里丢了一把雨伞。", "我的伞丢在哪儿了？", "墓园"),
        ("上个月我的猫生了三只小猫。", "猫怎么样了？", "三只"),
        ("Yesterday I met 美咲 at the ferry.", "美咲を知っていますか？", "ferry"),
    ],
)
async def test_a_word_inside_a_sentence_without_spaces_is_found(
    evening: Evening, told: str, asked: str, answer: str
) -> None:
    await evening.tell(ANN, told)
    for small_talk in ("今日はいい天気ですね。", "今天天气真好。", "What a long week this was."):
        await evening.tell(ANN, small_talk)
    evening.now += 86_400_000
    found = await evening.recalled(asked, k_facts=0, k_episodes=2)
    assert any(answer in one.text and one.why == "fits what was said" for one in found)


def test_what_says_nothing_is_not_searched_for() -> None:
    assert telling_words("こんばんは。") == []
    assert telling_words("你在吗？") == []
    assert telling_words("猫") == ["猫"]
    assert "望遠" in telling_words("私の望遠鏡") and "私の" not in telling_words("私の望遠鏡")
    assert searchable("I met 美咲 there.").split()[2:5] == ["美", "美咲", "咲"]
    assert searchable("Nothing is changed here.") == "Nothing is changed here."


class Askew:
    """Takes any two texts for much alike, as static embeddings take those in Japanese, but one word for more so."""

    def similar(self, query: str, texts: Sequence[str]) -> list[float]:
        return [0.85 if "海" in text else 0.6 for text in texts]


async def test_what_is_alike_is_judged_by_what_is_usual_for_its_script(evening: Evening) -> None:
    memory = LocalMemory(evening.store.memories, lambda: evening.now, Askew())
    for text in ("海で泳いだ夏のことを話しました。", "雨が止まない長い一週間でした。", "靴がびしょ濡れになりました。"):
        await evening.tell(ANN, text)
    evening.now += 86_400_000
    found = await memory.recall(
        Recall(MIRA, (ANN,), (MIRA, ANN), "プールは好きですか？", evening.now, k_facts=0, k_episodes=3)
    )
    fitting = [one.text for one in found if one.why == "fits what was said"]
    assert len(fitting) == 1 and "海" in fitting[0]


def test_the_usual_likeness_is_that_of_the_texts_compared() -> None:
    texts = [*["a line of letters"] * 200, *["一行の文字"] * 200]
    beyond = beyond_usual([*[0.3] * 200, *[0.7] * 200], texts)
    assert all(abs(one) < 0.05 for one in beyond)
    assert beyond_usual([0.3, 0.8], ["a line of letters", "一行の文字"])[0] == pytest.approx(0.24, abs=0.02)
