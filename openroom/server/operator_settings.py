"""What an operator set in the browser: a few settings that win over environment and file, kept in the data folder.

The file is readable by its owner only, because of the key. The key is write-only: it is never returned, and a key goes
only to the URL that it was set with, here or at the start, so that nobody can have it sent to an address of their own.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from openroom.errors import SettingsError
from openroom.ports.address import pasted_address
from openroom.settings import Settings

FILE = "operator.json"


class Wishes(BaseModel):
    """Settings that can be changed while the server runs; absent: as the server was started. An empty text counts as
    none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str | None = None
    model_url: str | None = None
    model_key: SecretStr | None = None
    key_for: str | None = None
    """The URL that the key was given for: it goes nowhere else."""
    model_fallback: str | None = None
    model_level: str | None = None
    discover: bool | None = None
    budget_tokens_per_day: int | None = None
    budget_usd_per_day: float | None = None
    budget_tokens_per_room_day: int | None = None
    budget_usd_per_room_day: float | None = None
    price_prompt: float | None = None
    price_cached: float | None = None
    price_completion: float | None = None


CHANGEABLE = tuple(name for name in Wishes.model_fields if name != "key_for")
_SECRET = "model_key"  # noqa: S105 - the name of a field


class OperatorSettings:
    """The wishes over the settings a server was started with. ``in_force`` are the settings to use."""

    def __init__(self, started_with: Settings, path: Path) -> None:
        self._started_with, self._path = started_with, path
        self.wishes = self._read()
        self.in_force = self._merged(self.wishes)

    def change(self, body: dict[str, Any]) -> Settings:
        """Take new wishes (``None`` takes one back), keep them, and return the settings now in force.

        Raises `SettingsError`, which names the setting; then nothing has changed.
        """
        if stranger := next((name for name in body if name not in CHANGEABLE), None):
            raise SettingsError(f"{stranger}: expected one of {', '.join(CHANGEABLE)}")
        wished = {**self._values(self.wishes), **body}
        url = self._url(wished.get("model_url"))
        if url != _bare(self.in_force.model_url) and "model_key" not in body:
            wished |= {"model_key": "", "key_for": None}
        elif "model_key" in body:
            wished["key_for"] = url
        try:
            wishes = Wishes.model_validate({key: value for key, value in wished.items() if value is not None})
        except ValidationError as error:
            raise SettingsError(_sentence(error)) from None
        self.in_force, self.wishes = self._merged(wishes), wishes
        self._write()
        return self.in_force

    def kept(self) -> Wishes:
        """The wishes as they are, for `restore`."""
        return self.wishes

    def restore(self, wishes: Wishes) -> None:
        """Go back to earlier wishes."""
        self.in_force, self.wishes = self._merged(wishes), wishes
        self._write()

    def shown(self) -> dict[str, Any]:
        """What can be changed, as it is now; of the key only whether there is one."""
        body: dict[str, Any] = {name: getattr(self.in_force, name) for name in CHANGEABLE if name != _SECRET}
        body["model_key_set"] = self.in_force.model_key is not None
        return body

    def _merged(self, wishes: Wishes) -> Settings:
        given = {name: getattr(self._started_with, name) for name in type(self._started_with).model_fields}
        wished = wishes.model_dump(exclude_none=True, exclude={"key_for"})
        for name, value in wished.items():
            text = value.get_secret_value() if isinstance(value, SecretStr) else value
            given[name] = type(self._started_with).model_fields[name].default if text == "" else value
        given[_SECRET] = self._key(wishes)
        try:
            return type(self._started_with)(**given)
        except ValidationError as error:
            raise SettingsError(_sentence(error)) from None

    def _url(self, wished: Any) -> str:
        """The URL in force where that one is wished: ``None`` is the one of the start, an empty text none."""
        return _bare(self._started_with.model_url if wished is None else wished)

    def _key(self, wishes: Wishes) -> SecretStr | None:
        """The key for the URL in force, if one was set with it. A file from before keys knew theirs is taken at its
        word."""
        url = self._url(wishes.model_url)
        if wishes.model_key is None:
            return self._started_with.model_key if url == _bare(self._started_with.model_url) else None
        bound = wishes.key_for is None or _bare(wishes.key_for) == url
        return wishes.model_key if wishes.model_key.get_secret_value() and bound else None

    def _read(self) -> Wishes:
        try:
            return Wishes.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return Wishes()
        except (OSError, ValidationError) as error:
            raise SettingsError(f"{self._path}: expected settings as the browser saves them, came {error}") from None

    def _write(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(self._values(self.wishes), file, indent=1)
        fresh.replace(self._path)

    def _values(self, wishes: Wishes) -> dict[str, Any]:
        values = wishes.model_dump(exclude_none=True)
        if wishes.model_key is not None:
            values[_SECRET] = wishes.model_key.get_secret_value()
        return values


def _bare(url: Any) -> str:
    """The address that was meant; what is none stays as it is, and is refused where it is set."""
    try:
        return pasted_address(url) if isinstance(url, str) and url else ""
    except ValueError:
        return str(url)


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    came = "" if name == _SECRET else f", came {first['input']!r}"[:80]
    return f"{name}: {first['msg'].removeprefix('Value error, ')}{came}"
