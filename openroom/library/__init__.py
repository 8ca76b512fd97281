"""The library: scenes, characters and props from YAML files, checked, cross-checked and reloaded when they change."""

from openroom.library.library import Changes, Library

__all__ = ["Changes", "Library"]
