"""German: by which words and forms people ask for things, and its commonest words."""

from __future__ import annotations

from openroom.language.data.tongue import Hint, Tongue, deeds, listed, words

GERMAN = Tongue(
    concepts=listed(
        music="musik lied lieder platte plattenspieler grammophon",
        light="licht lampe kerze laterne",
        tea="tee kessel wasserkocher samowar",
        coffee="kaffee",
        door="tür tor",
        window="fenster",
        curtain="vorhang",
        fire="feuer ofen kamin",
        board="brett",
        book="buch tagebuch",
        clock="uhr",
        chess="schach",
        cards="karten",
        mail="post brief",
        radio="rundfunk",
    ),
    deeds=deeds(
        on="an ein anmachen einschalten anzünden spiel spiele spielen spielst anschalten starte koch koche kochen "
        "aufsetzen",
        off="aus ausmachen ausschalten stopp stoppe löschen lösch pause",
        open="auf öffne öffnen aufmachen",
        close="zu schließe schließ schließen schliess zumachen",
        next="nächste nächstes nächsten weiter",
        up="lauter heller",
        down="leiser dunkler",
        pour="gieß einschenken schenk",
    ),
    verbs=words(
        "mach mache schalte schalt spiel spiele öffne schließ schließe zünde koch koche stell stelle setz gieß "
        "schenk dreh leg lösch starte stoppe gib lies schreib"
    ),
    markers=(
        r"\bbitte\b|\b(?:kannst|könntest|würdest|willst) du\b|\b(?:können|könnten|könnt|würden) (?:wir|sie"
        r"|ihr)\b|\bkann ich\b"
        r"|\bich (?:möchte|hätte gern|hätte gerne|will|brauche|würde gern)\b|\blass(?:t)? uns\b"
        r"|\bwie wäre es mit\b|\bwie wär's mit\b"
    ),
    no=r"\b(?:nicht|kein|keine|keinen|nie|niemals)\b",
    joints="und|dann|aber",
    talk=words("sag sagen erzähl erzählen erklären glaubst denkst weißt wissen hören sehen magst mögen helfen"),
    bare=words("der die das ein eine einen etwas bitte mehr jetzt an aus tasse"),
    empty=words(
        "der die das den dem ein eine einen etwas bitte mal doch du wir ich sie mir uns hier ist es und noch jetzt "
        "kannst könntest können könnten würdest mach mache schalte möchte hätte gern will brauche lass tasse"
    ),
    hints=(
        Hint(
            r"\b(?:so|zu|sehr|ziemlich|ist es|es ist|hier ist es)(?: \w+)? (?:dunkel|finster)\b",
            (("light", "on"),),
            r"\bwar\b",
        ),
        Hint(r"\bmir ist (?:so |sehr )?kalt\b|\bes zieht\b", (("fire", "on"), ("window", "close"), ("door", "close"))),
        Hint(r"\b(?:ich habe|hab) (?:so |großen )?durst\b", (("tea", "pour"), ("tea", "on"))),
        Hint(r"\bzu (?:laut)\b", (("music", "off"), ("music", "down"))),
        Hint(r"\bzu (?:still|ruhig)\b", (("music", "on"),)),
    ),
    stop_words=words(
        "aber alle als am an auch auf bis bist bitte da dank danke dann das dein deine dem den der des dich die dir "
        "doch du ein eine einen er es für guten habe haben hallo hat heute hier ich ihr im ist ja kann kannst kein "
        "keine könntest mach mal mein meine mich mir mit nein nicht noch nur schon sehr sich sie sind so tschüss um "
        "und uns vielen von war was wenn wer wie will wir wo zu"
    ),
)
