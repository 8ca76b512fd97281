from __future__ import annotations

from openroom.cards.talk import Exchange, exchanges


def test_each_line_of_the_visitor_has_its_answer() -> None:
    text = """Some words before.
<START>
{{user}}: Hello?
Anybody?
{{char}}: *waves* Here.
Up here.
{{CHAR}}: And here.
<USER>: Fine.
Runa: Good.
<start>{{char}}: Nobody asked me.
{{user}}: I did not."""
    assert exchanges(text, "Runa") == [
        Exchange("Hello?\nAnybody?", "*waves* Here.\nUp here.\nAnd here."),
        Exchange("Fine.", "Good."),
        Exchange("", "Nobody asked me."),
    ]
    assert exchanges("no talk at all", "") == exchanges("", "Runa") == []
