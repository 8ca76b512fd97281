"""The fields of a declared prop's state, and the parameters of its verbs: what values they may have."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, StringConstraints, field_validator, model_validator

from openroom.core.character import Part

Word = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f{}]{1,40}$")]
MOST_VALUES = 24
"""A menu offers the values of a parameter that has at most so many."""


def _scalar(value: Any) -> Any:
    if isinstance(value, (bool, int, str)):
        return value
    raise ValueError("expected true, false, a whole number or a text")


Value = Annotated[Any, BeforeValidator(_scalar)]
"""One value of a field: a boolean, a whole number or a text."""


class BooleanType(Part):
    """True or false."""

    type: Literal["boolean"]

    @property
    def expected(self) -> str:
        """Its values in words."""
        return "true or false"

    def fits(self, value: Any) -> bool:
        """Whether ``value`` is one of its values."""
        return isinstance(value, bool)

    def values(self) -> list[Any]:
        """All of its values, if they are few; else none."""
        return [True, False]


class IntegerType(Part):
    """A whole number from ``min`` to ``max``, both included."""

    type: Literal["integer"]
    min: StrictInt = 0
    max: StrictInt = 100

    @model_validator(mode="after")
    def _some_room(self) -> IntegerType:
        if self.min > self.max:
            raise ValueError(f"expected min <= max, came {self.min} > {self.max}")
        return self

    @property
    def expected(self) -> str:
        """Its values in words."""
        return f"a whole number from {self.min} to {self.max}"

    def fits(self, value: Any) -> bool:
        """Whether ``value`` is one of its values."""
        return isinstance(value, int) and not isinstance(value, bool) and self.min <= value <= self.max

    def values(self) -> list[Any]:
        """All of its values, if they are few; else none."""
        return list(range(self.min, self.max + 1)) if self.max - self.min < MOST_VALUES else []


class ChoiceType(Part):
    """One of the words in ``of``."""

    type: Literal["choice"]
    of: Annotated[tuple[Word, ...], Field(min_length=1, max_length=24)]

    @field_validator("of")
    @classmethod
    def _no_doubles(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        if len({word.casefold() for word in words}) != len(words):
            raise ValueError("expected words that occur once")
        return words

    @property
    def expected(self) -> str:
        """Its values in words."""
        return f"one of {', '.join(self.of)}"

    def fits(self, value: Any) -> bool:
        """Whether ``value`` is one of its values."""
        return isinstance(value, str) and value in self.of

    def values(self) -> list[Any]:
        """All of its values, if they are few; else none."""
        return list(self.of)


class TextType(Part):
    """One line of text of at most ``max`` characters."""

    type: Literal["text"]
    max: Annotated[StrictInt, Field(ge=1, le=2000)] = 200

    @property
    def expected(self) -> str:
        """Its values in words."""
        return f"a text of at most {self.max} characters"

    def fits(self, value: Any) -> bool:
        """Whether ``value`` is one of its values."""
        return isinstance(value, str) and len(value) <= self.max

    def values(self) -> list[Any]:
        """None: there are too many."""
        return []


class _FieldPart(Part):
    """What every field may say: one that is ``hidden`` only the rules know."""

    hidden: StrictBool | None = None


class BooleanField(BooleanType, _FieldPart):
    """A boolean of the state."""

    initial: StrictBool = False


class IntegerField(IntegerType, _FieldPart):
    """A whole number of the state; it starts at ``initial``, or else at ``min``."""

    initial: StrictInt | None = None

    @model_validator(mode="after")
    def _initial_fits(self) -> IntegerField:
        if self.initial is not None and not self.min <= self.initial <= self.max:
            raise ValueError(f"expected initial from {self.min} to {self.max}, came {self.initial}")
        return self


class ChoiceField(ChoiceType, _FieldPart):
    """A word of the state; it starts as ``initial``, or else as the first one."""

    initial: Word | None = None

    @model_validator(mode="after")
    def _initial_fits(self) -> ChoiceField:
        if self.initial is not None and self.initial not in self.of:
            raise ValueError(f"expected initial to be one of {list(self.of)}, came {self.initial!r}")
        return self


class TextField(TextType, _FieldPart):
    """A text of the state."""

    initial: str = ""

    @model_validator(mode="after")
    def _initial_fits(self) -> TextField:
        if len(self.initial) > self.max:
            raise ValueError(f"expected an initial text of at most {self.max} characters, came {len(self.initial)}")
        return self


class BoardNote(Part):
    """One signed note."""

    by: Annotated[str, StringConstraints(max_length=60)] = ""
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class NotesField(_FieldPart):
    """A list of signed notes; where ``max`` are there already, the oldest makes room for a new one."""

    type: Literal["notes"]
    max: Annotated[StrictInt, Field(ge=1, le=100)] = 12
    initial: tuple[BoardNote, ...] = ()

    @model_validator(mode="after")
    def _initial_fits(self) -> NotesField:
        if len(self.initial) > self.max:
            raise ValueError(f"expected at most {self.max} initial notes, came {len(self.initial)}")
        return self

    @property
    def expected(self) -> str:
        """Its values in words."""
        return "notes"

    def fits(self, value: Any) -> bool:
        """No single value is notes: they are appended to, or cleared."""
        return False


FieldSpec = Annotated[BooleanField | IntegerField | ChoiceField | TextField | NotesField, Field(discriminator="type")]
ParamSpec = Annotated[BooleanType | IntegerType | ChoiceType | TextType, Field(discriminator="type")]
