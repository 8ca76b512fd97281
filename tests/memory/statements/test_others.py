"""What a person states about themselves in the other interface languages, and what says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.memory.statements.others import statements_elsewhere
from tests.growth import LINEAR, growth
from tests.memory.conftest import ANN, MIRA, Evening

STATED = {
    "Hallo, ich heiße Anna und ich wohne in Köln.": ["Ann's name is Anna.", "Ann lives in Köln."],
    "Ich heiße Anna, wohne in Köln und arbeite als Bäckerin.": [
        "Ann's name is Anna.",
        "Ann lives in Köln.",
        "Ann works as Bäckerin.",
    ],
    "Ich mag Rauchtee sehr!": ["Ann likes Rauchtee."],
    "Ich trinke gern schwarzen Tee.": ["Ann likes schwarzen Tee."],
    "Ich mag keinen Kaffee": ["Ann does not like Kaffee."],
    "Ich mag Kaffee nicht": ["Ann does not like Kaffee."],
    "Ich habe zwei Katzen.": ["Ann has zwei Katzen."],
    "Meine Tochter heißt Lena.": ["Ann's daughter is called Lena."],
    "Ich bin nach Oslo gezogen.": ["Ann lives in Oslo."],
    "Ich komme aus Bergen.": ["Ann is from Bergen."],
    "Bitte merk dir, mein Zug fährt um neun.": ["Ann asked you to remember: “mein Zug fährt um neun.”"],
    "¡Hola! Me llamo Ana y vivo en Sevilla.": ["Ann's name is Ana.", "Ann lives in Sevilla."],
    "Me gusta mucho el té ahumado.": ["Ann likes el té ahumado."],
    "No me gusta el café.": ["Ann does not like el café."],
    "Trabajo como panadera.": ["Ann works as panadera."],
    "Tengo dos gatos": ["Ann has dos gatos."],
    "Mi hija se llama Lena.": ["Ann's daughter is called Lena."],
    "Soy de Bilbao.": ["Ann is from Bilbao."],
    "我叫小安，住在上海。": ["Ann's name is 小安.", "Ann lives in 上海."],
    "我很喜欢红茶。": ["Ann likes 红茶."],
    "我不喜欢咖啡！": ["Ann does not like 咖啡."],
    "我真的受不了咖啡。": ["Ann does not like 咖啡."],
    "我养了一只雪貂，名叫小雪。": [],
    "我是一名面包师。": ["Ann's work is 面包师."],
    "我在医院工作。": ["Ann works at 医院."],
    "我有两只猫。": ["Ann has 两只猫."],
    "我的女儿叫小莉。": ["Ann's daughter is called 小莉."],
    "请记住：火车九点开": ["Ann asked you to remember: “火车九点开.”"],
    "私は安奈といいます。京都に住んでいます。": ["Ann's name is 安奈.", "Ann lives in 京都."],
    "私は紅茶が大好きです。": ["Ann likes 紅茶."],
    "コーヒーが苦手です。": ["Ann does not like コーヒー."],
    "コーヒーだけは本当に苦手です。": ["Ann does not like コーヒー."],
    "港の近くの小さな町に住んでいます。": ["Ann lives in 港の近くの小さな町."],
    "私はパン屋として働いています。": ["Ann works as パン屋."],
    "猫を二匹飼っています。": ["Ann has 猫を二匹."],
    "うちには娘が一人います。": ["Ann has 娘が一人."],
    "私の犬の名前はポチです。": ["Ann's dog is called ポチ."],
}
NOTHING = [
    "",
    "Wohnst du in Köln?",
    "Wenn ich in Rom wohne, mag ich das.",
    "Ich mag dich.",
    "Sie sagte: „Ich wohne in Rom“",
    "Er wohnt in Rom.",
    "Ich habe keine Ahnung.",
    "Ich habe eine Frage.",
    "Ich hätte gern einen Tee.",
    "Me gustaría un té.",
    "Te quiero, me gustas tú.",
    "Me gusta eso.",
    "¿Vives en Sevilla?",
    "Tengo una pregunta.",
    "我喜欢你。",
    "你住在上海吗？",
    "如果我住在上海，我会很高兴。",
    "他住在上海。",
    "彼は京都に住んでいます。",
    "京都に住んでいますか。",
    "あなたが好きです。",
    "もし京都に住んでいたら。",
    "「私は京都に住んでいます」",
    "I live in Paris and my name is Ann.",
    "No me llamo Ana.",
]


@pytest.mark.parametrize("line", STATED)
def test_what_is_stated(line: str) -> None:
    assert [statement.text for statement in statements_elsewhere("Ann", line)] == STATED[line]


@pytest.mark.parametrize("line", NOTHING)
def test_what_states_nothing(line: str) -> None:
    assert not statements_elsewhere("Ann", line)


def test_values_share_their_slots_with_those_of_other_languages() -> None:
    lines = ("Ich wohne in Rom", "Vivo en Roma", "我住在罗马", "ローマに住んでいます")
    assert [statements_elsewhere("Ann", line)[0].slot for line in lines] == ["home"] * 4
    assert statements_elsewhere("Ann", "Ich mag Tee")[0].slot == "taste:tee"
    assert statements_elsewhere("Ann", "Mi madre se llama Eva")[0].slot == "kin:mother"


async def test_a_fact_follows_into_recall_and_a_newer_one_takes_its_place(evening: Evening) -> None:
    await evening.tell(ANN, "Ich wohne in Köln und mag Rauchtee.")
    await evening.tell(ANN, "我搬到了上海。")
    facts = [m for m in await evening.memory.about(MIRA, ANN) if m.kind == "fact"]
    assert {m.text: m.valid_to is None for m in facts} == {
        "Ann lives in Köln.": False,
        "Ann likes Rauchtee.": True,
        "Ann lives in 上海.": True,
    }


_PIECES = [
    "ich ",
    "wohne ",
    "in ",
    "mag ",
    "我",
    "喜欢",
    "住在",
    "は",
    "が",
    "好きです",
    "me gusta ",
    "y ",
    ", ",
    "。",
    "?",
    "„",
]


@given(st.text(max_size=600) | st.lists(st.sampled_from(_PIECES), max_size=60).map("".join))
def test_any_text_gives_few_bounded_statements(line: str) -> None:
    found = statements_elsewhere("Ann", line)
    assert len(found) <= 6
    assert all(0 < len(one.text) <= 240 for one in found)


@pytest.mark.parametrize(
    "line", ["ich mag tee, " * 300, "我喜欢" * 1300, "の" * 4000, "ich wohne seit " * 260, "こと" * 2000]
)
def test_a_long_line_costs_no_more_than_its_length(line: str) -> None:
    assert len(statements_elsewhere("Ann", line)) <= 6
    assert growth(lambda times: statements_elsewhere("Ann", line * times)) < LINEAR
