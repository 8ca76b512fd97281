"""The level of a server's model: measured once after its first turn, kept, or set by hand."""

from __future__ import annotations

import json

from openroom.core.action import Say
from openroom.errors import ModelUnreachable
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.models import level
from openroom.models.metered import MeteredModel
from openroom.models.purse import Purse
from openroom.models.scripted import Hang, ScriptedModel
from openroom.models.understudy.understudy import Understudy
from openroom.ports.ledger import Budget
from openroom.ports.model import Message, ModelInfo, ModelRequest, complete
from openroom.server.level import Levels
from openroom.store.inmemory import MemoryStore
from tests.models.test_level import GOOD
from tests.waiting import until

TURN = ModelRequest((Message("user", "Hello."),), purpose="turn")


TURNS = {"say": "Good evening.", "emotion": "calm", "do": []}


class Endpoint(ScriptedModel):
    """A script that counts as an endpoint."""

    def __init__(self, probe: object, *, kind: str = "remote", level: str = "able", turn: object = TURNS) -> None:
        script = [
            (lambda request: request.purpose == "probe", probe),
            ("", turn),
        ]
        super().__init__(script, info=ModelInfo("big", kind, "somewhere", level))

    @property
    def probes(self) -> int:
        return sum(request.purpose == "probe" for request in self.requests)

    def known_as(self) -> str:
        return "http://somewhere/v1"


def metered(model: object, store: MemoryStore) -> MeteredModel:
    return MeteredModel(model, store, purse=Purse(store, Budget(), lambda: 0))


def sound() -> object:
    answers = iter(GOOD)
    return lambda _request: {"say": next(answers)}


def lobby_with(model: object, store: MemoryStore) -> Lobby:
    return Lobby(store=store, model=model, settings=LobbySettings(watch=False))


async def test_it_is_measured_once_after_the_first_turn_and_kept() -> None:
    store, endpoint = MemoryStore(), Endpoint({"say": "I do not know."})
    async with lobby_with(endpoint, store) as lobby:
        levels, model = Levels(lobby, settle=0), metered(endpoint, store)
        levels.begin([model], "auto")
        assert levels.told == [{"name": "big", "kind": "remote", "level": "able", "from": "default"}]
        assert endpoint.probes == 0  # nobody has used it: nothing is spent
        await complete(model, TURN)
        await until(lambda: levels.told[0]["from"] == "measured")
        assert endpoint.probes == 7
        assert (model.info.level, levels.told[0]["level"]) == ("small", "small")
        assert levels.told[0]["missed"]
        await until(lambda: any(key.startswith("model_level:") for key in store_keys(store)))
        again = metered(endpoint, store)
        levels.begin([again], "auto")
        await until(lambda: levels.told[0]["from"] == "measured")
        assert (again.info.level, endpoint.probes) == ("small", 7)
        await levels.close()


def store_keys(store: MemoryStore) -> list[str]:
    return list(store._values)


async def test_it_is_set_by_hand_and_then_nothing_is_asked() -> None:
    store, endpoint = MemoryStore(), Endpoint(sound())
    async with lobby_with(endpoint, store) as lobby:
        levels, model = Levels(lobby, settle=0), metered(endpoint, store)
        levels.begin([model], "fair")
        assert model.info.level == "fair"
        assert levels.told == [{"name": "big", "kind": "remote", "level": "fair", "from": "hand"}]
        await complete(model, TURN)
        await levels.close()
        assert endpoint.probes == 0


async def test_the_understudy_and_a_script_are_never_measured() -> None:
    store = MemoryStore()
    script = ScriptedModel([("", {"say": "Hm."})])
    async with lobby_with(script, store) as lobby:
        levels = Levels(lobby, settle=0)
        models = [metered(script, store), metered(Understudy(), store)]
        levels.begin(models, "auto")
        levels.begin(models, "small")
        assert levels.told == []
        assert [one.info.level for one in models] == ["able", "able"]
        await levels.close()


async def test_what_fails_leaves_the_default_and_is_tried_at_the_next_start() -> None:
    store = MemoryStore()
    broken = Endpoint(ModelUnreachable("gone"), kind="local", level="small")
    async with lobby_with(broken, store) as lobby:
        levels, model = Levels(lobby, settle=0), metered(broken, store)
        levels.begin([model], "auto")
        await complete(model, TURN)
        await until(lambda: broken.probes == 1)
        await levels.close()
        assert model.info.level == "small"
        assert not [key for key in store_keys(store) if key.startswith("model_level:")]
        mended = Endpoint(sound(), kind="local", level="small")
        levels, model = Levels(lobby, settle=0), metered(mended, store)
        levels.begin([model], "auto")
        await complete(model, TURN)
        await until(lambda: levels.told[0]["from"] == "measured")
        assert model.info.level == "able"
        await levels.close()


async def test_it_gives_way_to_who_speaks() -> None:
    """A question that hangs is given up when a turn begins, and asked again when it has ended."""
    store = MemoryStore()
    answers, hung = iter(GOOD), iter([Hang()])
    turns = iter([TURNS, Hang()])  # a turn that is over at once may be missed by who looks from time to time
    endpoint = Endpoint(
        lambda _request: next(hung, None) or {"say": next(answers)}, turn=lambda _request: next(turns, TURNS)
    )
    async with lobby_with(endpoint, store) as lobby:
        levels, model = Levels(lobby, settle=0), metered(endpoint, store)
        await lobby.set_model(model)
        levels.begin([model], "auto")
        await complete(model, TURN)
        await until(lambda: endpoint.probes == 1)
        room = await lobby.open(next(iter(lobby.library.scenes)))
        async with room.join("Ann") as ann:
            await room.submit(ann.actor, Say(text="Good evening, all of you?"))
            await until(lambda: endpoint.cancelled == 1)
            assert room.stop(ann.actor)
            await until(lambda: levels.told[0]["from"] == "measured")
        assert endpoint.probes == 8
        await levels.close()


async def test_what_was_kept_wrongly_is_measured_anew() -> None:
    store, endpoint = MemoryStore(), Endpoint(sound())
    await store.put(level.key(endpoint.info, endpoint.known_as()), json.dumps({"level": "superb"}))
    async with lobby_with(endpoint, store) as lobby:
        levels, model = Levels(lobby, settle=0), metered(endpoint, store)
        levels.begin([model], "auto")
        await complete(model, TURN)
        await until(lambda: levels.told[0]["from"] == "measured")
        assert (model.info.level, endpoint.probes) == ("able", 7)
        await levels.close()
