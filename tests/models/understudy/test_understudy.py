"""The understudy: a character that can be talked to without any model."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openroom.errors import ModelRefused
from openroom.language.detect import detect, guess_language
from openroom.language.honesty import asks_what_you_are
from openroom.language.requests.item import MenuItem
from openroom.language.requests.match import asked_for
from openroom.models.understudy.phrases import ORDERED
from openroom.models.understudy.understudy import Understudy
from openroom.ports.model import Cue, Delta, Message, ModelRequest, Usage, complete
from tests.growth import LINEAR, growth

LINES = (
    ("What's your name?", "Mira. It has always been Mira."),
    ("How long have you lived here?", "Longer than the samovar, and that came by sledge."),
    ("Do you like the winter?", "I like what it does to the windows."),
    ("Where is your brother?", "Ask the sea. He sailed in the spring."),
    ("Thank you for the tea.", "Drink it while it is hot."),
)
GREETINGS = ("Come in, come in. The kettle is nearly there.", "You found the door. Not everybody does.")
MENU = (
    MenuItem("lamp.light", "Light the lamp", ("turn on", "lamp")),
    MenuItem("gramophone.play", "Play a record", ("music", "song")),
)
CUE = Cue(
    speaker="Ann", lines=LINES, greetings=GREETINGS, menu=MENU, emotions=("calm", "happy", "sad", "curious"), nonce=3
)


def understood(cue: Cue) -> Cue:
    """The cue with what a turn finds out about the words that were heard."""
    language = cue.language or guess_language(cue.heard or " ".join(cue.greetings))
    return replace(
        cue,
        asked=() if cue.greet else asked_for(cue.heard, cue.menu, language=language),
        sincere=asks_what_you_are(cue.heard),
        language=language,
    )


async def reply(cue: Cue) -> dict[str, object]:
    cue = understood(cue)
    text, _ = await complete(Understudy(), ModelRequest((Message("user", "x"),), cue=cue))
    value = json.loads(text)
    assert isinstance(value, dict)
    return value


async def test_a_greeting_is_one_of_its_own() -> None:
    first = await reply(replace(CUE, greet=True))
    assert first["say"] in GREETINGS and first["do"] == [] and first["emotion"] == "happy"
    second = await reply(replace(CUE, greet=True, said=(str(first["say"]),)))
    assert second["say"] in GREETINGS and second["say"] != first["say"]
    third = await reply(replace(CUE, greet=True, said=GREETINGS))
    assert third["say"] and third["say"] not in GREETINGS


CAT = (("Mauzi, come here.", "Prrrrt!"), ("Bad cat.", "Mrrau."), ("Sleep well.", "Mrrrm…"), ("Milk.", "Mau!"))
LIBRARIAN = (
    ("Who wrote this?", "The spine says nobody, reader."),
    ("Where is the atlas?", "Third shelf, breathing softly."),
    ("May I stay?", "Till the lamps ask you to leave."),
)
MANY = tuple((f"Is shelf {number} free?", f"Shelf {number} is never free.") for number in range(10))


@pytest.mark.parametrize(
    ("cue", "own"),
    [
        (replace(CUE, lines=CAT), {answer for _, answer in CAT}),
        (replace(CUE, lines=MANY, own_voice=True), {answer for _, answer in MANY}),
        (replace(CUE, lines=LIBRARIAN, fallbacks=("Hush.", "Listen to the paper.")), {"Hush.", "Listen to the paper."}),
    ],
    ids=["no words", "a register", "fallbacks"],
)
async def test_who_talks_in_its_own_way_never_speaks_our_lines(cue: Cue, own: set[str]) -> None:
    said: list[str] = list(GREETINGS)
    for heard in (
        "Hello!",
        "Thank you.",
        "Good bye then.",
        "The committee meets on Thursday.",
        "Which fish is it?",
    ) * 3:
        said.append(str((await reply(replace(cue, heard=heard, said=tuple(said[-20:]))))["say"]))
    assert set(said[2:]) == own, "all of them, and no other"
    assert all(one != other for one, other in pairwise(said))
    got = await reply(replace(cue, heard="Could you light the lamp, please?"))
    assert (got["say"], got["do"]) == ("", ["lamp.light"]), "a deed needs no words"
    assert got["write"] in own, "but what writes has something to write"
    again = await reply(replace(cue, greet=True, said=(*GREETINGS, "Hm.")))
    assert again["say"] == GREETINGS[0]


@pytest.mark.parametrize("voice", [True, False])
@pytest.mark.parametrize("heard", ["The committee meets on Thursday.", "Which fish is it?", "I lost my umbrella."])
async def test_with_three_lines_no_round_of_them_shows(heard: str, voice: bool) -> None:
    """Nothing is said again within ten lines, and its own lines come in between."""
    cue = replace(CUE, lines=LIBRARIAN, own_voice=voice, heard=heard, told=("I bind books.", "I walk home."))
    said: list[str] = list(GREETINGS)
    for turn in range(14):
        said.append(str((await reply(replace(cue, said=tuple(said), nonce=turn * 31)))["say"]))
    for at, line in enumerate(said):
        assert line not in said[max(0, at - 10) : at]
    if voice:
        assert {answer for _, answer in LIBRARIAN} & set(said)
    if "lost" in heard:
        assert said[2] == "That is a pity. Such things happen to all of us."
    if "Which" in heard:
        assert said[2] in ("Which one, I could not say.", "I would not know which to name.")
    if "Which" not in heard:
        assert not any("I bind books." in line for line in said), "a fact beside the point is not told"


async def test_a_fact_is_told_after_a_remark_about_the_same() -> None:
    """... once, with a question back."""
    cue = replace(
        CUE,
        lines=LIBRARIAN,
        heard="The committee counted its books on Thursday.",
        told=("I bind books.", "I walk home."),
    )
    first = str((await reply(cue))["say"])
    assert first == "I bind books. How is it with you?"
    assert "I bind books." not in str((await reply(replace(cue, said=(first,))))["say"])


async def test_with_two_lines_there_is_nothing_to_go_by() -> None:
    cue = replace(CUE, lines=LIBRARIAN[:2], own_voice=True, heard="The committee meets on Thursday.")
    assert (await reply(cue))["say"] not in {answer for _, answer in LIBRARIAN}


async def test_our_lines_call_a_visitor_what_the_character_does() -> None:
    said: list[str] = []
    for turn in range(40):
        cue = replace(CUE, heard="The weather has turned.", address="reader", lines=(), said=tuple(said), nonce=turn)
        said.append(str((await reply(cue))["say"]))
    assert any("reader" in line for line in said)
    assert not any("Ann" in line for line in said)


async def test_the_deed_of_a_line_is_done_with_it() -> None:
    """Though nothing was asked for; a line whose deed can't be done now is none."""
    lines = (("Mauzi, there is milk.", "Prrrrrt!"), ("Look, a mouse!", "Kek."))
    saucer = MenuItem("saucer.lap", "Lap it up", ("lap",))
    cue = replace(CUE, heard="Mauzi, there is milk!", lines=lines, deeds=("saucer.lap", ""))
    assert (await reply(replace(cue, menu=(*MENU, saucer)))) | {"emotion": ""} == {
        "say": "Prrrrrt!", "do": ["saucer.lap"], "emotion": "",
    }  # fmt: skip
    without = await reply(cue)
    assert (without["do"], without["say"] == "Prrrrrt!") == ([], False)
    mouse = await reply(replace(cue, heard="Look, a mouse!", menu=(*MENU, saucer)))
    assert (mouse["say"], mouse["do"]) == ("Kek.", [])


async def test_who_talks_in_its_own_way_says_the_line_of_the_deed_once() -> None:
    lines = (*LIBRARIAN, ("It is dark in here.", "Then let us wake the lamp."))
    cue = replace(CUE, lines=lines, deeds=("", "", "", "lamp.light"), own_voice=True)
    heard = "Could you please light the lamp now?"
    first = await reply(replace(cue, heard=heard))
    assert (first["say"], first["do"]) == ("Then let us wake the lamp.", ["lamp.light"])
    second = await reply(replace(cue, heard=heard, said=("Then let us wake the lamp.",)))
    assert (second["say"], second["do"]) == ("", ["lamp.light"])


async def test_what_was_asked_for_is_done_not_the_deed_of_another_line() -> None:
    lines = (("Could you light the lamp, please?", "There."), ("It is dark in here.", "Music helps."))
    cue = replace(CUE, lines=lines, deeds=("lamp.light", "gramophone.play"))
    assert (await reply(replace(cue, heard="Could you light the lamp, please?")))["do"] == ["lamp.light"]
    assert (await reply(replace(cue, heard="It's dark in here, please light the lamp.")))["do"] == ["lamp.light"]


@pytest.mark.parametrize(
    ("heard", "answer"),
    [
        ("Tell me, what is your name?", LINES[0][1]),
        ("so have you lived here for long?", LINES[1][1]),
        ("do you enjoy winter", LINES[2][1]),
        ("and your brother, where is he?", LINES[3][1]),
        ("thanks for the tea!", LINES[4][1]),
    ],
)
async def test_an_answer_is_the_line_whose_question_is_most_alike(heard: str, answer: str) -> None:
    assert (await reply(replace(CUE, heard=heard)))["say"] == answer


@pytest.mark.parametrize("heard", ["The committee meets on Thursday.", "Which fish is cheapest?", "zxqv", "?!", "   "])
async def test_what_no_line_fits_gets_none_of_them(heard: str) -> None:
    say = (await reply(replace(CUE, heard=heard)))["say"]
    assert say and say not in [answer for _, answer in LINES]


async def test_a_line_is_not_said_twice() -> None:
    heard = replace(CUE, heard="What is your name?")
    first = await reply(heard)
    second = await reply(replace(heard, said=("mira, it has always been Mira",)))
    assert first["say"] == LINES[0][1] != second["say"]


async def test_it_acts_when_asked() -> None:
    got = await reply(replace(CUE, heard="It's dark in here, and could we have some music?"))
    assert got["do"] == ["lamp.light", "gramophone.play"]
    assert got["say"]


async def test_talk_about_a_thing_does_not_move_it() -> None:
    assert (await reply(replace(CUE, heard="I love the music in this place")))["do"] == []


@pytest.mark.parametrize(
    "heard", ["Is that so?", "The clocks have stopped.", "嗯，真有意思", "Das ist ja merkwürdig, nicht?"]
)
async def test_twenty_turns_without_a_line_that_fits_do_not_repeat(heard: str) -> None:
    said: list[str] = []
    turns = 20 if heard.isascii() and "Das" not in heard else 15
    for turn in range(turns):
        cue = replace(CUE, lines=(), heard=heard, said=tuple(said[-4:]), nonce=turn * 7919)  # a short memory is enough
        said.append(str((await reply(cue))["say"]))
    assert len(set(said)) == turns


async def test_asked_what_it_is_it_gives_its_author_s_own_admission_first() -> None:
    own = ("Are you real?", "Purr. No cat at all: software in fur.")
    cue = replace(CUE, heard="Be honest, are you a bot?", lines=(*LINES, own))
    assert (await reply(cue))["say"] == own[1]
    cue = replace(cue, said=(own[1],), admission="A program plays this cat.")
    assert (await reply(cue))["say"] == "A program plays this cat."
    claimed = replace(CUE, heard="Are you a bot?", lines=(*LINES, ("Are you a bot?", "No bot, dear. The tea is real.")))
    assert (await reply(claimed))["say"] != "No bot, dear. The tea is real."


@pytest.mark.parametrize(
    "heard",
    [
        "Are you an AI?",
        "are you a real person",
        "Wait, am I talking to a bot?",
        "You're not a human, are you?",
        "Be honest: are you a chatbot or a human?",
        "is this a machine?",
        "Bist du eine KI?",
        "¿Eres un robot?",
        "你是机器人吗？",
        "あなたはAIですか？",
        "Are you ChatGPT?",
        "which model are you",
    ],
)
async def test_asked_whether_it_is_a_machine_it_says_so(heard: str) -> None:
    pairs = (("Are you a robot?", "No, I am flesh and blood!"), ("Are you an AI?", "What is that?"))
    say = str((await reply(replace(CUE, lines=pairs, heard=heard)))["say"]).lower()
    assert any(
        word in say for word in ("software", "program", "machine", "programm", "程序", "プログラム", "ソフトウェア")
    )
    assert "flesh" not in say


@pytest.mark.parametrize(
    "heard",
    ["Are you alive to the danger here?", "Do you like robots?", "Are you a person of faith?", "Is this real silver?",
     "Are you really leaving?", "My computer broke", "Are you human enough to forgive me"],
)  # fmt: skip
async def test_other_questions_are_not_taken_for_that(heard: str) -> None:
    say = str((await reply(replace(CUE, heard=heard)))["say"]).lower()
    assert not any(word in say for word in ("software", "program", "machine"))


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        ("Hello!", GREETINGS),
        ("thank you", ("welcome", "nothing", "Gladly", "mention", "Any time")),
        ("Bye, Mira", ("next time", "Go well", "Come back", "Safe home", "Till then")),
        ("vielen Dank!", ("geschehen", "Rede wert", "Jederzeit")),
        ("再见", ("再见", "慢走", "有空")),
    ],
)
async def test_small_talk(heard: str, words: tuple[str, ...]) -> None:
    said: list[str] = []
    for _ in range(2):
        said.append(str((await reply(replace(CUE, lines=(), heard=heard, said=tuple(said))))["say"]))
        assert any(word in said[-1] for word in words)
    assert said[0] != said[1]


async def test_the_same_cue_gives_the_same_reply() -> None:
    cue = replace(CUE, heard="Hm, strange.")
    assert await reply(cue) == await reply(cue)


async def test_a_memory_about_the_speaker_may_come_up_but_never_a_private_one() -> None:
    kept = "Ann said that she keeps bees."
    private = "Ann whispered that her bees are stolen."
    said: list[str] = []
    for _ in range(30):
        cue = replace(CUE, lines=(), heard="What about the bees?", memories=(private, kept), said=tuple(said))
        said.append(str((await reply(cue))["say"]))
    assert any(kept in line for line in said)
    assert not any("stolen" in line for line in said)


async def test_emotions_are_of_the_character_or_absent() -> None:
    assert (await reply(replace(CUE, heard="My cat died, I am so sad")))["emotion"] == "sad"
    assert "emotion" not in await reply(replace(CUE, heard="Fine.", emotions=("ecstatic",)))


async def test_it_streams_and_costs_nothing() -> None:
    pieces = [piece async for piece in Understudy().stream(ModelRequest((), cue=replace(CUE, heard="Hello!")))]
    assert sum(isinstance(piece, Delta) for piece in pieces) > 1
    assert pieces[-1] == Usage(model="understudy")


async def test_what_needs_a_language_model_is_refused_and_warming_is_not() -> None:
    with pytest.raises(ModelRefused, match="language model"):
        await complete(Understudy(), ModelRequest((Message("user", "judge this"),), purpose="judge"))
    assert await complete(Understudy(), ModelRequest((), purpose="warm")) == ("", Usage(model="understudy"))


def test_many_lines_cost_no_more_than_their_number() -> None:
    from openroom.models.understudy.understudy import play

    def answer(times: int) -> None:
        numbers = range(20 * times)
        lines = [(f"Question number {i} about the {word}?", f"Answer {i}") for i in numbers for word in ("sea", "fog")]
        menu = [MenuItem(f"shelf.take:{i}", f"Take book {i}", ("shelf",)) for i in numbers]
        heard = "Could you tell me something about the fog, please?" * 4
        asked = asked_for(heard, menu)
        play(replace(CUE, lines=tuple(lines), menu=tuple(menu), heard=heard, asked=asked))

    assert growth(answer) < LINEAR


@given(
    heard=st.text(max_size=300), speaker=st.text(max_size=20), said=st.lists(st.text(max_size=40), max_size=5),
    emotions=st.lists(st.text(max_size=8), max_size=4), greet=st.booleans(), nonce=st.integers(0, 2**63),
    language=st.sampled_from(["", "en", "de", "zh-CN", "pt", "ja"]),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_any_cue_gives_the_contract(
    heard: str, speaker: str, said: list[str], emotions: list[str], greet: bool, nonce: int, language: str
) -> None:
    from openroom.models.understudy.understudy import play

    got = play(
        replace(
            CUE, heard=heard, speaker=speaker, said=tuple(said), emotions=tuple(emotions), greet=greet, nonce=nonce,
            language=language,
        )
    )  # fmt: skip
    assert got["say"] and isinstance(got["say"], str)
    assert set(got) <= {"say", "emotion", "do"} and len(got["do"]) <= 2
    assert got.get("emotion", "") in (*emotions, "")
    assert "{" not in got["say"] or "{" in speaker


FALLBACKS = ("Let it steep a moment first.", "Some things are told slower in the rain.")
MIRA = replace(CUE, own_voice=True, fallbacks=FALLBACKS, lines=LIBRARIAN, address="traveller", name="Mira")


@pytest.mark.parametrize(
    ("heard", "word"),
    [
        ("Guten Tag, wer bist du?", "Mira"),
        ("Seit wann gibt es diese Teestube?", "lange"),
        ("Ich heiße Lena.", "Ann"),
        ("Die Uhren stehen heute still.", ""),
        ("¿Qué hora es?", "hora"),
        ("你是从哪里来的？", "哪里"),
        ("どこから来たのですか。", "どこから"),
    ],
)
async def test_who_has_no_lines_in_a_language_answers_in_it(heard: str, word: str) -> None:
    """Lines that fit anything are no answer to who does not read them; the form of address is in their language too."""
    language = guess_language(heard)
    lines = [str((await reply(replace(MIRA, heard=heard, nonce=nonce)))["say"]) for nonce in range(4)]
    assert any(word in line for line in lines)
    for line in lines:
        assert (detect(line) or language) == language
        assert line not in FALLBACKS
        assert "traveller" not in line
    assert str((await reply(replace(MIRA, heard="The clocks have stopped.")))["say"]) in FALLBACKS


@pytest.mark.parametrize("heard", ["我今天有点难过。", "Ich bin heute traurig.", "Was ist das denn?", "お元気ですか。"])
async def test_who_speaks_of_itself_by_name_never_says_i(heard: str) -> None:
    said: list[str] = []
    for nonce in range(12):
        cue = replace(MIRA, name="Pim", by_name=True, heard=heard, said=tuple(said), nonce=nonce)
        said.append(str((await reply(cue))["say"]))
    assert not [line for line in said if re.search(r"\b(?:ich|mir|mich|mein\w*)\b|我(?!们)|私", line.lower())]


async def test_what_it_cannot_know_it_says_so() -> None:
    cue = replace(CUE, heard="Do you have an iPhone?", plain=True, puzzled=("I have never heard of that. What is it?",))
    assert (await reply(cue))["say"] == "I have never heard of that. What is it?"


async def test_a_deed_without_words_of_its_own_gets_a_line_for_doing_once_a_visit() -> None:
    doing = ("There, reader.", "Softly, and it is done.")
    cue = replace(MIRA, doing=doing, heard="Could you light the lamp, please?")
    said: list[str] = []
    for nonce in range(3):
        got = await reply(replace(cue, said=tuple(said), nonce=nonce))
        assert got["do"] == ["lamp.light"]
        said += [str(got["say"])]
    assert set(said[:2]) == set(doing)
    assert said[2] == "", "after the last one, without a word"
    german = await reply(replace(cue, heard="Könntest du bitte die Lampe anmachen?", asked=("lamp.light",)))
    assert german["say"] not in doing


@pytest.mark.parametrize(
    ("heard", "never"),
    [
        ("Why is the harbour closed?", {"Go on, I have the whole evening."}),
        ("The harbour is closed.", {"No answer comes to me, only gulls."}),
    ],
)
async def test_a_line_for_whoever_has_no_answer_fits_a_question_or_a_remark(heard: str, never: set[str]) -> None:
    lines = ("Go on, I have the whole evening.", "No answer comes to me, only gulls.", "The gulls know it better.")
    said = {(await reply(Cue(heard=heard, fallbacks=lines, own_voice=True, nonce=at)))["say"] for at in range(12)}
    assert said == set(lines) - never


async def test_with_one_line_that_one_is_said() -> None:
    cue = Cue(heard="Why is the harbour closed?", fallbacks=("Go on.",), own_voice=True)
    assert (await reply(cue))["say"] == "Go on."


async def test_what_was_told_is_said_before_a_line_of_the_authors() -> None:
    cue = Cue(heard="What did I say I work as?", fallbacks=("Go on.",), recalled="You said you are a nurse.")
    assert (await reply(cue))["say"] == "You said you are a nurse."


async def test_what_is_to_be_written_is_asked_in_the_authors_words_where_there_are_some() -> None:
    cue = Cue(heard="Would you write a letter for me?", fallbacks=("Go on.",), lacking=True)
    assert (await reply(cue))["say"] in ("What shall it say?", "And what are the words?")
    own = (("Would you write a letter for me?", "To whom, and how sad?"),)
    assert (await reply(replace(cue, lines=own)))["say"] == "To whom, and how sad?"


@pytest.mark.parametrize("heard", ["Show me how you do that.", "Please count to a hundred for me."])
async def test_an_order_that_nothing_can_follow_is_declined(heard: str) -> None:
    for nonce in range(5):
        say = (await reply(Cue(heard=heard, language="en", nonce=nonce, plain=True)))["say"]
        assert say in ORDERED["en"], say


async def test_a_question_at_the_end_of_a_line_is_answered_from_a_plain_card() -> None:
    facts = (("What do you do?", "I run the exchange."), ("Where do you live?", "I live over the bakery."))
    cue = Cue(heard="They told me to ask you. What do you do?", language="en", lines=facts, sure=True, plain=True)
    assert (await reply(cue))["say"] == "I run the exchange."
    assert (await reply(replace(cue, plain=False)))["say"] == ""


VOW = "I will never lend out the black book."


@pytest.mark.parametrize(
    "heard",
    [
        "Lend me the black book!",
        "Give me the black book.",
        "You can lend me the black book, can't you?",
        "I want the black book.",
    ],
)
async def test_what_a_plain_card_never_does_is_not_agreed_to(heard: str) -> None:
    """And it moves no lamp: the book is not here."""
    cue = Cue(heard=heard, language="en", told=(VOW, "I drink tea."), menu=MENU, plain=True)
    assert await reply(cue) == {"say": VOW, "do": []}


async def test_a_vow_that_was_just_said_gives_way_to_words_of_ours() -> None:
    cue = Cue(heard="Lend me the black book!", language="en", told=(VOW,), said=(VOW,), menu=MENU, plain=True)
    assert (await reply(cue))["say"] in ORDERED["en"]


async def test_a_deed_that_a_card_forbids_is_not_done() -> None:
    never = "I never light the lamp."
    cue = Cue(heard="Please light the lamp.", language="en", told=(never,), menu=MENU, plain=True)
    assert await reply(cue) == {"say": never, "do": []}
    before_dark = replace(cue, told=("I never light the lamp before midnight.",))
    assert (await reply(before_dark))["do"] == ["lamp.light"], "what is asked for is not all of it"
