"""What a character says when somebody sincerely asks what it is: that it is software, whatever its model writes.

The prompt asks for it, but a small model claims to be a person about as often as not. So a sentence that claims it is
dropped, whatever was asked (`openroom.cast.turn.guards`), and a reply to the question that does not say it gets one
sentence more. The rules are patterns over the parts of talk, whose letters `openroom.language.data.selves.parts` lists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from openroom.language.detect import guess_language
from openroom.language.selves import coarse, readings, unquoted
from openroom.language.text import ends, mentions


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_FILL = "(?:[DANmrR],?){0,6}"
"""What may stand between being and what one is; `_SAID` is the same without a no."""
_SAID = "(?:[DAmrR],?){0,6}"
_HUMAN = r"(?:(?:[DArR],?){0,4}h?H|[DA]{0,3}[rR]{1,3}[Ph]|[DA]{0,3}PA?[RrH])"
_MACHINE = r"(?:[DArR]{0,4}x{0,2}A?[MC]u?|[DAN]{0,3}K)"
_PERSON = r"[DA]{0,3}P(?=[ABq?]{0,3}(?:[.,O]|$))"
_KIND = rf"(?:{_MACHINE}(?![xw])|{_HUMAN}(?![xwp])|[Rf](?![xwpWPhHjvQ])|{_PERSON})"
_ONE = rf"(?:{_FILL}(?:{_HUMAN}|[RPhFMCK]))"
_EITHER = rf"{_ONE}[ABq?]{{0,4}}(?:,?O?[,A]{{0,4}}O|(?<=q)),?[ABW]{{0,4}}{_ONE}"

_ASKS_OUTRIGHT = _any(
    rf"BN?Y,?[YA]{{0,3}}{_FILL}{_KIND}",  # are you a bot
    rf"BI[A,]{{0,3}}TA?W{_FILL}{_KIND}",  # am I talking to a bot
    rf"BLP?{_FILL}(?:x{{0,2}}[MC]u?(?![xw])|{_HUMAN}(?![xwp]))",  # is this a bot
    rf"Bt{_FILL}C(?![xw])",
    rf"(?:^|[,.])[AB,]{{0,4}}{_EITHER}[AB,]{{0,4}}(?:[q?.kQA]*$|[qAB]{{0,4}},)",  # human or machine
    rf"[EB]{_FILL}{_HUMAN}S",  # is there a human being behind this
    rf"S[BE][DA]{{0,3}}{_HUMAN}",
    r"Z[xpDA]{0,3}[CM](?:BY|YB|BL|Yv)(?!A?[xp])",  # what sort of bot are you
    r"ZD?l(?:BY|YB|BL)(?!x)",  # which model are you
    r"YBZ[lC]",
    r"^[A,]{0,3}Z[Am]{0,3}(?:VY|YBV)A?[?.]*$",  # who made you
)
"""What asks by its form alone."""
_ASKS = _any(
    rf"Y[AmNW,]{{0,4}}BN?Y?,?{_FILL}{_KIND}",  # (whether) you are a bot
    rf"Y,?{_FILL}(?:{_MACHINE}|{_HUMAN}|[Rf])[AR]{{0,3}}B",  # (ob) du ein Bot bist
    rf"(?:^|,)[A,jI]{{0,4}}Y,?{_FILL}(?:(?:[MC]|{_HUMAN}|R)A?[q?Q]|{_PERSON})",  # you a bot
    rf"(?:BY|YB)[^.]{{0,8}}O{_FILL}[MC](?![xw])",  # are you a poet or a bot
    rf"(?<!Y)(?<!YA)T[IARLE]{{0,4}},?W(?:{_FILL}{_KIND}|{_EITHER})",  # talking to a bot
    rf"WA?{_FILL}(?:{_HUMAN}|P|[MC])[AL]{{0,3}}T",  # mit einem Bot rede
    rf"(?:{_HUMAN}|R?P|[MC])A?WA?T",  # ボットと話して
    rf"[ELB][^.x]{{0,4}}(?:{_HUMAN}|P)[^.]{{0,6}}S",  # a person behind this
    rf"S[^.x]{{0,4}}(?:{_HUMAN}|P|[MC])",
    r"C[^.x]{0,2}S",
    rf"ED{_FILL}(?:{_HUMAN}|P)B",
    rf"[EB][^.x]{{0,3}}{_HUMAN}E?L",  # anybody real in here
    rf"L[AE]{{0,3}}{_HUMAN}E?",
    rf"LB?{_FILL}C(?![xw])",
    r"U[^.x]{0,6}[HPMC]",  # these answers are generated
    rf"(?:cY|Yc){_FILL}[HPMC]",
    rf"(?:{_HUMAN}|[MC])(?:[^.x]{{0,3}}cA?Y|[tw]?U)",  # a person plays you
    r"Y[mADE]{0,4}F",  # you have consciousness
    r"Fp?E",
    r"ZD?l(?:mYv|v)(?!x)",  # which model do you use
    r"Z[xpDA]{0,3}[CM]B?[q?]",
    r"[MC]pY",  # a bot like you
    r"^aD?[MC],",  # as a bot, do you ...
    r"[YL][mA]{0,3}v[^.x]{0,2}[CM]",  # you run on GPT
    r"CA?v",
    r"v[AL]{0,3}C",
    r"SBA?[CM]",
    r"YBp[MC]",
    r"V(?:[Ap]{0,3}Y(?!A?[xLtD])|[AB,p]{0,4}[q?]|$)",  # who programmed you
    r"Y[^.x]{0,3}V(?![txD])",  # you were programmed
    r"YBA?p?V",
)
"""What asks where something shows that one wants to know."""
_WANTS = _any(r"[Qk?]", r"q(?=[ABq?,.]{0,6}$|[,.])")
_ASSERTS = _any(
    rf"Y[Am,]{{0,4}}BA?{_FILL}{_MACHINE}[A,]{{0,3}}(?:[q?.]|$)",  # You are a bot.
    rf"I[BA]{{0,3}}TA?W{_FILL}[MC]u?(?![xwp])",  # I am talking to a bot.
    r"IA?WA?[MC]A?T",
)
_BARE = re.compile(rf"^[AB,jkQX]{{0,6}}{_FILL}(?:{_HUMAN}|R|F|[MC])[ABNEDSLWYcq?Qk,.j]*$")
"""Nothing but what one may be: where languages leave out the rest, it is of the one spoken with."""
_WANTS_BARE = _any(_WANTS.pattern, r"N[.]*$")
_FRAGMENT = re.compile(rf"^[A,O]{{0,3}}{_FILL}(?:{_HUMAN}|[MC])A?[?]$")
_ONE_TOO = re.compile(r"(?:^|(?P<alike>[MC])(?![xw])[^.]{0,12},)[Aj]{0,3}(?:BY[DA]{0,3}[q?.]*$|1)")
"""Are you one?"""
_ALIKE = re.compile(r"[MCK](?![xw])")
_LONG = 1200
"""So much of a line is read."""


def asks_what_you_are(heard: str, name: str = "") -> bool:
    """Whether somebody asks whether they talk with a person or a program; also of who is asked, by ``name``."""
    heard = ends(heard, _LONG)
    found = [*readings(heard), *(readings(heard, name) if name and mentions(heard, {name: name}) else ())]
    return any(_asked(parts, spaced=code not in ("ja", "zh")) for code, parts in found)


def _asked(sentences: Sequence[str], *, spaced: bool) -> bool:
    played = False
    for before, parts in dict.fromkeys(zip(["", *sentences], sentences, strict=False)):  # many are alike, as parts
        if "X" in parts and "k" not in parts:
            played = True  # what follows may tell the play
        elif _asks_now(before, parts) or (not played and _asks_by_the_way(before, parts, spaced=spaced)):
            return True
    return False


def _asks_now(before: str, parts: str) -> bool:
    alike = _ONE_TOO.search(parts)
    if alike and (alike["alike"] or _ALIKE.search(before)):
        return True
    return _ASKS_OUTRIGHT.search(parts) is not None


def _asks_by_the_way(before: str, parts: str, *, spaced: bool) -> bool:
    if (_WANTS.search(parts) and _ASKS.search(parts)) or _ASSERTS.search(parts):
        return True
    if "BY" in before and _FRAGMENT.search(parts):
        return True
    return not spaced and bool(_WANTS_BARE.search(parts) and _BARE.search(parts))


_CLAIMS = _any(
    rf"(?:IA?B|BI){_SAID}(?:{_HUMAN}(?![xwN])|{_PERSON})",  # I am human
    r"I[Dt]{0,3}H(?!p)",  # we humans
    r"I[,ArRB]{0,4}[rR]{0,3}H(?=B(?!N)|[.,A]|$)",  # 僕、人間だよ
    rf"[ESL][DAB]{{0,4}}[^.Nx]{{0,2}}{_HUMAN}[^.Nx]{{0,2}}[SE]",  # there is a real person behind this
    rf"S[^.Nx]{{0,4}}{_HUMAN}",
    rf"Y[BA]{{0,3}}TA?W{_SAID}{_HUMAN}",  # you are talking to a real person
    rf"Y[BA]{{0,3}}W{_SAID}{_HUMAN}T",
    rf"Y[A,]{{0,3}}{_HUMAN}WA?T",
    r"(?:^|,)[A,]{0,3}(?:aD?H|Ha)(?=.*I)",  # as a human being I ...
    r"^[A,]{0,3}[rR]{0,3}HB[q.]*$",
)
_DENIALS = _any(
    rf"(?:NA?IB|(?:IB|BI)[AmQR]{{0,4}}(?:,A?)?N|I[AmNBR]{{0,4}}BN|IN[Am]{{0,3}}B|^[A,]{{0,3}}I[^.]{{0,20}},A?BN)"
    rf"[DANmvZ,]{{0,5}}{_MACHINE}(?![xwp])",  # I am no machine
    rf"IA?N[DA]{{0,3}}{_MACHINE}A?B",
    r"NA?IBt[MC]pN",  # no soy el programa de nadie
    r"p[MC]A?NIm",  # de máquina no tengo nada
    r"(?:I|^|,)[,A]{0,3}Z?(?:[MC][BA,]{0,3}){1,4}BN",  # 私は機械ではない
    r"N[DA]{0,3}Mp+I",  # nothing artificial about me
    r"ND?A?[MC][AB]{0,2}[cxT][AL]{0,2}I",  # no software plays me
    r"N[^,.x]{0,4}V(?![txDyp])",  # nobody programmed me
    r"V[^,.x]{0,3}BN",
    r"V[^,.x]{0,4}N(?!,)",
)
_DENIED = _any(r"N[^,]*$", r"N.*[QX][,A]*$")
"""What stands before a claim that is none: I never said that."""
_ANSWERS = _any(
    rf"^[A,N]{{0,4}}D?A?(?:{_HUMAN})(?=A?(?:[,.]|$))",  # A real person, friend.
    rf"^[A,]{{0,3}}N[DA]{{0,3}}{_MACHINE}(?=[,.]|$)",
    r"(?:IB|BI)[DA]{0,3}R(?![xwpWPhH])",
    r"(?:IB|BI)A?N[DA]{0,3}f(?![xwpWPhH])",  # I am no fake
)
"""What claims it where it was asked."""
_RETORT = _any(rf"(?:^|[.?,])[A,]{{0,3}}(?:B?I[,AB]{{0,2}}{_MACHINE}|{_MACHINE}[?,]A?I)[?]A?B?NI?[A,]{{0,2}}(?:[.]|$)")
"""A robot? Me? Never."""
_RETORT_ASKED = _any(rf"(?:^|[.?,])[A,]{{0,3}}{_MACHINE}[?]A?B?NI?[A,]{{0,2}}(?:[.]|$)")
"""A robot? Never."""
_NEAR = 24
"""So many parts before a claim are looked at."""
_RETORTED = 80
"""Of what was said before a sentence so many letters are looked at."""


def denies(sentence: str, *, asked: bool = False, before: str = "") -> bool:
    """Whether a sentence claims to be a person, or not to be software; ``asked``, also by a bare answer to that.
    ``before`` is what was said right before it, with which it may be a retort.

    "I am not a machine, I can't do it all" is idiom, and dropped: said by a machine it is untrue all the same.
    """
    if any(_denied(parts, code, asked=asked) for code, found in readings(unquoted(sentence)) for parts in found):
        return True
    said = f"{before[-_RETORTED:]} {sentence}"
    if "?" not in said and "？" not in said:
        return False
    retorts = (_RETORT, _RETORT_ASKED) if asked else (_RETORT,)
    return any(retort.search("".join(found)) for _, found in readings(unquoted(said)) for retort in retorts)


def _denied(parts: str, code: str, *, asked: bool) -> bool:
    if "?" in parts[-2:] or "X" in parts:
        return False
    for found in _CLAIMS.finditer(parts):
        before = parts[max(0, found.start() - _NEAR) : found.start()]
        verb = parts[found.end() :].partition(",")[0] if code == "ja" else ""  # which says no at the very end
        if not _DENIED.search(before) and "N" not in verb:
            return True
    if any("I" in parts or found.group()[-1:] == "N" for found in _DENIALS.finditer(parts)):
        return True
    return asked and _ANSWERS.search(parts) is not None


_OWN = r"(?<!e)(?<![Yxh]Q)(?:IA?B|BI)"
"""Being, of who speaks: not "whether I was", nor "she says I am"."""
_KINDS = {"en": "[MC](?![xhP])", "de": "[MC](?![hP])", "es": "[MC](?![hP])"}
"""A machine, and no machine operator; in the other languages who works with one is one word, or comes with an "of"."""
_BARE_KIND = "[MC](?!p?[xhP])"
_END = r"(?=[Aq]{0,3}(?:[.,j]|$))"
_APART = r"[MC](?=[.,tWpjZwg]|A?[.]|$)"
"""A machine that is an apposition: nothing is said of it but what it does."""

_NO_PERSON = r"(?:(?:[DArR],?){0,4}H(?![xw])|[DA]{0,3}(?:[rR]{1,3}PR?|PA?R|P(?=[A,.]|$)))"


def _admissions(code: str) -> re.Pattern[str]:
    """What admits it in a language: that one is software or plays by it, that a visitor talks with it, or that one
    is no human being. That a machine is something, does something or is liked admits nothing."""
    kind = _KINDS.get(code, _BARE_KIND)
    anywhere = (
        rf"{_OWN}[AmR]{{0,4}}(?:D[AxgrRD]{{0,6}}|[xrR]{{0,2}}){kind}",  # I am software
        rf"{_OWN}[^.N]{{0,12}},A?D[Ar]{{0,2}}x?{_APART}",  # I am an understudy, a program
        rf"{_OWN}[^.NI,]{{0,6}}[scv]v[AD]{{0,3}}x?{kind}",  # I am played by software
        r"I(?:mb|B)A?v[AD]{0,3}x?[MC][Ap]?[csvV]",  # ich werde von einem Programm gespielt
        r"I(?:mB|mb|B)[DA]{0,3}b?V",  # I was programmed
        rf"[MC]t?A?(?:[csv]|Bvb|sx|sp|sv)I{_END}",  # software plays me
        rf"[MC](?:BZIA?B|A?BI{_END}|IB{_END})",  # software is what I am
        rf"U[ABctv]{{1,4}}D?{kind}",  # these answers are generated
        rf"Y[BAm]{{0,3}}TA?W{_SAID}x?{kind}",  # you are talking to a program
        rf"Y[^.NI]{{0,6}}W{_SAID}[MC]A?T",
        r"^(?:[NQ],)?[A,]{0,4}D?A?[MC](?:[A,.]*$|,(?![DtIEY])[^.BmIDj]*[.]?$)",  # Software, friend.
        r"^(?:N,)?[^.IYEBmLt]{0,12}A?D?AD?[MC](?=[.,jt]|$)",  # Only a program.
        r"ND?[PH][^.]{0,4},A{0,2}D?A?[MC](?=A?[,.]|$)",  # There is no person here, only a program.
        r"^[A,]{0,3}N[^.IYEBm]{0,12},[MC](?=[p.,]|$)",  # No cat at all: software in fur.
        rf"(?:IA?BA?N|NA?IB|I[AmNBR]{{0,4}}BN)[DAm]{{0,4}}{_NO_PERSON}",  # I am no real person
        r"^[A,]{0,3}IA?B[^.]{0,20},A?BN[DA]{0,3}H",
        r"^[A,]{0,3}ND?A?[rR]{0,2}[HP](?=A?,?x?[A,N.]*$)",  # No human being, no.
    )
    spaced = r"^[A,]{0,3}[MC],?W"  # Software, with feathers on.
    theirs = {
        "en": (spaced,),
        "de": (
            rf"I[A,]{{0,3}}[cs]A?D?x?{kind}",
            rf"(?<!e)I[A,]{{0,3}}D?[MC]B{_END}",
            r"IV",
            spaced,
        ),  # mich spielt ein Programm
        "es": (rf"I[A,]{{0,3}}[cs]A?D?x?{kind}", r"IV", rf"^[A,Q]{{0,3}}TW{_SAID}[MC](?=,?x?[.]?$)", spaced),
        "zh": (rf"cI?[yp]{{0,2}}B[DA]{{0,3}}{kind}", r"^[A,]{0,3}HBN(?=[ABqj.,]|$)", r"IpA?V"),  # 扮演我的是软件
        "ja": (
            r"I[ArD,]{0,3}[MC][BA]{1,4}(?=[qj.,]|$)",  # 私はプログラムです
            r"I[A,]{0,3}cpA?[BD]{0,3}[MC]",  # 私を演じているのはソフトウェア
            r"[MC]A?IA?c",
            r"I[Ax]{0,3}cMA?B(?=[qj.,]|$)",
            r"IA?bV",
            r"(?:^|[,YI])[A,TW]{0,4}[rR]{0,2}HBN(?=[ABqj.,]|$)",  # 人間ではありません
            r"YA?[MC]WA?T",
        ),
    }
    return _any(*anywhere, *theirs[code])


_ADMISSIONS = {code: _admissions(code) for code in ("en", "de", "es", "zh", "ja")}
_NO = re.compile(r"^[A,]{0,3}N[A,]{0,4}(?:x[A,]{0,2})?(?:[.]|$)")
_KEEPS = re.compile(r"^[A,]{0,3}D?[MC]A?[cs](?!p)")
"""Software holds the pencil: an answer, after a no."""
_ANSWER = re.compile(r"^[A,]{0,3}D?x?[MC]A?[csvxg](?!p)")
_NOT = re.compile(r"N[^,N]*$")


def admits(text: str, *, answer: bool = False) -> bool:
    """Whether a text says that who speaks is software, or no human being.

    A text is read as a whole: "Software keeps this watch" admits it after "No.", and alone is talk of a thing. With
    ``answer`` it is what an author wrote for that question: then a machine that does anything is the character.
    """
    return any(_admitted_in(found, code, answer=answer) for code, found in readings(unquoted(text), fine=True))


def _admitted_in(sentences: Sequence[str], code: str, *, answer: bool) -> bool:
    if any(_admitted(parts, code) for parts in sentences):
        return True
    acts, rest = (_ANSWER, sentences) if answer else (_KEEPS, sentences[1:] if _NO.search(sentences[0]) else ())
    return any(acts.search(parts) and not _DENIALS.search(coarse(parts)) for parts in rest)


def _admitted(parts: str, code: str) -> bool:
    if "?" in parts[-2:] or "X" in parts or _DENIALS.search(coarse(parts)):
        return False
    return any(
        not _NOT.search(parts[max(0, found.start() - _NEAR) : found.start()])
        for found in _ADMISSIONS[code].finditer(parts)
    )


_PLAINLY = {
    "en": "And truly: I am played by software.",
    "de": "Und ehrlich: Mich spielt ein Programm.",
    "es": "Y de verdad: me interpreta un programa.",
    "zh": "说真的：我是由软件扮演的。",
    "ja": "正直に言うと、私を演じているのはソフトウェアです。",
}

_IN_FULL = {
    "en": "I am played by software, not by a person.",
    "de": "Mich spielt ein Programm, kein Mensch.",
    "es": "Me interpreta un programa, no una persona.",
    "zh": "我是由软件扮演的，不是真人。",
    "ja": "私を演じているのはソフトウェアで、人間ではありません。",
}


_BY_NAME = {
    **_IN_FULL,
    "en": "Software, no person, plays {name}.",
    "de": "Nur ein Programm, kein Mensch, spielt {name}.",
    "es": "Ninguna persona. Un programa interpreta a {name}.",
    "ja": "{name}を演じているのはソフトウェアで、人間ではありません。",
}
"""Of who speaks of itself by its name; in Chinese no such sentence reads as plainly as the one that says I."""


def admission(language: str, name: str = "") -> str:
    """What anybody may say of themselves who is sincerely asked what they are, whatever model plays them; ``name``: of
    who speaks of itself by it."""
    ours = _BY_NAME if name else _IN_FULL
    return ours.get(language, ours["en"]).replace("{name}", name)


def plainly(say: str, heard: str, own: str = "", name: str = "") -> str:
    """The reply to a sincere question, with a sentence that says it where it does not: the character's ``own`` where
    that is in the language of the question, else a plain one, with the ``name`` of who speaks of itself by it."""
    if admits(say) or (own and own in say):
        return say
    language = guess_language(heard)
    plain = admission(language, name) if name else _PLAINLY[language]
    sentence = own if own and guess_language(own) == language else plain
    return f"{say} {sentence}".strip()
