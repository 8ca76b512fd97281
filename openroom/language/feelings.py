"""Which of the ten feelings goes with a line, without a language model.

Each feeling gathers weight: from words and turns of phrase in what is said (`_SAID`: it is the speaker's face), from
what was heard (`_HEARD`: what happened to whom, at half the weight), and from the form of the line: question marks,
exclamations, words of the other taken up again ("Thirteen!"), halting dots, emoji. A word that is denied does not
count. The heaviest feeling wins if it weighs enough; else the line is a calm one. The words are common ones: how far
they reach is measured on lines that were held out (`tests/language/data/emotions_held_out.txt`). Likeness of meaning to
typical lines (static embeddings) was tried and added nothing: alone it was right in 42 of 100.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from openroom.language.data.en import STOP_WORDS
from openroom.language.data.tongue import words as _listed
from openroom.language.sentences import sentences

_ENOUGH = 0.9
_OF_HEARD = 0.55
_MOST_HITS = 3
_MOST_READ = 600
"""So much of a line is read: the patterns look far ahead."""

_SAID: Mapping[str, str] = {
    "angry": r"how dare|dare you|\bget out\b|out of my (?:sight|house|room)|\bfurious|\bang(?:ry|er)\b|outrag"
    r"|ashamed of (?:your"
    r"|them)|vandal|\bliar|\bbrute|scoundrel|villain|\bidiot|\bfools?!|no right\b|(?:not|wasn't|weren't) yours"
    r"|take that back"
    r"|(?:mind|watch|hold) your (?:tongue|manners|mouth)|had (?:quite )?enough|enough!|\benough of (?:you|that"
    r"|this)|won't (?:stand|tolerate"
    r"|have it)|will not (?:stand|tolerate|talk|speak|hear|be spoken)|don't you (?:dare|tell|talk|ever)"
    r"|shut up|say that again|insult"
    r"|find another door|i mean it|how could you|under (?:my|this) (?:own )?roof|disgrac|\bhate[sd]?\b"
    r"|\brage\b|unforgivable|nobody (?:speaks|talks) to me"
    r"|hands off|this instant|in that tone|in my own house|then leave|or leave|were private|private!|were mine"
    r"|was my (?:mother|father|grand)"
    r"|\bwütend|\benfadad|leave (?:it|me|him|her) alone!|do you know how (?:long|hard)|damn|wicked|\bcruel"
    r"|nonsense!|rubbish!|^leave\.|[.!] leave\.$",
    "sad": r"\bdied\b|\bdead\b|\bburied|funeral|\bgrave\b|mourn|\bgrie[fv]|\bwept|\bweep|\bcr(?:y|ied|ying)\b"
    r"|\btears\b|\bsad(?:ly|ness)?\b"
    r"|sorrow|heartbr|break(?:s|ing)? my heart|\blost (?:him|her|them|it|everything)|\bmiss (?:him|her|them"
    r"|it)\b|\b(?:is|are|was|were) gone\b|nobody left"
    r"|no one left|never (?:came|come|wrote|returned|saw)|stopped (?:waiting|hoping|writing|coming|singing)"
    r"|not any ?more|empty (?:chair|house|room|bed)"
    r"|\blonely\b|\balas\b|so sorry(?!.*\b(?:of me|clumsy|awkward))|not come back|all these years|long winter"
    r"|\bevery day\.|still (?:set|lay|keep|faces?)"
    r"|ran out of|had hoped|used to (?:think|hope|sing)|traurig|triste|难过|悲し|\bnever\.|two years\.",
    "tender": r"\bmy dear\b|,? dear(?: heart)?[.,!?]|\bsweet(?:heart|ie)|\bdarling|little (?:one|sparrow|bird|thing"
    r"|friend)|, love\b|, my friend|hold (?:my|your|you|on to me"
    r"|her|his|them)\b|\bhug\b|embrace|blanket|\bwrap\b|\brest\b|sleep (?:a while|now|well)|gently|softly"
    r"|\bbreathe|\bi(?:'m| am) (?:right )?here\b|(?:beside|by) (?:you|your side)"
    r"|not alone|(?:are|you're) safe|i(?:'d| would| will|'ll) miss you|lean on|\bcome (?:here|close|closer"
    r"|under)|\bsit (?:down )?(?:here )?(?:with|by|beside) me|\bstay (?:here|with|a while|as long)"
    r"|needn't say|no need to (?:talk|speak|say)|take your time|keep watch|your hand\b|something warm"
    r"|warm (?:you|yourself)|\bshawl|poor (?:thing|child|dear|lamb|soul)|let me (?:hold|make you|pour you"
    r"|take care|carry)|\bi do\. |truly, my|\bcoal\b.*\bstove|feed them|together\b|room for two|a sip for"
    r"|patience|kiss",
    "worried": r"\bdanger|\bcareful|\bdrown|could fall|you(?:'ll| will) (?:fall|hurt|freeze|drown)|catch (?:her|his"
    r"|your) death|don't like (?:this|the (?:sound|look)|it)|must have happened"
    r"|\bi hope (?:it|he|she|they|nothing|nobody)|afraid (?:for|he|she|they)\b|not like (?:him|her|them)\b"
    r"|we (?:must|should|have to|had better|may have to) (?:\w+ )?(?:move|look|do|go|call|get|find|hurry)"
    r"|lock the|step back|(?:stay|keep) (?:away|back)|\bquick(?:ly)?\b|\bhurry|everyone out|\bbeg you"
    r"|please,? don't|never been (?:this|so)|too (?:deep|dangerous|late|risky|thin)|\bpray\b"
    r"|at this hour|looks (?:deep|bad)|\bserious|can't stop thinking|in this (?:weather|cold|current|storm"
    r"|wind|dark)|(?:is|are) coming in|hold on to|won't hold|aground|poison"
    r"|should have (?:called|been|come)|that is bad|not on my watch|^don't!|not indoors|\bfire\?|anxious"
    r"|worr(?:y|ied)|nervous|what if\b|trawlers|vorsicht|cuidado|小心|危な",
    "surprised": r"\?!|!\?|good (?:heavens|gracious|lord|grief)|goodness|gracious|^heavens|\bwow\b|\bwhoa|^really\?"
    r"|\bwhat\?(?! \w+ \w+\?$)|\bno idea\b|can(?:'t|not) be\b|impossible|unbelievable|(?:can't|hardly"
    r"|cannot) believe"
    r"|believe my (?:ears|eyes)|(?:must be|are you|you're) (?:joking|kidding)|you don't say|\bi never!"
    r"|well, i never|never (?:thought|expected|dreamt)|(?:didn't|not|did not) expect|who would have|i'll be\."
    r"|what to say|you (?:did|have) what"
    r"|\bi thought (?:he|she|you|they|it) (?:was|were)\b|never done (?:that|this)|not done that|out loud"
    r"|\bfancy that|没想到|思いがけない|no me lo esperaba|nicht erwartet|astonish|\boh! you",
    "embarrassed": r"^oh dear|^oh no\b|\bblush|awkward|\bclumsy|(?:foolish|silly|stupid|careless|rude) of me|excuse me"
    r"|\bpardon\b|forgive me|forget (?:i|that i)\b|\bi\.\.\.|i, well|embarrass|sink into|you heard (?:that|me)"
    r"|(?:weren't|wasn't|not) supposed"
    r"|don't (?:read|look|laugh)|isn't finished|not finished|nobody was|(?:thought|was) (?:nobody|i was alone"
    r"|alone)|who told you|something else|change the subject|have i (?:been|really)|how long have you known"
    r"|my (?:mistake|fault)|i'm afraid so|\bdid i\?|^habit"
    r"|i don't know anything|^oh, nothing|very dull|only the stove|(\b\w+)\? what \1\?|not stole|very ordinary"
    r"|don't tell",
    "amused": r"\bha(?:ha)*\b[!.,]|\bha$|haha|hilarious|\bfunny|\blaugh|\bjok(?:e|es|ing)\b(?<!be joking)|giggl|\btease"
    r"|\bsilly|scandal|what fun|\bcheat(?:s)?\b|handsome|better taste|takes talent|true parts|walks into"
    r"|i hope\. that|prefers|rehears"
    r"|admit it|wicked|as i do|soup in it|the same of you|well done|almost adequate|software|in an audience|哈哈"
    r"|笑|😂|🤣|😄|;-?\)|both,|did the \w+ survive",
    "happy": r"wonderful|splendid|marvell?ous|glorious|gorgeous|\bdelight|\bglad(?:ly)?\b|\bhapp(?:y|ily|iness)\b"
    r"|hooray|hurrah|congrat|celebrat|best news|\bcake\b|good to see|welcome|\bproud|thank you"
    r"|\blove[sd]? (?:it|you|this|to)|\blovely|at last|merrier|\bcheers"
    r"|could sing|\bdance|\bperfect\b|beautiful|i knew (?:you|they|she|he)|pleasure|any time|all safe|^yes!"
    r"|what a (?:night|day|morning|evening)|my evening|hup\b|shin(?:y|ies)|orchestra|stars we can|for me\?.*!"
    r"|freut|gerne|encantad|gracias|谢谢|ありがとう|嬉し|高兴|🎉|❤|😊|look at her",
    "curious": r"tell me|show me|let me see|\bwonder\b|all ears|full attention|say (?:again|a little more)|go on[.!]"
    r"|interesting|fascinat|what sort|how does one|which one",
}
_HEARD: Mapping[str, str] = {
    "angry": r"\bliar|stupid|idiot|shut up|\bhate\b|\bbroke\b|\bcheat|\bhit (?:the|him|her|my)|\btore\b|cut down"
    r"|\bugly\b|kicked|calm down|read your letters|old woman|on purpose|\bfool\b|go away",
    "sad": r"\bdied\b|\bdead\b|\bso sad\b|do you miss|your (?:wife|husband|brother|sister|son|daughter|mother|father"
    r"|family|children)\b|ever write|come back|look (?:blue|sad)|never go home|torn? .*down|buried|is broken"
    r"|for good",
    "tender": r"\btired\b|\balone\b|lonely|\bscared\b|\bafraid\b|can't sleep|(?:bad|terrible|hard|awful|long) day"
    r"|crying|nobody (?:ever |would |likes )|\bi(?:'m| am) (?:so )?cold\b|heart is broken|want to go home|traurig"
    r"|triste|难过|悲し|is ill\b",
    "worried": r"\bsmoke|\bfire\b|rising|\bcrack\b|\bstorm|\bblood|hasn't (?:called|come)|missing|following me|\bice\b"
    r"|swim|climb|won't shut|went out|cut my|does not answer|still outside|gone out\b",
    "surprised": r"\bi(?:'m| am) your\b|\bwon the\b|look who|in a night|can fly|i flew|bought the|guess what|no way"
    r"|queen|spoken",
    "embarrassed": r"\byour (?:shirt|hair|zip|trousers|face)\b|you called me|blushing|did you (?:write|take)|\bpoem\b"
    r"|heard you\b|you (?:sing|sang|forgot)|wrong name",
    "happy": r"\bbaby\b|birthday|married|got the job|passed my|\bwe won\b|came back|i brought|thank(?:s| you)|are home"
    r"|is home|we did it|i'm back|let's dance|love (?:this|it|you)|beautiful|wonderful|congratulations|danke"
    r"|gracias|谢|ありがとう",
    "amused": r"haha|\blol\b|😂|🤣|\bjoke|funny|hilarious|snore|\bwrong wedding|got lost|robot|stole my"
    r" (?:sandwich|button|hat)|silly|tried to cook|talks too much|crooked|real beard|哈哈",
}
_KIN: Mapping[str, frozenset[str]] = {
    "sad": _listed("sad sorrow sorrowful melancholy wistful concerned worried sympathetic tender gentle"),
    "tender": _listed("tender gentle warm caring sympathetic concerned kind sad"),
    "worried": _listed("worried concerned anxious nervous afraid uneasy"),
    "angry": _listed("angry annoyed stern cross irritated offended cold"),
    "amused": _listed("amused laughing laugh playful mischievous happy joy merry"),
    "happy": _listed("happy joy joyful glad pleased warm smile smiling welcoming friendly content delighted merry"),
    "surprised": _listed("surprised surprise astonished amazed startled"),
    "embarrassed": _listed("embarrassed shy sheepish flustered nervous"),
    "calm": _listed("neutral calm default content relaxed"),
    "curious": _listed("curious thoughtful thinking pensive interested attentive"),
}
_CALM = (
    r"^(?:good (?:evening|morning)|very well|as you (?:wish|like)|of course|no hurry|done|certainly|then it|gladly\.)\b"
)
_DENIED = re.compile(
    r"\b(?:not|no|never|don't|isn't|wasn't|aren't|hardly|without) (?:\w+ )?"
    r"(?=(?:sad|angry|happy|glad|afraid|worried|funny|lonely|lovely|beautiful|danger\w*|crying|serious)\b)"
)
_WORD = re.compile(r"[^\W\d_]{3,}")


def feelings(said: str, heard: str = "") -> tuple[str, ...]:
    """The feelings that fit a line, the best first; empty when it is a calm one."""
    line, before = _plain(said), _plain(heard)
    weights = dict.fromkeys(_SAID, 0.0)
    for feeling, pattern in _SAID.items():
        weights[feeling] += min(_MOST_HITS, len(re.findall(pattern, line)))
    for feeling, pattern in _HEARD.items():
        weights[feeling] += _OF_HEARD * min(2, len(re.findall(pattern, before)))
    _form(line, before, weights)
    if re.search(_CALM, line):
        return ()
    found = sorted((feeling for feeling in weights if weights[feeling] >= _ENOUGH), key=lambda one: -weights[one])
    return tuple(found)


def nearest(felt: Iterable[str], can: Sequence[str]) -> str:
    """The first of these feelings that a character ``can`` show, by its own name or by one that authors give to such a
    feeling; empty when it can show none."""
    names = {name.lower(): name for name in can}
    for feeling in felt:
        near = [feeling] if feeling in names else [name for name in names if name in _KIN.get(feeling, ())]
        if near:
            return names[near[0]]
    return ""


def reaction(heard: str) -> tuple[str, ...]:
    """The feelings with which one hears something, whatever one answers; empty when it is nothing to feel much at."""
    before = _plain(heard)
    hits = {feeling: len(re.findall(pattern, before)) for feeling, pattern in _HEARD.items()}
    return tuple(sorted((one for one in hits if hits[one]), key=lambda one: -hits[one]))


def _plain(text: str) -> str:
    return _DENIED.sub(lambda match: match.group() + "un", text[:_MOST_READ].lower().replace("’", "'").strip())


def _form(line: str, before: str, weights: dict[str, float]) -> None:
    """What the shape of a line adds: a question asks, an exclamation strengthens, an echo wonders."""
    shouts, asks = line.count("!"), line.count("?")
    if asks and (line.endswith("?") or asks > 1):
        weights["curious"] += 0.9 if line.endswith("?") else 0.4
        weights["curious"] += 0.3 * (asks - 1)
    if re.match(r"[^.!?]{2,40}[!?]", line) and _words(sentences(line)[0]) & _words(before):
        weights["surprised" if shouts else "curious"] += 0.9 if shouts else 0.3
    if shouts:
        loud = [one for one in ("angry", "happy", "surprised", "worried") if weights[one] > 0]
        for feeling in loud:
            weights[feeling] += 0.2 * min(shouts, 3)
        if not loud:
            weights["happy"] += 0.5 * min(shouts, 2)
    if "..." in line or "…" in line:
        weights["embarrassed"] += 0.6
    serious = max(weights[one] for one in ("worried", "sad", "tender", "angry", "embarrassed", "surprised"))
    if serious > 0.5 and weights["curious"] < 1.6:
        weights["curious"] -= 0.4


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text)) - STOP_WORDS
