"""Requests in German, Spanish, Chinese and Japanese, written before the matcher stemmed these languages.

41 of the 60 found their item then, 48 when it was measured first with stems.
"""

from __future__ import annotations

import pytest

from openroom.language.requests.match import asked_for
from tests.language.requests.test_match import EVENING, PARTY

TO_BEGIN = [
    ("Kannst du bitte die Lampe anmachen?", "lamp.light"),
    ("Mach doch mal die Lampen an.", "lamp.light"),
    ("Zünde bitte die Laternen an.", "lamp.light"),
    ("Spielst du uns ein paar Lieder?", "gramophone.play"),
    ("Ich hätte gern etwas Musik.", "gramophone.play"),
    ("Leg bitte eine Schallplatte auf.", "gramophone.play"),
    ("Könntest du die Fenster öffnen?", "window.open"),
    ("Machst du bitte das Fenster auf?", "window.open"),
    ("Öffnest du die Tür?", "door.open"),
    ("Mach die Türen auf, bitte.", "door.open"),
    ("Ich hätte gerne einen Tee.", "samovar.heat"),
    ("Würdest du Tee kochen?", "samovar.heat"),
    ("Setz doch bitte den Samowar auf.", "samovar.heat"),
    ("Spiel bitte die nächste Platte.", "gramophone.next"),
    ("¿Puedes encender la lámpara?", "lamp.light"),
    ("Enciende las lámparas, por favor.", "lamp.light"),
    ("¿Enciendes la luz?", "lamp.light"),
    ("¿Podrías encender las velas?", "lamp.light"),
    ("Pon unas canciones, por favor.", "gramophone.play"),
    ("¿Pones música?", "gramophone.play"),
    ("Quisiera escuchar un poco de música.", "gramophone.play"),
    ("¿Puedes abrir las ventanas?", "window.open"),
    ("¿Abres la ventana?", "window.open"),
    ("Abre la puerta, por favor.", "door.open"),
    ("¿Me abres las puertas?", "door.open"),
    ("Me gustaría un té.", "samovar.heat"),
    ("¿Podríamos tomar un té?", "samovar.heat"),
    ("Prepara un té, por favor.", "samovar.heat"),
    ("Pon el siguiente disco.", "gramophone.next"),
    ("能帮我开灯吗？", "lamp.light"),
    ("请放一首歌。", "gramophone.play"),
    ("打开窗户吧。", "window.open"),
    ("我想喝茶。", "samovar.heat"),
    ("ランプをつけてください。", "lamp.light"),
    ("窓を開けてもらえますか。", "window.open"),
    ("お茶をください。", "samovar.heat"),
    ("レコードをかけて。", "gramophone.play"),
]
TO_END = [
    ("Mir ist furchtbar kalt, mach das Fenster zu.", "window.close"),
    ("Schließt du bitte die Fenster?", "window.close"),
    ("Mach bitte die Musik aus.", "gramophone.stop"),
    ("Stoppst du die Musik?", "gramophone.stop"),
    ("Kannst du die Lampe löschen?", "lamp.douse"),
    ("Schalte die Lampen aus.", "lamp.douse"),
    ("Lösche bitte das Licht.", "lamp.douse"),
    ("Schenkst du mir einen Tee ein?", "samovar.pour"),
    ("Gießt du mir bitte eine Tasse Tee ein?", "samovar.pour"),
    ("Lies mir bitte die Notizen am schwarzen Brett vor.", "board.read"),
    ("Cierra las ventanas, por favor.", "window.close"),
    ("¿Puedes cerrar la ventana?", "window.close"),
    ("Apaga la música.", "gramophone.stop"),
    ("¿Podrías parar la música?", "gramophone.stop"),
    ("Apaga las luces, por favor.", "lamp.douse"),
    ("¿Apagas la lámpara?", "lamp.douse"),
    ("Sírveme una taza de té.", "samovar.pour"),
    ("¿Me sirves un té?", "samovar.pour"),
    ("¿Podrías leer los tablones?", "board.read"),
    ("请把窗户关上。", "window.close"),
    ("把音乐关掉。", "gramophone.stop"),
    ("窓を閉めてください。", "window.close"),
    ("音楽を止めてください。", "gramophone.stop"),
]
TALK = [
    "Die Lampen hier sind wunderschön.",
    "Früher hat mein Vater Platten gesammelt.",
    "Magst du Musik?",
    "Ich trinke jeden Morgen Tee.",
    "Wer hat das Fenster geöffnet?",
    "Mach bitte nicht das Licht an.",
    "Erzählst du mir etwas über die Lieder?",
    "Die Tür war gestern schon offen.",
    "Wie alt ist der Samowar?",
    "Bitte keine Musik heute Abend.",
    "Las lámparas son muy bonitas.",
    "Mi padre coleccionaba discos.",
    "¿Te gusta la música?",
    "Bebo té cada mañana.",
    "¿Quién abrió la ventana?",
    "No enciendas la luz, por favor.",
    "¿Puedes contarme algo de las canciones?",
    "La puerta estaba abierta ayer.",
    "¿Cuántos años tiene el samovar?",
    "Nada de música, por favor.",
    "昨天的音乐很好听。",
    "这扇门是谁做的？",
    "昨日の音楽はよかったです。",
    "このドアは古いですね。",
]


def test_most_requests_find_their_item_in_other_languages() -> None:
    wishes = [(text, EVENING, wanted) for text, wanted in TO_BEGIN] + [(text, PARTY, wanted) for text, wanted in TO_END]
    missed = [text for text, menu, wanted in wishes if asked_for(text, menu) != (wanted,)]
    assert len(missed) <= 0.2 * len(wishes), missed


@pytest.mark.parametrize("heard", TALK)
def test_talk_moves_nothing_in_other_languages(heard: str) -> None:
    assert asked_for(heard, EVENING) == ()
