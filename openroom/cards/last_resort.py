"""The last resort of whoever reads or writes cards: whatever Python says of a file's values, people get a `CardError`.

What can be foreseen has its own sentence where it is read; this is for what nobody thought of.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from openroom.cards.lore_fitting import BEYOND
from openroom.errors import CardError

_log = logging.getLogger("openroom.cards")


@contextmanager
def or_card_error(place: str) -> Iterator[None]:
    """Also a decorator. ``place`` is what of the file is at work, as the error names it. The log gets where in the code
    it was, and no word of the card. Raises `CardError`."""
    try:
        yield
    except BEYOND as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        told = {"reason": type(error).__name__, "at": f"{last.filename}:{last.lineno} ({last.name})"}
        _log.error("cards: a file holds what nobody foresaw", extra=told)
        raise CardError("values that openroom knows what to do with", came="others", key=place) from error
