"""From batches of returns to sums and findings: the streaming half of a count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from suffrage.count.ballot import DOUBTFUL, figures_of_ballots
from suffrage.count.checks import breaches, completed, names_of, reread
from suffrage.count.findings import Finding, Severity
from suffrage.count.sums import Sums
from suffrage.election.model import Decision, DecisionKind, Election
from suffrage.errors import CountError, Problem, ReturnsError
from suffrage.law import Rules, Statute
from suffrage.returns.batch import ABSENT, Batch, Ints, Mask
from suffrage.returns.open import SOME_LEFT
from suffrage.returns.slots import Slots


@dataclass(frozen=True)
class Gathered:
    """The sums of each ballot and the findings of each contest and ballot (by position, 1 or 2)."""

    slots: Slots
    sums: Mapping[int, Sums]
    findings: Mapping[tuple[int, int], list[Finding]]


def gather(
    election: Election,
    statute: Statute,
    own: Statute,
    batches: Iterable[Batch],
    slots: Slots,
    *,
    every_return: bool = False,
) -> Gathered:
    """Add up the returns of an election under a law, once through.

    `own` is the law under which the returns were made; with `every_return` the sums keep each return by itself.
    ReturnsError where a return is given twice.
    """
    gatherer = _Gatherer(election, statute, own, slots, every_return)
    for batch in batches:
        gatherer.add(batch)
    gatherer.note_idle_decisions()
    # In the order of the units, whatever the order of the returns; of one return in the order of the checks.
    for findings in gatherer.findings.values():
        findings.sort(key=lambda finding: election.index.unit[finding.unit])
    return Gathered(slots, gatherer.sums, gatherer.findings)


class _Gatherer:
    def __init__(self, election: Election, statute: Statute, own: Statute, slots: Slots, every_return: bool) -> None:
        self.election = election
        self.slots = slots
        self.every_return = every_return
        self.sums: dict[int, Sums] = {}
        self.findings: dict[tuple[int, int], list[Finding]] = {}
        self.rules = [_rules_of(statute, contest.rules, foreign=statute is not own) for contest in election.contests]
        both = [
            (rules, _rules_of(own, contest.rules)) for rules, contest in zip(self.rules, election.contests, strict=True)
        ]
        self._laws = list({(id(rules), id(other)): (rules, other) for rules, other in both}.values())
        places = {(id(rules), id(other)): place for place, (rules, other) in enumerate(self._laws)}
        self._law_of = np.array([places[id(rules), id(other)] for rules, other in both], np.int32)
        standing = election.index.standing
        most = [
            rules.ballot.most_names(contest.seats, len(standing[position]))
            for position, (rules, contest) in enumerate(zip(self.rules, election.contests, strict=True))
        ]
        self.may_leave: Ints = np.array([1 if names is None else names for names in most], np.int64)
        registered = [unit.registered for unit in election.units]
        self._roll: Ints | None = None
        if any(figure is not None for figure in registered):
            self._roll = np.array([ABSENT if figure is None else figure for figure in registered], np.int64)
        self._settling = {
            (decision.contest, decision.unit, decision.ballot): decision.id
            for decision in election.decisions
            if decision.kind in (DecisionKind.ACCEPT, DecisionKind.ANNUL)
        }
        self._changes: dict[tuple[int, int], list[Decision]] = {}
        for decision in election.decisions:
            if decision.unit and decision.kind in (DecisionKind.CORRECT, DecisionKind.ANNUL):
                where = election.index.contest[decision.contest], election.index.unit[decision.unit]
                self._changes.setdefault(where, []).append(decision)
        self._refuse_unknown_fields()

    def _refuse_unknown_fields(self) -> None:
        """No correction may miss the figure that it means."""
        problems = []
        for (contest, _), decisions in self._changes.items():
            rules, own = self._laws[self._law_of[contest]]
            known = {**own.returns.fields, **rules.returns.fields, DOUBTFUL: None}
            problems += [
                Problem(
                    "decisions.csv, field",
                    f"decision {decision.id} corrects a figure that no return has",
                    decision.field,
                    f"one of {', '.join(known)}",
                )
                for decision in decisions
                if decision.field and decision.field not in known
            ]
        if problems:
            raise CountError(problems)

    def note_idle_decisions(self) -> None:
        """A remark on every decision about a return that did not come: it changed nothing."""
        for (contest, unit), decisions in self._changes.items():
            slot = self.slots.of(np.array([contest], np.int32), np.array([unit], np.int32))
            for decision in decisions:
                sums = self.sums.get(decision.ballot)
                if sums is None or not sums.reported[slot].any():
                    self.findings.setdefault((contest, decision.ballot), []).append(
                        Finding(
                            Severity.REMARK,
                            decision.contest,
                            decision.ballot,
                            decision.unit,
                            "a decision about a return that is not given",
                            about=f"decision {decision.id}",
                        )
                    )

    def add(self, batch: Batch) -> None:
        for ballot in (1, 2):
            rows = np.flatnonzero(batch.ballot == ballot)
            if len(rows) == len(batch) and len(rows):
                self._add(batch, ballot)
            elif len(rows):
                self._add(_taken(batch, rows), ballot)

    def _add(self, batch: Batch, ballot: int) -> None:
        sums = self.sums.get(ballot)
        if sums is None:
            sums = self.sums[ballot] = Sums(self.election, self.slots, every_return=self.every_return)
        self._refuse_doubled(batch, sums, ballot)
        from_ballots = SOME_LEFT in batch.figures
        if from_ballots:
            # First, so that decisions speak of the figures that the law knows.
            seen = batch.figures
            batch = replace(batch, figures=self._by_law(batch, lambda rules, *_: figures_of_ballots(seen, rules)))
        if self._changes:
            batch = self._changed(batch, ballot)
        given = self._with_roll(batch)

        def read(rules: Rules, own: Rules, among: Mask | None) -> dict[str, Ints]:
            if from_ballots or own is rules:
                figures = completed(given, rules)
            else:
                figures = completed(reread(completed(given, own), own, rules), rules)
            self._check(batch, figures, rules, ballot, among)
            return figures

        sums.add(batch, self._by_law(batch, read), batch.votes)

    def _by_law(self, batch: Batch, read: Callable[[Rules, Rules, Mask | None], dict[str, Ints]]) -> dict[str, Ints]:
        """The figures of a batch as `read` gives them for each law (rules, own rules, which returns)."""
        if len(self._laws) == 1:
            return read(*self._laws[0], None)
        figures: dict[str, Ints] = {}
        law = self._law_of[batch.contest]
        for place, (rules, own) in enumerate(self._laws):
            among = law == place
            if among.any():
                for name, column in read(rules, own, among).items():
                    figures[name] = np.where(among, column, figures.get(name, np.full_like(column, ABSENT)))
        return figures

    def _check(self, batch: Batch, figures: Mapping[str, Ints], rules: Rules, ballot: int, among: Mask | None) -> None:
        may_leave = self.may_leave[batch.contest] if len(self.may_leave) > 1 else np.full(len(batch), self.may_leave[0])
        for breach in breaches(batch, figures, names_of(batch), rules, may_leave, among):
            for position, row in enumerate(breach.rows.tolist()):
                contest, unit = int(batch.contest[row]), self.election.units[int(batch.unit[row])].id
                contest_id = self.election.contests[contest].id
                settled = self._settling.get((contest_id, unit, ballot)) or self._settling.get(
                    (contest_id, "", ballot), ""
                )
                self.findings.setdefault((contest, ballot), []).append(
                    Finding(
                        breach.severity,
                        contest_id,
                        ballot,
                        unit,
                        breach.check,
                        None if breach.left is None else int(breach.left[position]),
                        None if breach.right is None else int(breach.right[position]),
                        breach.article,
                        settled if breach.severity is Severity.ERROR else "",
                        int(batch.line[row]),
                    )
                )

    def _with_roll(self, batch: Batch) -> dict[str, Ints]:
        """The figures, with the electors on the roll of the unit where the return does not give them."""
        if self._roll is None:
            return batch.figures
        roll = self._roll[batch.unit]
        given = batch.figures.get("registered")
        return {
            **batch.figures,
            "registered": roll if given is None else np.where(given == ABSENT, roll, given),
        }

    def _refuse_doubled(self, batch: Batch, sums: Sums, ballot: int) -> None:
        again = sums.reported[batch.slot]
        if len(batch) > 1:
            order = np.argsort(batch.slot, kind="stable")
            same = np.flatnonzero(np.diff(batch.slot[order]) == 0) + 1
            again[order[same]] = True
        if again.any():
            problems = []
            for row in np.flatnonzero(again)[:20].tolist():
                unit, contest = (
                    self.election.units[int(batch.unit[row])],
                    self.election.contests[int(batch.contest[row])],
                )
                problems.append(
                    Problem(
                        f"returns, line {int(batch.line[row])}",
                        "a return given twice",
                        f"unit {unit.id}, contest {contest.id}, ballot {ballot}",
                        "one return a unit, contest and ballot, its rows together",
                    )
                )
            raise ReturnsError(problems)

    def _changed(self, batch: Batch, ballot: int) -> Batch:
        """The batch with corrections and annulments applied."""
        figures = dict(batch.figures)
        votes = batch.votes
        added: dict[tuple[int, int], int] = {}
        for row, where in enumerate(zip(batch.contest.tolist(), batch.unit.tolist(), strict=True)):
            for decision in self._changes.get(where, ()):
                if decision.ballot != ballot:
                    continue
                mine = batch.vote_row == row
                if decision.kind is DecisionKind.ANNUL:
                    votes = np.where(mine, 0, votes)
                    added |= {place: 0 for place in added if place[0] == row}
                    self._annul(figures, row)
                elif decision.candidate:
                    candidate = self.election.index.candidate[where[0], decision.candidate]
                    mine &= batch.vote_candidate == candidate
                    if mine.any():
                        votes = np.where(mine, decision.figure or 0, votes)
                    else:
                        added[row, candidate] = decision.figure or 0
                else:
                    column = figures.get(decision.field)
                    column = np.full(len(batch), ABSENT, np.int64) if column is None else column.copy()
                    column[row] = decision.figure or 0
                    figures[decision.field] = column
        return Batch(
            batch.slot,
            batch.contest,
            batch.unit,
            batch.ballot,
            batch.line,
            figures,
            np.concatenate((batch.vote_row, np.array([row for row, _ in added], np.int32))),
            np.concatenate((batch.vote_candidate, np.array([candidate for _, candidate in added], np.int32))),
            np.concatenate((votes, np.array(list(added.values()), np.int64))),
        )

    @staticmethod
    def _annul(figures: dict[str, Ints], row: int) -> None:
        """An annulled return: its electors and ballots remain, every ballot is invalid."""
        cast = 0
        for name in ("valid", "invalid"):
            if name in figures and figures[name][row] != ABSENT:
                cast += int(figures[name][row])
        if "took_part" in figures and figures["took_part"][row] != ABSENT:
            cast = int(figures["took_part"][row])
        for name in figures:
            if name in ("registered", "issued", "certificates", "took_part"):
                continue
            column = figures[name].copy()
            column[row] = 0 if name in ("valid", "all_struck", DOUBTFUL) else ABSENT
            figures[name] = column
        size = len(next(iter(figures.values()), ()))
        invalid = figures.get("invalid", np.full(size, ABSENT, np.int64))
        invalid[row] = cast
        figures["invalid"] = invalid


def _rules_of(statute: Statute, variant: str, *, foreign: bool = False) -> Rules:
    """The rules of a contest; under another law, one without any variants, the statute's own."""
    if variant and variant not in statute.variants:
        if foreign and not statute.variants:
            return statute
        known = f"one of {', '.join(statute.variants)}" if statute.variants else "none: the law has no variants"
        raise CountError(Problem(statute.id, "the law has no such variant", variant, known))
    return statute.rules_for(variant)


def _taken(batch: Batch, rows: npt.NDArray[np.intp]) -> Batch:
    """Some returns of a batch."""
    position = np.full(len(batch), -1, np.int32)
    position[rows] = np.arange(len(rows), dtype=np.int32)
    vote_row = position[batch.vote_row]
    mine = np.flatnonzero(vote_row >= 0)
    return Batch(
        batch.slot[rows],
        batch.contest[rows],
        batch.unit[rows],
        batch.ballot[rows],
        batch.line[rows],
        {name: column[rows] for name, column in batch.figures.items()},
        vote_row[mine],
        batch.vote_candidate[mine],
        batch.votes[mine],
    )
