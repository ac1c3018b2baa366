"""A whole simulated election: its places, precincts, districts, candidates and returns, as an election folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from suffrage.election.folder import write_folder
from suffrage.election.model import Contest, Election, Kind
from suffrage.errors import WRONG_USE, Problem, SimulationError, shown
from suffrage.law import Gap, Rules, Statute, built_in, built_in_ids, write_statute
from suffrage.law.statute import Chamber
from suffrage.outputs import OutputError, whole_folder
from suffrage.simulation.assumptions import Assumptions
from suffrage.simulation.districts import Division, chambers_of, divided, variant_of
from suffrage.simulation.geography import Geography
from suffrage.simulation.people import candidates_of
from suffrage.simulation.places import cells_of, places_of
from suffrage.simulation.precincts import Line, line_of
from suffrage.simulation.report import ChamberReport, SimulationReport
from suffrage.simulation.votes import FIGURES, Papers, attendance, figures_of, returns_of
from suffrage.simulation.writing import ReturnsFile, identifiers

MODEL = 1
"""The version of the model: with it, the same law, electors, seed and assumptions give the same files."""

FEWEST_ELECTORS, MOST_ELECTORS = 1_000, 1_000_000_000
LARGEST_SEED = 2**64 - 1
MOST_SEATS = 200
"""The most seats of one contest: more candidates would use up the names of a language."""

Progress = Callable[[str, int, int], None]


def simulate(
    statute: Statute,
    electors: int,
    seed: int,
    out: Path,
    progress: Progress | None = None,
    *,
    chambers: Sequence[str] = (),
    polling_day: date | None = None,
    assumptions: Assumptions | None = None,
) -> SimulationReport:
    """Invent an election under a law and write it as the election folder `out`: the first ballot, all or nothing.

    `progress` is called with a stage, how much of it is done and how much there is. `chambers` are those elected (all,
    if empty). SimulationError (exit code 2): figures out of range, a law that says too little, a folder that cannot be
    written.
    """
    elected = chambers_of(statute, chambers)
    _check(statute, elected, electors, seed)
    try:
        with whole_folder(out) as folder:
            simulation = _Simulation(
                statute,
                elected,
                electors,
                seed,
                polling_day or usual_polling_day(statute),
                assumptions or Assumptions(),
                progress or (lambda stage, done, total: None),
            )
            return simulation.written(folder, out)
    except OutputError as error:
        raise SimulationError(error.problems, exit_code=error.exit_code) from None


@dataclass(frozen=True)
class _Simulation:
    """One simulation. Each stage draws from a generator of its own, so that no stage disturbs another."""

    statute: Statute
    chambers: tuple[Chamber, ...]
    electors: int
    seed: int
    polling_day: date | None
    assumptions: Assumptions
    tell: Progress

    def written(self, folder: Path, out: Path) -> SimulationReport:
        ground, people, vote = (
            np.random.Generator(np.random.PCG64(sequence)) for sequence in np.random.SeedSequence(self.seed).spawn(3)
        )
        self.tell("precincts", 0, 1)
        kinds = {norm.unit for chamber in self.chambers for norm in chamber.norms}
        places = places_of(self.statute, kinds)
        line = line_of(self.statute, cells_of(places), self.electors, self.assumptions, ground)
        divisions = [divided(chamber, self.statute, places, line, self.assumptions) for chamber in self.chambers]
        geography = Geography(places, line, divisions)
        self.tell("precincts", 1, 1)
        election = self._election(geography, divisions, people)
        write_folder(election, folder)
        if election.law != self.statute.id:
            (folder / election.law).write_text(write_statute(self.statute), "utf-8", newline="")
        self._write_returns(folder, line, geography, divisions, election, vote)
        return SimulationReport(
            out,
            self.statute.id,
            self.electors,
            int(line.inhabitants.sum()),
            len(line),
            line.outside_limits,
            tuple(_report(division, election) for division in divisions),
            len(line) * len(divisions),
            tuple(sorted(entry.name for entry in folder.iterdir())),
            self.polling_day,
        )

    def _election(self, geography: Geography, divisions: Sequence[Division], rng: np.random.Generator) -> Election:
        self.tell("candidates", 0, 1)
        statute = self.statute
        contests = tuple(contest for division in divisions for contest in _contests(division))
        candidates = candidates_of(contests, geography.languages, statute, self.polling_day, self.assumptions, rng)
        self.tell("candidates", 1, 1)
        own = statute.id in built_in_ids() and built_in(statute.id) == statute
        about = f"{self.electors} electors, seed {self.seed}, model {MODEL}"
        return Election(
            id=f"{statute.id}-simulated",
            title=f"{statute.title}: a simulated election",
            law=statute.id if own else f"{statute.id}.toml",
            kind=Kind.DEMO,
            units=geography.units,
            contests=contests,
            candidates=candidates,
            polling_day=self.polling_day,
            sources=(f"Simulated: {about}. Every person and every figure is invented.",),
        )

    def _write_returns(
        self,
        folder: Path,
        line: Line,
        geography: Geography,
        divisions: Sequence[Division],
        election: Election,
        rng: np.random.Generator,
    ) -> None:
        total = len(line) * len(divisions)
        people = attendance(line.electors, geography.neighbourhood, self.assumptions, rng)
        every = [self.statute.rules_for(division.variant) for division in divisions]
        figures = tuple(name for name in FIGURES if any(name in figures_of(rules) for rules in every))
        standing = election.index.standing
        first = 0
        self.tell("returns", 0, total)
        with ReturnsFile(folder, figures, max(map(len, standing)), total, contests=len(election.contests) > 1) as file:
            for division, rules in zip(divisions, every, strict=True):
                mine = slice(first, first + len(division.districts))
                papers = _papers(rules, election.contests[mine], [len(group) for group in standing[mine]])
                names = [contest.id for contest in election.contests[mine]]
                for returns in returns_of(papers, division.of, people, self.assumptions, rng):
                    units = geography.precincts[returns.rows]
                    file.write(units, identifiers(names, division.of[returns.rows]), returns)
                    self.tell("returns", file.rows, total)
                first = mine.stop


def usual_polling_day(statute: Statute) -> date | None:
    """The second Sunday of December of the year in which the law was adopted; None where that is not known."""
    try:
        first = date(int(statute.adopted[:4]), 12, 1)
    except ValueError:
        return None
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7)


def _check(statute: Statute, chambers: Sequence[Chamber], electors: int, seed: int) -> None:
    """Refuse figures that no election can be made of, and laws that say too little: SimulationError (exit code 2)."""
    for name, value, least, most in (
        ("electors", electors, FEWEST_ELECTORS, MOST_ELECTORS),
        ("seed", seed, 0, LARGEST_SEED),
    ):
        if not least <= value <= most:
            raise _refused(name, "out of range", shown(value), f"a whole number from {least} to {most}")
    for chamber in chambers:
        rules = statute.rules_for(variant_of(chamber, statute))
        if isinstance(rules.ballot.may_leave.value, Gap):
            seen = f"ballot.may_leave: {rules.ballot.may_leave.value}"
            message = "the law does not say how many names a ballot may hold"
            raise _refused(statute.id, message, seen, "a number, seats or any")
        if (rules.ballot.seats.known or 1) > MOST_SEATS:
            message = "a ballot paper for more seats than the model has names for"
            raise _refused(statute.id, message, f"ballot.seats: {rules.ballot.seats.known}", f"at most {MOST_SEATS}")
        for name, field in rules.returns.fields.items():
            if field.required and name not in FIGURES:
                message = "the law asks for a figure that the model does not make"
                raise _refused(statute.id, message, name, f"one of {', '.join(FIGURES)}")


def _refused(place: str, message: str, seen: str, expected: str) -> SimulationError:
    return SimulationError(Problem(place, message, seen, expected), exit_code=WRONG_USE)


def _contests(division: Division) -> tuple[Contest, ...]:
    chamber = division.chamber
    return tuple(
        Contest(
            id=chamber.id if division.whole else district.unit,
            unit=district.unit,
            name=district.name,
            chamber=chamber.name,
            seats=district.seats,
            rules=division.variant,
        )
        for district in division.districts
    )


def _papers(rules: Rules, contests: Sequence[Contest], standing: Sequence[int]) -> Papers:
    seats = [contest.seats for contest in contests]
    most = [min(rules.ballot.most_names(s, c) or 1, c) for s, c in zip(seats, standing, strict=True)]
    return Papers(np.array(standing, np.int64), np.array(most, np.int64), np.array(seats, np.int64), rules)


def _report(division: Division, election: Election) -> ChamberReport:
    chamber = division.chamber
    mine = {contest.id for contest in _contests(division)}
    return ChamberReport(
        chamber.id,
        chamber.name,
        len(division.districts),
        division.deputies,
        division.seats,
        sum(candidate.contest in mine for candidate in election.candidates),
        chamber.seats.note if chamber.seats else "",
    )
