"""A character's memory: what it keeps, what it recalls and when, and what people can take back."""

from __future__ import annotations

import asyncio

from openroom.memory.local import LocalMemory
from openroom.ports.memory_rows import Recall, Remembered, Source, Witnessed
from openroom.store.open import open_store
from tests.memory.conftest import ANN, BOB, DAY, MIRA, Evening


async def test_a_stated_fact_is_recalled_with_its_source_and_reason(evening: Evening) -> None:
    await evening.tell(ANN, "My name is Ann and I like smoky tea.")
    found = await evening.recalled("Hello again!")
    facts = {memory.text: memory for memory in found if memory.kind == "fact"}
    assert set(facts) == {"Ann's name is Ann.", "Ann likes smoky tea."}
    source = facts["Ann likes smoky tea."].sources[0]
    assert (source.room, source.seq, source.speaker) == ("tea", 1, ANN)
    assert all(memory.why for memory in found)


async def test_only_people_state_facts_and_only_about_themselves(evening: Evening) -> None:
    lines = [
        evening.line("character:jonas", "I live in Rome."),
        evening.line(MIRA, "I live in the tea room."),
        evening.line("game:quest", "I live in a dungeon."),
    ]
    assert {memory.kind for memory in await evening.memory.witness(MIRA, lines, "Mira")} == {"episode"}


async def test_a_new_value_closes_the_old_one_and_keeps_history(evening: Evening) -> None:
    await evening.tell(ANN, "I live in Paris.")
    evening.now += DAY
    await evening.tell(ANN, "I moved to Oslo.")
    assert [text for text in await evening.recall("Where do I live?", k_episodes=0) if "lives" in text] == [
        "Ann lives in Oslo."
    ]
    paris = next(m for m in await evening.memory.about(MIRA, ANN) if m.text == "Ann lives in Paris.")
    oslo = next(m for m in await evening.memory.about(MIRA, ANN) if m.text == "Ann lives in Oslo.")
    assert paris.valid_to == oslo.valid_from
    assert paris.superseded_by == oslo.id


async def test_the_same_statement_again_is_one_fact_with_two_sources(evening: Evening) -> None:
    await evening.tell(ANN, "I like smoky tea.")
    await evening.tell(ANN, "Well, I like smoky tea!")
    facts = [m for m in await evening.memory.about(MIRA, ANN) if m.kind == "fact"]
    assert [(m.text, [s.seq for s in m.sources]) for m in facts] == [("Ann likes smoky tea.", [1, 3])]
    assert facts[0].strength > 0.5


async def test_witnessing_twice_changes_nothing(evening: Evening) -> None:
    lines = [evening.line(ANN, "I live in Paris with my dog."), evening.line(MIRA, "How lovely.")]
    assert len(await evening.memory.witness(MIRA, lines)) == 2
    before = await evening.memory.about(MIRA, ANN)
    assert await evening.memory.witness(MIRA, lines) == []
    assert await evening.memory.about(MIRA, ANN) == before


async def test_what_restates_the_persona_is_no_memory(evening: Evening) -> None:
    line = evening.line(ANN, "I like smoky tea.")
    written = await evening.memory.witness(MIRA, [line], "Mira", persona=["Ann likes smoky tea."])
    assert [memory.kind for memory in written] == ["episode"]


async def test_episodes_are_found_by_their_words_and_those_of_their_neighbours(evening: Evening) -> None:
    await evening.tell(ANN, "Yesterday a heron stole the fish from our pond.", "What a thief!")
    await evening.tell(ANN, "The neighbours laughed about the whole affair.", "I would have laughed too.")
    await evening.tell(ANN, "Tonight the theatre plays Chekhov for the last time.", "Do go and see it.")
    evening.now += 3 * DAY
    found = await evening.recall("What was it with the herons?", k_facts=0, k_episodes=2)
    assert any("heron stole the fish" in text and text.startswith("3 days ago: Ann said") for text in found)
    both = await evening.recall("Tell me about the heron", k_episodes=3)
    assert any("neighbours laughed" in text for text in both)


async def test_stemming_accents_and_odd_questions(evening: Evening) -> None:
    await evening.tell(ANN, "The cafés of Zürich were closing early in winter.")
    evening.now += DAY
    for question in ("zurich cafe", "When did the CAFÉ close?", 'NEAR("cafe" OR *) AND -zurich ^', "closes"):
        assert any("Zürich" in text for text in await evening.recall(question)), question
    for nonsense in (
        '"',
        "'; DROP TABLE memories; --",
        "AND OR NOT",
        "()",
        "\x00",
        "🙂",
        "a*b",
        "text:foo",
        "{a b}: c",
    ):
        await evening.recall(nonsense)


async def test_small_talk_leaves_no_recalled_episode(evening: Evening) -> None:
    await evening.tell(ANN, "Hello!", "Welcome, traveller.")
    evening.now += DAY
    found = await evening.recalled("Hello!")
    assert [memory.kind for memory in found] == ["relation"]


async def test_they_know_each_other_only_from_the_second_meeting_on(evening: Evening) -> None:
    await evening.tell(ANN, "What a storm tonight, the whole harbour is under water.")
    assert not [m for m in await evening.recalled("Hm") if m.kind == "relation"]
    evening.now += 2 * DAY
    assert "You have met Ann once before, the last time 2 days ago." in await evening.recall("Hello!")
    await evening.tell(ANN, "Hello, the harbour is dry again and the boats are back.")
    assert "You have met Ann once before, the last time 2 days ago." in await evening.recall("Hello!")
    evening.now += DAY
    assert "You have met Ann twice before, the last time yesterday." in await evening.recall("Hello!")


async def test_memories_go_along_to_another_room_and_through_a_restart(tmp_path: object, evening: Evening) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/room.db"
    store = await open_store(url)
    lines = [evening.line(ANN, "My sister is called Lena.", room="tea")]
    await LocalMemory(store.memories, lambda: evening.now).witness(MIRA, lines)
    await store.close()
    store = await open_store(url)
    memory = LocalMemory(store.memories, lambda: evening.now)
    found = await memory.recall(Recall(MIRA, (ANN,), (MIRA, ANN), "Guess who is here!", evening.now, room="harbour"))
    assert "Ann's sister is called Lena." in [one.text for one in found]
    assert await memory.recall(Recall("character:jonas", (ANN,), (ANN,), "sister Lena", evening.now)) == []
    await store.close()


async def test_somebody_else_of_that_name_inherits_nothing(evening: Evening) -> None:
    await evening.tell(ANN, "I live in Paris and I keep bees.")
    other = "player:other"
    found = await evening.recall("Where do I live? Do I keep bees?", other, names={other: "Ann", MIRA: "Mira"})
    assert found == []
    told_bob = await evening.recall("Who keeps bees?", BOB)
    assert "Ann lives in Paris." not in told_bob  # not asked for
    assert any("bees" in text for text in told_bob)


async def test_a_whisper_is_recalled_only_among_those_who_were_party_to_it(evening: Evening) -> None:
    await evening.tell(ANN, "I live in a hidden cellar.", to=[MIRA])
    assert any("cellar" in text for text in await evening.recall("cellar"))
    for present in ([MIRA, ANN, BOB], [MIRA, BOB], [MIRA, ANN, "character:jonas"], [ANN, BOB]):
        for who in (ANN, BOB):
            for memory in await evening.recalled("Where is the hidden cellar of Ann?", who, present):
                assert "cellar" not in memory.text + memory.context


async def test_a_whisper_among_three_is_for_those_three(evening: Evening) -> None:
    await evening.tell(ANN, "I hate the duke.", to=[BOB, MIRA])
    assert any("duke" in text for text in await evening.recall("the duke", ANN, [MIRA, ANN, BOB]))
    assert any("duke" in text for text in await evening.recall("the duke", BOB, [MIRA, BOB]))
    assert not any("duke" in text for text in await evening.recall("the duke", ANN, [MIRA, ANN, "player:eve"]))


async def test_a_whisper_does_not_change_what_was_said_openly(evening: Evening) -> None:
    await evening.tell(ANN, "I live in Paris.")
    await evening.tell(ANN, "I live in a hidden cellar.", to=[MIRA])
    homes = [[t for t in await evening.recall("", ANN, [MIRA, *who]) if "lives" in t] for who in ([ANN], [ANN, BOB])]
    assert homes == [["Ann lives in a hidden cellar."], ["Ann lives in Paris."]]


async def test_said_openly_after_a_whisper_it_is_open_and_rests_on_what_was_said_openly(evening: Evening) -> None:
    await evening.tell(ANN, "I live in Paris.", to=[MIRA])
    await evening.tell(ANN, "I live in Paris.")
    assert "Ann lives in Paris." in await evening.recall("", ANN, [MIRA, ANN, BOB])
    await evening.memory.forget_event("tea", 3)
    assert "Ann lives in Paris." not in await evening.recall("", ANN, [MIRA, ANN, BOB])


async def test_a_discarded_branch_leaves_nothing_behind(evening: Evening) -> None:
    await evening.tell(ANN, "I live in Paris.")
    await evening.tell(ANN, "I like smoky tea.")
    kept = await evening.memory.about(MIRA, ANN)
    head = evening.seq
    await evening.tell(ANN, "I moved to Oslo, and I like smoky tea.", "Oslo is cold, I believe.")
    await evening.memory.forget_range("tea", head, evening.seq)
    left = await evening.memory.about(MIRA, ANN)
    assert "Oslo" not in " ".join(memory.text + memory.context for memory in left)
    assert [m.text for m in left] == [m.text for m in kept]
    paris = next(memory for memory in left if memory.text == "Ann lives in Paris.")
    assert (paris.valid_to, paris.superseded_by) == (None, None)  # it holds again
    assert await evening.store.memories.search(MIRA, ["oslo"]) == []


async def test_an_erased_line_is_out_of_its_neighbours_too(evening: Evening) -> None:
    await evening.tell(ANN, "The harbour was full of strange ships today.")
    await evening.tell(ANN, "A xylophone fell into the water with a splash.")
    await evening.tell(ANN, "Then everybody went home and had soup.")
    assert len(await evening.store.memories.search(MIRA, ["xylophone"])) == 3
    assert await evening.memory.forget_event("tea", 3) == 1
    assert await evening.store.memories.search(MIRA, ["xylophone"]) == []
    assert len(await evening.memory.about(MIRA, ANN)) == 2


async def test_a_forgotten_fact_is_gone_everywhere_and_stays_so(evening: Evening) -> None:
    await evening.tell(ANN, "I live in Paris, you know, near the canal.")
    await evening.tell(ANN, "The weather was quite stormy on the canal.")
    fact = next(m for m in await evening.memory.about(MIRA, ANN) if m.kind == "fact")
    assert await evening.memory.forget(fact.id) is True
    assert await evening.memory.forget(fact.id) is False
    assert not any("Paris" in memory.text + memory.context for memory in await evening.memory.about(MIRA, ANN))
    assert await evening.store.memories.search(MIRA, ["paris"]) == []
    await evening.memory.witness(MIRA, [evening.line(ANN, "I live in Paris.")])
    assert not [m for m in await evening.memory.about(MIRA, ANN) if m.kind == "fact"]
    await evening.tell(ANN, "I live in Oslo.")  # another value may be remembered
    assert [m.text for m in await evening.memory.about(MIRA, ANN) if m.kind == "fact"] == ["Ann lives in Oslo."]


async def test_forgetting_a_fact_does_not_bring_its_older_value_back(evening: Evening) -> None:
    await evening.tell(ANN, "I live in Paris.")
    await evening.tell(ANN, "I live in Oslo.")
    oslo = next(m for m in await evening.memory.about(MIRA, ANN) if m.text == "Ann lives in Oslo.")
    await evening.memory.forget(oslo.id)
    assert [m for m in await evening.memory.about(MIRA, ANN) if m.kind == "fact"] == []


async def test_a_correction_takes_the_place_of_the_old_text(evening: Evening) -> None:
    await evening.tell(ANN, "I live in Pariss.")
    fact = next(m for m in await evening.memory.about(MIRA, ANN) if m.kind == "fact")
    corrected = await evening.memory.correct(fact.id, "  Ann lives in   Paris. ")
    assert corrected is not None
    assert corrected.text == "Ann lives in Paris."
    assert [t for t in await evening.recall("", k_episodes=0) if "lives" in t] == ["Ann lives in Paris."]
    await evening.tell(ANN, "I live in Pariss.")
    assert "Ann lives in Pariss." not in await evening.recall("", k_episodes=0)
    assert await evening.memory.correct("unknown", "x") is None
    assert await evening.memory.correct(fact.id, "  ") is None
    assert await evening.memory.forget(corrected.id)
    assert not [m for m in await evening.memory.about(MIRA, ANN) if "Paris" in m.text and m.kind == "fact"]


async def test_what_was_corrected_goes_with_its_correction_however_much_was_told_since(evening: Evening) -> None:
    await evening.tell(ANN, "Yesterday a heron stole the fish from our pond.", "What a thief!")
    (episode,) = await evening.memory.about(MIRA, ANN)
    corrected = await evening.memory.correct(episode.id, "Ann told of a bird.")
    assert corrected is not None and not corrected.slot
    later = evening.now + DAY
    told = [Remembered(f"f{at}", MIRA, ANN, "fact", f"Ann told {at}.", 0.5, later, later) for at in range(600)]
    await evening.store.memories.add(told)
    assert len(await evening.memory.about(MIRA, ANN)) == 602, "nothing of it is out of reach"
    assert await evening.memory.forget(corrected.id)
    assert await evening.store.memories.get(episode.id) is None


async def test_a_forgotten_person_leaves_neither_facts_nor_words(evening: Evening) -> None:
    await evening.tell(ANN, "I live in Paris.")
    await evening.tell(BOB, "The ferry to the island is late again.")
    await evening.memory.witness(
        MIRA, [evening.line(BOB, "What a strange ferry."), evening.line(ANN, "The ferry sank, dear Bob.")]
    )
    assert await evening.memory.forget_person(ANN) > 0
    assert await evening.memory.about(MIRA, ANN) == []
    left = await evening.memory.about(MIRA, BOB)
    assert left
    assert not any("Paris" in m.text + m.context or "sank" in m.text + m.context for m in left)


async def test_quotas_hold_and_newer_beats_older(evening: Evening) -> None:
    for number in range(12):
        await evening.tell(ANN, f"I like song number {number} about the river and the sea.", f"Number {number}!")
    await evening.tell(BOB, "I like the river Rhine.")
    evening.now += DAY
    found = await evening.recalled("Shall we go to the river?", k_facts=4, k_episodes=2)
    facts = [m.text for m in found if m.kind == "fact"]
    assert len(facts) == 4
    assert "Bob likes the river Rhine." in facts  # it has a quota of its own
    assert facts[0] == "Ann likes song number 11 about the river and the sea."
    assert len([m for m in found if m.kind == "episode"]) <= 2
    assert await evening.recalled("river", k_facts=0, k_episodes=0, who="player:new") == []


async def test_what_the_prompt_shows_anyway_is_left_out(evening: Evening) -> None:
    await evening.tell(ANN, "A heron stole the fish from our pond.")
    head = evening.seq
    await evening.tell(ANN, "The heron came back for the second fish.")
    found = await evening.recall("heron", room="tea", shown_after=head)
    assert any("stole" in text for text in found)
    assert not any("second" in text for text in found)
    assert any("second" in text for text in await evening.recall("heron", room="harbour", shown_after=head))


async def test_a_late_answer_joins_its_exchange(evening: Evening) -> None:
    await evening.memory.witness(MIRA, [evening.line(ANN, "Where did the heron hide the fish?")])
    await evening.memory.witness(MIRA, [evening.line(MIRA, "Under the jetty.")])
    episodes = [m for m in await evening.memory.about(MIRA, ANN) if m.kind == "episode"]
    assert [m.text for m in episodes] == ["Ann said “Where did the heron hide the fish?”; you said “Under the jetty.”"]
    assert [s.seq for s in episodes[0].sources] == [1, 2]


async def test_happenings_belong_to_talk(evening: Evening) -> None:
    lines = [
        evening.line(ANN, "Ann lights the lamp.", kind="used"),
        evening.line(ANN, "Now the harbour looks golden, Mira."),
        evening.line(MIRA, "It does."),
    ]
    (episode,) = await evening.memory.witness(MIRA, lines)
    assert episode.text.startswith("Ann lights the lamp; Ann said “Now the harbour")
    assert await evening.memory.witness(MIRA, [evening.line(BOB, "Bob winds the clock.", kind="used")]) == []


async def test_a_long_exchange_is_bounded(evening: Evening) -> None:
    (episode,) = await evening.memory.witness(
        MIRA, [evening.line(ANN, "harbour " * 400), evening.line(MIRA, "tea " * 900)]
    )
    assert len(episode.text) <= 640


async def test_one_character_in_two_rooms_at_once(evening: Evening) -> None:
    async def talk(room: str, who: str) -> None:
        for number in range(10):
            lines = [Witnessed(room, number + 1, evening.now + number, who, "X", f"I like song {number} of the sea.")]
            await evening.memory.witness(MIRA, lines)

    await asyncio.gather(talk("tea", ANN), talk("harbour", BOB))
    for who in (ANN, BOB):
        assert len([m for m in await evening.memory.about(MIRA, who) if m.kind == "fact"]) == 10


async def test_a_whisper_is_no_context_of_open_talk(evening: Evening) -> None:
    await evening.tell(ANN, "The harbour was full of strange ships today.")
    await evening.tell(ANN, "The duke hides a xylophone in his cellar.", to=[MIRA])
    await evening.tell(ANN, "Then everybody went home and had soup.")
    found = await evening.store.memories.search(MIRA, ["xylophone"])
    assert [memory.private_to for memory in found] == [(MIRA, ANN)]
    assert all("xylophone" not in m.context for m in await evening.memory.about(MIRA, ANN))


async def test_the_line_about_their_acquaintance_cites_the_last_meeting(evening: Evening) -> None:
    await evening.tell(ANN, "What a storm tonight, the whole harbour is under water.")
    evening.now += 2 * DAY
    await evening.tell(ANN, "Hello, the harbour is dry again and the boats are back.")
    known = next(m for m in await evening.recalled("Hm") if m.kind == "relation")
    assert [source.seq for source in known.sources] == [1, 2]


async def test_an_exchange_is_cut_where_its_hearers_change(evening: Evening) -> None:
    both, alone = (MIRA, ANN, BOB), (MIRA, BOB)
    lines = [
        evening.line(ANN, "The heron hides its fish under the jetty.", hearers=both),
        evening.line(BOB, "She always talks of that silly heron.", hearers=alone),
        evening.line(MIRA, "She does, with the jetty and all.", hearers=alone),
    ]
    await evening.memory.witness(MIRA, lines)
    (hers,) = [m for m in await evening.memory.about(MIRA, ANN) if m.kind == "episode"]
    assert hers.text == "Ann said “The heron hides its fish under the jetty.”"
    assert hers.was_perceived_by(ANN)
    assert hers.was_perceived_by(BOB)
    (his,) = [m for m in await evening.memory.about(MIRA, BOB) if m.kind == "episode"]
    assert his.was_perceived_by(BOB)
    assert not his.was_perceived_by(ANN)


async def test_a_late_answer_joins_what_all_who_heard_the_question_heard(evening: Evening) -> None:
    for later, joined in (((MIRA, ANN, BOB), True), ((MIRA, BOB), False)):
        asked = evening.line(ANN, "Where did the heron hide the fish?", hearers=(MIRA, ANN))
        await evening.memory.witness(MIRA, [asked])
        await evening.memory.witness(MIRA, [evening.line(MIRA, "Under the jetty.", hearers=later)])
        newest = next(m for m in await evening.memory.about(MIRA, ANN) if m.kind == "episode")
        assert ("jetty" in newest.text) is joined
        assert newest.heard_by == (MIRA, ANN)


async def test_what_each_person_said_is_theirs(evening: Evening) -> None:
    all_three = (MIRA, ANN, BOB)
    lines = [
        evening.line(who, f"The harbour is {how} today.", hearers=all_three)
        for who, how in ((ANN, "calm"), (BOB, "wild"))
    ]
    await evening.memory.witness(MIRA, lines)
    for who, other in ((ANN, BOB), (BOB, ANN)):
        (episode,) = [m for m in await evening.memory.about(MIRA, who) if m.kind == "episode"]
        assert other not in episode.speakers
        await evening.memory.forget(episode.id)
    mixed = Remembered(
        "e1", MIRA, ANN, "episode", "Ann said “A”; Bob said “B”", 0.5, 1, 1,
        sources=(Source("tea", 1, ANN), Source("tea", 2, BOB)),
    )  # fmt: skip
    assert not mixed.was_perceived_by(ANN), "of before hearers were noted: who knows whether she was there"


async def test_what_came_from_a_closed_room_is_for_those_who_were_there(evening: Evening) -> None:
    there = (MIRA, ANN, "player:cleo")
    lines = [
        evening.line(ANN, "My sister lives in Oslo with her zebra.", room="den", hearers=there, closed=True),
        evening.line(MIRA, "A zebra, in Oslo!", room="den", hearers=there, closed=True),
    ]
    await evening.memory.witness(MIRA, lines)
    question = "Where does my sister live with her zebra?"
    assert "Oslo" in str(await evening.recall(question, room="tea"))
    assert "Oslo" in str(await evening.recall(question, room="tea", present=there))
    assert "Oslo" not in str(await evening.recall(question, room="tea", present=(MIRA, ANN, BOB)))
    assert "Oslo" not in str(
        await evening.recall(question, "player:cleo", room="tea", present=(MIRA, "player:cleo", BOB))
    )
