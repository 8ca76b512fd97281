"""gepa as a source of proposals (``pip install openroom[gepa]``): its reflection prompt rewrites one section, our
gate decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openroom.errors import SettingsError
from openroom.ports.extras import optional
from openroom.ports.model import Message, Model, ModelRequest, Sampling, complete
from openroom.tuning.audit.record import Hypothesis
from openroom.tuning.edits import SetSection
from openroom.tuning.proposals.operators import Answer, Proposal, Situation
from openroom.tuning.rounds.arena import Cost, Played

_LONGEST = 1500
_SHOWN = 3
_FENCE = "```"


@dataclass(frozen=True, slots=True)
class GepaReflection:
    """Rewrites ``section`` (made when it is not there) with gepa's own instruction-proposal prompt and parser.

    Raises `SettingsError` on use when gepa is not installed.
    """

    model: Model
    section: str = "manner"
    name: str = "gepa"
    max_tokens: int = 500
    usd: float = 0.0
    temperature: float = 0.7

    @property
    def cost(self) -> Cost:
        return Cost(1, self.usd)

    async def propose(self, context: Situation) -> Answer:
        """A new text of the section, or none with the reason. Raises what the model raises."""
        signature = _signature()
        prompt = signature.prompt_renderer(
            {
                "current_instruction_doc": context.harness.sections.get(self.section, "Play the character."),
                "dataset_with_feedback": [_example(played) for played in context.failures[-_SHOWN:]],
            }
        )
        request = ModelRequest(
            messages=(Message("user", str(prompt)),),
            max_tokens=self.max_tokens,
            sampling=Sampling(temperature=self.temperature, seed=context.seed % 2**31),
            purpose="propose",
        )
        raw, _ = await complete(self.model, request)
        text = str(signature.output_extractor(raw)["new_instruction"]).strip()
        if not text or len(text) > _LONGEST:
            reason = f"expected 1 to {_LONGEST} characters of instruction, came {len(text)}"
            return Answer(raw=raw, reason=reason, calls=1, usd=self.usd)
        if _is_unclear(raw):
            return Answer(raw=raw, reason="which of its blocks is the instruction can't be told", calls=1, usd=self.usd)
        if text == context.harness.sections.get(self.section):
            return Answer(raw=raw, reason="the section as it is", calls=1, usd=self.usd)
        edit = SetSection(id=self.section, text=text)
        hypothesis = Hypothesis(dimension=context.dimension, expected_delta=0.1, why="gepa's reflection on failures")
        return Answer(Proposal(edit, hypothesis, self.name, raw), raw=raw, calls=1, usd=self.usd)


def _is_unclear(raw: str) -> bool:
    """Whether it can't be told which part of a reply is the instruction: it has several blocks, or one amid its words.
    gepa's parser keeps what is in the block alone (findings/gepa_code_block_becomes_the_prompt.sh)."""
    before = raw.partition(_FENCE)[0].strip() if _FENCE in raw else ""
    return raw.count(_FENCE) > 2 or (bool(before) and not before.endswith(":"))


def _example(played: Played) -> dict[str, str]:
    return {"Transcript": played.transcript[-900:], "Feedback": "; ".join(map(str, played.flaws)) or "failed"}


def _signature() -> Any:
    _, reason = optional("gepa")
    found, inner = optional("gepa.strategies.instruction_proposal")
    if found is None:
        raise SettingsError(f"proposals by gepa need the library, which {reason or inner}: pip install openroom[gepa]")
    return found.InstructionProposalSignature
