"""The build that is measured: this checkout's, or the one of a git revision in a worktree of its own.

What measures is always this checkout's `benchmarks`; what is imported as `openroom` is the build's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class NoBuild(Exception):
    """A revision cannot be measured; the message says why."""


@dataclass(frozen=True, slots=True)
class Build:
    """A checkout, and what it is called in tables. Its commands run with `environment` in `root`."""

    root: Path
    label: str

    @property
    def environment(self) -> dict[str, str]:
        """This process's, in which `openroom` is the build's. No setting of whoever measures gets in, and bytecode is
        kept, or a build without any would compile itself at each start."""
        left_out = ("OPENROOM_", "OPENAI_", "PYTHONDONTWRITEBYTECODE")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
        path = [str(self.root), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        return kept | {"PYTHONPATH": os.pathsep.join(path)}


HERE = Build(ROOT, "this")


@contextmanager
def worktree(revision: str, repository: Path = ROOT) -> Iterator[Build]:
    """The build of a revision, in a folder that is gone afterwards, whatever happens. Raises `NoBuild`."""
    commit = _git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    with tempfile.TemporaryDirectory(prefix="openroom-against-") as folder:
        root = Path(folder).resolve() / commit[:7]
        try:
            _git(repository, "worktree", "add", "--detach", str(root), commit)
            # `python -m` looks into the folder that it runs in first: there is to be one `benchmarks`, this one.
            shutil.rmtree(root / "benchmarks", ignore_errors=True)
            yield Build(root, commit[:7])
        finally:
            remove = ["git", "worktree", "remove", "--force", str(root)]
            subprocess.run(remove, cwd=repository, capture_output=True, check=False)


def check(build: Build) -> None:
    """Raises `NoBuild` unless `openroom` is the build's where it is measured."""
    command = [sys.executable, "-c", "import openroom; print(openroom.__file__)"]
    done = subprocess.run(command, cwd=build.root, env=build.environment, capture_output=True, text=True, check=False)
    if not Path(done.stdout.strip()).is_relative_to(build.root):
        raise NoBuild(f"expected openroom from {build.root}, came {done.stdout.strip() or done.stderr.strip()}")


def _git(repository: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=repository, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise NoBuild("git is not here") from None
    if done.returncode:
        raise NoBuild(f"git {arguments[0]} ended with {done.returncode}: {done.stderr.strip() or 'no such revision'}")
    return done.stdout.strip()
