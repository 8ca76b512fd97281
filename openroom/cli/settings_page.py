"""docs/settings.md, made from the fields: ``python -m openroom.cli.settings_page``."""

from __future__ import annotations

from openroom.settings import OTHER_VARIABLES, Settings
from openroom.settings_problems import PREFIX


def settings_page() -> str:
    """docs/settings.md: one table of every setting, generated from the fields."""
    rows = [
        f"| `{PREFIX}{name.upper()}` | {_default_text(name)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    rows += [f"| `{name}` | | {text} |" for name, text in OTHER_VARIABLES.items()]
    return "\n".join([_PAGE_HEAD, *rows, ""])


_PAGE_HEAD = """# Settings

Made from `openroom/settings.py` by `make docs`; a test fails when it is out of date.

A flag of `openroom serve` (`--model-url`) wins over the environment (`OPENROOM_MODEL_URL`), that over the file
(`model_url` in `openroom.toml`, or in the file that `--config` or `OPENROOM_CONFIG` names), that over the default. An
empty variable counts as not set. A wrong value stops the start and says which, what was expected and what came; a
variable that nothing reads is only warned about. Paths are relative to the folder that the server is started in.

| Variable | Default | What it sets |
| --- | --- | --- |"""


def _default_text(name: str) -> str:
    field = Settings.model_fields[name]
    extra = field.json_schema_extra
    if isinstance(extra, dict):
        return str(extra["default"])
    if field.default is None or field.default == ():
        return ""
    return f"`{str(field.default).lower()}`" if isinstance(field.default, bool) else f"`{field.default}`"


if __name__ == "__main__":
    print(settings_page(), end="")
