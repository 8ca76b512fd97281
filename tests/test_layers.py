"""The shape of the source: layers by import-linter's contracts, file sizes, and no address beyond this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest
from grimp import ImportGraph, build_graph
from importlinter.api import read_configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = read_configuration(str(ROOT / "pyproject.toml"))
_KINDS = {"forbidden": ForbiddenContract, "layers": LayersContract}
# Where an address beyond this machine is part of the text: a licence, a form that a page follows, documentation only.
_TEXT_ONLY = {"LICENSE", "CHANGELOG.md"}
# The one outside address that code may name: the endpoint that a bare OPENAI_API_KEY stands for.
_KNOWN = {("openroom/models/discovery.py", "api.openai.com")}
_BLANKS = ("{", "[{", "…")
"""What stands for a host that is filled in: by code, or by whoever reads the example."""
_SOURCE = {
    ".py",
    ".js",
    ".vue",
    ".css",
    ".html",
    ".yaml",
    ".yml",
    ".toml",
    ".sh",
    ".svg",
    ".json",
    ".mako",
    ".ini",
    ".cfg",
    "",
}


def test_every_contract_holds() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert f"Contracts: {len(CONTRACTS['contracts_options'])} kept, 0 broken." in done.stdout


@pytest.fixture(scope="module")
def imports() -> ImportGraph:
    """Who imports whom in the package as it is; a test puts back what it adds."""
    return build_graph("openroom", include_external_packages=True, cache_dir=None)


def _broken(imports: ImportGraph) -> set[str]:
    """The names of the contracts that do not hold."""
    found = set()
    for options in CONTRACTS["contracts_options"]:
        contract = _KINDS[options["type"]](options["name"], CONTRACTS["session_options"], options)
        if not contract.check(deepcopy(imports), verbose=False).kept:
            found.add(options["name"])
    return found


@pytest.mark.parametrize(
    ("module", "imported", "broken"),
    [
        ("openroom.core.thing", "time", "core and props do no I/O"),
        ("openroom.props.lamp", "random", "core and props do no I/O"),
        ("openroom.language.words", "asyncio", "core and props do no I/O"),
        ("openroom.ports.model", "os", "core and props do no I/O"),
        ("openroom.core.thing", "openroom.room", "Imports point down"),
        ("openroom.language.words", "openroom.core.prop", "Imports point down"),
        ("openroom.ports.model", "openroom.models.scripted", "Imports point down"),
        ("openroom.room.room", "openroom.cast.director", "Imports point down"),
        ("openroom.tuning.run", "openroom.server.app", "Imports point down"),
        ("openroom.models.endpoint.remote", "openroom.store", "Imports point down"),
        ("openroom.cast.director", "openroom.models.scripted", "by their ports only"),
        ("openroom.room.room", "openroom.library.library", "by their ports only"),
        ("openroom.room.room", "openroom.ports.model", "room knows no model"),
        ("openroom.lobby.lobby", "openroom.evals", "room, cast and lobby never import"),
        ("openroom.gui.page", "openroom.cast.turn.prompt", "gui never imports"),
        ("openroom.evals.play", "openroom.client", "evals and tuning"),
        ("openroom.tuning.run", "openroom.library.writing", "only people's acts write"),
        ("openroom.evals.play", "openroom.lobby.cards", "only people's acts write"),
        ("openroom.room.room", "openai", "live in models"),
        ("openroom.server.app", "sqlalchemy", "live in store"),
        ("openroom.server.app", "nicegui", "nicegui lives in gui"),
        ("openroom.props.diary.rules", "chess", "chess lives in props.chess"),
        ("openroom.cards.card", "ruamel", "ruamel"),
        ("openroom.cards.card", "yaml", "ruamel"),
        ("openroom.cards.card", "openroom.library.document", "Imports point down"),
        ("openroom.lobby.cards", "PIL", "PIL in cards"),
    ],
)
def test_a_contract_breaks_when_it_should(imports: ImportGraph, module: str, imported: str, broken: str) -> None:
    """The package with one wrong import in it, of a module that is there or could be."""
    new = [name for name in (module, imported) if name not in imports.modules]
    for name in new:
        imports.add_module(name, is_squashed=not name.startswith("openroom"))
    imports.add_import(importer=module, imported=imported, line_number=1, line_contents="import ...")
    try:
        assert any(broken in name for name in _broken(imports))
    finally:
        imports.remove_import(importer=module, imported=imported)
        for name in new:
            imports.remove_module(name)


def test_the_package_as_it_is_breaks_none(imports: ImportGraph) -> None:
    assert _broken(imports) == set()


def _project_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout here: what belongs to the project is not known")
    listed = subprocess.run(
        ["git", "ls-files", "-zco", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True, timeout=30
    )
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_source_file_grows_past_500_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "openroom").rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert not long, f"does each of these still hold one noun? {long}"


def test_the_code_names_no_registry_and_no_download_address() -> None:
    """Package clients and hub libraries know their hosts; the project names none. Examples use reserved names."""
    hosts = re.compile(
        r"pypi\.(org|python)|pythonhosted|npmjs|registry\.npm|deb\.debian|huggingface\.co|hf\.co\b|jsdelivr|unpkg|cdnjs"
        r"|googleapis|gstatic|storage\.cloud|github\.com/[^\s]+/releases|raw\.githubusercontent",
        re.IGNORECASE,
    )
    address = re.compile(r"\b(?:https?|wss?)://([^\s/\"'`<>)\]},|\\]+)")
    allowed = re.compile(
        r"^(?:127\.0\.0\.\d+|localhost|\[::1\]|testserver|0\.0\.0\.0|[\w.-]*\.(?:example|test|invalid|localhost)"
        r"|example\.(?:com|org|net)|www\.w3\.org|json-schema\.org)(?::[^/]*)?$"
    )
    found = []
    for path in _project_files():
        if path.suffix not in _SOURCE or path.name in _TEXT_ONLY or path == Path(__file__):
            continue
        name = path.relative_to(ROOT).as_posix()
        in_tests = name.startswith("tests/")  # there, foreign hosts are what must be refused
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            hosts_named = [] if in_tests else address.findall(line)
            wrong = [host for host in hosts_named if not allowed.match(host) and not host.startswith(_BLANKS)]
            if hosts.search(line) or any((name, host) not in _KNOWN for host in wrong):
                found.append(f"{name}:{number}: {line.strip()[:160]}")
    assert not found, "\n".join(found)
