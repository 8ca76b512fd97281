"""Props whose rules are written in Python. `PROPS` maps each kind to its class."""

from __future__ import annotations

from collections.abc import Mapping

from openroom.core.prop import Prop

PROPS: Mapping[str, type[Prop]] = {}
