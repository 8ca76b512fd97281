"""Turn: one character's go, from what it perceived to what it says and does.

A turn never writes state: what comes back from the model is submitted as actions and may be refused like anybody's. A
refusal is told to the character in its next prompt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from openroom.cast.turn import greeting, prompt
from openroom.cast.turn.contract import Reply, opening_anew, read, schema
from openroom.cast.turn.deeds import Offer, items, offer, settle
from openroom.cast.turn.facts import asked_about
from openroom.cast.turn.generate import Draft, Generated
from openroom.cast.turn.guards import GuardRules, repair_note
from openroom.cast.turn.secrets import kept, tellable
from openroom.cast.turn.talk import Talk
from openroom.core import placeholders
from openroom.core.action import Action, Feel, Pass, Say
from openroom.core.actor import Actor, is_character
from openroom.core.character import PLAIN, Character, Secret
from openroom.core.harness import Harness
from openroom.core.resolve import Refusal
from openroom.core.state import State, World
from openroom.errors import ModelError, ModelMalformed
from openroom.language.detect import ANSWER_IN, detect, guess_language
from openroom.language.honesty import asks_what_you_are, plainly
from openroom.language.text import first_word
from openroom.ports.memory import Memory
from openroom.ports.memory_rows import Recall, Remembered
from openroom.ports.model import Cue, Message, Model, ModelRequest, Sampling
from openroom.room.room import Room

_REPLY_TOKENS = {"short": 160, "medium": 260, "long": 460}
_SAY_CHARS = {"short": 320, "medium": 640, "long": 1400}
_UNDERSTUDY_TRIES = 8
_RECALLED_CHARS = 240
"""So much of what it remembers a model on this machine is told in one turn: it reads 35 tokens a second."""
_OPENINGS = 3
"""With the letters of so many of its last lines a small model's second try does not begin either."""
_HELD_BACK = ("leak", "banned", "address", "boilerplate", "repeat", "echo", "denies", "declined")

Why = Literal["said", "entered", "nudged", "awaited", "autoplay", "noticed"]

_NOTES: Mapping[Why, str] = {
    "nudged": "(It is your turn to speak.)",
    "autoplay": "(You may answer, or say nothing.)",
    "noticed": "(You may remark on it, or say nothing.)",
    "awaited": "(It is your go.)",
}


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a turn begins: the event, who it answers, whether it may pass, and which language who came in reads."""

    why: Why
    seq: int
    by: str
    whisper: bool = False
    may_pass: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Between:
    """Memories that only a ``party`` may be reminded of."""

    party: frozenset[str]
    memories: frozenset[str]

    def all_of(self, hearers: Sequence[str]) -> bool:
        """Whether all who hear belong to it."""
        return self.party.issuperset(hearers)


@dataclass(slots=True)
class Mind:
    """A character in a room across turns: its talk, and the stable prompt of the version that plays."""

    who: str
    talk: Talk
    harness: Harness | None = None
    prefix: tuple[Message, ...] = ()
    prefix_key: tuple[Any, ...] = ()
    told: dict[str, str] = field(default_factory=dict)
    """The secrets that stand in the talk, each with the note that it stands in."""
    recalled: set[str] = field(default_factory=set)
    between: dict[str, Between] = field(default_factory=dict)
    """The notes in the talk that are not for everybody."""
    language: str = "en"
    """The language spoken last, as far as it could be told; at first that of the prompt."""


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What a turn came to, for the director, logs, evaluations and tests."""

    outcome: Literal["said", "acted", "passed", "stopped", "failed"]
    reply: Reply | None = None
    seqs: tuple[int, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    generated: tuple[Generated, ...] = ()
    request: ModelRequest | None = None
    error: ModelError | None = None


class Turn:
    """One go of one character. ``run`` does it; `cut` after a cancel commits what was shown."""

    def __init__(
        self, id: str, room: Room, part: Mind, trigger: Occasion, model: Model, memory: Memory, harness: Harness
    ) -> None:
        self.id, self.room, self.part, self.trigger = id, room, part, trigger
        self._model, self._memory, self._harness = model, memory, harness
        self.character = _definition(room.world, part.who)
        self.actor = Actor(part.who, "character", self.character.name)
        self.since = room.clock()
        self.draft: Draft | None = None
        self.phase = "thinking"
        self._offer: Offer = Offer((), (), {}, self._local, False)
        self._sincere = False
        self._known: tuple[str, ...] = ()
        self._confidants: tuple[str, ...] = ()
        """Who was there when secrets went into the prompt."""

    @property
    def _local(self) -> bool:
        """Whether a model on this machine speaks: it is small, and every token it reads costs time."""
        return self._model.info.kind == "local"

    @property
    def version(self) -> str:
        """The digest of the version that plays."""
        return self._harness.digest

    @property
    def to(self) -> list[str] | None:
        """Who the reply is for: everybody (``None``), or the whisperer."""
        return [self.trigger.by] if self.trigger.whisper else None

    @property
    def audience(self) -> list[str] | None:
        """Who may hear it as things are now: everybody (``None``), or these.

        Who comes in while a secret is on its way, and may not learn it, does not hear this reply.
        """
        if self.to or not self._confidants or self._all_may_hear():
            return self.to
        return [who for who in self._confidants if self.room.state.is_here(who)]

    def _all_may_hear(self) -> bool:
        """Whether all who are here now may be told what stands in the prompt."""
        between = all(one.all_of(self.hearers) for one in self.part.between.values())
        return between and self.part.told.keys() <= {secret.id for secret in self._tellable()}

    @property
    def hearers(self) -> list[str]:
        """Everybody who will perceive the reply, the character left out."""
        return self.to or [who for who in self.room.state.here() if who != self.part.who]

    # the steps -----------------------------------------------------------------------------------------------------

    async def run(self) -> TurnResult:
        """Recall, compose, generate, check, submit. Raises `ModelError` when no reply could be had."""
        if self.trigger.why == "entered" and greeting.as_written(self.character, self.trigger.language):
            return await self._greet()
        request = await self.compose()
        generated = [await self._generate(request)]
        while len(generated) <= self._repairs and self._spoilt(generated[-1]):
            generated.append(await self._generate(self._again(request, generated)))
        reply = self._read(generated[-1])
        seqs, refusals = await self._submit(reply)
        outcome: Literal["said", "acted", "passed"] = "said" if reply.say else "acted" if reply.do else "passed"
        return TurnResult(outcome, reply, seqs, refusals, tuple(generated), request)

    async def _greet(self) -> TurnResult:
        """Say the author's greeting. What is there to recall or to tell comes with the first answer."""
        line = greeting.choose(self.character, self.part.talk.said, self._name(self.trigger.by))
        reply = Reply(line, greeting.face(self.character, line))
        seqs, refusals = await self._submit(reply)
        return TurnResult("said", reply, seqs, refusals)

    async def cut(self) -> TurnResult:
        """After Stop: what was shown is what was said."""
        shown = self.draft.shown if self.draft else ""
        to = self.audience
        if not shown or to == []:
            return TurnResult("stopped")
        answer = await self.room.submit(self.actor, Say(text=shown, to=to, cut=True), cause=f"{self.id}.say")
        return TurnResult("stopped", Reply(shown), () if isinstance(answer, Refusal) else answer.seqs)

    async def compose(self) -> ModelRequest:
        """The request: stable prefix, talk, and at its end what is recalled and may be told now."""
        await self._add_notes()
        state, world = self.room.state, self.room.world
        kind = self._model.info.kind
        # A language model hears another character's remark in the talk; only a person's request is pointed out to it.
        asking = self._heard() if self.trigger.why == "said" or kind == "understudy" else ""
        self._offer = offer(state, world, self.actor, asking, kind)
        self._sincere = asks_what_you_are(self._heard())
        if self._offer.note:
            self.part.talk.note(self._offer.note)
        length = self.character.voice.length
        return ModelRequest(
            messages=(*self._prefix(state, world), *self.part.talk.messages()),
            max_tokens=_REPLY_TOKENS[length],
            schema=schema(
                self.character.emotions.can,
                self._offer.menu,
                may_pass=self.trigger.may_pass,
                max_chars=_SAY_CHARS[length],
                writes=self._offer.writes,
            ),
            sampling=_sampling(self._harness),
            purpose="turn",
            room=self.room.id,
            character=self.character.id,
            slot=f"{self.room.id}:{self.character.id}",
            cue=self._cue(),
        )

    def warm_request(self) -> ModelRequest:
        """The prompt as far as it stands, for a local engine to read ahead; no words are asked for."""
        self._withdraw(self._tellable())
        return ModelRequest(
            messages=(*self._prefix(self.room.state, self.room.world), *self.part.talk.messages()),
            max_tokens=1,
            purpose="warm",
            room=self.room.id,
            character=self.character.id,
            slot=f"{self.room.id}:{self.character.id}",
        )

    def _prefix(self, state: State, world: World) -> tuple[Message, ...]:
        """The stable part, made anew only when the definitions, the cast or the version have changed."""
        key = (id(world), self._harness.digest, self._local)
        if self.part.prefix_key != key:
            self.part.prefix = prompt.stable(self.character, self._harness, world, state, terse=self._local)
            self.part.talk.terse = self._local
            self.part.prefix_key, self.part.harness = key, self._harness
        return self.part.prefix

    async def _add_notes(self) -> None:
        """Truths that may come out now, memories, rules for what was heard, the reminder."""
        talk, heard = self.part.talk, self._heard()
        told = self._tellable()
        self._withdraw(told)
        if fresh := [secret for secret in told if secret.id not in self.part.told]:
            confided = prompt.secret_note([secret.text for secret in fresh], self._name(self.trigger.by))
            self.part.told |= {secret.id: confided for secret in fresh}
            talk.note(confided)
        self._confidants = tuple(self.hearers) if self.part.told else ()
        await self._note_memories(heard)
        if near := asked_about(self.character.facts, heard, self._harness.guards.facts_at_hand or 0):
            talk.note(prompt.fact_note([fact.text for fact in near]))
        for rule in self._harness.triggered_rules(self.trigger.why, heard):
            talk.note(f"({rule.text})")
        language = self._language(heard)
        if self.trigger.why == "entered":
            talk.note(f"(Greet {self._name(self.trigger.by)} in your own way.)")
        if language:
            talk.note(f"({ANSWER_IN[language]})")
        if note := _NOTES.get(self.trigger.why):
            talk.note(note)
        if self._harness.guards.reminder:
            talk.note(f"({self._harness.guards.reminder})")
        if talk.answered and (waiting := next((said for said in talk.heard if said.seq == self.trigger.seq), None)):
            talk.note(prompt.waiting_note(self._name(waiting.actor), waiting.text))

    def _language(self, heard: str) -> str:
        """The language to ask for: one that is new in the talk (of a newcomer, what they read); with a small model any
        but that of its prompt, into which it falls back. Empty where nothing needs to be said."""
        read = self.trigger.language if self.trigger.language in ANSWER_IN else ""
        spoken = detect(heard) or read or self.part.language
        new, self.part.language = spoken != self.part.language, spoken
        return spoken if new or (self._local and spoken != "en") else ""

    def _withdraw(self, tellable_now: Sequence[Secret]) -> None:
        """Take back what was confided in others: it may not be told to all who would hear this reply."""
        for note, between in list(self.part.between.items()):
            if not between.all_of(self.hearers):
                self.part.talk.strike(note)
                del self.part.between[note]
                self.part.recalled -= between.memories
        told, may = self.part.told, {secret.id for secret in tellable_now}
        for note in {note for id, note in told.items() if id not in may}:
            self.part.talk.strike(note)
            self.part.told = {id: other for id, other in self.part.told.items() if other != note}

    async def _note_memories(self, heard: str) -> None:
        """What is worth remembering now; what is not for everybody in a note of its own, which can be taken back."""
        recalled = await self._recall(heard)
        parties = dict.fromkeys(one.private_to for one in recalled)
        for party in parties:
            these = [one for one in recalled if one.private_to == party]
            note = prompt.memory_note([one.text for one in these])
            self.part.talk.note(note)
            if party:
                self.part.between[note] = Between(frozenset(party), frozenset(one.id for one in these))
        if self.part.between:
            self._confidants = tuple(self.hearers)

    async def _recall(self, heard: str) -> list[Remembered]:
        """Memories worth having now that the talk does not hold already."""
        found = await self._memory.recall(self._query(heard))
        self._known = tuple(one.text for one in found if one.kind == "fact")
        fresh = [one for one in found if one.id not in self.part.recalled and not self._in_talk(one)]
        if self._local:
            fresh = _first(fresh, _RECALLED_CHARS)
        self.part.recalled |= {one.id for one in fresh}
        return fresh

    def _in_talk(self, memory: Remembered) -> bool:
        """Whether the talk still holds all that the memory came from."""
        since = self.part.talk.since
        own = [source for source in memory.sources if not source.around]
        return bool(own) and all(source.room == self.room.id and source.seq >= since > 0 for source in own)

    def _query(self, heard: str) -> Recall:
        present = tuple(who for who in self.hearers if not is_character(who))
        subjects = tuple(dict.fromkeys([self.trigger.by, *present]))
        settings = self._harness.memory
        return Recall(
            owner=self.part.who,
            subjects=subjects,
            present=tuple(self.hearers),
            text="" if self._model.info.kind == "understudy" else heard,  # it recites what it knows of the speaker only
            now=self.room.clock(),
            room=self.room.id,
            k_facts=settings.recall_facts,
            k_episodes=settings.recall_episodes,
            names={who: self._name(who) for who in self.hearers},
            shown_after=self.part.talk.since - 1 if self.part.talk.since else None,
        )

    def _heard(self) -> str:
        last = self.part.talk.heard[-1:]
        return last[0].text if last and self.trigger.why in ("said", "autoplay") else ""

    def _name(self, who: str) -> str:
        return self.room.state.name(who)

    @property
    def _visitor(self) -> str:
        """Who is spoken to, as ``{{user}}`` in a line says it."""
        return self._name(self.trigger.by) if self.trigger.by else placeholders.ANYBODY

    async def _generate(self, request: ModelRequest) -> Generated:
        self.draft = Draft(self._guard_rules(), self._show)
        return await self.draft.write(self._model, request)

    def _show(self, text: str) -> None:
        self.tell("speaking", text=text)

    def tell(self, phase: str, **more: Any) -> None:
        """Signal how far the turn is, to those who will perceive the reply."""
        self.phase = phase
        body = {"signal": "turn", "turn": self.id, "who": self.part.who, "phase": phase, "since": self.since, **more}
        to = self.audience
        self.room.emit(body, None if to is None else [*to, self.part.who])

    def _tellable(self, hearers: Sequence[str] | None = None) -> list[Secret]:
        """The secrets that may come out now before ``hearers`` (those of the reply, if none are given)."""
        stages = [stage.id for stage in self.room.world.scene.stages]
        before = self.hearers if hearers is None else hearers
        return tellable(self.character, self.room.state, stages, before, self.part.talk.replies)

    def _overused(self) -> tuple[str, ...]:
        """Catchphrases that came up so lately that once more would be above their rate."""
        said = self.part.talk.said
        found = []
        for phrase in self.character.voice.catchphrases:
            lately = len(said) if phrase.rate == 0 else round(1 / phrase.rate) - 1
            recent = said[max(0, len(said) - lately) :]
            if phrase.rate == 0 or any(first_word([phrase.text], line) for line in recent):
                found.append(phrase.text)
        return tuple(found)

    def _guard_rules(self) -> GuardRules:
        state, guards = self.room.state, self._harness.guards
        told = self._tellable()
        return GuardRules(
            own_name=self.character.name,
            other_names=tuple(state.name(who) for who in state.people if who != self.part.who),
            secret_words=tuple(word for secret in kept(self.character, told) for word in secret.words),
            banned=(*self.character.voice.banned, *guards.banned_words),
            never_address=self.character.voice.never_address,
            phrases=tuple(phrase.text for phrase in self.character.voice.catchphrases),
            overused=self._overused(),
            earlier=tuple(self.part.talk.said if self._local else self.part.talk.said[-20:]),
            heard=tuple(said.text for said in self.part.talk.heard[-20:]),
            max_sentences=guards.max_sentences,
            loop_detection=guards.loop_detection,
            doing=self._offer.doing,
            honest=self._sincere,
            authored=self._authored(),
            recites=self._model.info.kind == "understudy",
        )

    def _authored(self) -> tuple[str, ...]:
        """The lines that the author wrote for the character, as they are said to whom it speaks."""
        lines = (*greeting.greetings(self.character), *self.character.voice.fallbacks)
        spoken = (*lines, *(example.say for example in self._harness.examples))
        return tuple(placeholders.to(line, self._visitor) for line in spoken)

    # reading and repairing -----------------------------------------------------------------------------------------

    def _spoilt(self, generated: Generated) -> bool:
        """Whether a repair is due: nothing that may be shown is left."""
        if generated.shown:
            return False
        if generated.parsed.how == "clean" and not generated.flaws:
            deeds = read(generated.parsed.value, self.character.emotions.can, self._offer.menu, "").do
            return not (self.trigger.may_pass or deeds)
        return True

    @property
    def _repairs(self) -> int:
        """How many more calls may mend a reply. The understudy's are free, and it must never be without an answer."""
        return _UNDERSTUDY_TRIES if self._model.info.kind == "understudy" else self._harness.guards.repair_attempts

    def _again(self, request: ModelRequest, tried: Sequence[Generated]) -> ModelRequest:
        generated = tried[-1]
        lines = [say for one in tried if (say := str((one.parsed.value or {}).get("say") or ""))]
        note, sampling, form = repair_note(generated.flaws), request.sampling, request.schema or {}
        warmth = (sampling.temperature or 0.7) + 0.2
        messages = (*request.messages, Message("assistant", generated.raw[:600] or "{}"), Message("user", note))
        if self._local and generated.parsed.how == "clean":
            # A small model that is shown what it wrote writes it again; so it is shown what it is to answer.
            if heard := self._heard():
                note = f'{note}\n{self._name(self.trigger.by)} said: "{heard}"'
            last = request.messages[-1]
            messages = (*request.messages[:-1], replace(last, content=f"{last.content}\n{note}"))
            if any(flaw.kind in ("repeat", "echo") for flaw in generated.flaws):
                warmth += 0.3
                sampling = replace(sampling, frequency_penalty=0.8, presence_penalty=0.8)
                form = opening_anew(form, [*lines, *self.part.talk.said[-_OPENINGS:]])
        sampling = replace(sampling, temperature=min(1.2, warmth))
        cue = request.cue
        if cue is not None:
            cue = replace(cue, nonce=cue.nonce + len(tried), said=(*cue.said, *lines))
        return replace(request, messages=messages, sampling=sampling, schema=form, purpose="repair", cue=cue)

    def _read(self, generated: Generated) -> Reply:
        reply = read(generated.parsed.value or {}, self.character.emotions.can, self._offer.menu, generated.shown)
        reply = replace(settle(reply, self._offer), cut=generated.cut)
        if not reply.say and self.part.language == "en" and self._offer.spoken not in self.part.talk.said:
            reply = replace(reply, say=self._offer.spoken)
        if self._sincere:
            reply = replace(reply, say=plainly(reply.say, self._heard(), self.character.voice.admission))
        if reply.say or reply.do:
            return reply
        held_back = any(flaw.kind in _HELD_BACK for flaw in generated.flaws)
        if self.trigger.may_pass and not held_back and generated.parsed.how in ("clean", "repaired"):
            return reply
        raise ModelMalformed(f"{self.character.name} lost the thread.")

    # submitting ----------------------------------------------------------------------------------------------------

    async def _submit(self, reply: Reply) -> tuple[tuple[int, ...], tuple[Refusal, ...]]:
        """Submit what the reply asks for: face, words, deeds. One refused action does not stop the others."""
        seqs: list[int] = []
        refusals: list[Refusal] = []
        for name, action in self._actions(reply):
            answer = await self.room.submit(self.actor, action, cause=f"{self.id}.{name}")
            if isinstance(answer, Refusal):
                refusals.append(answer)
                self.part.talk.note(f"(That did not happen: {answer.message})")
            else:
                seqs.extend(answer.seqs)
        return tuple(seqs), tuple(refusals)

    def _actions(self, reply: Reply) -> list[tuple[str, Action]]:
        actions: list[tuple[str, Action]] = []
        if reply.emotion:
            actions.append(("feel", Feel(emotion=reply.emotion)))
        to = self.audience
        if reply.say and to != []:
            actions.append(("say", Say(text=reply.say, to=to, cut=reply.cut)))
        known = self._offer.possible
        text = self._written(reply)
        actions += [(f"do{n}", known[deed].action(text)) for n, deed in enumerate(reply.do)]
        if not (reply.say or reply.do):
            actions.append(("pass", Pass()))
        return actions

    def _written(self, reply: Reply) -> str:
        """What a deed writes into the room, where everybody reads it: no whisper, and nothing that is kept from one
        of them.
        """
        text = reply.write or ("" if self.audience is not None else reply.say)
        everybody = [who for who in self.room.state.here() if who != self.part.who]
        kept_back = kept(self.character, self._tellable(everybody))
        return "" if first_word([word for secret in kept_back for word in secret.words], text) else text

    def _cue(self) -> Cue:
        """The structured side of the prompt, for the understudy."""
        voice, visitor, examples = self.character.voice, self._visitor, self._harness.examples
        greetings = greeting.greetings(self.character)
        return Cue(
            heard=self._heard(),
            speaker=self._name(self.trigger.by) if self.trigger.by else "",
            address=voice.address,
            lines=tuple((placeholders.to(one.heard, visitor), placeholders.to(one.say, visitor)) for one in examples),
            feelings=tuple(example.emotion for example in examples),
            deeds=tuple(example.do.replace(" ", "_") for example in examples),
            greetings=tuple(placeholders.to(line, visitor) for line in greetings),
            fallbacks=tuple(placeholders.to(line, visitor) for line in voice.fallbacks),
            own_voice=voice.register_ != PLAIN,
            said=tuple(self.part.talk.said[-20:]),
            menu=items(self._offer.menu),
            language=guess_language(self._heard() or " ".join(greetings)),
            emotions=self.character.emotions.can,
            memories=self._known,
            nonce=self.trigger.seq,
            greet=self.trigger.why == "entered",
            go=self._offer.go if self.trigger.why == "awaited" else "",
            asked=self._offer.asked,
            sincere=self._sincere,
            admission=self.character.voice.admission,
        )


def _definition(world: World, who: str) -> Character:
    definition = world.character(who)
    if definition is None:
        raise ModelMalformed(f"{who} has no definition in this room.")
    return definition


def _first(memories: Sequence[Remembered], chars: int) -> list[Remembered]:
    """The first of them, as many as fit into so many characters; at least one, if there is any."""
    kept: list[Remembered] = []
    for one in memories:
        chars -= len(one.text)
        if chars < 0 and kept:
            break
        kept.append(one)
    return kept


def _sampling(harness: Harness) -> Sampling:
    chosen = harness.sampling
    return Sampling(chosen.temperature, chosen.top_p, chosen.frequency_penalty, chosen.presence_penalty)
