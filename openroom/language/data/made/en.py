"""What is made for a plain card in English."""

from __future__ import annotations

from openroom.language.data.made.parts import Attribute, Made, keys

ENGLISH = Made(
    attributes=(
        Attribute(keys("age"), "I am {it} years old.", ("How old are you?",), r"\d{1,3}$"),
        Attribute(
            keys("occupation|job|profession|work|trade"),
            "I am {an} {it}.",
            ("What do you do?", "What is your work?"),
            r"(?!retired$|none\b|unemployed|works?\b|\w+s\b(?<!ss))[a-z]",
            first=True,
        ),
        Attribute(
            keys("comes from|from|hometown|origin|birthplace|place of birth"),
            "I come from {it}.",
            ("Where do you come from?", "Where are you from?"),
            r"(?!born|comes|raised)\w",
        ),
        Attribute(keys("home|lives in|residence|location"), "I live in {it}.", ("Where do you live?",), r"[A-Z]\w+"),
        Attribute(
            keys("family|siblings|children|pets|pet"),
            "I have {it}.",
            ("Do you have a family?", "Tell me about your family."),
            r"(?:an?|one|two|three|four|five|six|seven|many|some|no|\d)\s",
            first=False,
        ),
        Attribute(keys("likes|loves|favourite things"), "I like {it}.", ("What do you like?",), listed=True),
        Attribute(keys("dislikes|hates"), "I dislike {it}.", ("What do you dislike?",), listed=True),
        Attribute(
            keys("fear|fears|afraid of"),
            "I am afraid of {it}.",
            ("What are you afraid of?",),
            r"(?!to\b|that\b)",
            True,
        ),
        Attribute(
            keys("working on"),
            "I am working on {it}.",
            ("What are you working on?", "What are you making?"),
            r"\w",
        ),
        Attribute(keys("skill|skills|ability|abilities"), "I {it}.", ("What can you do?",), r"can\s"),
        Attribute(keys("hobby|hobbies"), "I like {it}.", ("What do you like to do?",), r"\w+ing\b", True),
        Attribute(
            keys("favourite colour|favorite color|favourite color"),
            "My favourite colour is {it}.",
            ("What is your favourite colour?",),
            r"[a-z]+$",
        ),
        Attribute(
            keys("favourite food|favorite food"), "I like {it} best.", ("What do you like to eat?",), r"[a-z ]+$"
        ),
    ),
    asks=(
        (
            r"^(?:For|Since) .{3,40} I have \w+|^I have \w+ .{2,60}\b(?:for|since) [\w-]+",
            ("How long have you done that?",),
        ),
        (
            (
                r"^I am (?:[A-Z]\w+[ ,]{1,2}){0,3}(?:an?|the) (?:\w+ )?\w*(?:er|or|ist|man|woman|smith|wright|cook|"
                r"nurse|monk|guard)\b"
            ),
            ("Who are you?", "What do you do?", "What is your work?"),
        ),
        (r"^I am (?:an? |the )?[A-Z]?\w+(?: \w+)?, (?:an?|the) |^I am (?:an?|the) ", ("Who are you?",)),
        (r"^I (?:live|sleep) ", ("Where do you live?",)),
        (r"^I (?:come from|was born|am from) ", ("Where do you come from?",)),
        (
            r"^(?:Now )?I (?:work|keep|run|sell|mend|repair|build|row|teach|drive|serve|steer|sail) ",
            ("What do you do?",),
        ),
        (r"^I (?:mended|drove|taught|sold|worked|sailed|built|served) ", ("What did you do before?",)),
        (r"^I (?:like|love|enjoy|adore) ", ("What do you like?",)),
        (r"^I (?:dislike|hate|cannot stand|can't stand) ", ("What do you dislike?",)),
        (r"^I (?:fear|am afraid of|am scared of) ", ("What are you afraid of?",)),
        (r"^In my (\w+) I (?:carry|keep|have) ", ("What do you have in your {1}?",)),
        (
            r"^I (drink|eat|draw|paint|collect|grow|bake|cook|carry|want) (?!to\b|in\b|at\b|and\b)",
            ("What do you {1}?",),
        ),
        (
            (
                r"^I have (?:\w+ ){0,4}(?:brothers?|sisters?|sons?|daughters?|child|children|wife|husband|"
                r"cats?|dogs?|goat)\b"
            ),
            ("Do you have a family?",),
        ),
        (r"^I have never learn(?:t|ed) to (\w+)\b", ("Can you {1}?",)),
        (r"^I lost (?:the |my )", ("What did you lose?",)),
        (r"^My ([a-z]+) (?:is|was|are|were) ", ("Tell me about your {1}.",)),
    ),
    greets=(
        ("Good evening.", "Good evening to you."),
        ("Good morning.", "Good morning to you."),
        ("Hi there.", "Hello there."),
    ),
    hello=("Hello!", "Hello. I am {name}."),
    thanks=("Thank you.", "It was nothing."),
    bye=("Goodbye.", "Goodbye. Come again."),
    asks_of="What do you think of {topic}?",
    puzzled=("I have never heard of that. What is it?", "That word means nothing to me."),
    later="the internet",
    at_a_loss=("I don't know that.", "That I can't say.", "I have no answer to that.", "I never thought about it."),
    asks_back=("What do you think?", "Why do you ask?", "How is it with you?", "Tell me what you mean."),
    last_joint=" and ",
)
