"""What people read of the diary, in other languages (`openroom.core.translation`)."""

# ruff: noqa: E501 (one text a line)
from __future__ import annotations

from collections.abc import Mapping

TRANSLATIONS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "Diary": "Tagebuch",
        "A cloth-bound book that whoever sits here may write in.": "Ein Buch in Leinen, in das jeder schreiben darf, der hier sitzt.",
        "Write an entry": "Einen Eintrag schreiben",
        "Change my last entry": "Meinen letzten Eintrag ändern",
        "Erase my last entry": "Meinen letzten Eintrag löschen",
        "{actor} writes an entry.": "{actor} schreibt einen Eintrag.",
        "{actor} changes an entry.": "{actor} ändert einen Eintrag.",
        "{actor} tears out a page.": "{actor} reißt eine Seite heraus.",
        "The diary is full; somebody has to erase an entry of their own first.": "Das Tagebuch ist voll; erst muss jemand einen eigenen Eintrag löschen.",
        "Only {actor} may touch that entry.": "Diesen Eintrag darf nur {actor} anrühren.",
    },
    "es": {
        "Diary": "Diario",
        "A cloth-bound book that whoever sits here may write in.": "Un libro encuadernado en tela en el que puede escribir quien se siente aquí.",
        "Write an entry": "Escribir una entrada",
        "Change my last entry": "Cambiar mi última entrada",
        "Erase my last entry": "Borrar mi última entrada",
        "{actor} writes an entry.": "{actor} escribe una entrada.",
        "{actor} changes an entry.": "{actor} cambia una entrada.",
        "{actor} tears out a page.": "{actor} arranca una página.",
        "The diary is full; somebody has to erase an entry of their own first.": "El diario está lleno; alguien debe borrar antes una entrada suya.",
        "Only {actor} may touch that entry.": "Solo {actor} puede tocar esa entrada.",
    },
    "zh": {
        "Diary": "日记",
        "A cloth-bound book that whoever sits here may write in.": "一本布面本子，坐在这里的人都可以写。",
        "Write an entry": "写一则",
        "Change my last entry": "修改我最近的一则",
        "Erase my last entry": "删去我最近的一则",
        "{actor} writes an entry.": "{actor}写下一则。",
        "{actor} changes an entry.": "{actor}改了一则。",
        "{actor} tears out a page.": "{actor}撕下一页。",
        "The diary is full; somebody has to erase an entry of their own first.": "日记写满了，得有人先删去自己的一则。",
        "Only {actor} may touch that entry.": "只有{actor}可以动那一则。",
    },
    "ja": {
        "Diary": "日記",
        "A cloth-bound book that whoever sits here may write in.": "布張りの帳面。ここに座る人は誰でも書いてよい。",
        "Write an entry": "書き込む",
        "Change my last entry": "自分の最後の記述を直す",
        "Erase my last entry": "自分の最後の記述を消す",
        "{actor} writes an entry.": "{actor}が書き込んだ。",
        "{actor} changes an entry.": "{actor}が記述を直した。",
        "{actor} tears out a page.": "{actor}が一枚破り取った。",
        "The diary is full; somebody has to erase an entry of their own first.": "日記はいっぱいです。誰かが自分の記述を消さないと書けません。",
        "Only {actor} may touch that entry.": "その記述に触れてよいのは{actor}だけです。",
    },
}
