"""Spanish talk about what one is."""

from __future__ import annotations

from openroom.language.data.selves.parts import MODELS, Parts

SPANISH: Parts = {
    "Y": "tu, usted, ustedes, vos, vosotros, te, ti, contigo",
    "y": "mi, mis, sus, tus",
    "YB": "eres, sos, seras, serias, estas, sois, fuiste, has sido, seas, fueras, fueses",
    "I": "yo, me, nosotros, nosotras, a mi, conmigo",
    "Im": "tengo, necesito, puedo, quiero, siento, debo",
    "IB": "soy, estoy, somos, estamos, fui, he sido, sere",
    "B": "es, ser, son, sea, era, fue, siendo, sido",
    "N": "no, nunca, jamas, nadie, ni, nada, tampoco, sin, apenas, dificilmente, nada de, para nada, en absoluto, "
    "todo menos, cualquier cosa menos, lejos de, lejos de ser, ni de lejos, ni mucho menos, lo contrario de, "
    "de ninguna manera",
    "IBN": "no tengo nada de",
    "ND": "ningun, ninguna, ni un, ni una",
    "Ym": "tienes, tenes, tiene usted, has, puedes, podrias",
    "Yv": "funcionas, corres, usas, utilizas",
    "m": "ha, han, he, haya, puede, podria, tiene",
    "H": "humano, humana, humanos, humanas, ser humano, seres humanos, persona humana, de carne y hueso, carne "
    "y hueso, tan humano, tan humana, tan real, hombre de verdad, mujer de verdad",
    "P": "persona, personas, alguien, individuo, ser vivo, ser viviente",
    "h": "hombre, mujer, chico, chica, senor, senora, tio, tia",
    "M": "maquina, robot, ordenador, computadora, computador, programa, software, algoritmo, codigo, automata, "
    "androide, simulacion, programa de ordenador, programa informatico, programa de computadora, artificial, "
    "automatico, automatica, automatizado, automatizada, generado, generada, generan, genera, simulado, "
    "simulada, red neuronal, servidor, script, pura programacion, lineas de codigo, hecho de codigo, hecha de "
    "codigo",
    "C": f"{MODELS}, bot, chatbot, ia, i a, ai, inteligencia artificial, modelo de lenguaje, modelo de ia, "
    "modelo de lenguaje grande, gran modelo de lenguaje, asistente virtual, asistente digital, llm, respuesta "
    "automatica, modelo de inteligencia artificial, ias",
    "K": "maquinas, robots, ordenadores, computadoras, programas, bots, chatbots, algoritmos",
    "l": "modelo, version",
    "R": "real, reales, de verdad, autentico, autentica, vivo, viva, verdadero, verdadera, viviente, "
    "consciente, sintiente",
    "f": "falso, falsa, fake, de mentira, ficticio, ficticia, inventado, inventada, imaginario, imaginaria",
    "r": "",
    "F": "conciencia, consciencia, conciencia propia",
    "IT": "hablo, chateo, escribo, converso",
    "T": "hablando, chateando, escribiendo, charlando, conversando, hablas, hablar, tratando",
    "W": "con",
    "L": "esto, este chat, aqui, por aqui",
    "E": "hay, existe",
    "S": "detras de esto, detras de ti, detras de estas palabras, detras de esas palabras, detras de todo esto, "
    "detras de la pantalla, detras de tus palabras, al otro lado, al otro extremo, al teclado, respondiendo, "
    "contestando",
    "U": "tus respuestas, tus mensajes, tus palabras, estas respuestas, estos mensajes, lo que dices, lo que "
    "escribes, me responde, me contesta, me escribe, las respuestas",
    "s": "interpretado, interpretada, manejado, manejada, controlado, controlada, escrito, escrita, mueve, lleva, "
    "guia, cuida",
    "sv": "habla por",
    "c": "maneja, controla, interpreta, escribe, escriben, opera, da vida",
    "V": "programo, programado, programada, programaron, programaste, codificado",
    "v": "hecho, hecha, creo, creado, creada, entrenado, entrenada, basado, basada, desarrollo, hizo, por, construido",
    "QQe": "pregunto si, preguntaron si, preguntan si",
    "Q": "si, apuesto, creo que, pienso, supongo, demuestrame, demuestra, demuestre, probar, prueba, pruebame, "
    "admite, admitelo, confiesa, confesa, reconoce, dice, dicen, dijo, dicho, dime, saber, sabes, se, "
    "pregunto, asegurarme, segura, segura de, seguro, jura, sospecho, como se, estoy segura, estar segura, "
    "estar seguro",
    "q": "verdad, cierto, eh, no es asi, es cierto, es verdad, es asi, o que, o q, o no, tiene razon, a que si",
    "k": "me dirias, me lo dirias, me diria, lo dirias, dirias la verdad, lo admitirias, lo sabrias",
    "X": "juguemos, jugamos, imagina, imaginate, supongamos, finge, finjamos, en la historia, en la obra, en el "
    "juego, en la pelicula, ojala, fuera, como si, si fuese, hagamos como",
    "XYB": "si fueras, si fueses",
    "1": "lo eres, uno de ellos, lo es usted, una de ellas",
    "Z": "que, cual, quien, quienes",
    "w": "de quien, del que",
    "D": "un, una, unos, unas, algun, alguna, uno, alguna clase de, algun tipo de, una especie de, un tipo de, "
    "una clase de, uno de esos, una de esas, puro, pura, un monton de, un trozo de",
    "t": "el, la, los, las, ese, esa, esos, aquel, aquella, la que",
    "O": "o, u, o solo",
    "A": "realmente, de veras, solo, solamente, sinceramente, honestamente, acaso, quiza, quizas, tal vez, en "
    "realidad, en serio, la verdad, dime la verdad, por favor, perdona, perdon, disculpa, asi que, entonces, "
    "pues, tambien, todos, todas, ahora, ahora mismo, de casualidad, por casualidad, simplemente, incluso, "
    "claro, claro que, por supuesto, desde luego, muy, mas, tan, bien, ya, aun, sigue, en el fondo, "
    "francamente, nada mas que, definitivamente, como tu, como usted, como vos, como cualquiera, como todos, "
    "oye, hola",
    "a": "como",
    "j": "y, pero, porque, cuando, sino",
    "p": "de, en, al, del, para, a, sobre, desde, hasta, bajo, contra",
}
