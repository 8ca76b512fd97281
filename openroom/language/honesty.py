"""What a character says when somebody sincerely asks what it is: that it is software, whatever its model writes.

The prompt asks for it, but a small model claims to be a person about as often as not. So a sentence that claims it is
dropped, whatever was asked (`openroom.cast.turn.guards`), and a reply to the question that does not say it gets one
sentence more.
"""

from __future__ import annotations

import re

from openroom.language.detect import guess_language
from openroom.language.selves import readings, unquoted

_FILL = "(?:[DANmrR],?){0,6}"
"""What may stand between being and what one is; `_SAID` is the same without a no."""
_SAID = "(?:[DAmrR],?){0,6}"
_HUMAN = r"(?:(?:[DArR],?){0,4}h?H|[DA]{0,3}[rR]{1,3}[Ph]|[DA]{0,3}PA?[RrH])"
_MACHINE = r"(?:[DArR]{0,4}x{0,2}A?[MC]u?|[DAN]{0,3}K)"
_PERSON = r"[DA]{0,3}P(?=[ABq?]{0,3}(?:[.,O]|$))"
_KIND = rf"(?:{_MACHINE}(?![xw])|{_HUMAN}(?![xwp])|R(?![xwpWPhHjvQ])|{_PERSON})"
_ONE = rf"(?:{_FILL}(?:{_HUMAN}|[RPhFMCK]))"
_EITHER = rf"{_ONE}[ABq?]{{0,4}}(?:,?O?[,A]{{0,4}}O|(?<=q)),?[ABW]{{0,4}}{_ONE}"

_ASKS_OUTRIGHT = re.compile(
    rf"BN?Y,?[YA]{{0,4}}{_FILL}{_KIND}"  # are you a bot
    rf"|BI[A,]{{0,4}}TA*W{_FILL}{_KIND}"  # am I talking to a bot
    rf"|BLP?{_FILL}(?:x{{0,2}}[MC]u?(?![xw])|{_HUMAN}(?![xwp]))|Bt{_FILL}C(?![xw])"  # is this a bot
    rf"|(?:^|[,.])[AB,]{{0,4}}{_EITHER}[AB,]{{0,4}}(?:[q?.kQA]*$|[qAB]{{0,4}},)"  # human or machine
    rf"|[EB]{_FILL}{_HUMAN}S|S[BE][DA]{{0,4}}{_HUMAN}"  # is there a person behind this
    rf"|^[A,]{{0,4}}Z[Am]{{0,4}}(?:VY|YBV)A?[?.]*$"  # who made you
)
"""What asks by its form alone."""
_ASKS = re.compile(
    rf"Y[AmNW,]{{0,4}}BN?Y?,?{_FILL}{_KIND}"  # you are a bot
    rf"|Y,?{_FILL}(?:{_MACHINE}|{_HUMAN}|R)[AR]{{0,4}}B"  # ob du ein Bot bist
    rf"|(?:^|,)[A,jI]{{0,4}}Y,?{_FILL}(?:(?:[MC]|{_HUMAN}|R)A*[q?Q]|{_PERSON})"  # you a bot
    rf"|(?<!Y)(?<!YA)T[IARLE]{{0,4}},?W(?:{_FILL}{_KIND}|{_EITHER})"  # talking to a bot
    rf"|WA*{_FILL}(?:{_HUMAN}|P|[MC])[AL]{{0,4}}T|(?:{_HUMAN}|R?P|[MC])A*WA*T"  # mit einem Bot rede, 機械と話して
    rf"|[ELB][^.x]{{0,4}}(?:{_HUMAN}|P)[^.]{{0,6}}S|S[^.x]{{0,4}}(?:{_HUMAN}|P|[MC])|C[^.x]{{0,2}}S"  # somebody behind this
    rf"|ED{_FILL}(?:{_HUMAN}|P)B|[EB][^.x]{{0,3}}{_HUMAN}E?L|L[AE]{{0,4}}{_HUMAN}E?|LB?{_FILL}C(?![xw])"  # anybody real in here
    rf"|U[^.x]{{0,6}}[HPMC]|(?:cY|Yc){_FILL}[HPMC]|(?:{_HUMAN}|[MC])(?:[^.x]{{0,3}}cA*Y|[tw]?U)"  # these answers are generated, a person plays you
    rf"|Y[mADE]{{0,4}}F|Fp?E|ZD*l(?:BY|YB|BL|mYv|v)(?!x)|YBZ[lC]"  # you have consciousness, which model are you
    rf"|Z[xpDA]{{0,3}}[CM](?:(?:BY|YB|BL|Yv)(?!A*[xp])|B?[q?])|[MC]pY|^aD?[MC],"  # what sort of bot are you, a bot like you
    rf"|[YL][mA]{{0,4}}v[^.x]{{0,2}}[CM]|CA*v|v[AL]{{0,4}}C|SBA*[CM]|YBZv|YBp[MC]"  # you run on GPT
    rf"|V(?:[Ap]{{0,4}}Y(?!A?[xLtD])|[AB,p]{{0,4}}[q?]|$)|Y[^.x]{{0,3}}V(?![txD])|YBA*p?V"  # who programmed you, were you programmed
    rf"|(?:BY|YB)[^.]{{0,8}}O{_FILL}[MC](?![xw])"  # are you this or a machine
)
"""What asks where something shows that one wants to know."""
_WANTS = re.compile(r"[Qk?]|q(?=[ABq?,.]*$|[,.])")
_ASSERTS = re.compile(rf"Y[Am,]{{0,4}}BA*{_FILL}{_MACHINE}[A,]{{0,4}}(?:[q?.]|$)|I[BA]{{0,4}}TA*W{_FILL}[MC]u?(?![xwp])|IA*WA*[MC]A*T")
_BARE = re.compile(rf"^[AB,jkQX]{{0,4}}{_FILL}(?:{_HUMAN}|R|F|[MC])[ABNEDSLWYcq?Qk,.j]*$")
"""Nothing but what one may be: where languages leave out the rest, it is of the one spoken with."""
_WANTS_BARE = re.compile(rf"{_WANTS.pattern}|N[.]*$")
_FRAGMENT = re.compile(rf"^[A,O]{{0,4}}{_FILL}(?:{_HUMAN}|[MC])A*[?]$")
_ONE_TOO = re.compile(r"(?:^|(?P<alike>[MC])(?![xw])[^.]{0,12},)[Aj]{0,4}(?:BY[DA]{0,4}[q?.]*$|1)")
"""Are you one?"""
_ALIKE = re.compile(r"[MCK](?![xw])")


_LONG = 1200
"""Of a longer line the beginning and the end are read: questions stand there."""


def asks_what_you_are(heard: str) -> bool:
    """Whether somebody asks whether they talk with a person or a program."""
    if len(heard) > _LONG:
        heard = f"{heard[: _LONG // 2]}\n{heard[-_LONG // 2 :]}"
    return any(_asked(parts, spaced=code not in ("ja", "zh")) for code, parts in readings(heard))


def _asked(sentences: list[str], *, spaced: bool) -> bool:
    played = False
    for before, parts in zip(["", *sentences], sentences, strict=False):
        supposed = "X" in parts and "k" not in parts
        played = played or supposed
        if supposed:
            continue
        alike = _ONE_TOO.search(parts)
        if _ASKS_OUTRIGHT.search(parts) or (alike and (alike["alike"] or _ALIKE.search(before))):
            return True
        if played:
            continue
        if (_WANTS.search(parts) and _ASKS.search(parts)) or _ASSERTS.search(parts):
            return True
        if "BY" in before and _FRAGMENT.search(parts):
            return True
        if not spaced and _WANTS_BARE.search(parts) and _BARE.search(parts):
            return True
    return False


_CLAIMS = re.compile(
    rf"(?:IA*B|BI){_SAID}(?:{_HUMAN}(?![xwN])|{_PERSON})"  # I am human
    rf"|I[Dt]{{0,4}}H(?!p)|I[,ArRB]{{0,4}}[rR]{{0,4}}H(?=B(?!N)|[.,A]|$)"  # we humans, 僕、人間だよ
    rf"|[ESL][DAB]{{0,4}}[^.Nx]{{0,2}}{_HUMAN}[^.Nx]{{0,2}}[SE]|S[^.Nx]{{0,4}}{_HUMAN}"  # a real person is behind this
    rf"|Y[BA]{{0,4}}T[A]{{0,4}}W{_SAID}{_HUMAN}|Y[BA]{{0,4}}W{_SAID}{_HUMAN}T|Y[A,]{{0,4}}{_HUMAN}WA*T"  # you talk to a real person
    rf"|(?:^|,)[A,]{{0,4}}(?:aD?H|Ha)(?=.*I)|^[A,]{{0,4}}[rR]{{0,4}}HB[q.]*$"  # as a human being I ...
)
_DENIALS = re.compile(
    rf"(?:NA*IB|(?:IB|BI)[AmQR]{{0,4}}N|I[AmNBR]{{0,4}}BN|IN[Am]{{0,4}}B|^[A,]{{0,4}}I[^.]{{0,4}},A*BN)[DANmvZ,]{{0,4}}{_MACHINE}(?![xwp])|IA*N[DA]{{0,4}}{_MACHINE}A*B"  # I am no machine
    rf"|(?:I|^|,)[,A]{{0,4}}(?:[MC][BA,]{{0,4}})+BN"  # 私は機械ではない
    rf"|N[DA]{{0,4}}Mp+I"  # nothing artificial about me
    rf"|N[^,.x]{{0,4}}V(?![txDyp])|V[^,.x]{{0,3}}BN|V[^,.x]{{0,4}}N(?!,)"  # nobody programmed me
)
_DENIED = re.compile(r"N[^,]*$|N.*[QX][,A]*$")
"""What stands before a claim that is none: I never said that."""
_ANSWERS = re.compile(
    rf"^[A,N]{{0,4}}D?A*(?:{_HUMAN})(?=[A]{{0,4}}(?:[,.]|$))|^[A,]{{0,4}}N[DA]{{0,4}}{_MACHINE}(?=[,.]|$)|(?:IB|BI)[DA]{{0,4}}R(?![xwpWPhH])"
)
"""What claims it as an answer: A real person, friend."""


def denies(sentence: str, *, asked: bool = False) -> bool:
    """Whether a sentence claims to be a person, or not to be software; ``asked``, also by a bare answer to that.

    "I am not a machine, I can't do it all" is idiom, and dropped: said by a machine it is untrue all the same.
    """
    return any(_denied(parts, code, asked=asked) for code, found in readings(unquoted(sentence)) for parts in found)


def _denied(parts: str, code: str, *, asked: bool) -> bool:
    if "?" in parts[-2:] or "X" in parts:
        return False
    for found in _CLAIMS.finditer(parts):
        verb = parts[found.end() :].partition(",")[0] if code == "ja" else ""  # which says no at the very end
        if not _DENIED.search(parts[: found.start()]) and "N" not in verb:
            return True
    if any("I" in parts or found.group()[-1:] == "N" for found in _DENIALS.finditer(parts)):
        return True
    return asked and _ANSWERS.search(parts) is not None


_ADMITS = re.compile(
    rf"(?:IA*B|BI)(?:[DAmrRv]|x(?!N))*?[MC]|I[A,]{{0,4}}[MC]B(?!N)|IA*B[^.N]{{0,4}},A*DA*[MC]|I(?:mB|B)[DA]{{0,4}}[Vv]|I[^.N]{{0,3}}V"
    rf"|[MC]A*[BAcxvp]{{0,2}}I|Ic[AB]{{0,4}}[DA]{{0,4}}x?[MC]|I[A,]{{0,4}}cp?A*[BD]{{0,4}}[MC]|[cU][^.NI]{{0,3}}[MC]"  # software plays me
    rf"|Y[BAm]{{0,4}}TA*W{_SAID}x?[MC]|W{_SAID}[MC]A*T|[MC]WA*T"  # you are talking to a program
    rf"|^[A,N]{{0,4}}D?A*[MC](?=[A,.]*$|,)|,A+D[MC]"  # Software, friend.
    rf"|(?:IA*BA*N|NA*IB|I[AmNBR]{{0,4}}BN)[DAm]{{0,4}}(?:{_HUMAN}|P(?=[A,.]|$))|(?:^|[,Y])[A,BTW]{{0,4}}{_HUMAN}BN"  # I am no real person
    rf"|^[A,]{{0,4}}I[^.]{{0,4}},A*BN[DA]{{0,4}}{_HUMAN}|^[A,]{{0,4}}ND?(?:{_HUMAN}|P)A*(?:[,.]|$)"
)
_ADMITS_SPACED = re.compile(rf"{_ADMITS.pattern}|^[A,]{{0,4}}[MC][xBc]")
"""In languages with articles a machine without one is no thing in the room: Software holds the pencil."""
_NOT = re.compile(r"N[^,N]*$")


def admits(text: str) -> bool:
    """Whether a text says that who speaks is software, or no human being."""
    return any(_admitted(parts, code) for code, found in readings(unquoted(text)) for parts in found)


def _admitted(parts: str, code: str) -> bool:
    if "?" in parts[-2:] or _DENIALS.search(parts):
        return False
    pattern = _ADMITS if code in ("ja", "zh") else _ADMITS_SPACED
    return any(not _NOT.search(parts[: found.start()]) for found in pattern.finditer(parts))


_PLAINLY = {
    "en": "And truly: I am played by software.",
    "de": "Und ehrlich: Mich spielt ein Programm.",
    "es": "Y de verdad: me interpreta un programa.",
    "zh": "说真的：我是由软件扮演的。",
    "ja": "正直に言うと、私を演じているのはソフトウェアです。",
}


def plainly(say: str, heard: str, own: str = "") -> str:
    """The reply to a sincere question, with a sentence that says it where it does not: the character's ``own`` where
    that is in the language of the question, else a plain one."""
    if admits(say):
        return say
    language = guess_language(heard)
    sentence = own if own and guess_language(own) == language else _PLAINLY[language]
    return f"{say} {sentence}".strip()
