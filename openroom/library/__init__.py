"""The library: scenes, characters and props from YAML files, checked, cross-checked and reloaded when they change."""

from openroom.library.check import check
from openroom.library.library import Changes, Library
from openroom.library.scaffold import scaffold

__all__ = ["Changes", "Library", "check", "scaffold"]
