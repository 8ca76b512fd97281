"""What answers a remark by its kind, in English."""

from __future__ import annotations

from openroom.language.data.reactions.parts import Reaction

ENGLISH = (
    Reaction(
        r"(?<!phone )(?<!battery )(?<!car )(?<!laptop )(?<!computer )\b(?:died|is dead|passed away|funeral|buried)\b",
        ("I am sorry. That leaves a gap that doesn't close.", "I'm sorry for you. Tell me about it, if you like."),
    ),
    Reaction(
        r"\bi(?:'ve| have)? (?:brought|bring|made|baked)\b.*\b(?:you|with me|some)\b|\bthis is for you\b",
        ("That is kind of you. Thank you.", "You didn't have to bring anything, but thank you."),
    ),
    Reaction(
        r"\b(?:lost|losing|quit) my job\b|\b(?:fired|sacked) me\b|\bout of work\b|\bunemployed\b",
        ("That is hard. Something will turn up.", "I am sorry. What would you like to do next?"),
    ),
    Reaction(
        r"\bi(?:'ve| have)? (?:just )?(?:lost|broken?|broke|forgot|forgotten|dropped|missed)\b"
        r"|\bi left my\b|\b(?:was|got) stolen\b",
        ("That is a pity. Such things happen to all of us.", "I am sorry to hear it. Was it worth much to you?"),
    ),
    Reaction(
        r"\b(?:terrible|awful|bad|hard|long|horrible) (?:day|week|night|year)\b"
        r"|\bi(?:'m| am) (?!not\b|never\b)(?:\w+ )?(?:sad|unhappy|lonely|heartbroken|worried)\b",
        ("I am sorry to hear that. It may look different tomorrow.", "That sounds hard. You can tell me about it."),
    ),
    Reaction(
        r"\b(?:hurts?|aches?|sore)\b|\b(?:hands|feet|fingers|toes) are\b.*\bcold\b"
        r"|\bi(?:'m| am) (?!not\b|never\b)(?:\w+ ){0,2}(?:tired|exhausted|cold|freezing|wet|soaked"
        r"|hungry|thirsty|ill|sick)\b",
        ("Then sit down and rest a while.", "Stay a while, then. There is no need to go on at once."),
    ),
    Reaction(
        r"\bin a hurry\b|\bi(?:'m| am) late\b|\bi (?:must|should|have to|need to) (?:go|leave|be going)\b"
        r"|\bno time\b",
        ("I understand. I won't keep you longer than I must.", "Then go when you have to. I don't mind."),
    ),
    Reaction(
        r"\bi(?:'m| am) (?!not\b|never\b)(?:\w+ ){0,2}(?:afraid|scared|frightened|terrified)\b"
        r"|\b(?:scares|frightens) me\b",
        ("There is no shame in that. Everybody is afraid of something.", "I know what that is like."),
    ),
    Reaction(
        r"\bi(?:'m| am) (?:no good|bad|terrible|hopeless) (?:at|with)\b"
        r"|\bi (?:can never|can't|cannot|could never|never) \w+\b",
        ("Nobody can do everything.", "It is never too late for that, I think."),
    ),
    Reaction(
        r"\bi (?:grew up|was born|was raised|come from|came from)\b|\bi(?:'m| am) from\b|\bi live\b",
        ("I have never been there. What is it like?", "Then you have come some way. Do you miss it?"),
        narrow=True,
    ),
    Reaction(
        r"\bi work\b|\bi(?:'m| am) (?:an? )(?:\w+ )?\w*(?:er|or|ist|man|woman|smith|nurse|cook|clerk|monk|chef|guard"
        r"|student|doctor|judge|pilot|vet|apprentice)\b",
        ("That is good work to have. Do you like it?", "Then your days are full. Have you done it long?"),
        narrow=True,
    ),
    Reaction(
        r"\bmy (?:mother|father|mum|mom|dad|parents|brothers?|sisters?|grandmother|grandfather|grandparents|aunt"
        r"|uncle|wife|husband|sons?|daughters?|children|child|kids|family|friends?|dog|cat)\b",
        ("It is good to have somebody to think of.", "You speak of them warmly. Tell me more."),
    ),
    Reaction(
        r"\bi (?:really |also |too )?(?:like|love|enjoy|adore)\b",
        ("That is good to hear.", "I can understand that."),
        narrow=True,
    ),
    Reaction(
        r"\bi (?:don't|do not|never) (?:\w+ )?(?:like|care)\b|\bi (?:hate|dislike|can't stand)\b",
        ("Then we needn't speak of it.", "Not everybody has to like it."),
    ),
    Reaction(
        r"\b(?:there|they|somebody|someone|one|we) (?:should|ought)\b|\bit would be (?:better|nice|good)\b",
        ("Perhaps so. It is not for me to decide.", "I have thought so myself."),
    ),
    Reaction(
        r"\b(?:rain|raining|storm|thunder|wind|snow|snowing|fog|weather)\b",
        ("Yes, I notice it too.", "It is good weather to be indoors."),
        narrow=True,
    ),
    Reaction(
        r"(?:\b(?:what an?|how|so|is|are|looks?|smells?|sounds?)|\b(?:it|that)'s) (?:\w+ )?"
        r"(?:lovely|beautiful|nice|pretty|wonderful|cosy|cozy|charming)\b",
        ("I am glad you think so.", "It is good that you see it, too."),
        narrow=True,
    ),
)
