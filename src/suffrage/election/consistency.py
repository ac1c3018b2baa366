"""What may not be in one election: doubled identifiers, units that hang on nothing, decisions about nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from suffrage.election.model import Candidate, Contest, Decision, DecisionKind, Unit


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """Something wrong with one row of a table, counted from 0."""

    table: Literal["unit", "contest", "candidate", "decision"]
    row: int
    column: str
    message: str
    seen: str = ""
    expected: str = ""


def inconsistencies(
    units: Sequence[Unit],
    contests: Sequence[Contest],
    candidates: Sequence[Candidate],
    decisions: Sequence[Decision],
) -> list[Inconsistency]:
    """Everything that keeps these from being one election."""
    around = _surroundings(units)
    return [
        *_of_units(units, around),
        *_of_contests(contests, units),
        *_of_candidates(candidates, contests),
        *_of_decisions(decisions, contests, candidates, units, around),
    ]


def _surroundings(units: Sequence[Unit]) -> Callable[[str], frozenset[str]]:
    """A function that tells the unit itself and every unit that it lies in, by the tree or by `also_in`."""
    hosts: dict[str, tuple[str, ...]] = {}
    known: dict[str, frozenset[str]] = {}

    def around(unit: str) -> frozenset[str]:
        if not hosts:  # only where somebody asks: most elections have a plain tree and no decisions
            hosts.update((unit.id, (unit.parent, *unit.also_in)) for unit in units)
        if unit not in known:
            found = {unit}
            ahead = [unit]
            while ahead:
                for host in hosts.get(ahead.pop(), ()):
                    if host and host not in found:
                        found.add(host)
                        ahead.append(host)
            known[unit] = frozenset(found)
        return known[unit]

    return around


def _of_units(units: Sequence[Unit], around: Callable[[str], frozenset[str]]) -> Iterator[Inconsistency]:
    parents = {unit.id: unit.parent for unit in units}
    if not units:
        yield Inconsistency("unit", -1, "", "no units", "", "at least one unit below the header")
    if len(parents) < len(units):
        seen: set[str] = set()
        for row, unit in enumerate(units):
            if unit.id in seen:
                yield Inconsistency("unit", row, "id", "duplicate unit", unit.id, "an identifier of its own")
            seen.add(unit.id)
    sound = {""}
    for row, unit in enumerate(units):
        if unit.parent and unit.parent not in parents:
            yield Inconsistency("unit", row, "parent", "unknown unit", unit.parent, "the id of a unit")
        for other in unit.also_in:
            if other not in parents or other == unit.id:
                yield Inconsistency("unit", row, "also_in", "unknown unit", other, "the id of another unit")
            elif unit.id in around(other):
                chain = f"{unit.id} in {other}, which lies in {unit.id}"
                yield Inconsistency("unit", row, "also_in", "a unit lies in itself", chain, "no circle")
        # Folders name a unit before those in it, so that one look is mostly enough.
        path = {unit.id: None}
        here = unit.parent
        while here not in sound and here in parents:
            if here in path:
                chain = " in ".join([*path, here])
                yield Inconsistency("unit", row, "parent", "a unit lies in itself", chain, "a tree")
                break
            path[here] = None
            here = parents[here]
        sound.update(path)


def _of_contests(contests: Sequence[Contest], units: Sequence[Unit]) -> Iterator[Inconsistency]:
    known = {unit.id for unit in units}
    seen: set[str] = set()
    for row, contest in enumerate(contests):
        if contest.id in seen:
            yield Inconsistency("contest", row, "id", "duplicate contest", contest.id, "an identifier of its own")
        seen.add(contest.id)
        if contest.unit not in known:
            yield Inconsistency("contest", row, "unit", "unknown unit", contest.unit, "the id of a unit")


def _of_candidates(candidates: Sequence[Candidate], contests: Sequence[Contest]) -> Iterator[Inconsistency]:
    known = {contest.id for contest in contests}
    ids: set[tuple[str, str]] = set()
    numbers: set[tuple[str, int]] = set()
    for row, candidate in enumerate(candidates):
        if candidate.contest not in known:
            yield Inconsistency(
                "candidate", row, "contest", "unknown contest", candidate.contest, "the id of a contest"
            )
        if (candidate.contest, candidate.id) in ids:
            yield Inconsistency("candidate", row, "id", "duplicate candidate", candidate.id, "an identifier of its own")
        if (candidate.contest, candidate.number) in numbers:
            yield Inconsistency(
                "candidate", row, "number", "duplicate number", str(candidate.number), "a number of its own"
            )
        ids.add((candidate.contest, candidate.id))
        numbers.add((candidate.contest, candidate.number))


def _of_decisions(
    decisions: Sequence[Decision],
    contests: Sequence[Contest],
    candidates: Sequence[Candidate],
    units: Sequence[Unit],
    around: Callable[[str], frozenset[str]],
) -> Iterator[Inconsistency]:
    if not decisions:
        return
    unit_of = {contest.id: contest.unit for contest in contests}
    known_units = {unit.id for unit in units}
    known_candidates = {(candidate.contest, candidate.id) for candidate in candidates}
    seen: set[str] = set()
    for row, decision in enumerate(decisions):

        def wrong(column: str, message: str, value: object, expected: str, row: int = row) -> Inconsistency:
            return Inconsistency("decision", row, column, message, str(value), expected)

        if decision.id in seen:
            yield wrong("id", "duplicate decision", decision.id, "an identifier of its own")
        seen.add(decision.id)
        if decision.contest not in unit_of:
            yield wrong("contest", "unknown contest", decision.contest, "the id of a contest")
        if decision.ballot not in (1, 2):
            yield wrong("ballot", "not a ballot", decision.ballot, "1 or 2")
        if decision.unit and decision.unit not in known_units:
            yield wrong("unit", "unknown unit", decision.unit, "the id of a unit")
        elif decision.unit and decision.contest in unit_of and unit_of[decision.contest] not in around(decision.unit):
            yield wrong("unit", "a unit outside the contest", decision.unit, f"a unit of {decision.contest}")
        if decision.candidate and (decision.contest, decision.candidate) not in known_candidates:
            yield wrong("candidate", "unknown candidate", decision.candidate, "a candidate of this contest")
        if decision.kind in (DecisionKind.WITHDRAW, DecisionKind.ELECT) and not decision.candidate:
            yield wrong("candidate", "whom it concerns is missing", "", "a candidate")
        if decision.kind is DecisionKind.CORRECT:
            if not decision.unit:
                yield wrong("unit", "whose figure it corrects is missing", "", "a unit")
            if bool(decision.field) == bool(decision.candidate):
                yield wrong("field", "which figure it corrects is not clear", decision.field, "a field or a candidate")
            if decision.figure is None:
                yield wrong("figure", "the corrected figure is missing", "", "a whole number")
