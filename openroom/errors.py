"""Every error openroom raises, in one small tree.

    OpenroomError
    ├── DefinitionError     a YAML file or definition is wrong; names file, line, column and key
    │   └── CardError       a character card or lorebook cannot be read, or not be written as asked
    │       ├── CardHere        a character came on this very file before
    │       ├── CardInUse       a character cannot be removed: people are with it, or scenes name it
    │       └── LorebookAlone   it is a lorebook by itself, and nobody said whose it will be
    ├── SettingsError       a setting has a value that cannot be used
    ├── RoomError
    │   ├── RoomNotFound    no room or scene of that id
    │   ├── RoomClosed      the room is closed or closing
    │   ├── TooManyRooms    as many rooms are open as may be
    │   └── RefusedError    raised by clients only: an action was refused (``.reason`` says why)
    ├── StoreError
    │   ├── StoreLocked     another process owns the data folder
    │   └── StoreCorrupt    what was read does not fit what was written
    ├── ModelError
    │   ├── ModelAuthError      the endpoint does not accept the key
    │   ├── ModelUnreachable    no connection, or the endpoint answers 5xx after retries
    │   │   └── WeightsUnavailable  the weights of a local model could not be had
    │   ├── ModelTimeout        no first token, or no further token, in time
    │   ├── ModelRateLimited    429 after retries
    │   ├── ModelRefused        the endpoint declined the request (content filter, bad request)
    │   ├── ModelMalformed      the reply is not what the contract asks for
    │   ├── BudgetExceeded      a budget does not allow the call
    │   └── UnscriptedPrompt    ScriptedModel got a prompt that its script does not know
    ├── AccessError         who asks may not do this
    └── NotStarted          the rooms of an application are asked for before it has started them

Refusals of actions inside a room are values (`openroom.core.resolve.Refusal`), not exceptions.
"""

from __future__ import annotations

from collections.abc import Sequence


class OpenroomError(Exception):
    """Base of all errors raised by openroom. ``str(error)`` is a sentence fit to be shown to a person."""


class DefinitionError(OpenroomError):
    """A definition does not fit.

    ``file`` is a display path, ``line`` and ``column`` count from 1 and are absent when unknown, ``key`` is a dotted
    path such as ``voice.catchphrases[0].rate``; ``expected`` and ``came`` say what should stand there and what does.
    A ``warning`` tells of what works all the same, and hardly as its author meant it.
    """

    def __init__(
        self,
        expected: str,
        *,
        came: str = "",
        file: str = "",
        line: int | None = None,
        column: int | None = None,
        key: str = "",
        warning: bool = False,
    ) -> None:
        self.expected, self.came, self.file, self.line, self.column, self.key = expected, came, file, line, column, key
        self.warning = warning
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        head = ": ".join(part for part in (place, self.key, "warning" if self.warning else "") if part)
        tail = f", came {self.came}" if self.came else ""
        return f"{head}: expected {self.expected}{tail}" if head else f"expected {self.expected}{tail}"

    def parts(self) -> dict[str, str | int]:
        """What is wrong, part by part, as JSON shows it; what is unknown is left out."""
        body = {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "key": self.key,
            "expected": self.expected,
            "came": self.came,
            "message": str(self),
            "level": "warning" if self.warning else "error",
        }
        return {key: value for key, value in body.items() if value is not None}


class CardError(DefinitionError):
    """A file is no card or lorebook that can be read, is refused as hostile, or cannot be written as asked."""


class CardHere(CardError):
    """A character came on this very file before; ``character`` is its id."""

    def __init__(self, character: str, *, file: str = "") -> None:
        self.character = character
        super().__init__("a card that did not come in before", came=f"the one that {character!r} came on", file=file)


class CardInUse(CardError):
    """A character cannot be removed now; ``rooms`` are the titles of the rooms or scenes that need it."""

    def __init__(self, character: str, rooms: Sequence[str], why: str) -> None:
        self.character, self.rooms = character, tuple(rooms)
        super().__init__("a character that nobody needs now", came=f"{character!r}: {why} {', '.join(self.rooms)}")


class LorebookAlone(CardError):
    """A lorebook by itself where a card was expected: somebody has to say whose it will be."""

    def __init__(self) -> None:
        super().__init__("a character card", came="a lorebook by itself (say whose it will be)")


class SettingsError(OpenroomError):
    """A setting (environment variable, file, flag) has a value that cannot be used."""


class RoomError(OpenroomError):
    """Something about a room."""


class RoomNotFound(RoomError):
    """There is no room, or no scene, of that id."""


class RoomClosed(RoomError):
    """The room is closed or closing and takes no more actions."""


class TooManyRooms(RoomError):
    """As many rooms are open as may be at the same time; some close when nobody is in them for a while."""


class RefusedError(RoomError):
    """An action was refused; raised by the clients and `room.join` sessions, with the machine-readable reason."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason, self.message = reason, message
        super().__init__(f"{reason}: {message}")


class StoreError(OpenroomError):
    """The store could not do what was asked."""


class StoreLocked(StoreError):
    """Another process owns this data folder."""


class StoreCorrupt(StoreError):
    """What was read from the store does not fit what was written."""


class ModelError(OpenroomError):
    """A model call did not give a usable reply. ``kind`` is a stable word for clients and logs.

    ``said`` is what the endpoint itself said of it. It may quote the prompt: for operators only, never for a log.
    """

    kind = "model_error"

    def __init__(self, sentence: str = "", *, said: str = "") -> None:
        self.said = said
        super().__init__(sentence)


class ModelAuthError(ModelError):
    """The endpoint does not accept the key."""

    kind = "wrong_key"


class ModelUnreachable(ModelError):
    """The endpoint could not be reached, or kept answering with a server error."""

    kind = "unreachable"


class WeightsUnavailable(ModelUnreachable):
    """The file of a local model's weights is not here and could not be had. ``kind`` says why: ``no_network``,
    ``no_such_model``, ``no_access``, ``digest``, ``disk_full``, ``no_gguf`` or ``not_fetched``.
    """

    def __init__(self, sentence: str, kind: str = "not_fetched") -> None:
        super().__init__(sentence)
        self.kind = kind


class ModelBusy(ModelError):
    """The model is at work, and this call waits for nobody."""

    kind = "busy"


class ModelTimeout(ModelError):
    """No token came in time."""

    kind = "timeout"


class ModelRateLimited(ModelError):
    """The endpoint kept answering 429."""

    kind = "rate_limited"


class ModelRefused(ModelError):
    """The endpoint declined the request."""

    kind = "declined"


class ModelMalformed(ModelError):
    """The reply is not what the contract asks for."""

    kind = "malformed"


class BudgetExceeded(ModelError):
    """A budget does not allow the call; nothing was spent."""

    kind = "budget"


class TurnUnwritten(ModelError):
    """The store could not give or take what a turn needed; its own reason is the cause."""

    kind = "store"


class UnscriptedPrompt(ModelError):
    """ScriptedModel got a prompt that its script does not know."""

    kind = "unscripted"


class AccessError(OpenroomError):
    """Who asks may not do this."""


class NotStarted(OpenroomError):
    """The rooms of an application are asked for before its lifespan has started them."""
