"""Recall by meaning: with any embedder, and with wordllama where it is installed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from openroom.memory.embed import WordLlamaEmbedder, installed_embedder
from openroom.memory.local import LocalMemory
from openroom.memory.open import open_memory
from openroom.store.inmemory import MemoryStore
from tests.memory.conftest import ANN, BOB, DAY, MIRA, Evening
from tests.processes import run


class Feathers:
    """An embedder for which everything about birds is alike."""

    def similar(self, query: str, texts: Sequence[str]) -> list[float]:
        birds = ("bird", "heron", "owl")
        return [1.0 if any(b in query for b in birds) and any(b in text for b in birds) else 0.0 for text in texts]


async def test_what_means_the_same_is_found_without_common_words(evening: Evening) -> None:
    await evening.tell(BOB, "A heron stole the fish from our pond.")
    await evening.tell(BOB, "The market sells lemons from Sicily.")
    evening.now += DAY
    assert not any("heron" in text for text in await evening.recall("Any birds lately?"))
    evening.memory = LocalMemory(evening.store.memories, lambda: evening.now, Feathers())
    found = await evening.recall("Any birds lately?")
    assert any("heron" in text for text in found)
    assert not any("Sicily" in text for text in found)


async def test_meaning_does_not_reach_past_a_whisper(evening: Evening) -> None:
    await evening.tell(ANN, "A heron lives in my cellar.", to=[MIRA])
    evening.memory = LocalMemory(evening.store.memories, lambda: evening.now, Feathers())
    assert not any("heron" in text for text in await evening.recall("Any birds?", BOB, [MIRA, ANN, BOB]))


def test_wordllama_without_a_network() -> None:
    pytest.importorskip("wordllama")
    embedder = WordLlamaEmbedder()
    texts = ["The dog barked at the postman.", "Interest rates were raised again.", "The dog barked at the postman."]
    puppy, rates, again = embedder.similar("a barking puppy", texts)
    assert puppy > rates
    assert puppy == again
    assert embedder.similar("x", []) == []


async def test_the_default_memory_uses_what_is_installed() -> None:
    store = MemoryStore()
    memory = open_memory(store.memories)
    assert await memory.about(MIRA, ANN) == []
    embedder = installed_embedder()
    assert embedder is None or isinstance(embedder, WordLlamaEmbedder)
    await store.close()


@pytest.mark.parametrize("seconds", [0.0, 0.2, 0.4, 0.5, 0.6])
def test_a_process_that_ends_while_it_loads_ends_quietly(seconds: float) -> None:
    """Native code in a thread that the interpreter cuts off at its end takes the process down with it."""
    pytest.importorskip("wordllama")
    code = f"import time; from openroom.memory.embed import installed_embedder as e; e(); time.sleep({seconds})"
    done = run([sys.executable, "-c", code])
    assert (done.returncode, done.stderr) == (0, "")


def test_the_log_of_the_application_is_its_own() -> None:
    """wordllama sets the root logger up when it is imported; in a game that embeds a room that is not ours to do."""
    pytest.importorskip("wordllama")
    code = (
        "import logging; from openroom.memory.embed import WordLlamaEmbedder as E; E().warm();"
        " print(logging.root.handlers, logging.root.level)"
    )
    done = run([sys.executable, "-c", code])
    assert (done.stdout.split(), done.stderr) == (["[]", "30"], "")


def test_weights_that_cannot_be_loaded_are_done_without(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class WordLlama:
        @staticmethod
        def load(**options: object) -> None:
            raise OSError("the weights are not there")

    library = SimpleNamespace(__file__="/nowhere/wordllama/__init__.py", WordLlama=WordLlama)
    monkeypatch.setattr("openroom.memory.embed.optional", lambda name: (library, ""))
    embedder = WordLlamaEmbedder()
    embedder.warm()
    assert embedder.similar("birds", ["owls", "lemons"]) == [0.0, 0.0]
    said = "wordllama cannot load its weights (OSError: the weights are not there): memories are found by their words"
    assert caplog.messages == [f"{said} alone"]
