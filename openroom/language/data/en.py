"""English: by which words and forms people ask for things, and its commonest words."""

from __future__ import annotations

from openroom.language.data.tongue import Hint, Tongue, deeds, listed, words

STOP_WORDS = words(
    "a about after again all also am an and any are aren't as at be been before being but by can can't could did "
    "didn't do does doesn't doing don't down each else ever few for from get go got had has have having he her here "
    "hers him his how i i'd i'll i'm i've if in into is isn't it it's its just know let like ll lot may me might "
    "more most much must my no nor not now of off oh ok okay on once one only or other our out over own perhaps "
    "please quite rather re really said same say shall she should so some something still such sure tell than thank "
    "thanks that that's the their them then there there's these they thing things think this those though to too up "
    "us ve very was wasn't we well were what what's when which while who whom whose why will with won't would "
    "yes yet you you'd you'll you're you've your yours"
)
"""Words that say nothing about what a line is about. "Where" does: it asks for a place."""

_ABOUT_STORIES = (
    r"\b(story|stories|book|novel|film|joke|humou?r|chocolate|thoughts?|colou?r|past|tale|was|were|matter)\b"
)

ENGLISH = Tongue(
    concepts=listed(
        music=(
            "music song songs tune tunes record records melody vinyl gramophone phonograph jukebox playlist track "
            "jazz waltz radio musical hits album disc melodies gramophones player"
        ),
        light="light lamp lamps lights lantern candle candles bulb lighting lampshade",
        tea="tea kettle samovar cuppa teapot brew",
        coffee="coffee espresso",
        door="door doors gate",
        window="window windows shutter shutters",
        curtain="curtain curtains blinds blind drapes",
        fire="fire fireplace hearth stove radiator",
        board="noticeboard board notice notices poster bulletin",
        book="book books novel shelf diary journal",
        clock="clock watch",
        chess="chess",
        cards="cards freecell solitaire patience",
        gomoku="gomoku",
        mail="mail letter letters post inbox",
        radio="radio wireless",
    ),
    deeds=deeds(
        on="on start play light ignite kindle begin resume boil heat brew make wind spin brighten activate illuminate "
        "crank warm",
        off="off stop pause out extinguish silence mute kill douse snuff quench quit halt hush quiet",
        clear="empty drain clear erase delete discard remove",
        open="open unlock unbolt",
        close="close shut lock bolt",
        next="next skip another different",
        prev="previous back",
        up="up louder raise brighter bright high",
        down="down quieter lower softer dim low dimmer",
        pour="pour serve fill refill",
        read="read look inspect examine",
        write="write pin post scribble",
        take="take fetch bring",
        move="move",
    ),
    verbs=words(
        "put turn switch set get give let hit strike throw play start stop light open close shut pour make boil "
        "brew heat read write pin post take move skip pause resume change lower raise dim extinguish kill fire wind "
        "flip spin pop pull draw stick bring serve fill refill lock unlock silence mute blow snuff brighten crank "
        "look check pass hand empty clear ring feed water clean sweep wipe hang sit shuffle deal bolt unbolt douse "
        "kindle ignite hush examine inspect"
    ),
    joints=r"and|then|but|so(?= \w+ (?:i|we|it|they)\b)",
    talk=words(
        "tell say talk speak explain describe know think thought believe guess wonder remember forget mean like "
        "love hate hear see smell feel taste imagine recommend suggest prefer help teach learn ask answer "
        "understand agree be been come go stay live visit buy sell bought sold discuss mention name call find "
        "repair fix own keep marry trust show promise repeat wait accept afford miss recall count expect tempt bet "
        "admit"
    ),
    bare=words(
        "a an bit little much some more the please pls now maestro sir madam dear on off out up down cup glass pot of"
    ),
    empty=words(
        "a an the some any that this these those it its one ones thing things something anything us we i me you my "
        "your our please pls yes no now then just bit of little for in here there to up with and so more again nice "
        "good lovely maybe perhaps also too kindly possibly at on off out go ahead have get give want need like "
        "would could can will do does is are let lets how about why not be what another first second moment minute "
        "while oh hey well ok okay dear cup glass pot drop touch hot warm fresh quick whole round spot couple set "
        "down back over by from into room place around today tonight everyone everybody all if maestro sir madam "
        "love thanks thank"
    ),
    hints=(
        Hint(
            r"\b(?:sit|stay|be|have it|want it|like it|make it)(?: \w+){0,2} dark\b|^(?:some |total "
            r"|more )?darkness(?: please)?$",
            (("light", "off"), ("light", "down")),
            r"\b(?:was|were|afraid|scared|hate)\b",
        ),
        Hint(
            r"\b(?:rather|prefer|like|want|have|need)(?: have| some| a bit of| a little| the){0,2} (?:silence|quiet)\b",
            (("music", "off"), ("music", "down")),
        ),
        Hint(
            r"\b(?:it's|it is|so|too|getting|gets|got|rather|awfully|pretty|bit|quite|terribly|very|feels?"
            r"|awful|how|is)\b"
            r"(?: \w+){0,2} (?:dark|dim|gloomy|murky|dusky)\b|\bpitch[- ](?:dark|black)\b"
            r"|\b(?:about|against) (?:the|this|all this) (?:dark|darkness|gloom)\b|\bbrighten (?:this "
            r"|the |up )*(?:place|room|corner|things|here)\b"
            r"|\b(?:can't|cannot|can hardly|can barely|hardly) (?:see|read|make out) (?:a thing|anything"
            r"|much|you|your|my|in|the)\b",
            (("light", "on"), ("light", "up"), ("curtain", "open")),
            _ABOUT_STORIES,
        ),
        Hint(
            (
                r"\b(?:too|awfully|terribly|dreadfully|painfully) (?:bright|glaring)\b|\b(?:light"
                r"|lamp) (?:hurts|blinds|is in my eyes)\b"
            ),
            (("light", "down"), ("light", "off"), ("curtain", "close")),
            r"\b(?:was|were|too bright for(?! me| us| my))\b",
        ),
        Hint(
            r"\b(?:too|awfully|terribly|dreadfully|rather|so|bit|deathly|painfully) (?:quiet|silent)\b",
            (("music", "on"), ("music", "up")),
            r"\b(?:was|were|like|love|nice|peaceful|he|she|they|you're|you)\b",
        ),
        Hint(
            (
                r"\b(?:too|awfully|terribly|so|bit|rather) (?:loud|noisy)\b|\bcan't hear (?:myself|you|a thing"
                r"|anything)\b|\bheadache\b"
            ),
            (("music", "down"), ("music", "off")),
            r"\b(?:was|were|he|she|they)\b",
        ),
        Hint(
            r"\b(?:i'm|i am|we're|we are|feeling|getting|so|rather|bit) (?:so |very |really |rather "
            r"|quite |a bit |awfully )?"
            r"(?:thirsty|parched)\b|\bthroat is (?:so )?dry\b|\b(?:my|this|the|our) (?:cup|mug|glass|pot"
            r"|cups)(?:'s| is| are) (?:\w+ )?empty\b|\bdying for a (?:drink|cuppa)\b"
            r"|\b(?:is there|do you have|have you(?: got)?)(?: still| any| some| more)* tea(?: left)?$",
            (("tea", "pour"), ("tea", "on"), ("coffee", "pour"), ("coffee", "on")),
        ),
        Hint(
            r"^(?:hush|silence|mute|shush|quieten|shut up)\b.*\b(?:that|this|it|thing)\b",
            (("music", "off"), ("music", "down")),
        ),
        Hint(
            r"\b(?:can't|cannot|can hardly|can barely|can scarcely|hardly|barely)(?: even)? (?:hear|catch"
            r"|make out) (?:the|this|that|any)"
            r" (?:\w+ )?(?:music|record|song|tune|melody|gramophone)\b",
            (("music", "up"),),
        ),
        Hint(
            r"\b(?:fingers?|hands?|feet|toes|nose|teeth|bones|ears|face)\b.*\b(?:ice|icy|icicles?|frozen|numb"
            r"|freezing|chattering"
            r"|blue|frost\w*|stiff)\b|\b(?:i'm|i am|we're|feel) (?:\w+ )?(?:frozen|shivering|chilled|numb"
            r"|frozen solid|trembling with cold)\b"
            r"|\bteeth (?:are )?chatter|\bbrr+\b|\bcatch my death\b|\bfire (?:is|has) (?:\w+ )?(?:low|dying"
            r"|gone out|going out|nearly out)\b",
            (("fire", "on"), ("window", "close"), ("door", "close")),
            r"\b(?:was|were|yesterday)\b",
        ),
        Hint(
            r"\b(?:i'm|i am|we're|we are|everything is|everyone is) (?:\w+ )?(?:getting |being )?(?:drenched"
            r"|soaked|wet|dripping|soggy)\b",
            (("mist", "off"),),
        ),
        Hint(
            r"\b(?:plants?|pots?|ferns?|flowers?|seedlings?|parsley|soil|earth|leaves|leaf|it|he|she|that"
            r"|they) (?:\w+ )?(?:looks?|seems?|is|are|feels?)"
            r" (?:\w+ )?(?:thirsty|wilting|wilted|drooping|droopy|parched|bone dry|dried out|limp|withering)\b",
            (("plant", "water"), ("mist", "on")),
        ),
        Hint(
            r"\b(?:air|it|leaves|everything|greenhouse)(?:'s| is| are) (?:\w+ )?(?:so |too |very |awfully "
            r"|terribly )?dry\b",
            (("mist", "on"), ("plant", "water")),
        ),
        Hint(
            r"\b(?:i'm|i am|we're|it's|it is|like) (?:\w+ )?(?:sweltering|boiling|roasting|baking|melting"
            r"|sweating|suffocating|an oven|a sauna|stifling)\b",
            (("fire", "off"), ("window", "open"), ("door", "open")),
            r"\b(?:was|were|with rage|outside|water|kettle|samovar)\b",
        ),
        Hint(
            r"\b(?:it's|it is|i'm|i am|we're|so|too|getting|rather|bit|awfully|feels?)(?: \w+)? "
            r"(?:cold|chilly|freezing|draughty|drafty|shivering|nippy)\b(?! (?:to|towards|with|on|case"
            r"|facts?|fish))|\b(?:there's|in|feel|is) a (?:\w+ )?(?:draught|draft)\b"
            r"|\bwind (?:\w+ )?(?:blow\w*|com\w+|gets?|howl\w*) (?:in|through)\b",
            (("fire", "on"), ("window", "close"), ("door", "close")),
            r"\b(?:was|were|outside|he|she|they|war|tea|soup)\b",
        ),
        Hint(
            r"\b(?:it's|it is|so|too|getting|rather|bit|awfully|feels?)(?: \w+)? (?:stuffy|hot|stifling"
            r"|airless|smoky)\b"
            r"|\b(?:some|fresh|more|bit of) (?:fresh )?air\b|\blet(?: \w+)* air in\b|\b(?:can't|cannot"
            r"|can hardly|can barely|hardly) breathe\b",
            (("window", "open"), ("fire", "off"), ("fire", "down"), ("door", "open")),
            r"\b(?:was|were|outside|he|she|they|tea|soup|water|drink|topic)\b",
        ),
        Hint(
            r"\bwhat(?:'s| is) (?:new |written |pinned |posted )?(?:up )?on the (?:notice ?)?board\b",
            (("board", "read"),),
        ),
        Hint(
            r"\b(?:someone|somebody|knock|knocking)\b.{0,12}\bdoor\b|\bknock,? knock\b",
            (("door", "open"),),
            r"\b(?:was|were|yesterday|once)\b",
        ),
    ),
    stop_words=STOP_WORDS,
)
