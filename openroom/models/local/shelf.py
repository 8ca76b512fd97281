"""What there is to choose from: weights that are here, weights that are known, and which of them fit this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from openroom.models.local import catalogue, notes
from openroom.models.local.catalogue import HubModel, Weights
from openroom.models.local.machine import Fit, Machine


@dataclass(frozen=True, slots=True)
class Shelved:
    """One model. ``name`` is what OPENROOM_MODEL takes, ``size`` its bytes (as published, until it is here), ``fit``
    whether this machine runs it and ``need`` the bytes of memory it takes then; ``best`` is our choice for this
    machine, ``default`` what ``auto`` and ``local`` mean, ``hub`` where it comes from, ``path`` where it lies."""

    name: str
    title: str
    size: int
    licence: str
    note: str
    installed: bool
    path: Path
    fit: Fit
    need: int
    hub: str
    best: bool = False
    default: bool = False


def shelf(folder: Path, machine: Machine) -> list[Shelved]:
    """All models that are known or here, those with a digest of ours first. Blocking; asks no hub."""
    default, best = notes.default_weights(folder), catalogue.choose(machine)
    pins = {pin.hub: pin.weights() for pin in notes.read_pins(folder)}
    ours = {one.hub for one in catalogue.HUB_MODELS}
    entries: list[Weights | HubModel] = [*catalogue.CATALOGUE.values()]
    entries += [pins.get(one.hub, one) for one in catalogue.HUB_MODELS]
    entries += [entry for hub, entry in pins.items() if hub not in ours]
    return [_shelved(entry, folder, machine, default, best.name if best else "") for entry in entries]


def _shelved(entry: Weights | HubModel, folder: Path, machine: Machine, default: str, best: str) -> Shelved:
    pinned = isinstance(entry, Weights)
    return Shelved(
        name=entry.name,
        title=entry.title,
        size=entry.size,
        licence=entry.licence,
        note=entry.note if isinstance(entry, Weights) else entry.why,
        installed=isinstance(entry, Weights) and notes.is_there(entry, folder),
        path=folder / (entry.file if isinstance(entry, Weights) else entry.hub.local_name),
        fit=machine.fit(entry.size, entry.cache_bytes),
        need=machine.need(entry.size, entry.cache_bytes),
        hub=str(entry.hub),
        best=entry.name == best,
        default=default in {entry.name, str(entry.hub)} and pinned,
    )
