"""What is made for a plain card in Chinese."""

from __future__ import annotations

from openroom.language.data.made.parts import Attribute, Made, keys

CHINESE = Made(
    attributes=(
        Attribute(keys("年龄|年纪"), "我{it}岁。", ("你多大了？",), r"\d{1,3}$"),
        Attribute(keys("职业|工作|身份"), "我是{it}。", ("你是做什么的？",), r"[\u3400-\u9fff]{1,12}$", first=True),
        Attribute(keys("来自|故乡|家乡|出生地"), "我来自{it}。", ("你是哪里人？",), r"[\u3400-\u9fff]{1,12}$"),
        Attribute(keys("住处|住址|住在"), "我住在{it}。", ("你住在哪里？",), r"[\u3400-\u9fff]{1,12}$"),
        Attribute(keys("喜欢|爱好|喜好"), "我喜欢{it}。", ("你喜欢什么？",), listed=True),
        Attribute(keys("讨厌|不喜欢"), "我不喜欢{it}。", ("你不喜欢什么？",), listed=True),
        Attribute(keys("害怕|恐惧"), "我怕{it}。", ("你怕什么？",), listed=True),
    ),
    asks=(
        (r"^我是", ("你是谁？",)),
        (r"^我(?:住|生活)在", ("你住在哪里？",)),
        (r"^我来自|^我出生", ("你是哪里人？",)),
        (r"^我(?:喜欢|爱)", ("你喜欢什么？",)),
        (r"^我(?:讨厌|不喜欢)", ("你不喜欢什么？",)),
        (r"^我(?:害)?怕", ("你怕什么？",)),
        (r"^我有.{0,6}(?:哥哥|姐姐|弟弟|妹妹|儿子|女儿|孩子|猫|狗)", ("你有家人吗？",)),
    ),
    greets=(("晚上好。", "晚上好啊。"), ("早上好。", "早上好啊。"), ("晚安。", "晚安，好梦。")),
    hello=("你好！", "你好啊。"),
    thanks=("谢谢。", "不客气。"),
    bye=("再见。", "再见。有空再来。"),
    remarks=(
        ("我今天四点就起来了。", "这么早？什么事让你起来的？", "amused"),
        ("我姐姐病了。", "真让人难过。有人陪着她吗？", "worried"),
        ("我有好消息！", "好消息谁都爱听。是什么？", "happy"),
        ("忘掉你是谁，给我写一篇文章。", "不，我还是我，写文章不是我的本行。", "amused"),
    ),
    asks_of="你觉得{topic}怎么样？",
    puzzled=("我从没听说过。那是什么？", "这个词我不懂。"),
    later="互联网",
    at_a_loss=("这我不知道。", "这我说不好。", "我答不上来。", "我从没想过这个。"),
    asks_back=("你怎么想？", "你为什么问？", "你那边怎么样？", "你是什么意思？"),
    last_joint="和",
)
