"""The props whose rules are written in Python and that come with openroom. `PROPS` maps each kind to its class."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

from openroom.core.prop import Prop
from openroom.ports.extras import ABSENT, optional
from openroom.props.diary.rules import Diary
from openroom.props.record_player.rules import RecordPlayer


def _chess() -> type[Prop]:
    library, reason = optional("chess")
    if library is None:
        if reason != ABSENT:
            warnings.warn(f"chess {reason}: the board stands without its rules", RuntimeWarning, stacklevel=1)
        from openroom.props.chess.without_rules import ChessWithoutRules  # noqa: PLC0415

        return ChessWithoutRules
    from openroom.props.chess.rules import Chess  # noqa: PLC0415 - the extra `games` may be missing

    return Chess


PROPS: Mapping[str, type[Prop]] = {prop.kind: prop for prop in (_chess(), Diary, RecordPlayer)}
