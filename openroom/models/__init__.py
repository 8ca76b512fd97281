"""Language models behind one small port: `Model`. The outside library of this folder is ``openai``."""

from openroom.core.ledger import Budget, Call, Ledger, Price, Spent
from openroom.models.fallback import FallbackModel
from openroom.models.ledger import MemoryLedger, Purse
from openroom.models.metered import MeteredModel
from openroom.models.port import (
    Cue,
    Delta,
    MenuItem,
    Message,
    Model,
    ModelInfo,
    ModelRequest,
    Sampling,
    Usage,
    complete,
    prompt_text,
)
from openroom.models.remote import RemoteModel
from openroom.models.saystream import SayStream
from openroom.models.scripted import Hang, InTurn, ScriptedModel
from openroom.models.structured import Parsed, parse_reply
from openroom.models.understudy import Understudy
from openroom.models.wire import Retry, Timeouts

__all__ = [
    "Budget",
    "Call",
    "Cue",
    "Delta",
    "FallbackModel",
    "Hang",
    "InTurn",
    "Ledger",
    "MemoryLedger",
    "MenuItem",
    "Message",
    "MeteredModel",
    "Model",
    "ModelInfo",
    "ModelRequest",
    "Parsed",
    "Price",
    "Purse",
    "RemoteModel",
    "Retry",
    "Sampling",
    "SayStream",
    "ScriptedModel",
    "Spent",
    "Timeouts",
    "Understudy",
    "Usage",
    "complete",
    "parse_reply",
    "prompt_text",
]
