"""Spanish: by which words and forms people ask for things, and its commonest words."""

from __future__ import annotations

from openroom.language.data.tongue import Hint, Tongue, deeds, listed, words

SPANISH = Tongue(
    concepts=listed(
        music="música musica canción cancion disco tocadiscos gramófono",
        light="luz lámpara lampara vela farol",
        tea="té tetera samovares",
        coffee="café cafetera",
        door="puerta",
        window="ventana",
        curtain="cortina cortinas",
        fire="fuego chimenea estufa",
        board="tablón tablon",
        book="libro diario",
        clock="reloj",
        chess="ajedrez",
        cards="cartas",
        mail="carta cartas correo",
    ),
    deeds=deeds(
        on="enciende encender prende prender pon poner toca tocar empieza calienta hierve prepara",
        off="apaga apagar para parar detén quita quitar",
        open="abre abres abrir",
        close="cierra cerrar",
        next="siguiente otra otro",
        up="sube subir",
        down="baja bajar",
        pour="sirve servir",
    ),
    verbs=words(
        "enciende prende pon toca empieza apaga para abre cierra sube baja sirve calienta hierve prepara quita ponme"
    ),
    markers=(
        r"\bpor favor\b|\b(?:puedes|podrías|puede|podría|podemos|podríamos|quieres)\b|\b(?:quiero|quisiera"
        r"|me gustaría|necesito)\b"
        r"|\bvamos a\b|\bqué tal (?:si|un|una|algo)\b"
    ),
    no=r"\b(?:no|nunca|nada de)\b",
    joints="y|luego|pero",
    talk=words(
        "decir decirme dime cuenta contar contarme explica explicar sabes saber crees piensas gusta oír ver ayudar"
    ),
    bare=words("el la un una algo de más por favor ahora"),
    empty=words(
        "el la los las un una unos unas de por favor me nos aquí algo más y a en que puedes podrías podemos quiero "
        "quisiera pon poner ponme taza lo ahora"
    ),
    hints=(
        Hint(r"\b(?:está|esta|muy|tan|demasiado)(?: \w+)? oscuro\b", (("light", "on"),), r"\b(?:estaba|era)\b"),
        Hint(r"\btengo (?:mucho |tanto )?frío\b|\bhace (?:mucho )?frío\b", (("fire", "on"), ("window", "close"))),
        Hint(r"\btengo (?:mucha )?sed\b", (("tea", "pour"), ("tea", "on"))),
    ),
    stop_words=words(
        "adiós ahora al aquí bien buenas buenos como con cuando cómo de del dónde el en era eres es eso esta este "
        "esto estoy está estás favor fue gracias ha has hasta hay he hola la las le lo los me mi muchas muy más "
        "nada no nos para pero podrías pon por porque puedes que quiero quién qué se si son soy su sí también te "
        "todo tu tú un una usted vamos y ya yo"
    ),
    signs="¿¡",
)
