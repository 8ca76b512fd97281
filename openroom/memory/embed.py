"""Static embeddings where the ``embeddings`` extra is installed: words that mean the same find each other.

wordllama carries its weights and tokenizer in its wheel; its own look-up misses them without a network, so it is told
where they are. Nothing is ever downloaded.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from openroom.language.text import ends
from openroom.ports.embedder import Embedder
from openroom.ports.extras import ABSENT, optional

_LOG = logging.getLogger(__name__)
_CACHED = 20_000
_COMPARED = 800
"""So many characters of a text are compared."""


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


def _library() -> tuple[Any, str]:
    with _no_logging_set_up():
        return optional("wordllama")


def _go_without(reason: str) -> None:
    _LOG.warning("wordllama %s: memories are found by their words alone", reason)


class WordLlamaEmbedder:
    """wordllama, loaded when first used; vectors of the texts seen last are kept. Where it cannot be loaded nothing is
    like anything."""

    def __init__(self) -> None:
        self._model: Any = None
        self._tried = False
        self._vectors: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()

    def similar(self, query: str, texts: Sequence[str]) -> list[float]:
        if not texts:
            return []
        with self._lock:
            model = self._loaded()
            if model is None:
                return [0.0] * len(texts)
            query, texts = ends(query, _COMPARED), [ends(text, _COMPARED) for text in texts]
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
        if not self._tried:
            self._tried = True
            wordllama, reason = _library()
            if wordllama is None:
                _go_without(reason)
                return None
            try:
                folder = Path(wordllama.__file__).parent
                self._model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
            except Exception as error:  # noqa: BLE001 - a library of somebody else's may raise anything
                _go_without(f"cannot load its weights ({type(error).__name__}: {error})")
        return self._model


@cache
def installed_embedder() -> Embedder | None:
    """The embedder whose extra is installed, if one is: one for the whole process, which begins to load at once, so
    that the first turn that remembers something does not wait for it.
    """
    library, reason = _library()  # in this thread: others look into sys.modules and must not meet half a numpy
    if library is None:
        if reason != ABSENT:
            _go_without(reason)
        return None
    embedder = WordLlamaEmbedder()
    threading.Thread(target=embedder.warm, name="embedder", daemon=False).start()  # native code: it must not be cut off
    return embedder
