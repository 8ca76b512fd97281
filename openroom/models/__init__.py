"""Language models behind one small port: `Model`. The outside library of this folder is ``openai``."""

from openroom.core.ledger import Budget, Call, Ledger, Price, Spent
from openroom.models.discovery import Choice, ModelSettings, choose_model
from openroom.models.engine import EngineSettings
from openroom.models.fallback import FallbackModel
from openroom.models.ledger import MemoryLedger, Purse
from openroom.models.local import LocalModel, LocalOptions, LocalStatus
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
from openroom.models.standin import StandIn
from openroom.models.structured import Parsed, parse_reply
from openroom.models.understudy import Understudy
from openroom.models.wire import Retry, Timeouts

__all__ = [
    "Budget",
    "Call",
    "Choice",
    "Cue",
    "Delta",
    "EngineSettings",
    "FallbackModel",
    "Hang",
    "InTurn",
    "Ledger",
    "LocalModel",
    "LocalOptions",
    "LocalStatus",
    "MemoryLedger",
    "MenuItem",
    "Message",
    "MeteredModel",
    "Model",
    "ModelInfo",
    "ModelRequest",
    "ModelSettings",
    "Parsed",
    "Price",
    "Purse",
    "RemoteModel",
    "Retry",
    "Sampling",
    "SayStream",
    "ScriptedModel",
    "Spent",
    "StandIn",
    "Timeouts",
    "Understudy",
    "Usage",
    "choose_model",
    "complete",
    "parse_reply",
    "prompt_text",
]
