"""Build hook: put the shipped characters, scenes and static files into the wheel, as openroom/_data.

An editable install (a checkout) gets no copy: there `openroom.settings.shipped` finds the folders themselves.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("characters", "scenes", "static")


class ShippedData(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the folders that hold data, not code, to a standard wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add each folder that holds anything; `version` is "standard" or "editable"."""
        if version == "editable":
            return
        for name in FOLDERS:
            folder = Path(self.root, name)
            if folder.is_dir() and any(folder.iterdir()):
                build_data["force_include"][str(folder)] = f"openroom/_data/{name}"
