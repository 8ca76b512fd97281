"""Sentences about somebody, told by themselves: right, or not at all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from openroom.core.completed import completed
from openroom.language.own_words.first_person import first_person
from openroom.library.library import Library

ROOT = Path(__file__).parents[3]

RIGHT = [
    ("en", "You carry your whistle in your pocket.", "I carry my whistle in my pocket."),
    ("en", "You live alone and are happy.", "I live alone and am happy."),
    ("en", "Your boat was hers before you.", "My boat was hers before me."),
    ("en", "In your pocket you keep a map from your father.", "In my pocket I keep a map from my father."),
    ("en", "You tell everybody so before you cast off.", "I tell everybody so before I cast off."),
    ("en", "You are wrong half of the time, which pleases you.", "I am wrong half of the time, which pleases me."),
    ("en", "You are kinder than you look.", "I am kinder than I look."),
    ("en", "Has kept the tea room for years.", "I have kept the tea room for years."),
    ("en", "Ann lives in Bergen and works at the harbour.", "I live in Bergen and work at the harbour."),
    ("en", "She was born in Ulm.", "I was born in Ulm."),
    ("en", "Burnt her thumb on the samovar.", "I burnt my thumb on the samovar."),
    ("en", "Ann keeps bees and writes long letters.", "I keep bees and write long letters."),
    ("en", "She carries a whistle.", "I carry a whistle."),
    ("en", "She makes her own bread.", "I make my own bread."),
    ("en", "She grew up at sea, and tar makes her homesick.", "I grew up at sea, and tar makes me homesick."),
    ("en", "I am a ferryman.", "I am a ferryman."),
    ("en", "She smirks a lot and never swims.", "I smirk a lot and never swim."),
    ("en", "At forty-one she has outlived two ships.", "At forty-one I have outlived two ships."),
    ("en", "Ann Lee studied law in Lyon before she gave it up.", "I studied law in Lyon before I gave it up."),
    ("en", "Lee's mother is a medium in Brighton.", "My mother is a medium in Brighton."),
    ("en", "Her brother Kofi still flies freighters.", "My brother Kofi still flies freighters."),
    ("en", "Two of her toes are missing.", "Two of my toes are missing."),
    ("en", "She is allergic to nuts and drinks hot water.", "I am allergic to nuts and drink hot water."),
    ("en", "Ann lost her licence in 1936.", "I lost my licence in 1936."),
    ("en", "She has a hand that clicks when she is thinking.", "I have a hand that clicks when I am thinking."),
    ("en", "Ann can't read, but she can tell the hour.", "I can't read, but I can tell the hour."),
    ("de", "Du lebst allein und hast zwei Katzen.", "Ich lebe allein und habe zwei Katzen."),
    ("de", "Du trägst deine alte Mütze, weil du sie magst.", "Ich trage meine alte Mütze, weil ich sie mag."),
    ("de", "Ann lebt in Bremen und arbeitet im Hafen.", "Ich lebe in Bremen und arbeite im Hafen."),
    ("es", "Vives sola y tienes dos gatos.", "Vivo sola y tengo dos gatos."),
    ("es", "Llevas tu silbato en el bolsillo.", "Llevo mi silbato en el bolsillo."),
    ("es", "Ann vive en Cádiz y trabaja en el puerto.", "Vivo en Cádiz y trabajo en el puerto."),
    ("es", "Te gustan las peras.", "Me gustan las peras."),
    ("zh", "你喜欢梨和清晨。", "我喜欢梨和清晨。"),
    ("zh", "她住在河边。", "我住在河边。"),
    ("ja", "あなたは川の渡し守だ。", "私は川の渡し守だ。"),
    ("ja", "彼女は川のそばに住んでいる。", "私は川のそばに住んでいる。"),
]  # fmt: skip

LEFT_OUT = [
    ("en", "Your brothers work in the pans and are tired."),
    ("en", "He taught you chess."),
    ("en", "She writes to you every Sunday."),
    ("en", "Likes walks and drinks."),
    ("en", "Is a baker who drinks and sings."),
    ("en", "Glasses on her nose."),
    ("en", "What she hides is that the fire was hers."),
    ("en", "She loved her captain before she left."),
    ("en", "A hand that clicks when she is thinking keeps her awake."),
    ("en", "She never married, though she was engaged to Henrik."),
    ("en", "She grins and smirks at her hands and glorps the ball."),
    ("en", "She might flirt if the mood is right."),
    ("en", "Ann will describe her actions between asterisks."),
    ("en", "His mother is a medium."),
    ("en", "Her sister writes to her."),
    ("en", "Loves her sister and her cat."),
    ("en", "Ann and Tom live by the river."),
    ("en", "Smoky tea keeps her awake."),
    ("en", "You and your sister run the inn."),
    ("en", "You speak in short sentences."),
    ("en", "You secretly love the captain."),
    ("en", "You call visitors captain."),
    ("en", "The bridge was washed away."),
    ("en", "Do you like tea?"),
    ("en", 'You say "never" often.'),
    ("de", "Sie liebt ihre Schwester."),
    ("de", "Du blinzelst oft und schnarchst."),
    ("de", "Du sprichst langsam."),
    ("es", "Quiere a su hermana."),
    ("es", "Vives sola y gruñes."),
    ("zh", "他的哥哥住在河边。"),
    ("zh", "你们住在河边。"),
    ("ja", "川は深い。"),
    ("ja", "彼の兄は彼を知っている。"),
    ("fr", "Tu vis au bord de la mer."),
]


@pytest.mark.parametrize(("code", "sentence", "own"), RIGHT)
def test_it_is_told_by_oneself(code: str, sentence: str, own: str) -> None:
    assert first_person(sentence, "Dr. Ann Lee", "she/her", code) == own


@pytest.mark.parametrize(("code", "sentence"), LEFT_OUT)
def test_what_might_come_out_wrong_is_left_out(code: str, sentence: str) -> None:
    assert first_person(sentence, "Ann", "she/her", code) == ""


def test_no_nonsense_comes_of_any_card_that_is_here() -> None:
    """What a wrong turn would leave behind: a you, a verb of the third person, a my of nothing."""
    wrong = re.compile(
        r"\b(?:you|your|yours)\b|\bI (?:are|is|has|does|were)\b|"
        r"\bI (?!always\b|was\b)[a-z]+(?<![su])s\b(?<!\bas)(?<!\bthis)|"
        r"\bmy (?:is|are|am|and|on|to)\b|\b(\w+) \1\b"
    )
    library = Library([ROOT / "characters", ROOT / "benchmarks" / "cards"], [ROOT / "scenes"])
    assert {"harlan", "nima", "mira", "edda"} <= set(library.characters)
    count = 0
    for card in library.characters.values():
        plain = completed(card.model_copy(update={"examples": (), "facts": ()}))
        stripped = completed(card.model_copy(update={"examples": ()}))
        own = [fact.text for fact in plain.character.facts]
        of_facts = {item.key for item in stripped.made if item.source.startswith("facts.")}
        own += [one.say for one in stripped.examples if f"examples.{one.id}" in of_facts]
        for text in own:
            count += 1
            assert not wrong.search(text), text
            assert text[0].isupper() and text.endswith((".", "?"))
    assert count > 60
