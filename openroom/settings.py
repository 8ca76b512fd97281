"""Settings of a server: from flags, the environment (OPENROOM_...), a TOML file and defaults, in that order.

    settings = Settings.load(config=None, port=8300)   # flags; those that are None count as not given
    settings.store_url, settings.characters, settings.model_key

The file is the one named by `config` (the flag --config), else by OPENROOM_CONFIG, else ./openroom.toml if it exists;
its keys are the field names below. `settings_page` renders docs/settings.md from the same fields.
"""

from __future__ import annotations

import difflib
import ipaddress
import logging
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from openroom.errors import SettingsError
from openroom.ports.address import pasted_address, pasted_key
from openroom.settings_problems import PREFIX, sentence, variable

_PACKAGE = Path(__file__).resolve().parent
_LOG = logging.getLogger(__name__)

# Variables that other parts read, so that they are neither unknown nor fields.
OTHER_VARIABLES = {
    "OPENROOM_CONFIG": "The TOML file to read; its keys are these names without OPENROOM_, in small letters.",
    "OPENROOM_BROWSER": "`make test` only: the Chromium to drive; empty looks for one.",
}


def shipped(name: Literal["characters", "scenes", "static"]) -> Path:
    """The folder of that name that comes with openroom: the checkout's, or the one inside the installed package.

    Raises SettingsError if this installation has none.
    """
    checkout = _PACKAGE.parent
    places = [_PACKAGE / "_data" / name]
    if (checkout / "pyproject.toml").is_file():
        places.insert(0, checkout / name)
    for place in places:
        if place.is_dir():
            return place
    raise SettingsError(f"expected the shipped folder {name!r} at {' or '.join(map(str, places))}, and none is there")


def _here_or_shipped(name: Literal["characters", "scenes"]) -> tuple[Path, ...]:
    here = Path.cwd() / name
    if not here.is_dir():
        return (shipped(name),)
    if name == "characters" and not (here.parent / "scenes").is_dir():
        return (here, shipped(name))  # the shipped scenes are played, and they need theirs
    return (here,)


def _split(separator: str) -> BeforeValidator:
    """A string is a list of parts between `separator`; empty parts do not count."""

    def split(value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(separator) if part.strip())
        return (value,) if isinstance(value, Path) else value

    return BeforeValidator(split)


_Folders = Annotated[tuple[Path, ...], NoDecode, _split(os.pathsep)]
_Names = Annotated[tuple[str, ...], NoDecode, _split(",")]

_STORES = ("sqlite", "sqlite+aiosqlite", "sqlite+pysqlite")
"""SQLite under the names that SQLAlchemy has for it; the store brings its own driver."""


class Settings(BaseSettings):
    """All settings of one server. Values are checked; `Settings.load` turns a wrong one into a SettingsError."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    # Where it listens
    host: str = Field(
        default="127.0.0.1", min_length=1, description="Address to listen on. Any but loopback needs a secret."
    )
    port: int = Field(default=8200, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    public_url: str | None = Field(
        default=None,
        description="How browsers reach the server from outside, such as `https://rooms.example`, or "
        "`https://example.org/tea` under a path; used in links.",
    )
    allowed_hosts: _Names = Field(
        default=(),
        description="Further names, separated by commas, accepted in the Host and Origin headers; the address listened "
        "on, localhost and the host of the public URL always are.",
    )
    secret: SecretStr | None = Field(
        default=None,
        description="What sessions and tokens are signed with, at least 16 characters. Without one, a server on "
        "loopback makes its own and keeps it in the data folder.",
    )

    # Where things are kept
    data: Path = Field(
        default_factory=lambda: user_data_path("openroom", appauthor=False),
        description="Folder of the store, versions, weights and secret. One server at a time owns it.",
        json_schema_extra={"default": "the platform's data folder"},
    )
    store: str | None = Field(
        default=None,
        description="Database URL, as SQLAlchemy writes it; SQLite only (`sqlite:///rooms.db`).",
        json_schema_extra={"default": "`sqlite:///` and openroom.db in the data folder"},
    )
    characters: _Folders = Field(
        default_factory=lambda: _here_or_shipped("characters"),
        description=f"Folders of characters, separated as in PATH (`{os.pathsep}`).",
        json_schema_extra={
            "default": "`./characters` if it exists, and the shipped ones unless there is `./scenes` too"
        },
    )
    author: Path | None = Field(
        default=None,
        description="Folder that people's acts in openroom write to: an imported card becomes a folder in its "
        "`characters`, a room for it one in its `scenes`. Read behind the other folders; tuning never writes there.",
        json_schema_extra={"default": "beside the data folder, its name with `_author` behind"},
    )
    scenes: _Folders = Field(
        default_factory=lambda: _here_or_shipped("scenes"),
        description=f"Folders of scenes, separated as in PATH (`{os.pathsep}`).",
        json_schema_extra={"default": "`./scenes` if it exists, else the shipped ones"},
    )

    # Who speaks for the characters
    model: str = Field(
        default="auto",
        min_length=1,
        description="`auto` (the model URL, OPENAI_BASE_URL or OPENAI_API_KEY if set, else a server found on loopback, "
        "else the local model, else the understudy), `local`, `understudy` (no model, no download), a model's name at "
        "the endpoint, a name of `openroom model list`, `hub:OWNER/REPOSITORY/FILE.gguf`, or the path of a .gguf "
        "file.",
    )
    model_url: str | None = Field(
        default=None,
        description="Base URL of an OpenAI-compatible endpoint, usually ending in /v1; `openroom model test` tries it.",
    )
    model_key: SecretStr | None = Field(default=None, description="Key for the model URL. Never shown again.")
    model_fallback: str | None = Field(
        default=None,
        description="Model at the same endpoint, or `local` or `understudy`, that answers when the first fails.",
    )
    model_level: Literal["auto", "small", "fair", "able"] = Field(
        default="auto",
        description="How well the model talks by itself. `small`: the author's words come before its own, and code "
        "sees to sense; `fair`: it leads, and code sees to sense; `able`: it leads its own talk. `auto` measures it "
        "once, after its first turn, and keeps that.",
    )
    discover: bool = Field(
        default=True, description="With `auto`: look for Ollama, llama.cpp or LM Studio on loopback. Off asks nobody."
    )
    first_token_seconds: float = Field(
        default=60.0, gt=0, description="A call with no first token after so long has failed."
    )
    next_token_seconds: float = Field(default=20.0, gt=0, description="So has one that pauses for so long after it.")
    model_retries: int = Field(
        default=2, ge=0, le=10, description="Further tries after a connection error, 429 or 5xx."
    )
    model_calls: int = Field(
        default=4,
        ge=1,
        description="Model calls at the same time, over all rooms; the others wait. A local model takes 2 at most.",
    )
    hub: str | None = Field(
        default=None,
        description="Address of the hub that `hub:` models come from; its token is `HF_TOKEN`'s.",
        json_schema_extra={"default": "`HF_ENDPOINT`, else the one that huggingface_hub knows"},
    )
    local_slots: int = Field(default=4, ge=1, le=64, description="Local model: prompts kept in its cache side by side.")
    local_ctx: int = Field(
        default=4096, ge=512, description="Local model: tokens a slot holds, prompt and reply together."
    )
    local_threads: int = Field(default=0, ge=0, description="Local model: threads; 0 means one a core.")
    local_states_mb: int = Field(
        default=1024,
        ge=0,
        description="Local model: MB on the disk for what it made of characters' prompts, so that it need not read "
        "them again after a restart (about 30 MB a character with the default); 0 keeps nothing.",
    )

    # What it may spend (0: no limit)
    budget_tokens_per_day: int = Field(
        default=2_000_000,
        ge=0,
        description="Tokens a day at endpoints off this machine, all rooms together; 0 sets no limit.",
    )
    budget_usd_per_day: float = Field(
        default=0.0, ge=0, description="Dollars a day, all rooms together, where prices are set; 0 sets no limit."
    )
    budget_tokens_per_room_day: int = Field(default=0, ge=0, description="Tokens a day for each room; 0 sets no limit.")
    budget_usd_per_room_day: float = Field(
        default=0.0, ge=0, description="Dollars a day for each room; 0 sets no limit."
    )
    budget_share: float = Field(
        default=0.25,
        gt=0,
        le=1,
        description="Part of a day's budget that the people of one address may take; 1 is all. Operators, and who "
        "comes from this machine itself, are not held to it.",
    )
    price_prompt: float | None = Field(default=None, ge=0, description="Dollars for a million prompt tokens.")
    price_cached: float | None = Field(
        default=None,
        ge=0,
        description="Dollars for a million prompt tokens read from the cache; without it, the prompt price.",
    )
    price_completion: float | None = Field(default=None, ge=0, description="Dollars for a million written tokens.")

    # Who reads aloud
    speech_url: str | None = Field(
        default=None,
        description="Base URL of an OpenAI-compatible speech service (`/audio/speech`), such as "
        "`http://127.0.0.1:8880/v1`. With one, pages read aloud with it what characters say, instead of with the "
        "browser's own voices; what is read is sent there.",
    )
    speech_key: SecretStr | None = Field(default=None, description="Key for the speech URL. Never shown.")
    speech_model: str = Field(default="tts-1", min_length=1, description="Name of the model at the speech URL.")
    speech_voices: _Names = Field(
        default=("alloy",),
        description="Names of the service's voices that may be used, separated by commas, the usual one first. A "
        "character's `voice.sound` has the first of its `voices` that is among them.",
        json_schema_extra={"default": "`alloy`"},
    )
    speech_characters_per_day: int = Field(
        default=200_000,
        ge=0,
        description="Characters (of writing) that the speech service is given a day, all rooms together, counted since "
        "the start; 0 sets no limit. `OPENROOM_BUDGET_SHARE` holds here too.",
    )

    # Rooms
    room_idle_seconds: float = Field(
        default=300.0, gt=0, description="A room nobody is in is closed (and kept) after so long."
    )
    grace_seconds: float = Field(
        default=30.0, ge=0, description="A player whose connection broke stays present for so long."
    )
    heartbeat_seconds: float = Field(default=15.0, gt=0, description="Time between two pings on a connection.")
    max_rooms: int = Field(default=200, ge=1, description="Rooms open at the same time.")
    max_rooms_per_person: int = Field(default=5, ge=1, description="Rooms one player may have started.")
    max_rooms_per_address: int = Field(
        default=20, ge=1, description="Rooms that may have been started from one address since the server began."
    )
    max_players_per_room: int = Field(default=64, ge=1, description="Players in one room.")
    autoplay: bool = Field(
        default=True,
        description="Whether characters may go on among themselves while a player is there but silent, in rooms whose "
        "scene or owner wants it.",
    )
    autoplay_seconds: float = Field(default=8.0, ge=0, description="Silence after which they do.")
    autoplay_turns: int = Field(
        default=6, ge=0, description="Turns they take at most before a player speaks again, whatever the scene says."
    )
    patience_seconds: float = Field(
        default=12.0,
        ge=0,
        le=15,
        description="After so long without a word of an answer, whoever called for it may have the author's lines "
        "instead; 0 never offers them.",
    )

    # What a connection may do
    max_message_bytes: int = Field(default=16_384, ge=256, description="Size of one message from a client.")
    rate_per_second: float = Field(
        default=20.0,
        gt=0,
        description="Messages a second that one connection, or by REST one address, may send for long.",
    )
    rate_burst: int = Field(default=40, ge=1, description="Messages that it may send at once.")
    trusted_proxies: _Names = Field(
        default=(),
        description="Addresses (or networks such as 10.0.0.0/8), separated by commas, of proxies in front: whoever "
        "comes through them has the address that the last of them says (`X-Forwarded-For`). Others are not believed.",
    )
    connections_per_address: int = Field(
        default=32,
        ge=1,
        description="Connections into rooms from one address; of every kind together it may hold four times as many.",
    )

    # How it runs
    log_format: Literal["text", "json"] = Field(default="text", description="`text` for people, `json` for machines.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="What is worth a line.")
    ready_file: Path | None = Field(
        default=None,
        description="File written once the server answers: JSON with its `url` and one-time `operator_url`.",
    )

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 16:
            raise ValueError("at least 16 characters that cannot be guessed")
        return value

    @field_validator("model_url", "speech_url", "hub")
    @classmethod
    def _endpoint(cls, value: str | None) -> str | None:
        return pasted_address(value) if value else value

    @field_validator("model_key", "speech_key")
    @classmethod
    def _key(cls, value: SecretStr | None) -> SecretStr | None:
        return SecretStr(pasted_key(value.get_secret_value())) if value is not None else None

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not re.fullmatch(r"https?://[^\s/?#]+(/[\w.~-]+)*/*", value, re.ASCII):
            raise ValueError("an address that starts with http:// or https://, its path of letters, digits and . _ ~ -")
        return value.rstrip("/")

    @field_validator("characters", "scenes")
    @classmethod
    def _some_folder(cls, value: tuple[Path, ...]) -> tuple[Path, ...]:
        if not value:
            raise ValueError(f"at least one folder (several are separated by {os.pathsep!r})")
        return value

    @field_validator("speech_voices")
    @classmethod
    def _some_voice(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("at least one name of a voice")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            try:
                ipaddress.ip_network(one)
            except ValueError:
                raise ValueError("addresses or networks, such as 127.0.0.1 or 10.0.0.0/8") from None
        return value

    @field_validator("store")
    @classmethod
    def _store_url(cls, value: str | None) -> str | None:
        scheme, colon, _ = (value or "").partition("://")
        if value is not None and (not colon or scheme not in _STORES):
            raise ValueError("a URL of SQLite, such as sqlite:///rooms.db")
        return value

    @field_validator("host")
    @classmethod
    def _one_word(cls, value: str) -> str:
        if any(letter.isspace() or not letter.isprintable() for letter in value):
            raise ValueError("the name or address of one host, such as 127.0.0.1")
        return value

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _any_case(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _public_needs_secret(self) -> Self:
        if not self.on_loopback and self.secret is None:
            raise ValueError(
                f"OPENROOM_HOST is {self.host}, which others can reach: expected OPENROOM_SECRET, a secret of 16 or "
                "more characters to sign sessions with, and none came. Set it (for example to the output of "
                "`openssl rand -hex 32`), or leave OPENROOM_HOST at 127.0.0.1"
            )
        return self

    @model_validator(mode="after")
    def _data_has_a_place(self) -> Self:
        try:
            self.data.expanduser()
        except RuntimeError:
            raise ValueError(
                f"OPENROOM_DATA: expected a folder that can be found, came {str(self.data)!r}, and this user has no "
                "home folder. Set it to a whole path"
            ) from None
        return self

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        if self.host.lower() == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def public_path(self) -> str:
        """The path of the public URL, without a slash at its end: what stands before that of every address of ours."""
        return urlsplit(self.public_url or "").path

    @property
    def store_url(self) -> str:
        """The database URL: the one that was set, else SQLite in the data folder."""
        return self.store or f"sqlite:///{self.data.expanduser().resolve() / 'openroom.db'}"

    @property
    def author_folder(self) -> Path:
        """The one folder that people's acts write to, whether it is there or not."""
        if self.author is not None:
            return self.author.expanduser()
        data = self.data.expanduser().absolute()
        return data.with_name(f"{data.name}_author")

    @property
    def character_folders(self) -> tuple[Path, ...]:
        """All folders of characters: those that were set, and the author folder's where it is there."""
        written = self.author_folder / "characters"
        return (*self.characters, written) if written.is_dir() else self.characters

    @property
    def scene_folders(self) -> tuple[Path, ...]:
        """All folders of scenes: those that were set, and the author folder's where it is there."""
        written = self.author_folder / "scenes"
        return (*self.scenes, written) if written.is_dir() else self.scenes

    @classmethod
    def load(cls, config: Path | None = None, **flags: Any) -> Self:
        """Read flags, environment, file and defaults; warn in the log about OPENROOM_ variables that nothing reads.

        Raises SettingsError, which names the variable, flag or key, what was expected and what came.
        """
        given = {name: value for name, value in flags.items() if value is not None}
        file, values = _read_file(config)
        for warning in unknown_variables(os.environ):
            _LOG.warning("%s", warning)
        # The environment stands between flags and file; pydantic-settings puts it under everything that is passed in.
        values = {name: value for name, value in values.items() if not variable(name, os.environ)}
        try:
            return cls(**values | given)
        except ValidationError as error:
            raise SettingsError(sentence(error, cls.model_fields, given, values, file)) from None


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each OPENROOM_ variable that nothing reads, with the name that was probably meant."""
    known = [name.upper() for name in Settings.model_fields]
    known += [name.removeprefix(PREFIX) for name in OTHER_VARIABLES]
    found = []
    for name in sorted(environ):
        short = name.upper().removeprefix(PREFIX)
        if short != name.upper() and short not in known:
            near = difflib.get_close_matches(short, known, n=1)
            found.append(f"nothing reads {name}" + (f": did you mean {PREFIX}{near[0]}?" if near else ""))
    return found


def _read_file(config: Path | None) -> tuple[Path | None, dict[str, Any]]:
    named = config or (Path(path) if (path := os.environ.get(PREFIX + "CONFIG")) else None)
    file = named or Path("openroom.toml")
    if named is None and not file.is_file():
        return None, {}
    try:
        return file, tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: expected a settings file, came {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: expected TOML, came {error}") from None
