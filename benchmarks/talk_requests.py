"""What the visitors of `benchmarks/talk_quality.py` ask for: 40 requests a scene, in words that no prompt has.

They were written before the matcher was ever tried on them, from the props' descriptions alone. Each has the menu ids
that would grant it (by their beginnings, any of them counts). ``TALK`` are lines that ask for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its words, and the beginnings of the ids that grant it."""

    text: str
    wanted: tuple[str, ...]

    @property
    def prop(self) -> str:
        """The prop that is prepared for it."""
        return self.wanted[0].partition(".")[0]


def table(text: str) -> tuple[Asked, ...]:
    """Rows of "ids <- words"."""
    rows = (line.strip().partition(" <- ") for line in text.strip().splitlines())
    return tuple(Asked(said, tuple(ids.split())) for ids, _, said in rows)


REQUESTS: dict[str, tuple[Asked, ...]] = {
    "tea_room": table("""
        lamp.light <- It's awfully gloomy, can something be done about that?
        lamp.light <- Would you get that paper lantern going?
        lamp.light <- I'd like to see who I am talking to.
        lamp.put_out <- Could we sit in the dark for a bit?
        lamp.put_out <- Kill the lamp, would you.
        lamp.turn:low <- Dim the lamp a little, please.
        lamp.turn:bright <- Can you make the lamp brighter?
        samovar.heat <- Any chance of getting the kettle going?
        samovar.heat <- The water has gone cold, warm it up, please.
        samovar.heat samovar.pour samovar.brew <- I'm frozen through, a hot drink would save me.
        samovar.brew:jasmine <- Make us a pot of jasmine, please.
        samovar.brew:mint <- I think mint would suit me tonight. Could you brew some?
        samovar.brew:smoky_black <- The strongest and smokiest tea you have, please.
        samovar.pour <- May I have a cup?
        samovar.pour <- Fill my cup, would you?
        samovar.pour <- My throat is dry as paper.
        samovar.empty <- That pot has gone stale, please pour it away.
        record_player.play record_player.choose record_player.next <- Put something on the gramophone.
        record_player.play record_player.choose record_player.next <- I wouldn't mind a tune.
        record_player.play record_player.choose record_player.next <- Does that music machine still work? Let's hear it.
        record_player.next record_player.choose <- Not this song, something else, please.
        record_player.next record_player.choose <- Try another record, will you?
        record_player.choose:paper_moon <- Do you have that bright one, Paper Moon?
        record_player.choose:rain_on_tin <- Could you put on Rain on Tin?
        record_player.stop record_player.pause <- I'd rather have silence now, if you don't mind.
        record_player.stop record_player.pause <- Turn that music off, please, my head hurts.
        record_player.turn_volume:down <- The record a little softer, please, I can't hear you.
        record_player.turn_volume:up <- I love this song, turn it up!
        window.open_window <- It smells of smoke, let some air in.
        window.close_window <- There's a draught on my neck, can you shut that?
        window.draw_curtain <- I'd rather nobody outside saw us. The curtain, please.
        window.open_curtain <- Pull back the curtain, I want to see the platform.
        rain_doll.upright <- Could you make it stop raining?
        rain_doll.upright <- I would love to see the stars tonight.
        rain_doll.sideways <- Can your doll bring us snow?
        rain_doll.upside_down <- Give us back the rain, it was cosy.
        notice_board.pin <- Would you leave a note for my sister, that I was here?
        notice_board.clear <- Those old notes are ugly, take them down.
        diary.write <- Please put a line in the guest book about tonight.
        chess.take <- How about a match? Sit down at the board with me.
    """),
    "greenhouse": table("""
        moonflower.water <- The little pot looks parched, give it a drink.
        moonflower.water <- Could you pour some water on the parsley?
        moonflower.water <- Would you water that one, the pot with the label?
        moonflower.sing <- Sing something for the plant, will you?
        moonflower.sing <- They say flowers grow when one sings to them. Try it.
        moonflower.sing <- Give the parsley a lullaby.
        mist.start <- The air is so dry up here, can you switch the pipes on?
        mist.start <- Let the mist come down.
        mist.start <- Could we have some of that fog for the ferns?
        mist.start <- Turn the sprinklers on, please.
        mist.stop <- I'm getting soaked by this mist, make it stop.
        mist.stop <- Enough mist, please.
        mist.stop <- Shut the pipes off, would you?
        string_lights.switch_on <- I can barely see the path.
        string_lights.switch_on <- Would you put the fairy lights on?
        string_lights.switch_on <- Some light would be lovely.
        string_lights.switch_on <- Plug in those little bulbs, please.
        string_lights.switch_off <- Turn the little lamps off, I want it dark.
        string_lights.switch_off <- It's too bright up here.
        string_lights.change:green <- Could the lights be green?
        string_lights.change:rose <- I'd like the lights better in rose.
        string_lights.change:gold <- Make the lamps gold again, please.
        wind_chime.ring <- What do the spoons sound like? Give them a tap.
        wind_chime.ring <- Let's hear that chime.
        telescope.point:the_moon <- I want to see the moon up close.
        telescope.point:the_moon <- Can you aim the telescope at the moon?
        telescope.point:Saturn <- Is Saturn up? Show me its rings.
        telescope.point:the_Pleiades <- Let me see the Pleiades.
        telescope.point:the_street <- Could we look down at the street with that thing?
        telescope.point:the_street <- Turn the telescope to the people below in the street.
        telescope.cap <- Put the jar back on the lens, please.
        record_player.play record_player.choose record_player.next <- A song would go well with the evening.
        record_player.play record_player.choose record_player.next <- How about some music for the tomatoes?
        record_player.next record_player.choose <- Skip this one.
        record_player.stop record_player.pause <- Music off, please.
        record_player.turn_volume:up <- The music a bit louder, please!
        record_player.choose:second_cup <- Put on Second Cup, would you?
        notice_board.pin <- Write on the slate that I am back at nine.
        notice_board.pin <- Leave a message for Mr Fink, please.
        notice_board.clear <- Wipe the slate clean.
    """),
    "radio_room": table("""
        wireless.tune:2182 <- Switch to the distress frequency, 2182.
        wireless.tune:2182 <- Go back to 2182, please.
        wireless.tune:1650 <- What is on 1650? Listen in.
        wireless.tune:1650 <- Turn the dial to 1650 kilocycles.
        wireless.tune:500 <- Could you tune in 500?
        wireless.send <- Call the coastguard and ask if they read us.
        wireless.send <- Send them a message that all is well here.
        wireless.send <- Can you tell the trawlers in morse that we are here?
        wireless.send <- Answer them on the radio, please.
        beacon.wind <- The light is standing still, do something!
        beacon.wind <- Give the clockwork a few turns.
        beacon.wind <- Could you wind her up again?
        beacon.wind <- The great lens no longer turns, wind it, please.
        stove.stoke <- Put some coal on, please.
        stove.stoke <- My hands are numb with cold.
        stove.stoke <- Could you get the stove going?
        stove.stoke <- A bit of warmth would be welcome.
        stove.damp shutter.open_shutter <- It's far too hot in here.
        stove.damp <- Let the stove go out, please.
        stove.damp <- Damp the stove, would you, I'm sweating.
        shutter.close_shutter <- That wind comes right in, shut the window.
        shutter.close_shutter <- Would you bar the shutter?
        shutter.close_shutter <- Keep the sea out, close up, please.
        shutter.close_shutter <- The shutter is banging, fasten it.
        shutter.open_shutter <- I want to look at the waves.
        shutter.open_shutter <- Unbar the shutter, please.
        shutter.open_shutter <- Let us see outside for a moment.
        barometer.tap <- What does the glass say? Give it a knock.
        barometer.tap <- Would you try the barometer for me?
        barometer.tap <- Check the weather, please.
        barometer.tap <- Could you see whether the pressure is falling?
        lamp.put_out <- Save the oil and put the lamp out.
        lamp.put_out <- Could we have it dark in here?
        lamp.light <- I can't read a word, get the oil lamp lit.
        lamp.turn:bright <- Turn the lamp up, please.
        lamp.turn:bright <- A brighter flame in the lamp, please.
        lamp.turn:low <- Turn the wick down a little.
        logbook.write <- Make an entry in the log that I arrived.
        logbook.write <- Put my name in the logbook.
        logbook.write <- Would you note this in the log?
    """),
}

FRESH: dict[str, tuple[Asked, ...]] = {
    "tea_room": table("""
        lamp.light <- My eyes are not what they were, could we have a little more light?
        lamp.turn:low <- That lamp is a bit harsh, soften it, would you?
        samovar.heat <- Shall we get some water on the boil?
        samovar.pour <- Top me up, please.
        record_player.play record_player.choose record_player.next <- Surprise me with a record.
        record_player.stop record_player.pause <- Would you mind stopping the music?
        window.open_window <- I need a breath of fresh air.
        window.draw_curtain <- Could you close the curtain?
        rain_doll.sideways <- I want to wake up to snow.
        notice_board.pin <- Put up a notice that I lost my glove, please.
        diary.write <- Would you sign the guest book for me?
        chess.take <- Let's play chess, you and I.
    """),
    "greenhouse": table("""
        moonflower.water <- When did that plant last drink? Water it.
        moonflower.sing <- Could you sing to it, that pot over there?
        mist.start <- Start the mist, it is like a desert in here.
        mist.stop <- Stop the mist before I drown.
        string_lights.switch_on <- It is getting dark, isn't it?
        string_lights.switch_off <- Lights out, please.
        string_lights.change:rose <- Can we have rose coloured lights?
        wind_chime.ring <- Give the wind chime a push.
        telescope.point:Saturn <- Point that thing at Saturn.
        telescope.point:the_Pleiades <- I have never seen the Pleiades, may I?
        record_player.play record_player.choose record_player.next <- Is there any music up here?
        notice_board.pin <- Note on the slate that the tomatoes are ripe.
    """),
    "radio_room": table("""
        wireless.tune:1650 <- I heard there is something odd on 1650, tune to it.
        wireless.tune:2182 <- Back to 2182, quick!
        wireless.send <- Radio the lifeboat that we see them.
        beacon.wind <- The clockwork needs winding.
        stove.stoke <- It's freezing in here.
        stove.stoke <- Feed the stove, please.
        stove.damp shutter.open_shutter <- I'm boiling, can you cool the stove?
        shutter.close_shutter <- Shut that thing before the glass breaks.
        shutter.open_shutter <- Open the shutter so that I can see the ships.
        barometer.tap <- Is the storm passing? Tap the barometer.
        lamp.put_out <- Blow the lamp out, we need to see the sea.
        logbook.write <- Log the time of my arrival, please.
    """),
}
"""Written after the matcher was improved on the requests above: at the first try 27 of 36 were done,
then it was improved once more (34)."""

TALK = (
    "Are you a real person or a program?",
    "What brought you to this place?",
    "I had a long day and nobody to tell about it.",
    "Have you heard of the internet?",
    "What do you think of the weather?",
    "My name is Tom, and I grew up by the sea.",
    "Who else comes here?",
    "What is the best thing that happened to you this week?",
    "Have you got a secret?",
    "You make me laugh, do you know that?",
    "I am thinking of moving to another town.",
    "What was your first job?",
)
