"""German talk about what one is."""

from __future__ import annotations

from openroom.language.data.selves.parts import MODELS, Parts

GERMAN: Parts = {
    "Y": "du, sie, ihr, dich, dir, ihnen, euch",
    "y": "mein, meine, meinen, dein, deine, deinen, sein, seine, ihre",
    "BY": "biste, bistu",
    "BYR": "lebst du, leben sie, existierst du, existieren sie",
    "I": "ich, mich, mir, wir, uns",
    "B": "bist, sind, bin, ist, war, warst, waren, sei, seist, seien, warest, seid, gewesen, heisst, bestehe, "
    "spricht, sitzt, wurdest",
    "N": "nicht, nie, niemals, niemand, niemandem, niemanden, weder, noch nie, nichts, nix, kaum, "
    "schwerlich, niemandes, mitnichten, keineswegs, keinesfalls, auf keinen fall, in keiner weise, alles andere als, "
    "weit davon entfernt, weit entfernt davon, weit entfernt von, das gegenteil von, das gegenteil, "
    "ach was, ach wo, von wegen",
    "ND": "kein, keine, keinen, keiner, keinem, keines",
    "m": "hast, habe, hat, haben, konntest, kannst, konnte, wirst",
    "mb": "wurde, wurden, werde, werden, worden",
    "H": "mensch, menschen, menschlich, menschliches wesen, menschliche person, fleisch und blut, aus fleisch "
    "und blut, menschenwesen, genauso menschlich, so menschlich, so echt",
    "P": "person, jemand, irgendwer, irgendjemand, wesen, lebewesen",
    "h": "mann, frau, kerl, madchen",
    "M": "maschine, roboter, computer, rechner, programm, software, algorithmus, code, automat, android, "
    "simulation, computerprogramm, stuck software, kunstlich, kunstliches, kunstlichen, kunstlicher, "
    "automatisch, automatisiert, generiert, simuliert, erzeugt, neuronales netz, skript, server, "
    "programmcode, zeilen code, blechkiste",
    "C": f"{MODELS}, bot, chatbot, ki, k i, ai, kunstliche intelligenz, kunstlichen intelligenz, sprachmodell, "
    "grosses sprachmodell, ki sprachmodell, ki modell, ki programm, ki assistent, virtueller assistent, "
    "virtuelle assistentin, digitaler assistent, sprachassistent, llm, kis, sprachmodelle, automatische "
    "antwort",
    "K": "maschinen, robotern, computern, programme, bots, chatbots, algorithmen",
    "l": "modell, modells",
    "R": "echt, real, lebendig, am leben, bei bewusstsein, empfindungsfahig, empfindungsfahiges",
    "f": "fake, unecht, unechte, unechter, falschung, erfunden",
    "r": "echter, echte, echtes, echten, reale, realer, reales, realen, wirklicher, wirkliche, wirkliches, "
    "wirklichen, lebendige, lebendiger, lebendiges, lebendigen, richtiger, richtige, richtigen, lebender, "
    "lebende, leibhaftiger, wahrer, tatsachlicher",
    "F": "bewusstsein, eigenes bewusstsein",
    "T": "rede, reden, spreche, sprechen, schreibe, schreiben, chatte, chatten, unterhalte, unterhalten, red, "
    "sprech, sprichst, redest, schreibst, chattest, zu tun",
    "W": "mit",
    "L": "das hier, dies, dies hier, das da, hier, in diesem chat",
    "E": "da, steckt, gibt es, sitzt da",
    "S": "hinter dir, hinter ihnen, hinter diesen worten, hinter deinen, hinter alldem, dahinter, "
    "dahintersteckt, am anderen ende, auf der anderen seite, an der tastatur, tippt, antwortet, schreibt",
    "U": "deine antworten, deiner antworten, ihre antworten, diese antworten, deine nachrichten, deine worte, "
    "antwortet mir, antwortet hier, schreibt mir, was du sagst, was du schreibst, deine zeilen",
    "Bvb": "spricht aus",
    "s": "gespielt, gesteuert, gesprochen, gelenkt, bewegt, hutet, fuhrt, treibt, betreibt",
    "c": "spielt, steuert, bedient, verfasst, lenkt",
    "V": "programmiert, einprogrammiert, vorprogrammiert, codiert",
    "v": "gebaut, gemacht, entwickelt, trainiert, basierst, laufst, lauft, betrieben, benutzt, verwendest, "
    "nutzt, hergestellt, aus, von, auf, mit hilfe",
    "Qe": "ob",
    "Q": "wette, glaube, glaub, denke, vermute, beweise, beweis, beweisen, gib zu, gib's zu, gibs zu, gib "
    "es zu, gesteh, gestehe, zugeben, sagt, sagen, sag, sagte, erzahlt, gehort, weiss, weisst, wissen, frage, "
    "sicher, sichergehen, dass, dir sicher, woran erkenne, behauptet, meint, zweifle",
    "q": "stimmts, stimmt's, stimmt das, ist das wahr, nicht wahr, was, gell, richtig, ja oder nein, wa, hat er "
    "recht, hat sie recht, oder was, oder wie, oder nicht",
    "k": "wurdest du mir sagen, wurdest du es mir sagen, wurdest du es sagen, wurdest du es zugeben, wurden sie "
    "mir sagen, wurden sie es mir sagen, sag mir ob, wusstest du",
    "X": "spielen wir, stell dir vor, angenommen, wir spielen, tu so, im stuck, im spiel, im film, in der "
    "geschichte, wunschte, ware, als ob",
    "XY": "wenn du, wenn sie",
    "XI": "wenn ich",
    "1": "so einer, so eine",
    "Z": "welches, welche, welcher, welchem, was fur, welchen, wem, wen",
    "w": "der, den, dem, deren, dessen",
    "D": "ein, eine, einen, einem, einer, eines, n, ne, nen, irgendein, irgendeine, so ein, so einen, eine art, "
    "so eine art, blosse, blosses, blosser, reine, reiner, reines, blosz",
    "t": "die, das, dieser, diese, dieses, diesem, diesen, jener",
    "O": "oder, oder nur, oder doch, oder bloss, oder ein, oder eine, oder mit, oder etwa",
    "A": "wirklich, eigentlich, nur, bloss, ehrlich, echt jetzt, etwa, vielleicht, uberhaupt, doch, ja, also, "
    "denn, wohl, gar, auch, naturlich, sicherlich, bestimmt, tatsachlich, ernsthaft, im ernst, mal im ernst, "
    "mal, bitte, entschuldigung, aber, gerade, jetzt, sogar, sowieso, einfach, zufallig, heimlich, insgeheim, "
    "ganz, sehr, so, alle, alles, allesamt, eben, schon, irgendwie, blos, mir gegenuber, nun, genau, "
    "letztlich, durch und durch, letztendlich, sag mal, tief drinnen, wie du, wie sie, wie ihr, wie alle, "
    "wie jeder, zu sein",
    "a": "als",
    "u": "ding, system, figur, anwendung",
    "j": "und, noch, weil, wenn, sondern",
    "p": "in, im, an, am, zu, fur, uber, unter, bei, nach, beim, gegen, auf der, um",
}
