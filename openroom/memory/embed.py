"""Static embeddings where the ``embeddings`` extra is installed: words that mean the same find each other.

wordllama carries its weights and tokenizer in its wheel; its own look-up misses them without a network, so it is told
where they are. Nothing is ever downloaded.
"""

from __future__ import annotations

import importlib.util
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Protocol

_CACHED = 20_000


class Embedder(Protocol):
    """Compares texts by meaning. Called in threads."""

    def similar(self, query: str, texts: Sequence[str]) -> list[float]:
        """The similarity (-1..1) of each text to the query."""
        ...


@contextmanager
def _no_logging_set_up() -> Iterator[None]:
    """wordllama configures the root logger when it is imported, which is the application's to do. Its call is passed
    over, and only its: another thread may be configuring logging in the same moment.
    """
    configure, here = logging.basicConfig, threading.get_ident()

    def elsewhere(**options: Any) -> None:
        if threading.get_ident() != here:
            configure(**options)

    logging.basicConfig = elsewhere
    try:
        yield
    finally:
        logging.basicConfig = configure


def _library() -> Any:
    with _no_logging_set_up():
        import wordllama  # noqa: PLC0415 - an optional extra

    return wordllama


class WordLlamaEmbedder:
    """wordllama, loaded when first used; vectors of the texts seen last are kept."""

    def __init__(self) -> None:
        self._model: Any = None
        self._vectors: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()

    def similar(self, query: str, texts: Sequence[str]) -> list[float]:
        if not texts:
            return []
        with self._lock:
            model = self._loaded()
            new = list(dict.fromkeys(text for text in (query, *texts) if text not in self._vectors))
            if new:
                self._vectors.update(zip(new, model.embed(new, norm=True), strict=True))
            wanted = self._vectors[query]
            found = [float(wanted @ self._vectors[text]) for text in texts]
            while len(self._vectors) > _CACHED:
                self._vectors.popitem(last=False)
        return found

    def warm(self) -> None:
        """Load now what the first comparison would wait for (half a second). Called in a thread."""
        with self._lock:
            self._loaded()

    def _loaded(self) -> Any:
        if self._model is None:
            wordllama = _library()
            folder = Path(wordllama.__file__).parent
            self._model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
        return self._model


@cache
def installed_embedder() -> Embedder | None:
    """The embedder whose extra is installed, if one is: one for the whole process, which begins to load at once, so
    that the first turn that remembers something does not wait for it.
    """
    if importlib.util.find_spec("wordllama") is None:
        return None
    _library()  # in this thread: others look into sys.modules and must not meet a numpy that is half there
    embedder = WordLlamaEmbedder()
    threading.Thread(target=embedder.warm, name="embedder", daemon=False).start()  # native code: it must not be cut off
    return embedder
