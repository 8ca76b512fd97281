"""``openroom prompt``: what a model is told of a character before anybody speaks, and what of it was made."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated

import typer

from openroom.cast.turn.prompt import stable
from openroom.cli.output import AsJson, show_json
from openroom.core.completed import Completed, completed
from openroom.core.setup import initial
from openroom.core.state import World
from openroom.errors import SettingsError
from openroom.library.library import Library
from openroom.ports.model import Message
from openroom.settings import Settings


def prompt(
    character: Annotated[str, typer.Argument(help="The character's id.")],
    scene: Annotated[str, typer.Option(help="The scene it stands in (default: the first that has it).")] = "",
    local: Annotated[bool, typer.Option("--local", help="As a small model on this machine gets it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what a model is told of a character before anybody speaks; what the card left out is marked."""
    settings = Settings.load()
    library = Library(settings.character_folders, settings.scene_folders)
    definition = library.characters.get(character)
    if definition is None:
        raise SettingsError(f"expected a character of {', '.join(sorted(library.characters))}, came {character!r}")
    found = completed(definition)
    messages = _messages(found, _world(library, found, scene), local=local)
    if as_json:
        show_json(
            {
                "messages": [{"role": one.role, "content": one.content} for one in messages],
                "made": [asdict(item) for item in found.made],
            }
        )
        return
    for message in messages:
        print(f"[{message.role}] {message.content}")
    if found.made:
        print("\nMade for you, of what the card says; what you write yourself takes its place:")
    for item in found.made:
        print(f"  {item.key}: {item.text}  <- {item.source}")


def _world(library: Library, found: Completed, scene: str) -> World:
    """The scene, with the character in it."""
    has_it = (one.id for one in library.scenes.values() if any(who.id == found.of.id for who in one.characters))
    wanted = scene or next(has_it, "") or next(iter(library.scenes), "")
    if wanted not in library.scenes:
        raise SettingsError(f"--scene: expected one of {', '.join(sorted(library.scenes)) or 'none'}, came {wanted!r}")
    world = library.world(wanted)
    return replace(world, characters={**world.characters, found.of.id: found.of})


def _messages(found: Completed, world: World, *, local: bool) -> tuple[Message, ...]:
    harness = found.harness(found.of.harness())
    messages = stable(found.character, harness, world, initial(world), terse=local)
    reminder = harness.guards.reminder
    return (*messages, Message("user", f"… ({reminder})")) if reminder else messages
