"""Counting an election: sums of the returns, then the outcome of every contest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from suffrage.count import decide, sentences
from suffrage.count.case import Case
from suffrage.count.findings import Finding, Severity
from suffrage.count.gather import Gathered, gather
from suffrage.count.idle import idle
from suffrage.count.outcome import Outcome, OutcomeKind, Step
from suffrage.count.result import BallotCount, ContestCount, ElectionCount
from suffrage.count.sums import Sums
from suffrage.count.totals import Missing, Open, Totals
from suffrage.election.model import Candidate, Contest, Decision, DecisionKind, Election
from suffrage.errors import CountError, Problem
from suffrage.law import Rules, Statute
from suffrage.returns.batch import Batch, Mask, Positions
from suffrage.returns.slots import Slots
from suffrage.words import grouped, plural


def count(
    election: Election,
    statute: Statute,
    batches: Iterable[Batch],
    *,
    own: Statute | None = None,
    slots: Slots | None = None,
    every_return: bool = False,
) -> ElectionCount:
    """Count an election under a law. `own` is the law of its returns, where it is another.

    With `every_return` the sums keep each return by itself, for protocols and exports. The batches are read once.
    CountError where the law cannot be applied to the election at all.
    """
    own = own or statute
    slots = slots or Slots(election)
    _refuse_double_candidacies(election, own)
    gathered = gather(election, statute, own, batches, slots, every_return=every_return)
    decisions: dict[str, list[Decision]] = {}
    for decision in election.decisions:
        decisions.setdefault(decision.contest, []).append(decision)
    foreign = own is not statute and own != statute
    contests = tuple(
        _ContestCounter(election, statute, gathered, position, decisions.get(contest.id, ()), foreign=foreign).counted()
        for position, contest in enumerate(election.contests)
    )
    return ElectionCount(election, statute, contests, own.id, gathered)


def _refuse_double_candidacies(election: Election, own: Statute) -> None:
    rule = own.nomination.one_district_only
    if rule.known is not True:
        return
    chambers = {contest.id: contest.chamber for contest in election.contests}
    seen: dict[tuple[str, str], str] = {}
    problems = []
    for candidate in election.candidates:
        before = seen.setdefault((chambers[candidate.contest], candidate.id), candidate.contest)
        if before != candidate.contest:
            problems.append(
                Problem(
                    "candidates.csv",
                    f"a candidate in two districts{sentences.article_of(rule)}",
                    f"{candidate.id} in {before} and {candidate.contest}",
                    "one district a person; two persons need two ids",
                )
            )
    if problems:
        raise CountError(problems)


class _ContestCounter:
    """Counts one contest."""

    def __init__(
        self,
        election: Election,
        statute: Statute,
        gathered: Gathered,
        position: int,
        decisions: Sequence[Decision],
        *,
        foreign: bool,
    ) -> None:
        self.election = election
        self.foreign = foreign
        self.gathered = gathered
        self.position = position
        self.contest: Contest = election.contests[position]
        self.rules: Rules = statute.rules_under(self.contest.rules)
        standing = election.index.standing[position]
        self.candidates: tuple[Candidate, ...] = tuple(election.candidates[c] for c in standing)
        self.decisions = decisions
        self.withdrawn = frozenset(d.candidate for d in decisions if d.kind is DecisionKind.WITHDRAW)
        self.chosen = {
            ballot: tuple(d.candidate for d in decisions if d.kind is DecisionKind.ELECT and d.ballot == ballot)
            for ballot in (1, 2)
        }
        of_the_whole = (d.id for d in decisions if d.kind is DecisionKind.ACCEPT and not d.unit and d.ballot == 2)
        self.accepted = next(of_the_whole, "")
        self.annulled = {d.ballot: d for d in decisions if d.kind is DecisionKind.ANNUL and not d.unit}

    def counted(self) -> ContestCount:
        first = self._first()
        second = self._second(first) if self._second_reported() else None
        if not self.foreign:
            remarks = idle(self.decisions, first, second)
            first = replace(first, findings=(*first.findings, *(r for r in remarks if r.ballot == 1)))
            if second is not None:
                second = replace(second, findings=(*second.findings, *(r for r in remarks if r.ballot == 2)))
        if second is None:
            return ContestCount(self.contest, first, None, first.outcome)
        if first.outcome.kind is not OutcomeKind.SECOND_BALLOT:
            return ContestCount(self.contest, first, second, first.outcome)
        elected = (*first.outcome.elected, *second.outcome.elected)
        return ContestCount(self.contest, first, second, replace(second.outcome, elected=elected))

    def _second_reported(self) -> bool:
        sums = self.gathered.sums.get(2)
        return sums is not None and bool(self._reported(sums).any())

    def _slots(self) -> slice:
        first = self.gathered.slots.first
        return slice(int(first[self.position]), int(first[self.position + 1]))

    def _reported(self, sums: Sums) -> Mask:
        return sums.reported[self._slots()]

    def _first(self) -> BallotCount:
        sums = self.gathered.sums.get(1)
        case = Case(
            self.rules,
            self.contest.seats,
            self.candidates,
            self.election.polling_day,
            self.withdrawn,
            self.chosen[1],
        )
        return self._ballot(1, sums, case, ())

    def _second(self, first: BallotCount) -> BallotCount | None:
        """The second ballot; None where it was held under another law, between others."""
        sums = self.gathered.sums[2]
        _, votes, _ = sums.of_nodes(sums.nodes_of(self.position))
        stood = {candidate.id for candidate, number in zip(self.candidates, votes, strict=True) if number != 0}
        due = first.outcome.kind is OutcomeKind.SECOND_BALLOT
        finalists = set(first.outcome.finalists) if due else stood
        if self.foreign and (not due or stood != finalists):
            return None
        findings = []
        if first.outcome.kind is not OutcomeKind.UNDECIDED:
            strays = sorted(stood - finalists if due else stood)
            findings += [self._stray(identifier, due) for identifier in strays or [""] * (not due)]
        if due and not self.foreign:
            findings += [self._silent(identifier) for identifier in sorted(finalists - stood)]
        case = Case(
            self.rules,
            first.outcome.seats_left or self.contest.seats,
            tuple(candidate for candidate in self.candidates if candidate.id in finalists | stood),
            self.election.second_ballot_day,
            chosen=self.chosen[2],
        )
        return self._ballot(2, sums, case, findings)

    def _stray(self, candidate: str, due: bool) -> Finding:
        none = "stood in the second ballot, but is none of its finalists"
        return Finding(
            Severity.ERROR,
            self.contest.id,
            2,
            "",
            none if due else "a second ballot is reported, but the first ballot leads to none",
            article=self.rules.second_ballot.finalists.article,
            settled_by=self.accepted,
            about=candidate,
        )

    def _silent(self, candidate: str) -> Finding:
        check = "no votes are given for a finalist, and no withdrawal is recorded"
        return Finding(Severity.REMARK, self.contest.id, 2, "", check, about=candidate)

    def _ballot(self, ballot: int, sums: Sums | None, case: Case, more: Sequence[Finding]) -> BallotCount:
        slots = self.gathered.slots
        where = self._slots()
        units = slots.unit[where]
        expected = slots.expected[where]
        missing = np.flatnonzero(expected)
        figures: dict[str, int] = {}
        votes: tuple[int, ...] = (0,) * len(self.candidates)
        if sums is not None:
            missing = np.flatnonzero(expected & ~self._covered(sums.reported[where], units))
            figures, votes, returns = sums.of_nodes(sums.nodes_of(self.position))
            if not returns:
                figures = {}
        rolls = [self.election.units[unit].registered for unit in units[missing].tolist()]
        outstanding = sum(roll for roll in rolls if roll is not None) if None not in rolls else None
        if outstanding and "registered" in figures:
            figures = {**figures, "registered": figures["registered"] + outstanding}
        elif outstanding and not figures:
            figures = {
                "registered": outstanding,
                **dict.fromkeys(("took_part", "valid", "invalid", "issued"), 0),
            }
        # In the order of the law, whatever the order of the columns.
        in_order = [name for name in self.rules.returns.fields if name in figures]
        figures = {name: figures[name] for name in (*in_order, *figures)}
        kept = [position for position, candidate in enumerate(self.candidates) if candidate in case.candidates]
        totals = Totals(
            tuple(votes[position] for position in kept),
            figures,
            outstanding,
            self.rules.ballot.most_names(self.contest.seats, len(kept)) or 1,
            self.rules.ballot.none_left == "valid",
        )
        findings = (*self.gathered.findings.get((self.position, ballot), ()), *more)
        names = [self.election.units[unit].id for unit in units[missing].tolist()]
        outcome = self._outcome(ballot, case, totals, names, int(expected.sum()), findings)
        return BallotCount(ballot, case.candidates, totals, int(expected.sum()), names, findings, outcome)

    def _covered(self, reported: Mask, units: Positions) -> Mask:
        """Which units are reported for, by their own return or by one of a unit above them."""
        index = self.election.index
        inner = np.flatnonzero(reported & ~index.leaf[units])
        if not len(inner):
            return reported
        above = np.full(len(units), -1, np.int32)
        for position in inner.tolist():
            below = np.searchsorted(units, np.sort(index.below(int(units[position]))))
            others = below[below != position]
            doubled, shared = others[reported[others]], others[above[others] >= 0]
            if len(doubled):
                raise self._twice("a unit and one that lies in it both report", position, int(doubled[0]))
            if len(shared):
                raise self._twice("two units with a part in common both report", int(above[shared[0]]), position)
            above[others] = position
        return reported | (above >= 0)

    def _twice(self, message: str, *positions: int) -> CountError:
        """The error of units of this contest that report for the same electors."""
        units = self.gathered.slots.unit[self._slots()]
        seen = " and ".join(self.election.units[int(units[position])].id for position in positions)
        place = f"contest {self.contest.id}"
        return CountError(Problem(place, message, seen, "the return of the one or of the other"))

    def _outcome(
        self,
        ballot: int,
        case: Case,
        totals: Totals,
        missing: Sequence[str],
        expected: int,
        findings: Sequence[Finding],
    ) -> Outcome:
        annulled = self.annulled.get(ballot)
        if annulled is not None:
            text = (
                f"The ballot was annulled by decision {annulled.id}{f': {annulled.reason}' if annulled.reason else ''}."
            )
            step = Step("decisions", True, text, annulled.article)
            return Outcome(
                OutcomeKind.NEW_ELECTION,
                seats_left=case.seats,
                by=case.last_day(case.rules.new_election.no_majority.within_days),
                follows="new-election",
                steps=(step,),
            )
        errors = [finding for finding in findings if finding.open_error]
        waits: list[str] = []
        if errors:
            more = f" and {len(errors) - 3} more" if len(errors) > 3 else ""
            waits.append(f"a decision on {'; '.join(error.said for error in errors[:3])}{more}")
        out = ""
        if missing:
            some = ", ".join(missing[:3]) + (", \N{HORIZONTAL ELLIPSIS}" if len(missing) > 3 else "")
            out = f"the returns of {plural(len(missing), 'unit')} of {grouped(expected)} ({some})"
        if not errors:
            try:
                outcome = (decide.first_ballot if ballot == 1 else decide.second_ballot)(case, totals)
            except Open:
                waits.append(out)
            except Missing as lacking:
                waits.append(
                    out if missing else f"the figure {lacking.figure}, which a rule compares and no return gives"
                )
            else:
                return outcome if not missing else self._certain(outcome, totals, len(missing))
        elif out:
            waits.append(out)
        step = Step("undecided", False, f"Undecided; missing: {'; '.join(waits)}.")
        return Outcome(OutcomeKind.UNDECIDED, missing=tuple(waits), seats_left=case.seats, steps=(step,))

    @staticmethod
    def _certain(outcome: Outcome, totals: Totals, missing: int) -> Outcome:
        electors = f" with {plural(totals.outstanding, 'elector')}" if totals.outstanding else ""
        units = plural(missing, "unit has", "units have")
        text = f"{units} not reported{electors}; whatever they bring cannot change this."
        return replace(outcome, certain=True, steps=(*outcome.steps, Step("certain", True, text)))
