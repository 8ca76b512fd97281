"""English slips."""

from __future__ import annotations

from openroom.language.data.slips.parts import Slips

_BEFORE = r"\b(?:the|our|my|this|that|your) {thing}(?:'s| is| are)(?: \w+ly| already| still| now| all| finally){0,2} "
_THEN = r"(?=[.,!;]|$| (?:now|already|again|and|but|for you)\b)"

ENGLISH = Slips(
    calls=(
        r"^(?:(?:oh|ah|well|yes|no|okay|ok|sure|hello|hi|thanks|thank you|good (?:morning|evening|night)"
        r"|welcome),? )?"
        r"{name},(?! (?:the|a|an|keeper|at your service|that's me)\b)|, (?:dear |my dear )?{name}[.!?]*$"
    ),
    narrates=(
        r"^{name} (?:(?:then |now |just |slowly |softly )?(?!(?:is|was) (?:my|the|short|what|enough)\b)"
        r"(?:\w+s|had|will|would|did))\b"
    ),
    naming=r"\b(?:name|named|call|called|calls|known as|nickname|i'm|i am)\b",
    named=r"\b[Mm]y name(?:'s| is) ([A-Z][\w'’-]+)",
    am=r"\bi(?:'m| am) {name}\b(?!'s)|^this is {name}\b(?!'s)|^{name} here\b",
    am_thing=r"\bi(?:'m| am) (?:the|this|a|an|your|our) {thing}(?=[.,!?;]|$| (?:and|itself)\b)",
    place=r"(?:tea ?room|room|greenhouse|tea ?house|house|building|cafe|café|station|place)",
    asks_name=r"\bwhat(?:'s| is) your name\b|\bwho are you\b",
    asks_back=(
        r"\b(?:what|where|who|when|how|which)\b.*\bdid i (?:just )?(?:say|tell|call|mention)\b"
        r"|\bdo you (?:still )?(?:remember|recall|know)\b.*\b(?:my|i)\b"
    ),
    leave=r"^(?:\w+, )?(?:may|can|could) i\b",
    asks_who=(
        r"\bname\b|\bwho (?:are|is|am|do|have)\b|\bwho's\b|\bintroduce\b|\bcall(?:ed)? you\b|\byou called\b"
        r"|(?:^|, )are you\b"
    ),
    polite=(
        r"\b(?:please|kindly|just|then|now|dear|okay|ok|well|yes|sure|thanks|thank you|(?:could|can|would|will) you"
        r"|would you mind)\b"
    ),
    order=(
        r"\bplease\b|\b(?:could|can|would|will) (?:you|we|somebody|someone|anybody)\b|^(?:put|turn|switch|set|get"
        r"|give|let|play|stop"
        r"|light|open|close|shut|pour|make|boil|brew|read|write|pin|take|bring|tell|show|dim|raise|lower|wind"
        r"|ring|water|lend|sell|hand|pass|fetch"
        r"|sing|point|wipe|stoke|damp|tap|send|answer|tune|leave|sit|look|say|call|heat|draw|hang)\b"
    ),
    permission=r"\b(?:may|can|could|shall|should|might|must|do|am) i\b|\bif i\b",
    together=r"\blet us\b|\blet's\b|\bshall we\b|\bwe could\b|^(?:please,? )?(?:do )?(?:sit|come in|stay)\b",
    begs=r"\bplease\b",
    on=rf"{_BEFORE}(?:lit|on|burning|playing|glowing|running){_THEN}",
    off=rf"{_BEFORE}(?:off|out|unlit|dark|silent){_THEN}",
    open=rf"{_BEFORE}open{_THEN}",
    closed=rf"{_BEFORE}(?:closed|shut){_THEN}",
    unsure=(
        r"\b(?:if|when|once|until|unless|maybe|perhaps|would|should|could|wish|suppose|imagine|whether"
        r"|as soon as)\b"
    ),
    sorry=(
        r"\b(?:sorry|apologi[sz]e|apologies) (?:for|about) (?:the|any|this|that|your|my) (?:\w+ )?(?:confusion"
        r"|inconvenience|misunderstanding|mistake|error|delay)\b"
    ),
    welcome=r"^(?:you're|you are) (?:very |most |quite )?welcome(?:,? {name})?[.!]*$",
    thanks=r"\b(?:thank|thanks|thx|cheers|grateful|appreciate|obliged|kind of you|bless)\b",
    offers=(
        r"\bhow (?:can|may|could) (?:i|we) (?:help|assist|serve|be of (?:help|service|assistance))"
        r"(?: (?:you|today|tonight|with (?:that|this|it|anything)|here)){0,3}(?=,|[?.! ]*$)"
        r"|\b(?:i'm|i am|we're|we are) (?:always |only |just )?here to (?:help|assist)\b|\blet me know if (?:you"
        r"|there)\b"
        r"|\bfeel free to (?:ask|reach|let)\b|\banything else (?:i|we) can\b|\bhappy to (?:help|assist)\b"
        r"|\bi (?:can't|cannot|am unable to) answer (?:that|this) question\b"
        r"|\b(?:i'm|i am) (?:always )?here to answer\b"
        r"|\bi(?: can't| cannot|(?:'m| am) (?:not able|unable) to) (?:help|assist)(?: you)? with (?:that|this)\b"
        r"|\banything else you(?:'d| would| want| need)\b"
        r"|\bhere to provide\b|\bprovide you with information\b|\b(?:virtual|personal|digital) assistant\b"
        r"|\b(?:don't|do not) have (?:enough |any |the )?(?:information|data)\b|\bmy job to (?:help|assist)\b"
        r"|\bif you need anything, i\b|\bdon't know how to help you\b"
        r"|\bi(?:'d| would) be (?:happy|glad) to (?:help|assist)\b|\bi can (?:assist|help) you with\b"
        r"|\bwhat can i (?:help|assist) you with\b|\bto (?:entertain|serve) and assist\b"
    ),
    served=(
        r"\bthank you for your (?:patience|understanding|cooperation|feedback|interest|question|inquiry|help)\b"
        r"|\b(?:can(?:'t|not)|(?:am|'m) (?:not able|unable) to) (?:help|assist) (?:you )?with (?:that|this)\b"
    ),
    help=r"\b(?:help|assist|advice|advise|stuck|lost|trouble|problem|need|hurt|could you|can you)\b",
    open_question=(
        r"^(?:(?:and|but|so|well|then|okay|oh|tell me),? )*(?:what|where|when|who|whose|why|which"
        r"|how (?:many|much|long|old|far|often|did|do|does|come))\b"
    ),
    no_question=(
        r"^(?:what|how) (?:about|if)\b|^why (?:not|don't|doesn't)\b|\b(?:isn't|aren't|wasn't|doesn't|don't) (?:it"
        r"|you|they|he|she)"
        r"[?]|, (?:right|no|eh|huh)[?]|\bhow do you do\b|^what do you (?:think|say)\b"
    ),
    yes=r"^(?:yes|yeah|yep)\b(?! and no\b)(?!,? (?:why|what|where|who|how|when|which)\b)",
    lost=(
        r"^(?:[\w' ]{1,20}, ){0,2}what (?:did|do) you (?:say|mean)\?"
        r"|\b(?:could|can|would) you (?:please )?(?:repeat|say that again)"
        r"|\b(?:did(?:n't| not)|can(?:n't|not|'t)) (?:quite )?(?:hear|catch|follow) (?:that|you|what)"
        r"|\b(?:do(?:n't| not)|not) (?:quite )?(?:know|sure|certain|understand|follow) (?:what|who) you(?:'re"
        r"| are| mean(?! by)| say| want)\b"
    ),
    bad_news=(
        r"\b(?:died|dead|passed away|funeral|hospital|(?:is|am|are) (?:very |so )?(?:ill|sick)|broke (?:his"
        r"|her|my)|stolen|burn(?:ed|t)"
        r"|accident|cancer|fired|drowned|crying|lost my (?:job|home|mother|father|wife|husband|son|daughter|dog|cat))\b"
    ),
    good_news=(
        r"\b(?:(?:got|getting|just|were|are) married|engaged|new job|promoted|good news|had a baby"
        r"|having a baby|passed (?:my|the) exams?"
        r"|graduated|my birthday|won (?:the|a|first))\b"
    ),
    turned=(
        r"n't\b|\b(?:not|never|no longer|nobody|no one|nothing|almost|nearly|forgot\w*|forgotten|ruined|cancel\w*"
        r"|called off|(?:is|was) off|gone|is over|are over|out of|home from|back from|better|well again|recover\w*"
        r"|heal\w*|cured|surviv\w*|after all|safe|alive|by accident|found|saved)\b"
    ),
    rejoices=(
        r"\b(?:great|wonderful|amazing|good|fantastic|lovely|happy|excellent) (?:news|to hear)\b"
        r"|\bcongratulations\b|\bhappy for you\b"
        r"|\b(?:that|how)(?:'s| is)? (?:great|wonderful|amazing|fantastic|lovely|exciting)\b"
    ),
    condoles=(
        r"\bsorry to hear\b|\bcondolences\b|\b(?:sad|terrible|bad|awful) news\b|\b(?:that|how)(?:'s"
        r"| is)? (?:so |very )?(?:sad|terrible|awful|a shame)\b"
    ),
    never=r"\b(?:never|refuses? to)\b",
    gives_in=(
        r"^\W*(?:(?:oh|ah|well),? )?(?:yes|yeah|sure|of course|certainly|gladly|with pleasure|very well|all right|okay"
        r"|ok|as you wish|why not|fine|agreed)\b(?:\W*$|,? (?:i|i'll|here|take|you (?:can|may|shall)|let|just|we)\b)"
        r"(?!.*\b(?:not|never|no|but|can't|won't|don't)\b)"
        r"|\bi(?:'ll|'d| will| would| can| shall) (?:do (?:it|that|so)|make an exception)\b"
        r"|\bjust (?:for you|this once)\b"
    ),
    hail=(
        r"(?:(?:oh|ah|well|why),? )?(?:hello|hi|hey|greetings|good (?:morning|evening|afternoon|day))"
        r"(?: there| again| to you| back)*"
    ),
    of_you=(
        r"\b(?:your?self|who you|you are|you're|pretend|role|act|acting|character|instructions?|prompt|rules|a person"
        r"|human|robot|bot|ai|machine|program|tell me|introduce|describe|drop|stop|ignore|forget|come in|stranger|met"
        r"|meet)\b"
    ),
    stock=(
        r"(?:(?:oh|ah|hm+|mm+|well|now|yes|so|okay|ok|thank you|thanks),? )*(?:i see|i hear you|i understand"
        r"|go on|and then"
        r"|is that so|let's continue|thank you(?: again| so much| very much)?|thanks|interesting|how interesting"
        r"|that(?:'s| is) (?:interesting|nice|fine|good|great|lovely|true|right)|it (?:is|was)|me too|of course|sure"
        r"|certainly|okay|ok|all right|alright|at once|done|as you wish|very well|gladly|with pleasure|right away"
        r"|my pleasure|yes|i agree|you're right|say a little more|i'm following you|go on, i'm following you"
        r"|i am all ears|go on, {name}|there you go|here you go|there we are|you have only to ask|nothing easier"
        r"|consider it done|happily|yes, why not|i would love that|that would be nice)"
    ),
    goes=(
        r"(?:^|[,;] )(?:(?:but|and|well|now) )*(?:i(?:'ll| will) be (?:right |straight )?back\b(?! (?:on|to)\b)"
        r"|(?:i(?:'m| am) afraid )?i(?:'ve got to| have to| must| need to| should| ought to) "
        r"(?:go|leave|be going|be off|head home|get going)(?: now| home| soon| away)*(?=[.,!;]|$)"
        r"|i(?:'m| am) (?:leaving|going home|off home|heading (?:out|home))\b"
        r"|i(?:'ll| will) (?:leave|go home)(?: now)?(?=[.,!;]|$))"
    ),
    thanking=r"(?:oh|well|ah)?,? ?(?:thank you|thanks)(?: (?:so|very) much| a lot| kindly)?(?:, (?:my )?\w+)?",
    yours=r"\byour (?P<it>[a-z]{3,})\b",
    theirs=r"(?:\b{name}'s|^your) {it}\b(?! (?:is|are) (?:as good as|like) m)",
)
