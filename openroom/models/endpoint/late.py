"""The client of endpoints, loaded when the first one is needed: importing openai costs a second of CPU."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from openroom.models.endpoint.remote import RemoteModel

_HOME = "openroom.models.endpoint.remote"


async def remote_model() -> type[RemoteModel]:
    """The class `RemoteModel`; the event loop goes on while it is imported."""
    home = await asyncio.to_thread(importlib.import_module, _HOME)
    return cast("type[RemoteModel]", home.RemoteModel)
