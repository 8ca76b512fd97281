"""Props whose rules are written in Python. `PROPS` maps each kind to its class."""

from __future__ import annotations

from collections.abc import Mapping

from openroom.core.prop import Prop
from openroom.props.chess.rules import Chess
from openroom.props.diary.rules import Diary
from openroom.props.record_player.rules import RecordPlayer

PROPS: Mapping[str, type[Prop]] = {prop.kind: prop for prop in (Chess, Diary, RecordPlayer)}
