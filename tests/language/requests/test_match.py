"""Requests in everyday words find their item of the menu; talk finds none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openroom.language.requests.item import MenuItem
from openroom.language.requests.match import asked_for

# Labels and words as props give them: short labels, the thing's name among the words.
LAMP_ON = MenuItem("lamp.light", "Light the lamp", ("turn on", "lamp", "brass lamp"))
LAMP_OFF = MenuItem("lamp.douse", "Put out the lamp", ("turn off", "lamp", "brass lamp"))
MUSIC = MenuItem("gramophone.play", "Play a record", ("music", "song", "the gramophone"))
MUSIC_OFF = MenuItem("gramophone.stop", "Stop the music", ("quiet", "the gramophone"))
NEXT = MenuItem("gramophone.next", "Next record", ("skip", "the gramophone"))
TEA = MenuItem("samovar.heat", "Heat the samovar", ("tea", "kettle", "samovar"))
POUR = MenuItem("samovar.pour", "Pour tea", ("cup", "samovar"))
WINDOW = MenuItem("window.open", "Open the window", ("air", "window"))
WINDOW_SHUT = MenuItem("window.close", "Close the window", ("shut", "window"))
DOOR = MenuItem("door.open", "Open the door", ("door",))
BOARD = MenuItem("board.read", "Read the notice board", ("notes", "notice board"))
CHESS = MenuItem("chess.move:e2e4", "Move a pawn: e4", ("e4", "chess"))
EVENING = (LAMP_ON, MUSIC, NEXT, TEA, WINDOW, DOOR, BOARD, CHESS)
PARTY = (LAMP_OFF, MUSIC_OFF, NEXT, POUR, WINDOW_SHUT, DOOR, BOARD)

WISHES = [
    ("could we have some music?", MUSIC),
    ("it's dark in here", LAMP_ON),
    ("play something", MUSIC),
    ("would you turn that lamp on please", LAMP_ON),
    ("put a kettle on", TEA),
    ("Turn on the lamp.", LAMP_ON),
    ("Can you light the lamp?", LAMP_ON),
    ("I'd love to hear a song", MUSIC),
    ("Let's have a little music, shall we?", MUSIC),
    ("Any chance of a cup of tea?", TEA),
    ("I could do with some tea", TEA),
    ("How about some tea?", TEA),
    ("Mira, put a record on!", MUSIC),
    ("It's getting rather gloomy, isn't it", LAMP_ON),
    ("I can hardly see you", LAMP_ON),
    ("A bit more light, please", LAMP_ON),
    ("Could somebody open the window", WINDOW),
    ("It's so stuffy here", WINDOW),
    ("let some air in, would you", WINDOW),
    ("Please play the gramophone", MUSIC),
    ("Music, maestro!", MUSIC),
    ("would you mind opening the door?", DOOR),
    ("There's a knock at the door", DOOR),
    ("open the door", DOOR),
    ("What does the notice board say? Read it please.", BOARD),
    ("please read the notices", BOARD),
    ("play e4", CHESS),
    ("move the pawn to e4", CHESS),
    ("I'm so thirsty", TEA),
    ("Mira, is there still tea?", TEA),
    ("brew us some tea", TEA),
    ("heat the samovar, dear", TEA),
    ("I need some light", LAMP_ON),
    ("why don't you switch the lamp on", LAMP_ON),
    ("we should have music", MUSIC),
    ("it would be nice to have a tune", MUSIC),
    ("Do you have any music?", MUSIC),
    ("It's too quiet in here", MUSIC),
    ("would you be so kind and start the gramophone", MUSIC),
    ("skip this record please", NEXT),
    ("I wish there was some music", MUSIC),
    ("Hey, can I get a tea?", TEA),
    ("may I have some tea, please", TEA),
    ("fresh air, please", WINDOW),
    ("tea!", TEA),
    ("lights on!", LAMP_ON),
    ("oh do put the lamp on", LAMP_ON),
    ("I want to hear a record", MUSIC),
    ("could you perhaps brighten the place up", LAMP_ON),
]  # fmt: skip
PARTY_WISHES = [
    ("turn that music off, please", MUSIC_OFF),
    ("could you stop the music", MUSIC_OFF),
    ("please stop that racket, it's too loud", MUSIC_OFF),
    ("enough music for today", MUSIC_OFF),
    ("put the lamp out", LAMP_OFF),
    ("lights out!", LAMP_OFF),
    ("could you kill the lights?", LAMP_OFF),
    ("turn it off", None),
    ("it's freezing", WINDOW_SHUT),
    ("would you close the window", WINDOW_SHUT),
    ("shut that window!", WINDOW_SHUT),
    ("pour me a cup of tea", POUR),
    ("may I have some tea?", POUR),
    ("play the next record", NEXT),
    ("it's dark in here", None),
    ("turn on the lamp", None),
]  # fmt: skip
CHAT = [
    "I love the music in this place",
    "What a lovely lamp",
    "Do you like tea?",
    "Hello there",
    "Who painted the door?",
    "My grandmother had a samovar like this one",
    "Tell me about the lamp",
    "Could you tell me about the gramophone?",
    "What do you think of the window?",
    "I never drink tea",
    "Don't turn on the lamp",
    "Please don't play any music",
    "It was dark in here yesterday",
    "Dark matter is fascinating",
    "Did you open the window this morning?",
    "He turned on the lamp and left",
    "I played a song once at school",
    "Would you like some tea?",
    "Can you hear the music?",
    "Let's talk about music",
    "I want to know who wrote this record",
    "I'd like to tell you about a song",
    "Where does the door lead?",
    "How old is the samovar?",
    "The notice board looks full",
    "That tea smells wonderful",
    "Thank you for the tea",
    "Do you have a favourite tea?",
    "Is there a tea you hate?",
    "Are you a robot?",
    "What is your name?",
    "I'm from a quiet village by the sea",
    "The record you played was beautiful",
    "It's a nice evening",
    "Do you remember the song from last night?",
    "You look tired",
    "I lost my chess game to a pawn on e4",
    "Chess is a hard game",
    "Who lives behind that door?",
    "Can you believe this window is a hundred years old?",
    "She was reading by the light of the lamp",
    "The light here is so soft, I like it",
    "That's a dark story",
    "Why is there a lamp on the table?",
    "I think music makes people kinder",
    "We used to dance to that song",
    "What time is it?",
    "I could hear the kettle from the street",
    "I am so happy to see you",
    "Would you remember me if I opened that door?",
]  # fmt: skip
LATER_WISHES: list[tuple[str, MenuItem | None]] = [
    ("Would it be possible to have a light on?", LAMP_ON),
    ("Switch on the lamp, there's a dear", LAMP_ON),
    ("Mind if we get some tunes going?", MUSIC),
    ("I can't see a thing", LAMP_ON),
    ("Shall we have a cuppa?", TEA),
    ("Get the kettle going", TEA),
    ("Crank up the gramophone!", MUSIC),
    ("Some music would be lovely", MUSIC),
    ("A little music wouldn't hurt", MUSIC),
    ("Could I trouble you for a cup of tea?", TEA),
    ("Open up the window a little", WINDOW),
    ("Can we get some fresh air in here?", WINDOW),
    ("I'm parched", TEA),
    ("The room is awfully dark", LAMP_ON),
    ("Bit dim in here, isn't it?", LAMP_ON),
    ("Give us a song!", MUSIC),
    ("Spin a record for us", MUSIC),
    ("Pop the kettle on, love", TEA),
    ("You could light the lamp, you know", LAMP_ON),
    ("Would you be able to turn the lamp on?", LAMP_ON),
    ("Can somebody get the door?", DOOR),
    ("Let me hear that gramophone of yours", MUSIC),
    ("Time for tea!", TEA),
    ("I fancy a cup of tea", TEA),
    ("I'd kill for a cup of tea", TEA),
    ("let there be light", LAMP_ON),
    ("Do put some music on", MUSIC),
    ("what's on the notice board?", BOARD),
    ("Have a look at the notice board, would you?", BOARD),
    ("Please, a little light", LAMP_ON),
    ("Could you do something about the darkness?", LAMP_ON),
    ("How about a song?", MUSIC),
    ("Let's listen to a record", MUSIC),
    ("Hit the lights", LAMP_ON),
    ("Could you warm up the samovar", TEA),
    ("It is terribly hot in here", WINDOW),
    ("Next song please", NEXT),
    ("play another one", NEXT),
    ("pawn to e4", CHESS),
    ("pls play music", MUSIC),
]
LATER_PARTY_WISHES: list[tuple[str, MenuItem | None]] = [
    ("Enough! Turn the music off", MUSIC_OFF),
    ("can we have some quiet?", MUSIC_OFF),
    ("kill the music", MUSIC_OFF),
    ("Music off, please", MUSIC_OFF),
    ("switch off the lamp", LAMP_OFF),
    ("Could you put out the light", LAMP_OFF),
    ("I'm cold", WINDOW_SHUT),
    ("there's a draught", WINDOW_SHUT),
    ("please shut the window", WINDOW_SHUT),
    ("could you pour the tea", POUR),
    ("a cup of tea, please", POUR),
    ("I'd love another cup of tea", POUR),
]
LATER_CHAT = [
    "That lamp is older than me",
    "Your tea is the best in town",
    "I broke a lamp once",
    "My father played the gramophone every Sunday",
    "I wonder who is at the window across the street",
    "Music is the food of love",
    "Do you play chess?",
    "Have you read the news?",
    "Is that window always closed?",
    "I like how the samovar hums",
    "What songs do you know?",
    "I should go soon",
    "Can you keep a secret?",
    "Would you marry me?",
    "Could you explain the rules of chess?",
    "I can't believe you kept that record",
    "Open question: what is love?",
    "Close friends are rare",
    "Play is what children do",
    "It is late",
    "I am cold to strangers",
    "Please tell me a story",
    "Please forgive me",
    "I need a friend",
    "I want to go home",
    "I'd like to know your name",
    "May I ask you something?",
    "May I sit down?",
    "Let's go",
    "Let's talk",
    "How about you?",
    "Why not?",
    "Will you be here tomorrow?",
    "Can we be friends?",
    "Turn around",
    "Give me your hand",
    "Make me laugh",
    "Put yourself in my shoes",
    "Take care",
    "Read my lips",
    "The door was open when I came",
    "I left the light on at home",
    "Someone stole my records",
]
OTHER_TONGUES = [
    ("Mach bitte das Licht an", LAMP_ON),
    ("Könnten wir etwas Musik haben?", MUSIC),
    ("Es ist so dunkel hier", LAMP_ON),
    ("Öffne bitte das Fenster", WINDOW),
    ("Enciende la lámpara, por favor", LAMP_ON),
    ("¿Podrías poner música?", MUSIC),
    ("Está muy oscuro aquí", LAMP_ON),
    ("请把灯打开", LAMP_ON),
    ("来点音乐吧", MUSIC),
    ("这里好黑啊", LAMP_ON),
    ("音楽をかけてください", MUSIC),
    ("ランプをつけてくれる？", LAMP_ON),
    ("暗いですね", LAMP_ON),
]  # fmt: skip
OTHER_CHAT = [
    "Die Lampe ist sehr schön",
    "Ich liebe Musik",
    "Me gusta mucho la música",
    "La lámpara es bonita",
    "这盏灯很漂亮",
    "我喜欢音乐",
    "このランプはきれいですね",
    "音楽が好きです",
]  # fmt: skip


def missed(wishes: list[tuple[str, MenuItem | None]], menu: tuple[MenuItem, ...]) -> list[str]:
    found = [(heard, asked_for(heard, menu), (item.id,) if item else ()) for heard, item in wishes]
    return [f"{heard!r}: {came} instead of {wanted}" for heard, came, wanted in found if came != wanted]


def test_most_requests_find_their_item() -> None:
    assert len(WISHES) >= 40
    wishes = [*WISHES, *LATER_WISHES]
    failed = missed(wishes, EVENING)
    assert len(failed) <= len(wishes) * 0.05, failed


def test_requests_to_end_something_find_theirs() -> None:
    wishes = [*PARTY_WISHES, *LATER_PARTY_WISHES]
    failed = missed(wishes, PARTY)
    assert len(failed) <= len(wishes) * 0.1, failed


@pytest.mark.parametrize("heard", [*CHAT, *LATER_CHAT])
@pytest.mark.parametrize("menu", [EVENING, PARTY])
def test_talk_moves_nothing(heard: str, menu: tuple[MenuItem, ...]) -> None:
    assert asked_for(heard, menu) == ()


@pytest.mark.parametrize(("heard", "item"), OTHER_TONGUES)
def test_requests_in_other_languages(heard: str, item: MenuItem) -> None:
    assert asked_for(heard, EVENING) == (item.id,)


@pytest.mark.parametrize("heard", OTHER_CHAT)
def test_talk_in_other_languages_moves_nothing(heard: str) -> None:
    assert asked_for(heard, EVENING) == ()


@pytest.mark.parametrize(
    ("heard", "ids"),
    [
        ("Turn on the lamp and put some music on", ("lamp.light", "gramophone.play")),
        ("Could we have some music and a cup of tea?", ("gramophone.play", "samovar.heat")),
        ("light the lamp, open the window, play a song", ("lamp.light", "window.open")),
        ("Lovely evening. Would you put the kettle on?", ("samovar.heat",)),
    ],
)
def test_two_requests_at_once(heard: str, ids: tuple[str, ...]) -> None:
    assert asked_for(heard, EVENING) == ids


def test_a_prop_of_no_known_kind_is_found_by_its_own_words() -> None:
    menu = (MenuItem("parrot.feed", "Feed the parrot", ("cracker",)), MenuItem("orrery.turn", "Turn the orrery", ()))
    assert asked_for("could you feed the parrot please", menu) == ("parrot.feed",)
    assert asked_for("turn the orrery", menu) == ("orrery.turn",)
    assert asked_for("what a colourful parrot", menu) == ()


def test_it_refers_to_the_only_thing_that_can_be_done_so() -> None:
    assert asked_for("turn it on please", (LAMP_ON, DOOR)) == ("lamp.light",)
    assert asked_for("turn it on please", (LAMP_ON, MUSIC)) == ()


def test_labels_in_another_language_than_the_request() -> None:
    menu = (MenuItem("lampe.an", "Lampe anzünden"), MenuItem("platte.spielen", "Eine Platte spielen"))
    assert asked_for("Mach bitte die Lampe an", menu) == ("lampe.an",)
    assert asked_for("could we have some music?", menu) == ("platte.spielen",)


@given(st.text(max_size=200), st.sampled_from(["", "en", "de-AT", "xx", "ja"]))
@settings(max_examples=200, deadline=None)
def test_any_text_is_survived(heard: str, language: str) -> None:
    found = asked_for(heard, EVENING, language=language)
    assert len(found) <= 2 and set(found) <= {item.id for item in EVENING}


@pytest.mark.parametrize(
    "heard",
    [
        "Lend me the black book!",
        "Give me the black book.",
        "Give me the dark cloak.",
        "Put on your dark coat.",
        "Could I have a light snack?",
        "Bring me the strong old rope.",
        "Read me the dark story.",
        "Open the black box.",
        "その暗い色のコートをください。",
    ],
)
def test_how_a_thing_is_that_is_not_here_names_nothing_else(heard: str) -> None:
    words = ("lamp", "light", "out", "off", "dark", "darker", "brighter", "see", "Lamp")
    menu = (MenuItem("lamp.put_out", "Put out the lamp", words), MenuItem("lamp.turn", "Turn the lamp low", words))
    assert asked_for(heard, menu) == ()
    assert asked_for(heard, (MenuItem("lamp.light", "Light the lamp", words),)) == ()


def test_how_a_thing_is_that_is_here_still_tells_which() -> None:
    teas = (
        MenuItem("tea.pour:keemun", "Pour a cup of Keemun (dark)", ("tea", "dark", "keemun")),
        MenuItem("tea.pour:mint", "Pour a cup of mint (fresh)", ("tea", "mint", "fresh")),
        MenuItem("chess.take:black", "Sit down at black", ("chess", "black", "pieces")),
    )
    assert asked_for("Give me a strong black tea, please.", teas) == ("tea.pour:keemun",)
    assert asked_for("I'll take the black pieces.", teas) == ("chess.take:black",)
