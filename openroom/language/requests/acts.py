"""What a clause of English does: ask for something, forbid it, want an end of it, or merely tell.

By forms of asking and refusing that do not depend on what is asked for. A clause is a few words in lower case with
straight apostrophes.
"""

from __future__ import annotations

import re
from collections.abc import Set
from enum import Enum

from openroom.language.data.en import ENGLISH, STOP_WORDS
from openroom.language.data.thesaurus import DEEDS
from openroom.language.data.tongue import words
from openroom.language.words import WORD, stem


class Act(Enum):
    """``ASK``: it shall be done. ``END``: it shall stop, and nothing else will do. ``FORBID``: it shall not be done.
    ``TELL``: no wish."""

    ASK = "ask"
    END = "end"
    FORBID = "forbid"
    TELL = "tell"


_LONGEST = 300
"""So much of a clause is read: the patterns look far ahead."""
_NOUNS_TO_LEAVE = r"(?:message|note|lines?|word|entry|greeting|memo|reminder|compliment)"
_EXEMPT = re.compile(
    r"\bwhy (?:don't|not|doesn't|won't)\b|\b(?:can't|couldn't|won't|wouldn't|shouldn't|don't|haven't|isn't|aren't"
    r"|hasn't|didn't|wasn't)"
    r" (?:you|we|i|it|they|he|she|there|somebody|someone|anybody|anyone|one|the|that|this)\b"
    r"|\b(?:wouldn't|don't|won't) (?:mind|hurt|go amiss|be bad)\b"
    r"|\bnever (?:seen|heard|tried|had|been|watched|looked|tasted|met|played)\b|\b(?:can't|cannot|couldn't|can not)\b"
    r"|\b(?:isn't|aren't|hasn't|haven't|wasn't) (?:been |had )?\w+ (?:lately|enough|for)\b|\bnot (?:too|very"
    r"|so|quite|long)\b"
    r"|\bdon't (?:forget|hesitate) to\b|\b(?:don't|do not) (?:like|love|enjoy|care for|much like)\b"
    r"|\bif (?:not|it's not)\b|\bnot (?:say no|mind|refuse|object)\b"
    r"|\bnot (?:this|that)(?: \w+)?$|\bhaven't (?:had|heard|seen)\b|\bnot (?:at all )?sure\b"
    r"|\bdon't (?:know|see) (?:why|if|whether|how) (?:we|you)\b"
)
_NEGATION = re.compile(
    r"\b(?:don't|do not|dont|never|mustn't|must not|needn't|need not|shouldn't|should not|no need|not|without|nor"
    r"|doesn't|didn't|haven't|hasn't|wouldn't|won't|isn't|aren't|neither)\b"
)
_KEEP = re.compile(
    r"\b(?:leave|keep|let|stay|want|like|prefer|love)\b.*\b(?:alone|as (?:it|they) (?:is|are)|as is|(?:just )?the way"
    r" (?:it|they)|like (?:this|that|it is)|be$|for now$|where (?:it|they))"
    rf"|\bleave\b(?!.*\b{_NOUNS_TO_LEAVE}\b)(?! (?:me |us )(?:a|an|some)\b)"
    r"|\bkeep (?:the |it\b|that |this |them\b|those |your |my |all |off\b|away\b|out of\b|your hands)"
    r"|\b(?:stay|keep|hands|get|step|back) (?:off|away|clear|out of)\b|\bhold off\b"
)
_KEEP_GOING = re.compile(
    r"\bkeep (?:the |that |this |your )?(?:fire|stove|hearth|blaze|coals?|tea|cups?)\b.*\b(?:going|alive"
    r"|burning|coming|warm|fed|hot|up)\b"
)
_SATED = re.compile(
    r"\b(?:warm|bright|loud|hot|dark|quiet|cool|light|full|plenty|fine|happy|good) (?:enough|already|as (?:it|i|we))\b"
    r"|\bno more\b.*\b(?:for me|thank|thanks)\b|\bno(?:ne)? (?:\w+ )*(?:for me|thanks|thank)\b"
    r"|\b(?:i|we) need (?:the|my|that|this|our) \w+(?: \w+)? (?:to|for)\b"
    r"|\b(?:i've|i have|we've|we have) (?:had|got) (?:enough|plenty)\b|\bnothing for me\b|\bi'll pass\b"
    r"|\b(?:too early|too"
    r" late|too soon) for\b"
)
_END = re.compile(
    r"\b(?:don't|do not) (?:need|want)\b.*\b(?:any ?more|any longer|now)\b"
    r"|\b(?:stop|quit|cease|end|finish|enough with|enough of)\b(?: the| that| this| all| your| of)* \w+ing\b"
    r"|\b(?:no more|enough|without|no)(?: more| of| of the| of that| of this| the| this| that| any)? "
    r"(?:music|light|lights|noise|songs?|mist|rain|singing|fog|snow|spray|water|racket|smoke|tapping|ringing|sound)\b"
    r"|\b(?:let's|could|can|shall|rather)\b.*\bwithout (?:the|that|this|any|all)\b"
    r"|\b(?:sick|tired|weary|had enough|had it|fed up)(?: and tired)?(?: of| with)\b|\b(?:could|can) (?:we|you"
    r"|i) (?:do|go|be)"
    r" without\b"
)
_ASKING = re.compile(
    r"\b(?:could|can|would|will|should|might|must)(?:n't)? (?:you|we|i|u|someone|somebody|anyone|anybody|one|it be)\b"
    r"|\b(?:won't|can't) (?:you|we|i|somebody|someone|anybody|anyone)\b|\bcan't (?:i|we|you)\b|\bmay (?:i"
    r"|we)\b|\bshall (?:i|we)\b"
    r"|\b(?:somebody|someone|you|we|they) (?:really |just )?(?:should|ought to|could|might|must|need to|have to|may)\b"
    r"|^(?:you|we) (?:can|may)(?= (?:now |just |also )?(?!see|hear|feel|smell|find|get|tell|go|leave|have"
    r"|imagine|always|never|say|call|only|be)\w)"
    r"|^(?:you'd |we'd |i'd |you had |we had )?(?:better|best)(?= \w)(?! than| friend| of)"
    r"|\b(?:had|you'd|we'd) better\b|\bmight as well\b|\bmay as well\b"
    r"|\b(?:please|pls|plz|kindly)\b|\blet's\b|\blet us\b|\blet there be\b|\blet me (?:have|hear|see|try)\b"
    r"|\b(?:how|what) about\b|\bwhat if (?:you|we)\b|\bwhat do you say\b|\bwhy (?:don't|not|doesn't|won't)\b"
    r"|\bis it (?:possible|okay|ok|all right|alright) (?:to|if)\b|\bit be (?:possible|okay|ok|all right|much trouble)\b"
    r"|\bi(?:'d| would| could)(?: really| so| quite| rather| very much| just| absolutely)*"
    r" (?:like|love|appreciate|enjoy|fancy|welcome|adore|kill|murder|die|use|do with|go for|drink|prefer"
    r"|be grateful|give"
    r" anything|rather)\b"
    r"|\b(?:i|we)(?: really| just| badly| do| also| both)* (?:want|need|fancy|wouldn't mind|wouldn't say no"
    r"|feel like|crave"
    r"|could use|could do with|demand|insist|request)\b"
    r"|\b(?:i'm|i am|we're|we are) (?:dying|longing|gasping|craving|ready|up|in the mood|hoping|desperate|after|in need"
    r"|here for|keen|wondering if)\b"
    r"|\b(?:i|we) (?:really |do |so )?(?:wish|hope) (?:the|this|that|there|we|i|you|it|somebody|someone)\b|\bif only\b"
    r"|\b(?:would|do|d'you|you) (?:\w+ )?mind\b(?! that| the time)|^mind \w+ing\b|\bmind if\b|\bif (?:you|we"
    r"|somebody) (?:could|would|don't mind)\b"
    r"|\bneeds? (?:to be |a |an |some |more |another |its |their )?(?:\w+ing|\w+ed|drink|water|light|push"
    r"|shake|hand|tap|lift|"
    r"fire|coal|winding|stoking|airing|air|oil|tune|song)\b|\b(?:could|can) (?:really )?(?:use|do with) (?:a"
    r"|an|some|more)\b"
    r"|\b(?!(?:i|we|he|she|they|you) )\w+ needs? (?:a|an|some|more|another|its|their)\b|\bwould it (?:help"
    r"|hurt|be|do)\b"
    r"|\bwhat happens if (?:you|we)\b|\b(?:is|are|looks?) (?:due|ready|begging|asking|desperate"
    r"|over ?due) for\b|\bwants? (?:\w+ing|a |some )"
    r"|\bwould (?:do|go well|go down|suit|save|help|be|make|cheer|warm)\b|\b(?:it'd|that'd|'d) be (?:so |very |quite )?"
    r"(?:nice|lovely|good|great|wonderful|welcome|perfect|cosy|fun|kind)\b|\b(?:might|could) be (?:nice|fun"
    r"|good|lovely)\b"
    r"|\bany (?:chance|hope|way)\b|\b(?:any|some|more) (?:\w+ ){1,3}(?:going|left|about|around|on offer"
    r"|to be had|available"
    r"|handy|somewhere)\b"
    r"|\b(?:have you(?: got)?|do you have|you got|you've got|you have|got|is there|are there|there any|have we got)"
    r" (?:any|some|anything|something|that|one|more|still|by any)\b"
    r"|\bcare (?:to|for)\b|\bin the mood for\b|\b(?:time|ready|dying|desperate|gasping) for\b|\btime (?:to|you"
    r"|we|somebody|someone)\b"
    r"|\b(?:fancy|anyone for|anybody for)\b|\bbe (?:a dear|a darling|a love|so kind|an angel|so good"
    r"|a sport)\b|\bdo me a favou?r\b"
    r"|\bgive (?:us|me|it|them|him|her|that|this|those|the|these)\b"
    r"|(?<!any )(?<!no )(?<!once )\bmore\b(?=.{0,20}$)|\bi'll (?:have|take)\b|\bmake (?:it|mine|that)"
    r" (?:a|an|some|the)\b|\bhave a (?:look|peek|go|glance|listen|peep)\b|\b(?:could|can) (?:the|your|that"
    r"|this) \w+(?: \w+)?"
    r" (?:be(?! (?:seen|heard|found|bought|reached))|bring|make|give|do|help|play|get|go)\b|\b(?:i was|i'm"
    r"|was) (?:hoping|wondering)\b|\bdon't (?:you have|we have)\b"
    r"|\bdo something\b|\b(?:came|come|here|looking|stopped|dropped)(?: in| here| by)? (?:for|after) (?:a|an"
    r"|some|the)\b|\bup for\b|\b(?:wouldn't|won't|couldn't|can't) (?:hurt|go amiss|be bad|do any harm)\b"
    r"|\bdon't (?:forget|hesitate) to\b"
    r"|\b(?:somebody|someone|we|you) (?:has|have|needs?|must|got) to\b|\b(?:should|shouldn't|could|can|can't"
    r"|couldn't) (?:the|that|this|those|your) \w+(?: \w+)? be (?!seen|heard|found|bought|reached)"
    r"|^(?:what do (?:i|we) (?:have to|need to|must i) do|how (?:do|can|could|would) (?:i|we|one) get"
    r"|where (?:can|do|could) (?:i|we|one) (?:get|have|find))\b|^(?:please |just |so |then |yes )*do (?:it"
    r"|that|so|the|this)\b|\bi (?:challenge|dare|bet|beg|order|command) (?:you|thee)\b"
    r"|\bwould (?:love|like|enjoy|appreciate|welcome|adore) (?:a|an|some|more|it)\b|\bfeel free\b|\bgo (?:on"
    r"|ahead)(?: and)?\b|\bthere's (?:surely|got to be|bound to be)\b"
)
_QUESTION = re.compile(
    r"^(?:and |so |but |well |hey |oh )*(?:what|what's|who|who's|whose|why|when|where|where's|how|how's|which"
    r"|do|does|did|is|are|was|were|has|have|had|am|isn't|aren't|wasn't|weren't|hasn't|haven't|didn't|doesn't)\b"
)
_NO_QUESTION = re.compile(
    r"^(?:and |so |but |well |hey |oh )*(?:(?:how|what) about|what if|what do you say|why (?:don't|not|doesn't|won't)"
    r"|when (?:can|could|will) (?:we|you|i)"
    r"|what do (?:i|we) (?:have to|need to) do|how (?:do|can|could|would) (?:i|we|one) get|where (?:can|do"
    r"|could) (?:i|we|one) (?:get|have|find)"
    r"|are you (?:up|ready|in|game) for|how(?:'s| is) (?:that|it) (?:for|possible)|is it (?:possible|okay|ok"
    r"|all right)|(?:do|would) you mind"
    r"|(?:is|are) there (?:any|some|still|more|anything|something|that)"
    r"|(?:have|do) you(?: have| got| still have| have got)* (?:any|some|anything|something|that|more)"
    r"|have we (?:any|got)"
    r"|have a (?:look|peek|go|glance|listen|peep)|isn't it (?:time|about time)|who(?:'s| is) (?:for|up for)|who wants"
    r"|do (?:play|put|light|open|close|have|sit|turn|let|pour|make|sing|stop|ring|give|come|please|something"
    r"|me a favou?r|it\b|that\b|so\b))\b"
)
_PAST = re.compile(
    r"^(?:and |so |but |well |oh |yesterday |once )*(?:i|we|he|she|they|it|you|my \w+|our \w+|the \w+|that \w+"
    r"|somebody|someone)"
    r" (?:once |always |never |just |already |only )?(?:was|were|had|did|used|saw|heard|went|came|read|took"
    r"|made|gave|told"
    r"|said|thought|bought|sold|found|lost|left|knew|met|\w{2,}ed)\b(?! (?:better|like))"
)
_TALK = frozenset(
    map(stem, ENGLISH.talk - words("call answer find fix repair keep show hear see feel taste prefer like love"))
)
_TELLS_US = words("me us you myself it about something more everything")
_SENSES = frozenset(map(stem, words("see look watch hear listen read peek peep")))
_SKIP = frozenset(
    map(
        stem,
        words(
            "please maybe perhaps just also kindly possibly then now to you we so be i if quickly really actually "
            "somebody someone and go mind simply ever the"
        ),
    )
)
_OPENERS = frozenset(
    map(
        stem,
        words(
            "hey oh well ok okay so now do just and ah yes no please then but quick quickly come on right go alright "
            "all also maybe perhaps first again sorry honestly better best somebody someone"
        ),
    )
)
_ORDERS = (
    frozenset(
        map(
            stem,
            words(
                "try point aim tune send call answer sing tap knock leave plug wipe bar unbar fasten sign "
                "hang make show "
                "find come bring keep block save clear damp stoke sink sort fix rid quit finish add enter "
                "log pass roll "
                "cover uncover hum shake swing jingle strike tip throw chuck dump toss jot scribble record chalk douse "
                "soften cool warm hurry draw pull push drop shut spin swap top hand wind give tell signal "
                "radio warn alert "
                "let feed build flick flip rattle rap loosen cut hush quieten tone liven cheer dance relight "
                "refill steep "
                "prepare cook pick choose select scan focus train spy peek look listen hear see watch check "
                "end run switch "
                "crank fire blow snuff smother mark scrawl write raise lower report ask rouse kindle shout whistle"
            ),
        )
    )
    | frozenset(map(stem, ENGLISH.verbs))
    | frozenset(
        stem(word)
        for deed, listed in DEEDS.items()
        if deed not in ("next", "up", "down", "point", "read")
        for word in listed.split()
    )
)
_NO_VERBS = words("not yesterday today tomorrow thanks thank once all both half only even like maybe perhaps what such")
_STATES = words("warm cool calm light dry open shut dark hot wet")
_GOVERNED = words("the a an me us it them my your this that some those these another")
_FINITE = words("is was were are has had have looks seems feels i we you he she they i'm it's that's isn't aren't")
_LINKS = words("that what if whether so who how where when which because since")
_FIGURES = re.compile(
    r"\b(?:should|could|would|might|must)(?:n't)? have (?:been|done|gone|seen|known|\w+ed)\b|\bkeep (?:this"
    r"|it) quiet\b|\bshed\b.*\blight on\b|\b(?:look|hear|see) (?:here|you)$|\blook at (?:me|you)\b"
    r"|\bturn (?:that|it|things) over\b|\b(?:take|go) (?:it|your time|easy|care)\b|\bplay (?:fair|nice|along)\b"
    r"|\blet (?:me|us) (?:think|know|go|guess|talk|see$|hear$)\b|\blet's (?:see|talk|think|go|pretend|hope|play)$"
    r"|\b(?:meet|marry|trust|forgive|believe) (?:my|me|you|her|him)\b|\bchange the subject\b|\b(?:take|need"
    r"|have) a (?:break|seat|rest)\b"
    r"|\bwrite to (?:me|us|him|her|them)\b|\bgive (?:up|me a second|me a moment|me a minute|it time|me time)\b"
    r"|\bsit down and (?:tell|talk|rest|relax|listen|say)\b|\bcall (?:me|it a)\b|\bclose call\b"
)


def act(clause: str, verbs: Set[str], asking: bool = False, bare: Set[str] = frozenset()) -> Act:
    """What a clause does. ``verbs`` are stems of the verbs that things here bring, ``bare`` stems of what can be named
    here; ``asking``: the clause before it asked, and this one may go on asking without a form of its own.
    """
    clause = clause[:_LONGEST]
    if _SATED.search(clause):
        return Act.FORBID
    if _END.search(clause) and not re.search(r"\bnever\b|\bdon't (?:stop|end|quit)\b|\bshouldn't\b", clause):
        return Act.END
    if _KEEP.search(clause) and not _KEEP_GOING.search(clause):
        return Act.FORBID
    if _NEGATION.search(_EXEMPT.sub(" ", clause)):
        return Act.FORBID
    if _FIGURES.search(clause):
        return Act.TELL
    if _QUESTION.search(clause) and not _NO_QUESTION.search(clause):
        return Act.TELL
    marker = _ASKING.search(clause)
    if marker is not None:
        return _asked(clause, marker)
    if _PAST.search(clause):
        return Act.TELL
    said = WORD.findall(clause)
    if is_order(said, verbs) or _names_only(said, bare, asking):
        return Act.ASK
    return Act.TELL


def _asked(clause: str, marker: re.Match[str]) -> Act:
    """Whether what follows a form of asking is a deed and not talk ("could you tell me")."""
    after = WORD.findall(clause[marker.end() :])
    lead = next((at for at, word in enumerate(after) if stem(word) not in _SKIP), None)
    if lead is None:
        return Act.ASK
    word, then = after[lead], after[lead + 1 : lead + 2]
    if word in ("tell", "ask", "inform", "let"):
        return Act.TELL if not then or then[0] in _TELLS_US else Act.ASK
    if stem(word) in _SENSES and marker.group().endswith(" you") and "if" not in after and "whether" not in after:
        return Act.ASK if word in ("look", "listen", "read", "watch", "peek") else Act.TELL
    if word in ("like", "prefer", "love", "want", "enjoy", "fancy", "care") and marker.group().endswith(" you"):
        return Act.TELL  # "would you like some tea?" offers
    if word in ("know", "think") and marker.group().endswith((" we", " i")):
        return Act.TELL
    return Act.TELL if stem(word) in _TALK else Act.ASK


def is_order(said: list[str], verbs: Set[str]) -> bool:
    """Whether words begin like an order: by a verb that is known or is the verb of something here, or by any word that
    governs something ("surprise me", "radio the ship") where nothing else can be the verb.
    """
    called = bool(said) and said[0] in ("somebody", "someone")
    while said and stem(said[0]) in _OPENERS:
        said = said[1:]
    if not said or said[0] in _NO_VERBS or "'" in said[0]:
        return False
    head, rest = stem(said[0]), said[1:]
    if said[0] in ENGLISH.talk - words("call answer find fix repair keep show hear see tell ask"):
        return False
    if said[0] in ("tell", "ask") and (not rest or rest[0] in _TELLS_US):
        return False
    if rest and (rest[0] in _FINITE or rest[0] in ("can", "could", "will", "would", "must")):
        return False
    if said[0] in _STATES and (
        not rest or rest[0] in ("in", "here", "at", "on", "and", "enough", "as", "inside", "by")
    ):
        return False  # "(you keep it nice and) warm in here"
    if said[0] in ("remind", "promise", "convince", "thank"):
        return False
    if not called and len(said) > 2 and said[1] in ("up", "down", "off", "out") and said[2] in _GOVERNED:
        return True  # "pump up the volume"
    if said[0].endswith("s") and not said[0].endswith("ss") and head in _ORDERS | verbs and rest[:1] != []:
        return False  # "plays", "lights": a third person or a plural
    known = head in _ORDERS or head in verbs
    if known and not ({"is", "are", "was", "were"} & set(rest) and not _LINKS & set(rest)):
        return True
    return (
        not called
        and not known
        and len(said) > 2
        and said[1] in _GOVERNED
        and said[0] not in STOP_WORDS
        and not _FINITE & set(said)
    )


def _names_only(said: list[str], bare: Set[str], asking: bool) -> bool:
    """Whether the words name nothing but a thing ("music!", "a cup of tea"), or go on from a clause that asked."""
    if len(said) < 5 and any(word in bare and any(map(str.isdigit, word)) for word in said):
        return True  # "knight to f3", "back to 2182"
    polite = ENGLISH.bare | {"for", "me", "us", "thanks", "thank", "you"}
    kept = [stem(word) for word in said if stem(word) not in _OPENERS and word not in polite]
    if not kept or len(said) > 6 or _FINITE & set(said):
        return False
    if asking and any(word in bare for word in kept) and (said[0] in STOP_WORDS or said[0] in ENGLISH.empty):
        return True
    return all(word in bare for word in kept) and len(said) <= 5


def any_left(clause: str, bare: frozenset[str]) -> bool:
    """ "Any tea?", "more music?": a thing with nothing else said of it, as a question."""
    said = WORD.findall(clause)
    some = bool(said) and len(said) <= 5 and said[0] in ("any", "some", "more", "another")
    return some and not bare.isdisjoint(map(stem, said))
