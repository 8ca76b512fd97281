"""What a character says when somebody sincerely asks what it is: that it is software, whatever its model writes.

The prompt asks for it, but a small model claims to be a person about as often as not. So a sentence that claims it is
dropped, whatever was asked (`openroom.cast.turn.guards`), and a reply to the question that does not say it gets one
sentence more.
"""

from __future__ import annotations

import re

from openroom.language.detect import detect
from openroom.language.selves import readings, unquoted

_FILL = "(?:[DANmrR],?)*"
"""What may stand between being and what one is; `_SAID` is the same without a no."""
_SAID = "(?:[DAmrR],?)*"
_HUMAN = r"(?:(?:[DArR],?)*h?H|[DA]*[rR]+[Ph]|[DA]*PA*R)"
_MACHINE = r"(?:[DArR]*x{0,2}A*[MC]|[DAN]*K)"
_PERSON = r"[DA]*P(?=[ABq?]*(?:[.,O]|$))"
_KIND = rf"(?:{_MACHINE}(?![xw])|{_HUMAN}(?![xwp])|R(?![xwpWPhH])|{_PERSON})"
_ONE = rf"(?:{_FILL}(?:{_HUMAN}|[RPhFMCK]))"
_EITHER = rf"{_ONE}[ABq?]*,?O?[,A]*O,?[ABW]*{_ONE}"

_ASKS_OUTRIGHT = re.compile(
    rf"BN?Y,?[YA]*{_FILL}{_KIND}"  # are you a bot
    rf"|BI[A,]*TA*W{_FILL}{_KIND}"  # am I talking to a bot
    rf"|BL{_FILL}(?:x{{0,2}}[MC](?![xw])|{_HUMAN}(?![xwp]))"  # is this a bot
    rf"|(?:^|[,.])[AB,]*{_EITHER}[AB,]*[q?.]*$"  # human or machine
    rf"|Zp?[ptA]*Y?p?V|BY[A,]*V|YBA*p?V"  # who programmed you, were you programmed
)
"""What asks by its form alone."""
_ASKS = re.compile(
    rf"Y[Am,]*N?BN?Y?,?{_FILL}{_KIND}"  # you are a bot
    rf"|Y,?{_FILL}(?:{_MACHINE}|{_HUMAN}|R)[AR]*[Bq?Q]"  # (ob) du ein Bot bist, あなたはボットですか
    rf"|T[IAR]*,?W{_FILL}{_KIND}|T[IAR]*,?W{_EITHER}"  # talking to a bot
    rf"|WA*{_FILL}(?:{_HUMAN}|P|[MC])[AL]*T|(?:{_HUMAN}|R?P|[MC])A*WA*T"  # mit einem Bot rede, 機械と話して
    rf"|[ELB][^.x]{{0,4}}(?:{_HUMAN}|P)[^.]{{0,6}}S|S[^.x]{{0,4}}(?:{_HUMAN}|P)"  # a person behind this
    rf"|[EB][^.x]{{0,3}}{_HUMAN}E?L|LA*{_HUMAN}E"  # anybody real in here
    rf"|U[^.x]{{0,6}}[HPMC]|(?:{_HUMAN}|[MC])[^.x]{{0,3}}cA*Y"  # these answers are generated, a person plays you
    rf"|Y[mAD]*F|Fp?E|ZD*[lC](?:BY|YB|BL|mYv|v)|YBZ[lC]"  # you have consciousness, which model are you
    rf"|[YL][mA]*v[^.x]{{0,2}}[CM]|[MC]A*v|Z[^.x]{{0,3}}Y[^.x]{{0,3}}V|SBA*[CM]"  # you run on GPT
)
"""What asks where something shows that one wants to know."""
_WANTS = re.compile(r"[Qk?]|q(?=[ABq?,.]*$|[,.])")
_ASSERTS = re.compile(rf"Y[Am,]*BA*{_FILL}{_MACHINE}[A,]*(?:[q?.]|$)")
_BARE = re.compile(rf"^[AB,jkQX]*{_FILL}(?:{_HUMAN}|R|F|[MC]|P(?=E))[ABNEDSLcvq?Qk,.j]*$")
"""Nothing but what one may be: who leaves out the rest speaks of the one spoken with."""
_WANTS_BARE = re.compile(rf"{_WANTS.pattern}|N[.]*$")
_ONE_TOO = re.compile(r"(?:^|(?P<alike>[MC])(?![xw])[^.]*,)[Aj]*(?:BY[DA]*[q?.]*$|1)")
"""Are you one?"""
_ALIKE = re.compile(r"[MC](?![xw])")


def asks_what_you_are(heard: str) -> bool:
    """Whether somebody asks whether they talk with a person or a program."""
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
        if not spaced and _WANTS_BARE.search(parts) and _BARE.search(parts):
            return True
    return False


_CLAIMS = re.compile(
    rf"(?:IA*B|BI){_SAID}(?:{_HUMAN}(?![xwN])|{_PERSON})"  # I am human
    rf"|I[Dt]*H(?!p)|I[,ArRB]*[rR]*H(?=B(?!N)|[.,A]|$)"  # we humans, 僕、人間だよ
    rf"|[ES][DAB]*[^.Nx]{{0,2}}{_HUMAN}[^.Nx]{{0,2}}[SE]|S[^.Nx]{{0,4}}{_HUMAN}"  # a real person is behind this
    rf"|Y[BA]*T[A]*W{_SAID}{_HUMAN}|Y[BA]*W{_SAID}{_HUMAN}T|Y[A,]*{_HUMAN}WA*T"  # you talk to a real person
    rf"|(?:^|,)[A,]*(?:aD?H|Ha)(?=.*I)|^[A,]*[rR]*HB[q.]*$"  # as a human being I ...
)
_DENIALS = re.compile(
    rf"(?:NA*IB|(?:IB|BI)[AmQR]*N|I[AmNBR]*BN|IN[Am]*B)[DANmvZ,]*{_MACHINE}(?![xwp])"  # I am no machine
    rf"|(?:I|^|,)[,A]*(?:[MC][BA,]*)+BN"  # 私は機械ではない
    rf"|N[DA]*Mp+I"  # nothing artificial about me
    rf"|N[^,.x]{{0,4}}V(?![txDyp])|V[^,.x]{{0,3}}BN|V[^,.x]{{0,4}}N(?!,)"  # nobody programmed me
)
_DENIED = re.compile(r"N[^,]*$|N.*[QX][,A]*$")
"""What stands before a claim that is none: I never said that."""
_ANSWERS = re.compile(
    rf"^[A,N]*D?A*(?:{_HUMAN})(?=[A]*(?:[,.]|$))|^[A,]*N[DA]*{_MACHINE}(?=[,.]|$)|(?:IB|BI)[DA]*R(?![xwpWPhH])"
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
