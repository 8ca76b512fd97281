"""All cases of a character: its own, those of the shared library, and generated ones, dealt out into splits.

Splits go by cluster, so that what a candidate is judged on is another situation than the one its proposer has read.
Cases of ``report.yaml`` and report templates stay outside: a cluster or template of theirs may occur in no other split.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from openroom.core.character import Character
from openroom.core.harness import canonical
from openroom.core.scene import Scene
from openroom.errors import DefinitionError
from openroom.evals.case import Case, CaseFile, CheckSpec, Split, Template
from openroom.evals.case_scene import CaseScene
from openroom.evals.checks.registry import parameters
from openroom.evals.expand import SharedCases, expand, lines_of_small_talk
from openroom.evals.lexicon import LIBRARY
from openroom.library.document import Document, read_document
from openroom.library.library import Library
from openroom.library.validate import fit

CASES_FILE, REPORT_FILE = "cases.yaml", "report.yaml"
_DEALT: tuple[Split, ...] = ("gate", "train", "holdout", "gate", "train")


@dataclass(frozen=True, slots=True)
class CaseSet:
    """Cases by id, each with its split (``splits``; a slow one that is no report case has none: it is played by
    ``openroom eval`` only), and the standing checks. ``problems`` are what is wrong with the files."""

    character: str
    cases: Mapping[str, Case]
    splits: Mapping[str, Split]
    standing: tuple[CheckSpec, ...] = ()
    problems: tuple[DefinitionError, ...] = ()

    def of(self, split: Split) -> list[Case]:
        """The cases of a split, in order of their ids."""
        return [self.cases[name] for name in sorted(self.cases) if self.splits.get(name) == split]

    @property
    def digest(self) -> str:
        """sha256 over all cases, their splits and the standing checks."""
        return digest_of(self, sorted(self.cases))


def digest_of(cases: CaseSet, names: Iterable[str]) -> str:
    """sha256 over some of the cases, their splits and the standing checks."""
    body = {
        "cases": {name: [cases.cases[name].digest, cases.splits.get(name, "")] for name in names},
        "standing": [spec.model_dump(mode="json", exclude_none=True) for spec in cases.standing],
    }
    return hashlib.sha256(canonical(body)).hexdigest()


def load_cases(library: Library, character: str, generated: Path | None = None) -> CaseSet:
    """The cases of a character. ``generated`` is a JSON file of further cases. Raises `DefinitionError` for a character
    the library does not have; what is wrong with case files is in `CaseSet.problems`, and the rest is there."""
    stage = CaseScene(library, character)
    card, reader = stage.characters[character], _Files()
    for path in sorted(LIBRARY.glob("*.yaml")):
        if path.name != "lexicon.yaml":
            reader.read(path, f"evals/library/{path.name}")
    folder = library.folder(character)
    for name in (CASES_FILE, REPORT_FILE):
        if folder is not None and (folder / name).is_file():
            reader.read(folder / name, f"characters/{character}/{name}", own=True, report=name == REPORT_FILE)
    reader.read_generated(generated)
    return reader.case_set(card, stage.scene)


@dataclass(slots=True)
class _Source:
    document: Document
    file: CaseFile
    own: bool
    report: bool


@dataclass(slots=True)
class _Files:
    sources: list[_Source] = field(default_factory=list)
    extra: list[Case] = field(default_factory=list)
    problems: list[DefinitionError] = field(default_factory=list)

    def read(self, path: Path, shown: str, *, own: bool = False, report: bool = False) -> None:
        try:
            document = read_document(path, shown)
        except DefinitionError as error:
            self.problems.append(error)
            return
        file, problems = fit(document, CaseFile)
        self.problems += problems
        if file is not None:
            self.sources.append(_Source(document, file, own, report))

    def read_generated(self, path: Path | None) -> None:
        if path is None or not path.is_file():
            return
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            self.extra = [Case.model_validate(body) for body in raw]
        except (ValueError, TypeError) as error:
            self.problems.append(DefinitionError("a list of cases", came=str(error)[:120], file=path.name))

    def case_set(self, card: Character, scene: Scene) -> CaseSet:
        shelf = self._shelf()
        standing = tuple(spec for source in self.sources for spec in source.file.standing)
        found: dict[str, Case] = {}
        for source in self.sources:
            for case, place in self._cases(source, card, scene, shelf):
                self._take(found, lines_of_small_talk(case, shelf), source, place)
        for case in self.extra:
            found.setdefault(case.id, case)
        splits = deal(list(found.values()))
        self.problems += overlaps(found, splits)
        return CaseSet(card.id, found, splits, standing, tuple(self.problems))

    def _shelf(self) -> SharedCases:
        files = [source.file for source in self.sources]
        return SharedCases(
            paraphrases={name: texts for file in files for name, texts in file.paraphrases.items()},
            deeds=[probe for file in files for probe in file.deeds],
            anachronisms=[one for file in files for one in file.anachronisms],
        )

    def _cases(
        self, source: _Source, card: Character, scene: Scene, shelf: SharedCases
    ) -> Iterable[tuple[Case, tuple[str | int, ...]]]:
        for number, case in enumerate(source.file.cases):
            yield (_as_report(case) if source.report else case), ("cases", number)
        for number, template in enumerate(source.file.templates):
            place = ("templates", number)
            try:
                cases = expand(_as_report(template) if source.report else template, card, scene, shelf)
            except ValidationError as error:
                first = error.errors(include_url=False, include_input=False)[0]
                self.problems.append(source.document.error(place, "a template that gives cases", came=first["msg"]))
                continue
            yield from ((case, place) for case in cases)

    def _take(self, found: dict[str, Case], case: Case, source: _Source, place: tuple[str | int, ...]) -> None:
        if case.id in found:
            self.problems.append(source.document.error((*place, "id"), "an id that occurs once", came=repr(case.id)))
            return
        for number, spec in enumerate(case.checks):
            try:
                parameters(spec)
            except DefinitionError as error:
                where = (*place, "checks", number, *([error.key] if error.key else []))
                self.problems.append(source.document.error(where, error.expected, came=error.came))
                return
        found[case.id] = case


def _as_report(case: Any) -> Any:
    return case if case.split else case.model_copy(update={"split": "report"})


def deal(cases: Sequence[Case]) -> dict[str, Split]:
    """A split for each case: its hint, else dealt out by cluster within its dimension; visits have their own. Slow ones
    without a hint get none. The same cases are always dealt the same."""
    splits: dict[str, Split] = {case.id: case.split for case in cases if case.split}
    splits |= {case.id: "visit" for case in cases if case.visit and not case.split}
    open_ones = [case for case in cases if not case.split and not case.slow and not case.visit]
    by_cluster: dict[str, Split] = {}
    for dimension in sorted({case.dimension for case in open_ones}):
        clusters = sorted({case.cluster for case in open_ones if case.dimension == dimension}, key=_rank)
        fresh = [cluster for cluster in clusters if cluster not in by_cluster]
        for number, cluster in enumerate(fresh):
            by_cluster[cluster] = _DEALT[number % len(_DEALT)]
    for case in open_ones:
        splits[case.id] = by_cluster[case.cluster]
    return splits


def overlaps(cases: Mapping[str, Case], splits: Mapping[str, Split]) -> list[DefinitionError]:
    """Clusters and templates of the report that other splits have too."""
    problems = []
    for attribute in ("cluster", "template"):
        sealed = {getattr(case, attribute) for name, case in cases.items() if splits.get(name) == "report"}
        seen = {getattr(case, attribute) for name, case in cases.items() if splits.get(name) not in ("report", None)}
        for both in sorted((sealed & seen) - {""}):
            expected = f"a {attribute} of the report that no other split has"
            problems.append(DefinitionError(expected, came=repr(both), key=attribute))
    return problems


def _rank(cluster: str) -> str:
    return hashlib.sha256(cluster.encode()).hexdigest()


__all__ = ["CASES_FILE", "REPORT_FILE", "CaseSet", "Template", "deal", "digest_of", "load_cases", "overlaps"]
