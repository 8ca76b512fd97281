"""Past forms of English verbs that a stemmer doesn't know: what one did is asked back with the verb's first form."""

from __future__ import annotations

from collections.abc import Mapping

PAST: Mapping[str, str] = {
    "ate": "eat", "became": "become", "began": "begin", "bought": "buy", "brought": "bring", "broke": "break",
    "built": "build", "came": "come", "caught": "catch", "chose": "choose", "dreamt": "dream", "drank": "drink",
    "drove": "drive", "fell": "fall", "felt": "feel", "flew": "fly", "forgot": "forget", "fought": "fight",
    "found": "find", "gave": "give", "grew": "grow", "had": "have", "heard": "hear", "held": "hold", "hid": "hide",
    "kept": "keep", "knew": "know", "learnt": "learn", "left": "leave", "lent": "lend", "lost": "lose", "made": "make",
    "met": "meet", "paid": "pay", "ran": "run", "rode": "ride", "said": "say", "sang": "sing", "sat": "sit",
    "saw": "see", "sent": "send", "slept": "sleep", "sold": "sell", "spoke": "speak", "spent": "spend",
    "stole": "steal", "stood": "stand", "swam": "swim", "taught": "teach", "thought": "think", "threw": "throw",
    "told": "tell", "took": "take", "understood": "understand", "went": "go", "woke": "wake", "won": "win",
    "wore": "wear", "wrote": "write",
}  # fmt: skip
