"""Japanese: by which words and forms people ask for things, and its commonest words."""

from __future__ import annotations

from openroom.language.data.tongue import Hint, Tongue, deeds, listed, words

JAPANESE = Tongue(
    concepts=listed(
        music="曲 音楽 レコード 蓄音機",
        light="灯 ランプ 明かり 灯り 電気 ろうそく",
        tea="茶 やかん サモワール",
        coffee="コーヒー",
        door="門 ドア 扉",
        window="窓",
        curtain="カーテン",
        fire="火 暖炉",
        board="公告 掲示板",
        book="本 日記",
        clock="時計",
        chess="チェス",
        cards="トランプ",
        gomoku="五目並べ",
        mail="手紙 メール",
        radio="ラジオ",
    ),
    deeds=deeds(on="つけ 点け 流し かけて 流す かけ 淹れ 入れて 沸かし 始め", off="消し 止め とめ",
                 open="開け あけ", close="閉め しめ", next="次の", up="大きく", down="小さく", pour="注い"),
    markers=r"ください|下さい|くれ|お願い|もらえ|ましょう|たい(?:です|な|$)|ほしい|欲しい|て[。！!]?$|いただけ",
    no=r"ないで|なくて(?:いい|も)",
    talk=words("教え 話し 思い 好き 知って"),
    hints=(
        Hint(r"暗い(?!話|本|歌|色|服|物語|映画|過去|コート)|真っ暗", (("light", "on"),), r"暗かった"),
        Hint(r"寒い", (("fire", "on"), ("window", "close"), ("door", "close"))),
        Hint(r"喉が渇|のどが渇", (("tea", "pour"), ("tea", "on"))),
        Hint(r"静かすぎ", (("music", "on"),)),
        Hint(r"うるさい", (("music", "off"), ("music", "down"))),
    ),
    spaced=False,
)  # fmt: skip
