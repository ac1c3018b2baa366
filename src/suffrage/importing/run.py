"""From a recipe and a folder of sources to an election folder: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from suffrage.count.findings import Severity
from suffrage.count.folder import count_folder
from suffrage.election.folder import read_folder, write_folder
from suffrage.election.model import Election, Kind
from suffrage.errors import WRONG_USE, ImportingError, LawError, Problem, SuffrageError
from suffrage.importing.ballots import BALLOTS, write_ballots
from suffrage.importing.candidates import Candidates, read_candidates
from suffrage.importing.figures import Returns, read_figures, read_votes
from suffrage.importing.parse import read_recipe
from suffrage.importing.passes import Pass, passes_of
from suffrage.importing.problems import Problems, listed
from suffrage.importing.recipe import Recipe
from suffrage.importing.report import ImportReport, SourceReport
from suffrage.importing.source import Progress, SourceFolder
from suffrage.importing.units import made_contests, read_units
from suffrage.importing.withdrawals import inferred
from suffrage.law import Statute, find_statute, write_statute
from suffrage.outputs import OutputError, whole_folder
from suffrage.words import plural

RETURNS = "returns.csv"


def import_election(
    recipe: Path,
    sources: Path,
    out: Path,
    values: Mapping[str, str] | None = None,
    *,
    progress: Progress | None = None,
) -> ImportReport:
    """Make an election folder `out` from the files in `sources`, as a recipe says.

    `values` override the recipe's parameters. `progress` is called with a file's name and the number of rows read.
    ImportingError tells every mistake that was found (exit code 2: wrong use, or a file that cannot be read); then
    nothing is written. A folder `out` that exists must be empty.
    """
    read = read_recipe(recipe, values or {})
    if not sources.is_dir():
        raise ImportingError(Problem(str(sources), "no such folder", "", "the sources"), exit_code=WRONG_USE)
    try:
        with whole_folder(out) as folder:
            report = _Import(read, recipe.parent, sources, folder, progress).run()
    except OutputError as error:
        raise ImportingError(error.problems, exit_code=error.exit_code) from None
    return replace(report, out=out)


class _Import:
    """One import into a folder of its own."""

    def __init__(self, recipe: Recipe, beside: Path, sources: Path, folder: Path, progress: Progress | None) -> None:
        self.recipe = recipe
        self.beside = beside
        self.folder = folder
        self.progress = progress
        self.problems = Problems()
        self.sources = SourceFolder(sources, recipe, self.problems)

    def run(self) -> ImportReport:
        """Read everything, write everything, read back what was written."""
        statute = self._law()
        passes = {
            kind: passes_of(sections, self.recipe, self.sources, self.problems)
            for kind, sections in self.recipe.sections.items()
        }
        self.problems.raise_any()
        election, candidates = self._election(passes)
        write_folder(election, self.folder)
        returns = Returns(election, candidates, list(_fields(statute)))
        ballots = 0
        if passes["ballots"]:
            path = self.folder / BALLOTS
            ballots = write_ballots(passes["ballots"], returns, path, self.problems, self.progress)
        else:
            read_figures(passes["figures"], returns, self.problems, self.progress)
            read_votes(passes["votes"], returns, self.problems, self.progress)
        if not returns and not ballots and not len(self.problems):
            self.problems.add(self.recipe.name, "nothing was counted", "", "rows that meet where and have figures")
        self.problems.raise_any()
        if returns:
            returns.write(self.folder / RETURNS)
        decisions, notes = self._looked_over(election)
        notes += _gaps(returns) if returns else []
        return ImportReport(
            out=self.folder,
            units=len(election.units),
            contests=len(election.contests),
            candidates=len(election.candidates),
            returns=len(returns),
            ballots=ballots,
            decisions=decisions,
            sources=self._accounts(),
            notes=tuple(notes),
        )

    def _law(self) -> Statute:
        """The law that the recipe names. One from a file beside the recipe is copied, whole, into the folder."""
        name = self.recipe.head.law
        place = self.recipe.head.places["law"]
        if name.endswith(".toml") and Path(name).name != name:
            raise ImportingError(Problem(place, "a law that is not beside the recipe", name, "a file name"))
        try:
            statute = find_statute(name, self.beside)
        except LawError as error:
            problems = [
                Problem(f"{place}: {p.place}".removesuffix(": "), p.message, p.seen, p.expected) for p in error.problems
            ]
            raise ImportingError(problems, exit_code=error.exit_code) from None
        if name.endswith(".toml"):
            (self.folder / name).write_text(write_statute(statute), "utf-8", newline="")
        return statute

    def _election(self, passes: Mapping[str, Sequence[Pass]]) -> tuple[Election, Candidates]:
        head = self.recipe.head
        units = read_units(passes["units"], self.problems, self.progress)
        self.problems.raise_any()
        contests = made_contests(self.recipe.contests, units, self.problems)
        self.problems.raise_any()
        candidates = read_candidates(passes["candidates"], contests, self.problems, self.progress)
        self.problems.raise_any()
        order = {contest.id: position for position, contest in enumerate(contests)}
        candidates.all.sort(key=lambda candidate: (order[candidate.contest], candidate.number))
        election = Election(
            id=head.id,
            title=head.title,
            law=head.law,
            kind=Kind(head.kind),
            units=tuple(units),
            contests=tuple(contests),
            candidates=tuple(candidates.all),
            polling_day=head.polling_day,
            second_ballot_day=head.second_ballot_day,
            time_zone=head.time_zone,
            sources=head.sources,
        )
        return election, candidates

    def _looked_over(self, election: Election) -> tuple[int, list[str]]:
        """Count what was written, so that nothing is left that cannot be read; infer the withdrawals."""
        try:
            counted = count_folder(self.folder)
            errors = counted.number_of(Severity.ERROR)
            notes = [f"{plural(errors, 'error')} in the figures; `suffrage count` names them"] if errors else []
            if not self.recipe.withdrawals:
                return 0, notes
            decisions, undecided = inferred(counted)
            if undecided:
                notes.append(f"the first ballot is undecided, so no withdrawals are known: {listed(undecided)}")
            write_folder(replace(election, decisions=tuple(decisions)), self.folder)
            read_folder(self.folder)
        except SuffrageError as error:
            raise ImportingError(error.problems, exit_code=error.exit_code) from None
        return len(decisions), notes

    def _accounts(self) -> tuple[SourceReport, ...]:
        found = []
        for source in self.sources.files.values():
            rows, unused = source.account()
            repaired = {(old, self.recipe.repair[old]): number for old, number in source.repairs.items()}
            found.append(SourceReport(source.name, rows, unused, repaired))
        return tuple(found)


def _fields(statute: Statute) -> dict[str, None]:
    """The figures that a law, or one of its variants, knows; each once."""
    return {name: None for rules in (statute, *statute.variants.values()) for name in rules.returns.fields}


def _gaps(returns: Returns) -> list[str]:
    """What one would expect in the returns of the first ballot, and what is not there."""
    notes = []
    if silent := returns.silent():
        notes.append(f"{plural(silent, 'unit has', 'units have')} no return in the first ballot")
    if voteless := returns.voteless():
        number = plural(len(voteless), "candidate has", "candidates have")
        notes.append(f"{number} no votes in the first ballot: {listed(voteless, 5)}")
    return notes
