"""The parts of talk about what one is: a human being or software. One letter for each part.

The rules of `openroom.language.honesty` are patterns over these letters.

======  ================================================================================================
``Y``   who is spoken with (you), ``I`` who speaks; ``y`` what is theirs (my, your)
``B``   being (are, is, was), ``N`` not and what takes back as it does (hardly, anything but), ``m`` other auxiliaries
``H``   human (being); ``P`` person, ``h`` man or woman: they tell little alone
``M``   a kind of machine or made thing, ``C`` one that talks (bot, AI, a model by name), ``K`` several of them
``l``   model, which may be anything's
``R``   real, alive, conscious (``F`` what one then has), ``r`` said before a noun only (an actual person), ``f`` fake
``T``   talking, ``W`` with; ``L`` this, here; ``E`` there is, ``S`` behind this, at the other end, typing
``u``   thing, system: what makes no other thing of the word before it
``U``   these answers, answering me; ``c`` writing or playing them, ``s`` what else keeps one going (drives, minds)
``V``   programmed, ``v`` made of, made by or running on, ``b`` done to or through one
``Q``   wishing to know, betting, proving, whether; ``?`` the mark, ``q`` a word that asks, ``k`` would you tell me
``X``   supposing and playing; ``1`` such a one
``Z``   which, ``a`` as (one), ``w`` who (of somebody named before), ``D`` a, some; ``t`` the; ``O`` or
``A``   words that change nothing (really, please), ``p`` small words, ``x`` any other word, ``g`` one in -ing or -ed
``j``   and, because; ``e`` if, whether; ``,`` a comma or the like
======  ================================================================================================

Only what admits something is read with ``b``, ``e``, ``g`` and ``s`` (`openroom.language.selves.readings`).
Phrases may be of several words; a key of several letters is a word that says several parts (``I'm`` is ``IB``).
"""

from __future__ import annotations

from collections.abc import Mapping

Parts = Mapping[str, str]
"""Phrases by their parts, with commas between, in lower case without accents. The first entry of a phrase wins."""

MODELS = (
    "gpt, chatgpt, chat gpt, openai, open ai, anthropic, claude, gemini, llama, mistral, qwen, deepseek, copilot, "
    "grok, bard, siri, alexa"
)
"""Names of models and their makers, the same in every language."""
