"""Requests and talk that were written after the matcher was built, with the menus of the tea room's props."""

from __future__ import annotations

import pytest

from openroom.language.requests.item import MenuItem as Item
from openroom.language.requests.match import asked_for

CALM = (
    Item("lamp.light", "Light the lamp", ("lamp", "light", "dark", "brighter", "see", "the green lamp")),
    Item("samovar.heat", "Heat the samovar", ("samovar", "kettle", "boil", "heat", "water", "hot", "the samovar")),
    Item("window.open", "Open the window", ("window", "open", "air", "hot", "stuffy", "the window")),
    Item("window.draw", "Draw the curtain", ("curtain", "draw", "close", "hide", "the window")),
    Item("board.pin", "Pin a note", ("note", "notice", "board", "pin", "write", "message", "the notice board")),
    Item(
        "records.play", "Play the record", ("play", "music", "record", "song", "put on", "listen", "the record player")
    ),
    Item(
        "records.next", "Play the next record", ("next", "another", "skip", "different", "change", "the record player")
    ),
    Item(
        "records.choose:moon",
        "Put on Blue Moon (wistful)",
        ("blue moon", "the drifters", "wistful", "play", "put on", "record", "song", "music", "the record player"),
    ),
    Item("records.turn_volume:up", "Turn the music up", ("louder", "volume", "the record player")),
    Item("records.turn_volume:down", "Turn the music down", ("quieter", "softer", "volume", "the record player")),
    Item("chess.take:white", "Sit down at white", ("chess", "sit", "play", "game", "white", "the chess board")),
)
BUSY = (
    Item("lamp.douse", "Put out the lamp", ("lamp", "out", "off", "dark", "darker", "extinguish", "the green lamp")),
    Item("lamp.turn:low", "Turn the lamp low", ("lamp", "dim", "wick", "turn", "the green lamp")),
    Item("samovar.pour", "Pour a cup of tea", ("cup", "pour", "tea", "drink", "thirsty", "the samovar")),
    Item("samovar.empty", "Empty the teapot", ("empty", "throw", "pot", "the samovar")),
    Item("window.close", "Close the window", ("window", "close", "shut", "cold", "draught", "noise", "the window")),
    Item("board.clear", "Take down all notes", ("board", "notes", "clear", "remove", "clean", "the notice board")),
    Item("records.pause", "Pause the record", ("pause", "quiet", "hush", "wait", "the record player")),
    Item(
        "records.next", "Play the next record", ("next", "another", "skip", "different", "change", "the record player")
    ),
    Item("records.stop", "Stop the music", ("stop", "off", "silence", "music off", "the record player")),
    Item("records.turn_volume:up", "Turn the music up", ("louder", "volume", "the record player")),
    Item("records.turn_volume:down", "Turn the music down", ("quieter", "softer", "volume", "the record player")),
    Item("chess.accept_draw", "Accept the draw", ("chess", "accept", "draw", "yes", "the chess board")),
    Item("chess.offer_draw", "Offer a draw", ("chess", "draw", "remis", "the chess board")),
    Item("chess.resign", "Resign", ("chess", "resign", "give up", "the chess board")),
    Item("chess.get_up", "Get up from the board", ("chess", "leave", "get up", "the chess board")),
    Item("chess.move:e2e4", "Move the pawn to e4", ("e4", "pawn", "chess", "the chess board")),
    Item("chess.move:g1f3", "Move the knight to f3", ("f3", "knight", "chess", "the chess board")),
)
CALM_WISHES = [
    ("would you light that green lamp for me", "lamp.light"),
    ("my eyes are bad, could I have more light?", "lamp.light"),
    ("put blue moon on", "records.choose:moon"),
    ("play Blue Moon please", "records.choose:moon"),
    ("can we hear Blue Moon?", "records.choose:moon"),
    ("boil some water, would you", "samovar.heat"),
    ("get that samovar hot", "samovar.heat"),
    ("could you make us tea", "samovar.heat"),
    ("close the curtain", "window.draw"),
    ("draw the curtain please", "window.draw"),
    ("will you play chess with me?", "chess.take:white"),
    ("fancy a game of chess?", "chess.take:white"),
    ("how about a game?", "chess.take:white"),
    ("louder, please", "records.turn_volume:up"),
    ("turn it up", "records.turn_volume:up"),
    ("turn the music down a bit", "records.turn_volume:down"),
    ("skip to the next record", "records.next"),
    ("put another record on", "records.next"),
    ("open a window, I need air", "window.open"),
    ("it's stuffy in here", "window.open"),
    ("music please", "records.play"),
    ("I'd like some music", "records.play"),
    ("the samovar, if you would", "samovar.heat"),
    ("it's so dark I can't read", "lamp.light"),
    ("wind up the record player", "records.play"),
]
BUSY_WISHES = [
    ("pass me a cup of tea", "samovar.pour"),
    ("tea, please", "samovar.pour"),
    ("I could murder a cup of tea", "samovar.pour"),
    ("turn the lamp down", "lamp.turn:low"),
    ("dim the lamp", "lamp.turn:low"),
    ("turn the lamp off", "lamp.douse"),
    ("blow out the lamp", "lamp.douse"),
    ("pause the music for a moment", "records.pause"),
    ("stop the music", "records.stop"),
    ("shh, turn the music off", "records.stop"),
    ("it's too loud", "records.turn_volume:down"),
    ("a bit quieter, please", "records.turn_volume:down"),
    ("could you close the window, I'm cold", "window.close"),
    ("brrr, it's freezing in here", "window.close"),
    ("knight to f3", "chess.move:g1f3"),
    ("move the knight", "chess.move:g1f3"),
    ("take the notes down", "board.clear"),
    ("please clear the board", "board.clear"),
    ("empty the pot", "samovar.empty"),
    ("next record!", "records.next"),
]
TALK = [
    "Could you draw me a picture?",
    "please accept my apologies",
    "Don't give up",
    "You should never give up",
    "Please wait",
    "Wait for me",
    "could you repeat that?",
    "Please change the subject",
    "Yes",
    "No",
    "yes please",
    "no thanks",
    "Let's play",
    "Let me think",
    "Let me see",
    "I see",
    "See you tomorrow",
    "Can I sit here?",
    "Sit down and tell me everything",
    "Leave me alone",
    "Could you leave?",
    "I'm going to get up early tomorrow",
    "Move on",
    "Next question",
    "Write to me",
    "Close call!",
    "Stop",
    "What game is that?",
    "I am in the dark about it",
    "Can you shed some light on this?",
    "Could you keep this quiet?",
    "I need a break",
    "I'd like to know more about chess",
    "He resigned last week",
    "You play beautifully",
    "Play fair",
    "I dream of an open window",
    "I want to be a musician",
    "Is the tea from India?",
    "Was the music too loud?",
    "Who wrote that note?",
    "Did you pin the note there?",
    "Your lamp is pretty, where did you get it?",
    "I'd rather hear about your brother",
    "That record must be old",
    "Could I ask about the samovar?",
    "I would like you to meet my sister",
    "Do you take sugar?",
    "Take it easy",
    "hot tea is the best",
    "My hands are cold",
    "the water here tastes odd",
    "Thanks, the tea is great",
    "We need to talk about last night",
    "I need to be honest with you",
    "what a mess on the notice board",
]


@pytest.mark.parametrize(("wishes", "menu"), [(CALM_WISHES, CALM), (BUSY_WISHES, BUSY)])
def test_most_requests_find_their_item(wishes: list[tuple[str, str]], menu: tuple[Item, ...]) -> None:
    missed = [(heard, wanted, found) for heard, wanted in wishes if (found := asked_for(heard, menu)) != (wanted,)]
    assert len(missed) <= len(wishes) * 0.1, missed


@pytest.mark.parametrize("heard", TALK)
def test_talk_moves_nothing(heard: str) -> None:
    assert asked_for(heard, CALM) == asked_for(heard, BUSY) == ()
