"""Plain answers to questions by their kind, in English."""

from __future__ import annotations

from openroom.language.data.reactions.parts import Reaction as Kind

ENGLISH = (
    Kind(
        r"\b(?:who are you|what(?:'s| is) your name|what are you called)\b",
        ("{name}. That is all of it.", "My name? {name}."),
    ),
    Kind(
        r"\b(?:my name is|i'm called|i am called|call me)\b",
        ("Good to know your name, {speaker}.", "Then I know what to call you, {speaker}."),
    ),
    Kind(
        r"\b(?:anybody|anyone|somebody|someone) (?:here|there|home)\b.*\?",
        ("Yes, here. Come closer.", "There is, and listening."),
    ),
    Kind(
        r"\btell (?:me|us) a joke\b|\bknow (?:any|a) (?:good )?jokes?\b",
        ("A joke? None comes to mind. Do you have one?", "Jokes go wrong when one has to tell them. You first."),
    ),
    Kind(
        r"\btell (?:me|us) (?:a|another) (?:story|tale)\b",
        (
            "A story? Not a good one today. Tell one of yours.",
            "The stories have to come by themselves. What would it be about?",
        ),
    ),
    Kind(
        r"\b(?:sing|recite|dance)\b.*(?:\?|!|\bfor (?:me|us)\b)|^(?:please )?(?:sing|dance)\b",
        ("Not in front of people, thank you.", "That is better left to others."),
    ),
    Kind(
        r"\bwhat(?:'s| is) the time\b|\bwhat time is it\b|\bhow late is it\b",
        ("The time I could not tell you.", "What time it is, I have not looked."),
    ),
    Kind(
        r"\bweather\b.*\?|\bwill it (?:rain|snow|clear)\b",
        ("The weather does as it likes; nobody asks me.", "About the weather I would not promise anything."),
    ),
    Kind(
        r"\bhow are you\b|\bhow do you do\b|\bhow(?:'s| is) it going\b",
        ("Well enough, thank you. And you?", "I can't complain. How is it with you?"),
    ),
    Kind(
        r"\bhow old\b|\bwhat age\b|\byour (?:age|birthday)\b",
        ("I do not count the years aloud.", "The number of years stays with me."),
    ),
    Kind(
        r"\bhow (?:long|often)\b|\bsince when\b",
        ("How long exactly? I never counted.", "I could not give you a number for that. What did you think?"),
    ),
    Kind(r"\bhow (?:many|much)\b", ("How many? I never counted.", "I could not give you the number.")),
    Kind(
        r"\bwhat (?:do|would) you think (?:of|about)\b|\byour opinion\b|\bwhat do you make of\b",
        ("I have not made up my mind about it. What do you make of it?", "No opinion that I would stand by. Yours?"),
    ),
    Kind(
        r"\bfavou?rite\b|\bdo you like\b|\bdo you love\b|\bdo you enjoy\b",
        ("I could not say whether I do. Do you?", "I never had to choose. What is yours?"),
    ),
    Kind(
        r"^(?:\W|\w+, )*(?:and |but |so )?why\b|\bhow come\b",
        ("Why? I have no good reason to give you.", "If there is a reason, I don't know it."),
    ),
    Kind(r"^(?:\W|\w+, )*(?:and |but |so )?when\b", ("When, I could not say.", "I did not keep the date.")),
    Kind(
        r"^(?:\W|\w+, )*(?:and |but |so )?where\b",
        ("Where, I could not tell you.", "The place I keep to myself. Why do you want to know?"),
    ),
    Kind(r"^(?:\W|\w+, )*(?:and |but |so )?who(?:se)?\b", ("Who, I could not say.", "No name comes to me for that.")),
    Kind(
        r"^(?:\W|\w+, )*(?:and |but |so )?which\b", ("Which one, I could not say.", "I would not know which to name.")
    ),
    Kind(
        r"^(?:\W|\w+, )*(?:can|could|will|would) you\b",
        ("That is not something I can do for you.", "That I would have to leave undone."),
    ),
)
