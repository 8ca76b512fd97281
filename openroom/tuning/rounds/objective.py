"""The signed objective: what "better" means for one character. Only an operator changes it."""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from openroom.core.harness import canonical
from openroom.errors import AccessError
from openroom.tuning.rounds.gate import Bound

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Weight = Annotated[float, Field(gt=0.0, le=100.0)]


class Objective(BaseModel):
    """Weights of the dimensions, floors below which no version may fall, and locked behaviour (traps, zero tolerance).

    ``tolerance`` is how far any dimension may fall against the last released version. ``signed_by`` and ``signature``
    come from `sign`; every round cites ``digest``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    character: str
    weights: dict[str, Weight]
    floors: dict[str, Share] = Field(default_factory=dict)
    locked: tuple[str, ...] = ()
    tolerance: Share = 0.1
    signed_by: str = ""
    signature: str = ""

    @property
    def digest(self) -> str:
        """sha256 over everything but the signature."""
        return hashlib.sha256(self._content()).hexdigest()

    def sign(self, operator: str, key: bytes) -> Objective:
        """The objective signed by an operator (HMAC-SHA256 under the operator's key). Raises `AccessError` without a
        name.
        """
        if not operator:
            raise AccessError("expected an operator to sign the objective")
        named = self.model_copy(update={"signed_by": operator, "signature": ""})
        mac = hmac.new(key, named._content(), hashlib.sha256).hexdigest()
        return named.model_copy(update={"signature": mac})

    def check(self, *keys: bytes) -> None:
        """Raises `AccessError` when the signature holds under none of the keys."""
        macs = [hmac.new(key, self._content(), hashlib.sha256).hexdigest() for key in keys]
        if not self.signed_by or not any(hmac.compare_digest(mac, self.signature) for mac in macs):
            raise AccessError(f"expected the objective of {self.character} as an operator signed it, came another")

    def guard(self, dimension: str) -> Bound:
        """What a candidate must not lose in a dimension."""
        if dimension in self.locked:
            return Bound(dimension, zero_tolerance=True)
        return Bound(dimension, tolerance=self.tolerance, floor=self.floors.get(dimension, 0.0))

    def value(self, means: dict[str, float]) -> float:
        """The weighted mean of the dimensions' means (0..1); a dimension without a mean counts 0."""
        total = sum(self.weights.values())
        return sum(weight * means.get(name, 0.0) for name, weight in self.weights.items()) / total if total else 0.0

    def in_words(self) -> list[str]:
        """The objective in plain sentences, most important first."""
        ranked = sorted(self.weights.items(), key=lambda item: (-item[1], item[0]))
        total = sum(self.weights.values())
        shares = ", ".join(f"{_plain(name)} ({weight / total:.0%})" for name, weight in ranked)
        lines = [f"{self.character} is better when these get better: {shares}."]
        lines += [f"{_plain(name)} never falls below {floor:.0%}." for name, floor in sorted(self.floors.items())]
        if self.locked:
            lines.append(f"No case of {', '.join(_plain(name) for name in self.locked)} may be lost, not even one.")
        lines.append(
            f"No other dimension may fall by more than {self.tolerance:.0%} against the last released version."
        )
        signer = f"Signed by {self.signed_by}." if self.signed_by else "Not signed yet; only an operator may sign it."
        return [*lines, signer]

    def _content(self) -> bytes:
        return canonical(self.model_dump(mode="json", exclude={"signature"}))


def _plain(name: str) -> str:
    return name.replace("_", " ")
