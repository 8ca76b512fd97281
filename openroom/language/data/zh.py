"""Chinese: by which words and forms people ask for things, and its commonest words."""

from __future__ import annotations

from openroom.language.data.tongue import Hint, Tongue, deeds, listed, words

CHINESE = Tongue(
    concepts=listed(
        music="音乐 歌 唱片 留声机",
        light="灯 蜡烛 燈",
        tea="茶 水壶",
        coffee="咖啡",
        door="门",
        window="窗",
        curtain="窗帘",
        fire="火 炉",
        board="布告栏",
        book="书 日记",
        clock="钟",
        chess="棋 国际象棋",
        cards="纸牌",
        gomoku="五子棋",
        mail="信 邮件",
        radio="收音机",
    ),
    deeds=deeds(on="打开 开灯 点亮 点上 播放 放点 放一 放首 放个 来点 来首 开 放 煮 泡 烧",
        off="关掉 关灯 关上灯 熄 停 关",
                 open="打开 开窗 开门", close="关上 关窗 关门", next="下一", up="大声", down="小声", pour="倒"),
    markers=r"请|能不能|可以|能|吧|来点|帮|想听|想喝|想要|给我|把|一下",
    no=r"不要|别|不用",
    talk=words("告诉 觉得 喜欢 知道 说说 认为"),
    hints=(
        Hint(r"(?:好|太|很|有点)(?:黑|暗)", (("light", "on"),)),
        Hint(r"(?:好|太|很|有点)冷", (("fire", "on"), ("window", "close"), ("door", "close"))),
        Hint(r"口渴|好渴", (("tea", "pour"), ("tea", "on"))),
        Hint(r"太安静", (("music", "on"),)),
        Hint(r"太吵", (("music", "off"), ("music", "down"))),
    ),
    spaced=False,
)  # fmt: skip
