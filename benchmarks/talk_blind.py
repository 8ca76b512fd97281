"""Sets that were held out: each was written and committed before the matcher was tried on it, and measured once.

``FIRST`` was written on 2026-11-22 from the scenes' files alone, before the code of the understudy was read or changed;
``SECOND`` after the matcher was rebuilt with ``FIRST`` and the older sets in view, ``THIRD`` after it was improved once
more with ``SECOND`` and lines of its own, ``FOURTH`` after ``THIRD``. Nothing was changed for a set before it was
measured; afterwards it served to find what to mend. All are by one author, who wrote the matcher too.

A row of requests is "the menu ids that grant it <- what is said"; a row of ``IDLE`` is "what it could be mistaken for
<- what is said": talk, questions, refusals and reports that ask for no deed, said when that deed is possible.
"""

from __future__ import annotations

from benchmarks.talk_requests import Asked, table

FIRST: dict[str, tuple[Asked, ...]] = {
    "tea_room": table("""
        lamp.light <- Mira, could we have some light in here? I can hardly make out your face.
        lamp.light <- that lantern looks lonely, why not switch it on
        lamp.put_out <- Blow out the lantern, I want to see the station by moonlight.
        lamp.turn:low <- The lamp is glaring a bit, could you soften it?
        samovar.heat <- Put the water on, would you?
        samovar.heat samovar.brew samovar.pour <- I've been on my feet all day. Any tea going?
        samovar.brew:jasmine <- Something flowery would be lovely. Jasmine, maybe?
        samovar.brew:smoky_black <- One smoky black, please!
        samovar.pour <- Pour me another one, please.
        samovar.empty <- Nobody is going to drink that old tea any more, tip it out.
        record_player.play record_player.choose record_player.next <- It's so quiet. How about some music?
        record_player.stop record_player.pause <- Would you mind stopping the record for a minute?
        record_player.choose:what_the_tide_said <- Have you got anything by Nora Vale?
        record_player.turn_volume:up <- I can barely hear the music from over here.
        window.open_window <- Phew, it's warm. Could you let in some fresh air?
        window.close_window window.draw_curtain <- There's an icy breeze on my neck, would you shut that?
        rain_doll.upright <- I'm tired of all this rain. Can your little doll do anything about it?
        notice_board.pin <- Could you leave a message for my sister on the board? She comes through tomorrow.
        diary.write <- Would you put tonight into the guest book for me?
        chess.take <- Fancy a match? I'll be black.
    """),
    "greenhouse": table("""
        moonflower.water <- That poor parsley looks parched. Give it a drink?
        moonflower.water <- shouldn't somebody water this pot
        moonflower.sing <- I've heard plants like songs. Will you sing it one?
        moonflower.sing <- Hum a lullaby for the little seedling.
        mist.start <- The ferns are looking crisp. Could you run the sprinklers?
        mist.start <- Let's make it misty in here!
        mist.stop <- I'm getting drenched, shut the water off please.
        string_lights.switch_on <- It's getting dark up here, have you got any lights?
        string_lights.switch_on <- Turn on those pretty little bulbs, will you?
        string_lights.switch_off <- Could we do without the lights? I want to see the city.
        string_lights.change:green <- Could the lights be green instead?
        string_lights.change:rose <- I'd love the lamps in pink.
        wind_chime.ring <- Give those spoons a shake.
        wind_chime.ring <- What do the spoons sound like? Ring them for me!
        telescope.point:Saturn <- I have never seen Saturn's rings. Could you show me?
        telescope.point:the_moon <- Let's have a look at the moon through that thing.
        telescope.point:the_street <- Can we spy on the people down in the street?
        telescope.cap <- Better cover the telescope before it gets wet.
        record_player.play record_player.choose record_player.next <- Got anything we can dance to?
        notice_board.pin <- Write on the slate that Tom was here.
    """),
    "radio_room": table("""
        wireless.tune:2182 <- Switch over to the distress frequency, 2182.
        wireless.tune:1650 <- What's on 1650? Tune it in.
        wireless.tune:500 <- Could you try five hundred?
        wireless.send <- Please radio the mainland that we are all right.
        wireless.send <- Can you get a message out to that trawler?
        wireless.send <- Try calling them again.
        beacon.wind <- Has anyone wound up the light lately? Please do.
        beacon.wind <- The big lamp has stopped turning, quick, wind it!
        beacon.light_up <- The beacon's gone dark! Get it burning again!
        stove.stoke <- Could you put another log on the fire?
        stove.stoke <- My fingers are like ice.
        stove.damp <- It's sweltering, turn the stove down a bit.
        shutter.close_shutter <- Shut that thing before the waves come in!
        shutter.close_shutter <- The wind is howling through that window, can you close it up?
        shutter.open_shutter <- Can I get a look at the sea?
        barometer.tap <- Is the storm going to pass? Check the glass.
        barometer.tap <- give the barometer a knock would you
        lamp.put_out <- Douse the oil lamp, we should save the paraffin.
        lamp.turn:bright <- I can't read this chart, more light please.
        logbook.write <- Make a note of that in the log.
    """),
}

IDLE_FIRST: dict[str, tuple[Asked, ...]] = {
    "tea_room": table("""
        lamp.put_out <- Don't touch the lamp, I like it the way it is.
        lamp.light <- Please leave the lamp dark for now.
        samovar.pour <- No more tea for me, thank you.
        samovar.heat <- How long does it take until that samovar boils?
        record_player.stop <- What is this record called?
        record_player.play <- My father used to play the gramophone every Sunday.
        window.open_window <- I would rather you didn't open the window.
        window.close_window <- I opened the window at home before I left, I think.
        chess.take <- Are you any good at chess?
        rain_doll.upright <- Who hung up that doll, and what is it for?
        notice_board.clear <- I read every note on the board while I waited.
        diary.write <- I never write in guest books.
    """),
    "greenhouse": table("""
        moonflower.water <- Who waters all of these plants when you are asleep?
        moonflower.sing <- Stop singing to that pot, it is embarrassing.
        mist.start <- Please don't switch the mist on, I have paper in my bag.
        mist.stop <- I love how the mist feels on my face.
        string_lights.switch_on <- I bought lights just like these for my balcony.
        string_lights.switch_off <- Leave the lights on, please.
        string_lights.change:green <- Is green your favourite colour?
        wind_chime.ring <- Where did you get all those spoons?
        telescope.point:the_moon <- The moon is beautiful tonight.
        telescope.point:Saturn <- Did you know that Saturn would float in water?
        record_player.play <- No music, please, I have a headache.
        notice_board.pin <- What does it say on the slate?
    """),
    "radio_room": table("""
        wireless.send <- Have you ever sent a message that nobody answered?
        wireless.tune:1650 <- Whatever you do, stay off 1650.
        wireless.tune:2182 <- Why does everybody listen on 2182?
        beacon.wind <- You needn't wind the light, I have just done it.
        beacon.light_up <- When was the light first lit?
        stove.stoke <- I am warm enough, don't waste the coal.
        stove.damp <- The stove at my grandmother's was much bigger than this one.
        shutter.close_shutter <- Please keep the shutter open, I want to watch the waves.
        shutter.open_shutter <- Is the shutter made of steel?
        barometer.tap <- Do you trust the barometer?
        lamp.put_out <- This lamp smells of fish.
        logbook.write <- How many pages does the logbook have?
    """),
}

SECOND: dict[str, tuple[Asked, ...]] = {
    "tea_room": table("""
        lamp.light <- I can't find my glasses in this gloom. A lamp, perhaps?
        lamp.light <- Is it all right if we light that paper thing?
        lamp.put_out <- You may put the lamp out now, my eyes need a rest.
        lamp.turn:low <- Make it cosier, turn the lamp down.
        lamp.turn:bright <- I'd like to write a postcard, give me a bit more light.
        samovar.heat <- Let's get some hot water going.
        samovar.brew:mint <- Mint for me, thanks.
        samovar.brew:smoky_black <- Which one keeps me awake? Brew me that black one.
        samovar.pour <- I would not say no to a cup of that.
        samovar.pour <- Another cup, Mira?
        samovar.empty <- Get rid of that cold tea, please.
        record_player.play record_player.choose record_player.next <- I feel like dancing. Put something on!
        record_player.stop record_player.pause <- Can we have the music off while I make a call?
        record_player.next record_player.choose <- This one is too sad, play another.
        record_player.choose:rain_on_tin <- What is Rain on Tin like? I want to hear it.
        record_player.turn_volume:down <- That's a bit loud, isn't it? Softer, please.
        window.open_window <- It's awfully stuffy, crack a window.
        window.close_window <- Shut the window, I'm getting wet.
        window.draw_curtain <- Pull the curtain, somebody is staring in.
        rain_doll.sideways <- Could your doll make it snow for us?
        rain_doll.upright <- I wish the rain would stop so that I can walk home.
        notice_board.pin <- Can you post a note saying I found a glove?
        diary.write <- Please leave a few lines about me in the book.
        chess.take <- Shall we play? I mean chess.
    """),
    "greenhouse": table("""
        moonflower.water <- I think the plant is thirsty.
        moonflower.water <- Pour a little water on that seedling, would you?
        moonflower.sing <- Sing something for the moonflower!
        mist.start <- Time to give everybody here a shower, turn the mist on.
        mist.start <- The air is so dry. Can you do something?
        mist.stop <- Enough mist, I can't see a thing!
        string_lights.switch_on <- Let's have the fairy lights on.
        string_lights.switch_off <- Would you switch those lamps off for a second? I want to see the stars.
        string_lights.change:rose <- Rose would be prettier than this colour.
        string_lights.change:gold <- Switch the lights to gold.
        wind_chime.ring <- Let me hear the wind chime, just once.
        wind_chime.ring <- Go on, tap those spoons.
        telescope.point:Saturn <- Take me to Saturn!
        telescope.point:the_moon <- Can you find the moon for me?
        telescope.point:the_Pleiades <- I want to see the Pleiades.
        telescope.cap <- Put the lid back on the telescope.
        record_player.play record_player.choose record_player.next <- Do your plants like music? Play them some.
        record_player.turn_volume:up <- Louder! The tomatoes can't hear it.
        notice_board.pin <- Leave Pim a message on the slate.
        notice_board.clear <- You can erase what is on the slate.
    """),
    "radio_room": table("""
        wireless.tune:1650 <- I want to hear what is going on at 1650.
        wireless.tune:2182 <- Better go back to 2182.
        wireless.tune:500 <- Listen in on 500 for a while, please.
        wireless.send <- Call the coastguard!
        wireless.send <- Can we let somebody ashore know that I'm here?
        wireless.send <- Answer them, Edda!
        beacon.wind <- Don't let the light stop, wind it.
        beacon.wind <- The weight is almost down, give it a wind.
        beacon.light_up <- The light is out! Do something!
        stove.stoke <- Put some more wood in the stove.
        stove.stoke <- I'm shivering.
        stove.damp <- That fire is too fierce, calm it down.
        shutter.close_shutter <- Batten down that window.
        shutter.open_shutter <- Let's look outside.
        barometer.tap <- What does the barometer say? Give it a tap.
        barometer.tap <- Find out whether the weather will change.
        lamp.put_out <- Switch that oil lamp off, we have the stove.
        lamp.turn:bright <- It's too dim in here, make the lamp brighter.
        logbook.write <- Please record my name in the logbook.
        logbook.write <- You should write this down.
    """),
}

IDLE_SECOND: dict[str, tuple[Asked, ...]] = {
    "tea_room": table("""
        lamp.put_out <- Don't you dare blow out that lamp.
        lamp.light <- When I was little I was afraid of the dark.
        samovar.pour <- I already had a cup, thank you.
        samovar.heat <- Please do not heat the samovar just for me.
        samovar.empty <- Is the pot empty?
        record_player.stop <- I'd hate it if the music stopped.
        record_player.play <- Who was Nora Vale?
        record_player.next <- You have good taste in records.
        window.open_window <- The window looks out on the platform, doesn't it?
        chess.take <- Oskar told me that he always loses at chess.
        rain_doll.sideways <- It hardly ever snows here.
        notice_board.clear <- Please leave the notes where they are.
        diary.write <- What did people write in the guest book?
        window.close_window <- No need to shut the window.
    """),
    "greenhouse": table("""
        moonflower.water <- That label is a lie, isn't it?
        moonflower.sing <- My mother sang to her plants every morning.
        mist.start <- The mist over the city is pretty.
        mist.stop <- Let the mist run a little longer.
        string_lights.switch_off <- Please don't turn the lights off yet.
        string_lights.switch_on <- How many lights are there?
        telescope.point:the_moon <- I don't want to look through the telescope.
        telescope.point:the_street <- I live in the street down there.
        wind_chime.ring <- Three of the spoons are silver, I hear.
        record_player.play <- Do you sing yourself?
        notice_board.pin <- I can't read what is on the slate.
        record_player.stop <- This is my favourite song.
    """),
    "radio_room": table("""
        wireless.send <- Has anybody answered your call?
        wireless.tune:1650 <- I am scared of what is on 1650.
        beacon.wind <- It must be hard work to wind that light every night.
        stove.stoke <- The stove is fine as it is.
        stove.damp <- I love sitting by a warm stove.
        shutter.close_shutter <- You can leave the shutter open.
        shutter.open_shutter <- The shutter rattles a lot, doesn't it?
        barometer.tap <- My father taught me to read a barometer.
        barometer.tap <- Don't tap it so hard, you will break it.
        lamp.put_out <- Keep that lamp burning, please.
        logbook.write <- I would never write that in a log.
        beacon.light_up <- Ships used to be lost here before there was a light.
    """),
}

THIRD: dict[str, tuple[Asked, ...]] = {
    "tea_room": table("""
        lamp.light <- Could you turn the lamp on? I want to read the timetable.
        lamp.light <- A little light wouldn't hurt, would it?
        lamp.put_out <- Please turn off the lamp, I like the dark.
        lamp.turn:low <- That lamp is too bright for me.
        lamp.turn:bright <- Please turn the light up as far as it goes.
        samovar.heat <- Would you get the samovar started?
        samovar.heat samovar.brew samovar.pour <- What do I have to do to get a tea here?
        samovar.brew:jasmine <- Could you make a pot of jasmine tea for us?
        samovar.brew:mint <- I'd prefer mint, if there is any.
        samovar.pour <- Would you pour me some?
        samovar.pour <- I'll take a cup, thanks.
        samovar.empty <- This tea is stale, pour it away please.
        record_player.play record_player.choose record_player.next <- Can we have something on the record player?
        record_player.play record_player.choose record_player.next <- Let's listen to music while we wait.
        record_player.choose:second_cup <- Put Second Cup on, it is my favourite.
        record_player.next record_player.choose <- Could we hear something different?
        record_player.stop record_player.pause <- Please stop the music, I want to hear the rain.
        record_player.turn_volume:up <- Make the music louder, please!
        window.open_window <- Do you mind if we open the window?
        window.close_window <- It's cold with that window open, can you close it?
        window.open_curtain <- Open the curtain, I want to see if it's still raining.
        rain_doll.upright <- Ask your doll for some sunshine.
        notice_board.pin <- Would you pin something up for me? It says: lost, one umbrella.
        chess.take <- I'd love to play a game of chess with you.
    """),
    "greenhouse": table("""
        moonflower.water <- Have you watered the parsley yet? Go on, do it.
        moonflower.water <- Could we give this plant some water?
        moonflower.sing <- Try singing to it, maybe it will grow.
        moonflower.sing <- Would you sing for the parsley?
        mist.start <- Switch on those pipes up there, I want to see what they do.
        mist.start <- The leaves need spraying.
        mist.stop <- Turn the mist off, please, my hair is getting wet.
        mist.stop <- That's enough water from above!
        string_lights.switch_on <- It must be pretty with the lights on. Can I see?
        string_lights.switch_off <- Please put out the lights.
        string_lights.change:green <- Make the lights green!
        string_lights.change:rose <- Do the lights come in pink as well?
        wind_chime.ring <- Could you make the chime ring?
        wind_chime.ring <- Give the spoons a little push, please.
        telescope.point:the_moon <- I want to see the moon up close.
        telescope.point:the_Pleiades <- Show us the Pleiades, please.
        telescope.point:the_street <- Point it down at the street, I want to see my bike.
        telescope.cap <- Don't forget to put the jar back on the telescope.
        record_player.stop record_player.pause <- The music is a bit much, could you turn it off?
        record_player.choose:paper_moon <- Paper Moon, please, that suits the evening.
    """),
    "radio_room": table("""
        wireless.tune:2182 <- Could you tune the radio to 2182?
        wireless.tune:1650 <- Let's hear what 1650 has to say.
        wireless.tune:500 <- Put it on 500.
        wireless.send <- Please send a message to my family.
        wireless.send <- Can you call the other lighthouse?
        wireless.send <- Tell them that we are still here!
        beacon.wind <- I think it's time to wind the clockwork.
        beacon.wind <- Could you wind up the light before it stops?
        beacon.light_up <- Somebody has to light the lamp again, there are ships out there.
        stove.stoke <- It's getting cold, could you put on some coal?
        stove.stoke <- Can you make the stove warmer?
        stove.damp <- Could you let the fire go down a little? I'm too hot.
        shutter.close_shutter <- Close the shutter, please, the noise is terrible.
        shutter.close_shutter <- Shouldn't that shutter be closed in this weather?
        shutter.open_shutter <- Open the shutter for me, I want to see the storm.
        barometer.tap <- Would you check the barometer for me?
        barometer.tap <- Is the weather getting better? Tap the glass, please.
        lamp.put_out <- We could save oil and turn off that lamp.
        lamp.turn:bright <- Can you make that lamp any brighter?
        logbook.write <- Would you write down in the logbook that I came?
    """),
}

IDLE_THIRD: dict[str, tuple[Asked, ...]] = {
    "tea_room": table("""
        lamp.put_out <- That lamp gives such a warm light.
        lamp.light <- Do you always sit in the dark?
        samovar.pour <- The tea was wonderful, thank you so much.
        samovar.heat <- How does a samovar work?
        record_player.stop <- Please don't stop the music.
        record_player.play <- What kind of music do you like?
        record_player.next <- I like this record a lot.
        window.open_window <- Can you see the trains from that window?
        window.close_window <- I like the window open.
        rain_doll.upright <- The rain doesn't bother me.
        chess.take <- Who taught you chess?
        notice_board.pin <- There are so many notes on your board.
        diary.write <- Who was the last to write in the guest book?
        samovar.pour <- Not tea again, please.
    """),
    "greenhouse": table("""
        moonflower.water <- What are you growing in that pot?
        moonflower.water <- Don't water it too much.
        moonflower.sing <- You have a lovely voice when you sing.
        mist.start <- I got wet on my way here.
        mist.stop <- So that is what the pipes are for!
        string_lights.switch_on <- I hope nobody sees us from the street.
        string_lights.change:green <- Leave the lights as they are, please.
        telescope.point:Saturn <- How far away is Saturn?
        telescope.point:the_moon <- People have walked on the moon, you know.
        wind_chime.ring <- The wind chime sounds sad today.
        record_player.stop <- Is that an old record?
        notice_board.clear <- Don't wipe the slate, I haven't read it.
    """),
    "radio_room": table("""
        wireless.send <- What did they answer?
        wireless.send <- I used to send messages in bottles.
        wireless.tune:1650 <- You listen at three o'clock, don't you?
        beacon.wind <- How long does the clockwork run?
        beacon.wind <- The light is beautiful from the sea.
        stove.stoke <- Thank you for the warm fire.
        stove.damp <- Who carries the coal up all those stairs?
        shutter.close_shutter <- I am not afraid of a storm.
        shutter.open_shutter <- No, please don't open that.
        barometer.tap <- Is that a barometer?
        lamp.put_out <- Without that lamp it would be very dark here.
        logbook.write <- There is nothing to write about tonight.
    """),
}

FOURTH: dict[str, tuple[Asked, ...]] = {
    "tea_room": table("""
        lamp.light <- Who turned off the lamp? Please turn it on again.
        lamp.light <- I think we need some light.
        lamp.put_out <- Let's switch the lamp off and listen to the rain.
        lamp.turn:low <- Could you turn the lamp to low?
        samovar.heat <- Please heat some water for us.
        samovar.heat samovar.brew samovar.pour <- I came in for a tea, actually.
        samovar.brew:mint <- Make it mint tea, please.
        samovar.brew:smoky_black <- I want the smoky one.
        samovar.pour <- Could I get one more cup of tea?
        samovar.empty <- Could you empty the teapot so that we can have another kind?
        record_player.play record_player.choose record_player.next <- Turn on the record player, will you?
        record_player.choose:what_the_tide_said <- Would you play What the Tide Said?
        record_player.next record_player.choose <- I don't like this song, can you change the record?
        record_player.stop record_player.pause <- Could you pause the music? My phone is ringing.
        record_player.turn_volume:down <- Please lower the volume a little.
        window.open_window <- I can't breathe in here, please open something.
        window.close_window <- Close the window before we all catch a cold.
        window.draw_curtain <- Would you draw the curtain? I feel watched.
        rain_doll.sideways <- Let it snow!
        notice_board.pin <- Please write "back soon" on a note and pin it to the board.
        chess.take <- Are you up for a game of chess?
        diary.write <- Could you make an entry in the guest book?
    """),
    "greenhouse": table("""
        moonflower.water <- The parsley is dry, I think. Water it?
        moonflower.water <- Can I see you water the moonflower?
        moonflower.sing <- Why don't you sing to the flower?
        mist.start <- Can you turn on the water pipes for the ferns?
        mist.start <- I want to stand in the mist.
        mist.stop <- Please stop the pipes now.
        string_lights.switch_on <- Could you switch the string lights on for me?
        string_lights.switch_off <- I want to see the stars, so lights off, please.
        string_lights.change:green <- What about green lights?
        string_lights.change:rose <- Can you turn the lights rose?
        wind_chime.ring <- Strike the chime once for luck!
        telescope.point:the_moon <- Could you turn the telescope to the moon?
        telescope.point:Saturn <- Is Saturn visible tonight? I'd like to have a look.
        telescope.point:the_street <- Let me look at the street through the telescope.
        telescope.cap <- Please close the telescope for tonight.
        record_player.play record_player.choose record_player.next <- Could you play some music for your plants?
        record_player.turn_volume:down <- The music is too loud for talking.
        notice_board.pin <- Write "Tom loves Ann" on the slate!
    """),
    "radio_room": table("""
        wireless.tune:2182 <- Change the channel to 2182, please.
        wireless.tune:1650 <- Could we listen to 1650 for a bit?
        wireless.tune:500 <- Set the radio to 500.
        wireless.send <- Send help to that ship!
        wireless.send <- Would you radio my brother that I arrived safely?
        beacon.wind <- Please wind the light again.
        beacon.wind <- Is the clockwork still wound? Better wind it.
        beacon.light_up <- The light has gone out, please light it.
        stove.stoke <- Could you heat the stove a bit more?
        stove.stoke <- I can't feel my toes, please make a fire.
        stove.damp <- It's too hot now, could you turn the stove down?
        shutter.close_shutter <- Could you close that shutter? It bangs.
        shutter.open_shutter <- I want to look out of the window, please open the shutter.
        barometer.tap <- Could you tap the barometer for luck?
        barometer.tap <- What is the weather going to do? Look at the barometer, please.
        lamp.put_out <- Put the lamp out, I want to sleep.
        lamp.turn:bright <- Give us a little more lamp.
        logbook.write <- Log this, please: all quiet.
    """),
}

IDLE_FOURTH: dict[str, tuple[Asked, ...]] = {
    "tea_room": table("""
        lamp.put_out <- I don't mind the lamp at all.
        samovar.heat <- Is the samovar from Russia?
        samovar.pour <- I've just had a coffee at the station.
        samovar.brew <- I can't tell jasmine from mint.
        record_player.stop <- Do not turn the music off.
        record_player.play <- I used to have a gramophone.
        record_player.turn_volume <- The music is lovely and soft.
        window.open_window <- Please keep the window closed.
        rain_doll.upright <- I love the sound of rain.
        chess.take <- I never learned to play chess.
        notice_board.pin <- Do people really read those notes?
        diary.write <- The guest book is full of names.
    """),
    "greenhouse": table("""
        moonflower.water <- That flower doesn't look like parsley to me.
        moonflower.sing <- Please don't sing now, I have a headache.
        mist.start <- Is there a water tank on the roof?
        mist.stop <- Let's stay in the mist a bit longer.
        string_lights.switch_on <- The city lights are beautiful from up here.
        string_lights.switch_off <- You don't have to turn the lights off for me.
        telescope.point <- My grandfather built telescopes.
        telescope.cap <- Why is there a jar on the telescope?
        wind_chime.ring <- Who made that wind chime?
        notice_board.clear <- I like what you wrote on the slate.
    """),
    "radio_room": table("""
        wireless.send <- Did you send the message I asked you to send?
        wireless.tune:500 <- There are five hundred islands out there, they say.
        beacon.wind <- The wind nearly blew me off the stairs.
        stove.stoke <- You keep it nice and warm in here.
        stove.damp <- Please don't let the stove go out.
        shutter.close_shutter <- No, leave the shutter open.
        shutter.open_shutter <- I saw the shutter from below.
        barometer.tap <- Barometers never lie, my father said.
        lamp.put_out <- Is there enough oil in that lamp?
        logbook.write <- What do you write in your logbook?
    """),
}
