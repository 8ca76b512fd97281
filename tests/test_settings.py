from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as fuzzed
from hypothesis import strategies as st

from openroom.cli.settings_page import settings_page
from openroom.errors import SettingsError
from openroom.settings import Settings, shipped, unknown_variables

ROOT = Path(__file__).resolve().parent.parent
SECRET = "0123456789abcdef"


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_defaults_are_a_private_server_with_the_shipped_folders() -> None:
    settings = Settings.load()
    assert (settings.host, settings.port, settings.model) == ("127.0.0.1", 8200, "auto")
    assert settings.on_loopback
    assert settings.characters == (shipped("characters"),)
    assert settings.scenes == (shipped("scenes"),)
    assert settings.store_url == f"sqlite:///{settings.data.resolve() / 'openroom.db'}"


def test_folders_beside_the_server_come_before_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "characters").mkdir()
    assert Settings.load().characters == (tmp_path / "characters", shipped("characters"))
    assert Settings.load().scenes == (shipped("scenes"),)


def test_flag_wins_over_environment_over_file_over_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "openroom.toml").write_text('port = 1001\nmodel = "from-file"\nrate_burst = 7\n')
    monkeypatch.setenv("OPENROOM_PORT", "1002")
    monkeypatch.setenv("OPENROOM_MODEL", "from-environment")
    settings = Settings.load(port=1003, host=None)
    assert (settings.port, settings.model, settings.rate_burst) == (1003, "from-environment", 7)
    assert settings.host == "127.0.0.1"


def test_the_file_is_named_by_flag_or_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, port in (("a.toml", 1), ("b.toml", 2)):
        (tmp_path / name).write_text(f"port = {port}\n")
    monkeypatch.setenv("OPENROOM_CONFIG", "a.toml")
    assert Settings.load().port == 1
    assert Settings.load(config=Path("b.toml")).port == 2


def test_lists_are_split_and_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENROOM_CHARACTERS", os.pathsep.join(["one", "two"]))
    monkeypatch.setenv("OPENROOM_ALLOWED_HOSTS", "rooms.example, other.example,")
    monkeypatch.setenv("OPENROOM_PORT", "")
    settings = Settings.load()
    assert settings.characters == (Path("one"), Path("two"))
    assert settings.allowed_hosts == ("rooms.example", "other.example")
    assert settings.port == 8200


def test_a_flag_may_be_one_path(tmp_path: Path) -> None:
    assert Settings.load(scenes=tmp_path).scenes == (tmp_path,)


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("OPENROOM_PORT", "abc", "OPENROOM_PORT: expected a valid integer, came 'abc'"),
        ("OPENROOM_PORT", "70000", "OPENROOM_PORT: expected less than or equal to 65535, came '70000'"),
        ("OPENROOM_DISCOVER", "perhaps", "OPENROOM_DISCOVER: expected a valid boolean, came 'perhaps'"),
        ("OPENROOM_LOG_FORMAT", "xml", "OPENROOM_LOG_FORMAT: expected 'text' or 'json', came 'xml'"),
        ("OPENROOM_SCENES", os.pathsep, "OPENROOM_SCENES: expected at least one folder"),
        ("OPENROOM_SECRET", "short", "OPENROOM_SECRET: expected at least 16 characters"),
        ("OPENROOM_MODEL_URL", "ftp:x", "OPENROOM_MODEL_URL: expected an address that starts with http:// or https://"),
        (
            "OPENROOM_MODEL_URL",
            "http://169.254.1.1/v1",
            "OPENROOM_MODEL_URL: expected the address of a language model; this one is for a machine's own credentials",
        ),
        (
            "OPENROOM_MODEL_KEY",
            "sk-…",
            "OPENROOM_MODEL_KEY: expected a key of plain letters, digits and marks, came 4 char",
        ),
        ("OPENROOM_STORE", "postgresql+asyncpg://host/db", "OPENROOM_STORE: expected a URL of SQLite"),
    ],
)
def test_a_wrong_variable_is_named_with_what_was_expected_and_what_came(
    variable: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert str(caught.value).startswith(sentence)


def test_a_pasted_address_and_key_are_taken_as_they_were_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENROOM_MODEL_URL", " http://127.0.0.1:8080/v1/chat/completions \n")
    monkeypatch.setenv("OPENROOM_MODEL_KEY", "sk-abcdefgh12345678\n")
    settings = Settings.load()
    assert settings.model_url == "http://127.0.0.1:8080/v1"
    assert settings.model_key is not None and settings.model_key.get_secret_value() == "sk-abcdefgh12345678"


def test_a_wrong_flag_and_a_wrong_key_in_the_file_are_named_by_their_place(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^--rate-burst: expected greater than or equal to 1, came 0$"):
        Settings.load(rate_burst=0)
    (tmp_path / "openroom.toml").write_text("prot = 1\n")
    with pytest.raises(SettingsError, match=r"^openroom.toml: prot: expected the name of a setting, perhaps 'port'"):
        Settings.load()


@pytest.mark.parametrize("text", [b"port = ", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "openroom.toml").write_bytes(text)
    with pytest.raises(SettingsError, match=r"^openroom.toml: expected"):
        Settings.load()


def test_a_named_file_must_exist() -> None:
    with pytest.raises(SettingsError, match=r"^gone.toml: expected a settings file, came .*No such file"):
        Settings.load(config=Path("gone.toml"))


def test_secrets_and_passwords_are_neither_printed_nor_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENROOM_MODEL_KEY", "sk-very-private")
    assert "sk-very-private" not in repr(Settings.load())
    monkeypatch.setenv("OPENROOM_SECRET", "pssst")
    monkeypatch.setenv("OPENROOM_STORE", "postgresql://ann:hunter2@127.0.0.1/rooms")
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert "pssst" not in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "OPENROOM_SECRET: expected at least 16 characters that cannot be guessed, came 5 characters" in str(
        caught.value
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "rooms.example"])
def test_a_public_address_needs_a_secret(host: str) -> None:
    with pytest.raises(SettingsError, match=r"expected OPENROOM_SECRET.*none came. Set it"):
        Settings.load(host=host)
    assert not Settings.load(host=host, secret=SECRET).on_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost", "LOCALHOST"])
def test_loopback_needs_none(host: str) -> None:
    assert Settings.load(host=host).on_loopback


def test_an_unknown_variable_is_warned_about_but_not_fatal(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENROOM_PROT", "8300")
    assert Settings.load().port == 8200
    assert "nothing reads OPENROOM_PROT: did you mean OPENROOM_PORT?" in caplog.text


def test_known_variables_of_other_parts_are_not_unknown() -> None:
    assert unknown_variables({"OPENROOM_CONFIG": "x", "openroom_port": "1", "HOME": "/"}) == []
    assert unknown_variables({"OPENROOM_ZZZ": "x"}) == ["nothing reads OPENROOM_ZZZ"]


def test_the_page_is_current_and_every_setting_is_described() -> None:
    page = settings_page()
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == page, "run: make docs"
    for name, field in Settings.model_fields.items():
        assert f"| `OPENROOM_{name.upper()}` |" in page
        assert field.description and "|" not in field.description


def test_shipped_folders_are_found_in_this_checkout() -> None:
    assert shipped("characters") == ROOT / "characters"
    assert shipped("static") == ROOT / "static"


def test_a_missing_shipped_folder_says_where_it_should_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openroom.settings._PACKAGE", tmp_path / "openroom")
    with pytest.raises(SettingsError, match="expected the shipped folder 'scenes'"):
        shipped("scenes")
    (tmp_path / "openroom" / "_data" / "scenes").mkdir(parents=True)
    assert shipped("scenes") == tmp_path / "openroom" / "_data" / "scenes"


def test_a_first_character_of_ones_own_leaves_the_shipped_scenes_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "characters").mkdir()
    assert Settings.load().characters == (tmp_path / "characters", shipped("characters"))
    (tmp_path / "scenes").mkdir()
    assert Settings.load().characters == (tmp_path / "characters",)


@fuzzed(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=120)
    | st.dictionaries(
        st.sampled_from([*Settings.model_fields, "nonsense"]),
        st.text(max_size=12) | st.integers() | st.floats() | st.booleans() | st.lists(st.text(max_size=5), max_size=2),
        max_size=4,
    )
    .map(lambda table: "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items()))
    .map(str.encode)
)
def test_no_file_is_more_than_refused(tmp_path: Path, data: bytes) -> None:
    """Whatever stands in the file: settings, or one sentence that names the file."""
    file = tmp_path / "openroom.toml"
    file.write_bytes(data)
    try:
        assert Settings.load(file).port >= 0
    except SettingsError as error:
        assert "\n" not in str(error).strip()


@fuzzed(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(Settings.model_fields)), st.text(st.characters(exclude_characters="\x00"), max_size=30))
@example("host", "\n")
@example("host", "127.0.0.1\u2028")
def test_no_variable_is_more_than_refused(name: str, value: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        try:
            patch.setenv(f"OPENROOM_{name.upper()}", value)
        except UnicodeEncodeError:
            return  # no environment holds that
        try:
            assert Settings.load().port >= 0
        except SettingsError as error:
            assert "\n" not in str(error).strip()
