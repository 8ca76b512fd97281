"""Things that were not there before, each with the year from which people at large could know of it, and its words:
names that all languages share under ``*``, others by language. Years are of first sale, publication or the event
itself, as encyclopedias have them; where they differ, the later one."""

from __future__ import annotations

from collections.abc import Mapping

SINCE: tuple[tuple[int, Mapping[str, tuple[str, ...]]], ...] = (
    (2022, {"*": ("ChatGPT",)}),
    (2020, {"*": ("covid", "coronavirus"), "zh": ("新冠",), "ja": ("コロナ",)}),
    (2016, {"*": ("TikTok",), "zh": ("抖音",)}),
    (2011, {"*": ("WeChat",), "zh": ("微信",)}),
    (2010, {"*": ("Instagram",)}),
    (
        2009,
        {"*": ("bitcoin", "bitcoins"), "en": ("cryptocurrency",), "zh": ("比特币",), "ja": ("ビットコイン",)},
    ),
    (
        2007,
        {
            "*": ("smartphone", "smartphones", "iPhone", "iPhones", "Netflix"),
            "en": ("phone app", "phone apps"),
            "es": ("teléfono inteligente",),
            "zh": ("智能手机",),
            "ja": ("スマホ", "スマートフォン"),
        },
    ),
    (2006, {"*": ("Twitter", "Facebook", "Spotify")}),
    (2005, {"*": ("YouTube",)}),
    (2001, {"*": ("Wikipedia",), "zh": ("维基百科",), "ja": ("ウィキペディア",)}),
    (1999, {"*": ("wifi", "wi-fi"), "de": ("WLAN",), "zh": ("无线网",)}),
    (1998, {"*": ("Google",), "zh": ("谷歌",), "ja": ("グーグル",)}),
    (
        1993,
        {
            "en": ("website", "websites", "online"),
            "de": ("Webseite", "Website", "online"),
            "es": ("página web", "en línea"),
            "zh": ("网站",),
            "ja": ("ウェブサイト", "ホームページ"),
        },
    ),
    (1991, {"*": ("internet",), "zh": ("互联网", "上网"), "ja": ("インターネット",)}),
    (
        1990,
        {
            "*": ("email", "emails", "e-mail"),
            "es": ("correo electrónico",),
            "zh": ("电子邮件", "电邮"),
            "ja": ("電子メール",),
        },
    ),
    (
        1984,
        {
            "en": ("cell phone", "mobile phone", "cellphone"),
            "de": ("Handy", "Handys", "Mobiltelefon"),
            "es": ("teléfono móvil", "móvil", "celular"),
            "zh": ("手机",),
            "ja": ("携帯電話", "携帯", "ケータイ"),
        },
    ),
    (
        1977,
        {
            "en": ("video game", "video games"),
            "de": ("Videospiel", "Videospiele"),
            "es": ("videojuego", "videojuegos"),
            "zh": ("电子游戏",),
            "ja": ("テレビゲーム",),
        },
    ),
    (
        1969,
        {
            "*": ("Neil Armstrong",),
            "en": ("moon landing", "landed on the moon", "walked on the moon"),
            "de": ("Mondlandung",),
            "es": ("alunizaje", "llegada a la luna"),
            "zh": ("登月",),
            "ja": ("月面着陸",),
        },
    ),
    (
        1950,
        {
            "en": ("computer", "computers"),
            "de": ("Computer", "Rechner"),
            "es": ("ordenador", "ordenadores", "computadora", "computadoras"),
            "zh": ("电脑", "计算机"),
            "ja": ("コンピューター", "コンピュータ", "パソコン"),
        },
    ),
    (
        1936,
        {
            "en": ("television", "televisions", "tv"),
            "de": ("Fernseher", "Fernsehen"),
            "es": ("televisión", "televisor", "tele"),
            "zh": ("电视",),
            "ja": ("テレビ",),
        },
    ),
)
