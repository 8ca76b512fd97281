"""Who is who: mistakes of small models about who speaks, and to whom."""

from __future__ import annotations

from openroom.language import slips
from openroom.language.by_name import says_first
from openroom.language.detect import guess_language
from openroom.language.sense.moment import Flaw, Moment
from openroom.language.sentences import sentences


def calls_itself(at: Moment, say: str, code: str) -> Flaw | None:
    """Speaks to somebody by the character's own name."""
    found = next((one for name in at.own if (one := slips.calls_itself(say, name, code))), "")
    if not found or slips.asks_who(at.heard, code) or at.named_like_another:
        return None
    if slips.says_to_be(at.heard, at.own, guess_language(at.heard)):
        return None
    return f"calls somebody {at.name}", found


def other_part(at: Moment, say: str, code: str) -> Flaw | None:
    """Says to be the visitor, the room, or one of its things, or goes by another name."""
    if found := slips.says_to_be(say, [name for name in at.others if not at.is_own(name)], code) or _whom_it_calls(
        at, say, code
    ):
        return "says to be somebody else who is there", found
    if found := slips.other_name(say, f"{at.name} {at.known_as}", code):
        return "goes by another name", found
    things = [word for thing in at.things for word in slips.words_for(thing.name, code)]
    found = slips.says_to_be_thing(say, things, code)
    if not found or slips.says_to_be_thing(_told_of_it(at), things, at.language):
        return None
    return "says to be the room or a thing in it", found


def _whom_it_calls(at: Moment, say: str, code: str) -> str:
    """The sentence in which it says to be what it calls its visitors, and its card does not say that it is that too."""
    name = at.address
    found = slips.says_to_be_a(say, name, code) if name and not at.is_own(name) else ""
    return "" if found and slips.says_to_be(_told_of_it(at), [name, f"a {name}", f"an {name}"], at.language) else found


def _told_of_it(at: Moment) -> str:
    """What the card says of the character, as it would say it."""
    return " ".join((at.persona.replace("You are", "I am"), *at.facts, *at.authored))


def talks_past(at: Moment, say: str, code: str) -> Flaw | None:
    """Speaks to somebody else than who is to be answered, and whom they did not speak of."""
    if not at.strict or not at.visitor:
        return None
    others = [name for name in at.others if name != at.visitor and not at.is_own(name)]
    unnamed = [name for name in others if not slips.mentions_any(at.heard, [name], code)]
    found = next(((name, one) for name in unnamed if (one := slips.calls_itself(say, name, code))), None)
    return (f"speaks to {found[0]}, and {at.visitor} is to be answered", found[1]) if found else None


def tells_of_the_other(at: Moment, say: str, code: str) -> Flaw | None:
    """Was asked after something of its own ("your father"), and tells of the visitor's."""
    if not (at.strict and at.visitor) or guess_language(at.heard) != code:
        return None
    found = slips.tells_of_yours(at.heard, say, at.visitor, code)
    return (f"was asked about {at.name}, and tells of {at.visitor}", found) if found else None


def names_itself(at: Moment, say: str, code: str) -> Flaw | None:
    """Says its own name where nobody asked for it, and no line of its author's does."""
    found = next((one for one in sentences(say) if slips.mentions_any(one, at.own, code)), "") if at.strict else ""
    if not found or slips.asks_who(at.heard, code) or slips.speaks_of_you(at.heard, code) or at.named_like_another:
        return None
    if slips.mentions_any(" ".join(at.authored), at.own, at.language):
        return None
    return f"speaks of {at.name} as of somebody else", found


def says_i(at: Moment, say: str, code: str) -> Flaw | None:
    """Says I where it speaks of itself by its name."""
    if not (at.strict and at.by_name):
        return None
    found = next((one for one in sentences(say) if says_first(one, code)), "")
    return (f"says I; {at.name} speaks of itself as {at.name}", found) if found else None
