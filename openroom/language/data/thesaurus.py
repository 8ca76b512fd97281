"""English words that mean much the same, as data: what is done, and what it is done to.

``DEEDS`` are verbs by what they bring about, ``PARTICLES`` what "turn", "put" and the like bring about with "on", "out"
and so on, ``THINGS`` words for the same sort of thing. A word may stand in several. Used by
`openroom.language.requests.english`.
"""

from __future__ import annotations

from collections.abc import Mapping

from openroom.language.data.en import STOP_WORDS
from openroom.language.data.tongue import words

DEEDS: Mapping[str, str] = {
    "on": "light ignite kindle start play begin resume run activate illuminate relight power lit spin crank",
    "off": "stop extinguish silence mute kill douse snuff quench quit halt hush end cease switch_off shush cool "
    "smother cut damp dampen deactivate disable",
    "pause": "pause hold wait interrupt",
    "open": "open unlock unbolt unlatch unbar unshutter uncover pull_back",
    "close": "close shut lock bolt latch bar fasten seal slam secure batten draw",
    "up": "stronger raise full louder brighter bright brighten strengthen increase lighter boost amplify blast",
    "down": "gentler weaker smaller fainter lower low quieter softer soften dim dimmer reduce turn_low calmer low "
    "mellow tone darker",
    "play": "play spin",
    "next": "next skip another different other else swap",
    "pour": "pour serve fill refill hand pass offer top",
    "empty": "empty remove drain tip dump discard chuck ditch toss spill",
    "brew": "brew make prepare steep infuse fix",
    "heat": "heat boil warm reheat simmer cook",
    "stoke": "stoke feed fuel rekindle build stack shovel",
    "water": "water sprinkle moisten irrigate drench hydrate",
    "sing": "lullaby sing hum serenade croon chant whistle",
    "ring": "ring shake jingle tinkle rattle strike sound swing clink jangle chime",
    "tap": "tap knock rap flick thump thwack",
    "wind": "wind crank rewind wound",
    "point": "point aim turn swing direct focus train show look see view watch gaze peek peer spy glimpse glance",
    "cover": "cover cap protect close wrap lid",
    "tune": "tune listen switch dial hear check turn flip scan monitor",
    "send": "send call transmit radio signal broadcast telegraph answer reply hail alert inform notify contact raise "
    "tell warn ask report reach message morse wire cable respond",
    "write": "write pin post scribble note jot sign record log enter leave put_up put_down inscribe add stick chalk "
    "scrawl register draft",
    "clear": "clear remove wipe erase delete clean strip tidy",
    "take": "take fetch bring sit grab join",
    "move": "move",
    "read": "read look inspect examine check",
    "hang": "hang flip turn lay put tilt",
    "change": "change make turn colour color switch paint set dye",
}
"""Verbs, and comparatives that ask for one ("louder"): the deed they mean."""

PARTICLES: Mapping[str, Mapping[str, str]] = {
    "turn switch flick flip put get click keep": {"on": "on", "off": "off"},
    "put blow snuff": {"out": "off", "away": "clear"},
    "shut cut knock take call": {"off": "off"},
    "shut close lock board button": {"up": "close", "down": "close"},
    "turn bring crank pump": {"up": "up", "down": "down"},
    "tone dim keep": {"down": "down"},
    "tip pour throw chuck dump toss sling rinse slosh": {"out": "empty", "away": "empty", "off": "empty"},
    "put stick pin write post tack": {"up": "write", "down": "write"},
    "note jot get set": {"down": "write"},
    "take clear pull tear strip": {"down": "clear", "off": "clear", "away": "clear"},
    "light fire start strike spark": {"up": "on"},
    "wind": {"up": "wind"},
    "heat warm": {"up": "heat"},
    "fill top": {"up": "pour"},
    "build stoke feed": {"up": "stoke"},
    "open throw fling": {"up": "open"},
    "damp cool calm die burn go": {"down": "off", "out": "off"},
    "pull draw roll push": {"back": "open", "aside": "open", "up": "open", "down": "close"},
    "tune": {"in": "tune"},
}
"""``verb: particle: deed``; the verb may be followed by a few words before the particle ("turn that lamp off")."""

OPPOSITES: Mapping[str, frozenset[str]] = {
    "on": frozenset({"off", "down"}),
    "off": frozenset({"on", "up", "stoke", "heat", "wind"}),
    "open": frozenset({"close", "cover"}),
    "close": frozenset({"open"}),
    "cover": frozenset({"open"}),
    "up": frozenset({"down", "off"}),
    "down": frozenset({"up", "on", "stoke", "heat"}),
    "pour": frozenset({"empty"}),
    "empty": frozenset({"pour", "brew", "heat", "write"}),
    "clear": frozenset({"write"}),
    "write": frozenset({"clear"}),
    "next": frozenset({"off"}),
    "read": frozenset({"write", "send", "clear"}),
}
"""A wish for the one is never granted by the other."""

NEAR: Mapping[str, frozenset[str]] = {
    "on": frozenset({"heat", "stoke", "up"}),
    "up": frozenset({"on", "stoke"}),
    "down": frozenset({"off"}),
    "off": frozenset({"close", "clear", "pause"}),
    "heat": frozenset({"on", "stoke", "brew"}),
    "stoke": frozenset({"on", "heat"}),
    "brew": frozenset({"pour", "heat", "on"}),
    "pour": frozenset({"brew", "heat"}),
    "close": frozenset({"cover", "off"}),
    "read": frozenset({"point"}),
    "take": frozenset({"on"}),
    "pause": frozenset({"off"}),
    "wind": frozenset({"on"}),
    "next": frozenset({"change"}),
    "point": frozenset({"read", "open"}),
}
"""Deeds that help when the very one is not possible (a wish for more light, when the lamp is out)."""

THINGS: Mapping[str, str] = {
    "music": "music song tune record melody vinyl gramophone phonograph jukebox track jazz waltz radio_music hit album "
    "disc dance dancing ballad band orchestra tango lp musical singer platter racket",
    "light": "light lamp lantern candle bulb lighting lampshade flame torch glow illumination wick",
    "tea": "tea kettle cuppa teapot brew brewed tee samovar urn leaves",
    "cup": "cup mug glass cuppa drink beverage sip refill refreshment",
    "water": "water shower soaking",
    "coffee": "coffee espresso",
    "door": "door gate entrance",
    "window": "window shutter pane sash",
    "curtain": "curtain drape blind",
    "fire": "fire stove hearth fireplace furnace oven coal log wood blaze ember kindling heater radiator fuel peat "
    "firewood burner warmth",
    "board": "noticeboard board notice bulletin poster slate corkboard blackboard chalkboard",
    "note": "note memo reminder line word letter notice sign greeting",
    "book": "book diary logbook log journal guestbook page ledger entry visitors' visitor",
    "chess": "chess game match opponent rematch checkmate knight pawn bishop queen rook",
    "radio": "radio wireless set channel frequency band station kilocycle dial airwave transmitter receiver",
    "call": "message call signal sos mayday morse coastguard mainland lifeboat ship boat trawler vessel skipper "
    "captain fleet harbour coast shore ashore land rescuer pilot freighter steamer ferry",
    "telescope": "telescope lens scope spyglass eyepiece sky heaven star planet",
    "star": "star planet constellation comet galaxy",
    "street": "street road pavement traffic downstairs people pedestrian crowd shopper neighbour passer-by below",
    "moon": "moon lunar crater",
    "saturn": "saturn ring ringed",
    "pleiades": "pleiades sister cluster",
    "plant": "plant flower pot seedling sprout bud parsley moonflower leaf leaves soil herb blossom fern bloom petal "
    "stem seed greenery",
    "mist": "mist spray sprinkler fog steam humid humidity moisture pipe haze misty mister moist damp nozzle water",
    "chime": "chime spoon bell jingle tinkle cutlery",
    "pink": "rose pink rosy blush",
    "gold": "gold golden yellow amber honey",
    "green": "green emerald",
    "weather": "weather forecast barometer pressure needle gauge storm outlook",
    "barometer": "barometer pressure needle gauge glass forecast aneroid",
    "rain": "rain drizzle downpour raindrop rainy raining wet shower umbrella",
    "snow": "snow snowflake winter snowy snowing blizzard snowman flurry",
    "clear": "clear sunny sunshine dry blue cloudless star moonlight stars sky",
    "sea": "sea ocean wave horizon surf swell tide",
    "outside": "outside outdoors view night",
    "wind": "wind draught draft breeze gale gust air",
    "air": "air breeze stuffy airless ventilate ventilation oxygen",
    "cold": "cold chilly freezing icy frozen chill shivering frosty ice frost nippy",
    "hot": "hot sweltering boiling sweating roasting baking stifling heat scorching",
    "thirsty": "thirsty parched dry thirst droopy wilting wilted drooping limp withering withered crisp",
    "strong": "strong black dark smoky smoked smokiest strongest",
    "mint": "mint peppermint minty",
    "jasmine": "jasmine flowery floral blossom perfumed",
    "clockwork": "clock crank handle winch clockwork mechanism spring weight gear",
    "beacon": "beacon lighthouse beam light lens",
    "quiet": "quiet silence peace hush",
    "volume": "volume loud sound",
    "cap": "cap lid jar cover",
    "fresh": "fresh stale old cold",
}
"""Words that point to the same sort of thing."""

QUALITIES = words(
    "dark bright cold hot warm wet dry quiet loud thirsty stuffy see look listen hear off on out up down stop again "
    "bad good old new deep low high freezing heat show watch answer turn draw"
)
"""Words of props that alone say little about which thing is meant."""

ADJECTIVES = words(
    "black dark smoky smoked smokiest strong strongest rosy pink gold golden yellow amber green emerald blue red white "
    "brown grey gray purple bright cold chilly icy frozen hot boiling warm wet dry quiet loud old new fresh stale deep "
    "low high"
)
"""Words that say how a thing is: before a noun they belong to it ("the black book")."""

DULL = STOP_WORDS | words(
    "put turn switch set make give take use sit change keep show find bring come leave try want need love anything "
    "ones bit little back around low high tonight today moment nice good lovely better dear sir madam else's far "
    "longer let's anybody somebody everybody other's time way many through until till because maybe kindly another "
    "first second third last next minute place room everyone someone anyone nobody where going gone goes says told hey "
    "we'd they're we're he's she's who's"
)
"""Words that name no thing."""

IRREGULAR: Mapping[str, str] = {
    "sang": "sing", "sung": "sing", "rang": "ring", "rung": "ring", "lit": "light", "sent": "send", "wrote": "write",
    "written": "write", "drew": "draw", "took": "take", "blew": "blow", "threw": "throw", "shook": "shake",
    "spun": "spin", "swung": "swing", "made": "make", "gave": "give", "fed": "feed", "hung": "hang",
}  # fmt: skip
"""Past forms of verbs, by which people ask too ("would it help if you sang?")."""
