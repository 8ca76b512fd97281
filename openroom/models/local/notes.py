"""What is noted beside the weights: which digest a hub's file had when it was first fetched, and the default chosen."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from openroom.errors import SettingsError
from openroom.models.local.catalogue import CATALOGUE, DEFAULT_WEIGHTS, Weights, hub_model, known
from openroom.models.local.hub_names import HubFile
from openroom.models.local.machine import CACHE_BYTES

_PINS, _DEFAULT = "pins", "default.json"


@dataclass(frozen=True, slots=True)
class Pin:
    """A hub's file as it was fetched first: ``name`` is ``hub:OWNER/REPO/FILE``, ``commit`` what it was of."""

    name: str
    size: int
    sha256: str
    commit: str
    licence: str = ""

    @property
    def hub(self) -> HubFile:
        """The file; raises `SettingsError` where somebody has written something else here."""
        return HubFile.parse(self.name)

    def weights(self) -> Weights:
        """As weights whose digest is known."""
        file, ours = self.hub, hub_model(self.hub)
        return Weights(
            name=ours.name if ours else self.name,
            title=ours.title if ours else file.file,
            file=file.local_name,
            size=self.size,
            sha256=self.sha256,
            hub=file,
            note=ours.why if ours else file.repository,
            licence=self.licence or (ours.licence if ours else ""),
            cache_bytes=ours.cache_bytes if ours else CACHE_BYTES,
            revision=self.commit,
        )


def read_pin(folder: Path, file: HubFile) -> Pin | None:
    """The pin of a file; none if it was never fetched into ``folder``. Blocking."""
    return next((pin for pin in _read(_pin(folder, file)) if pin.hub == file), None)


def read_pins(folder: Path) -> list[Pin]:
    """All of them, by name. Blocking."""
    return [pin for path in sorted((folder / _PINS).glob("*.json")) for pin in _read(path)]


def write_pin(folder: Path, pin: Pin) -> None:
    """Keep a pin in place of the one before. Blocking."""
    _write(_pin(folder, pin.hub), asdict(pin))


def default_weights(folder: Path) -> str:
    """The name of the weights that `auto` and `local` mean: the ones that `openroom model install` chose for this
    machine, if they are here, else those that come without a hub. Blocking.
    """
    with suppress(OSError, ValueError, KeyError, TypeError, SettingsError):
        name = str(json.loads((folder / _DEFAULT).read_text(encoding="utf-8"))["name"])
        found = known(name)
        if isinstance(found, HubFile) and (pin := read_pin(folder, found)) and is_there(pin.weights(), folder):
            return name
        if isinstance(found, Weights):
            return name
    return DEFAULT_WEIGHTS


def note_default(folder: Path, name: str) -> None:
    """Let `auto` and `local` mean these weights. Blocking."""
    _write(folder / _DEFAULT, {"name": CATALOGUE[name].name if name in CATALOGUE else name})


def is_there(entry: Weights, folder: Path) -> bool:
    """Whether the file is here with the right size; its digest is checked before use. Blocking."""
    try:
        return (folder / entry.file).stat().st_size == entry.size
    except OSError:
        return False


def _pin(folder: Path, file: HubFile) -> Path:
    return folder / _PINS / f"{file.local_name}.json"


def _read(path: Path) -> list[Pin]:
    """The pin in a file, if it is one."""
    with suppress(OSError, ValueError, KeyError, TypeError, SettingsError):
        told = json.loads(path.read_text(encoding="utf-8"))
        pin = Pin(str(told["name"]), int(told["size"]), str(told["sha256"]), str(told["commit"]), str(told["licence"]))
        if _pin(path.parents[1], pin.hub) == path:
            return [pin]
    return []


def _write(path: Path, body: dict[str, str | int]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(body, indent=1), encoding="utf-8")
    fresh.replace(path)
