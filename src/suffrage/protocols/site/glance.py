"""An election at a glance: its great figures, what its contests stand at, what is still missing, who is elected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from suffrage.count import ContestCount, ElectionCount, Finding, OutcomeKind
from suffrage.protocols.site.standings import Standing, standing_of, turnout
from suffrage.words import grouped, percent


@dataclass(frozen=True, slots=True)
class Figure:
    """A great figure and what it counts."""

    figure: str
    label: str


@dataclass(frozen=True, slots=True)
class Chamber:
    """The contests of one chamber; `name` is empty where the election has only one."""

    id: str
    name: str
    contests: tuple[ContestCount, ...]


@dataclass(frozen=True, slots=True)
class FindingKind:
    """All findings of one check in one ballot. `settled` are those that a decision settles, or that need none."""

    severity: str
    ballot: int
    check: str
    article: str
    number: int
    contests: int
    open: int


@dataclass(frozen=True, slots=True)
class PartyRow:
    """How many of a party are elected: by chamber where there are several, else by ballot; `share` in thousandths."""

    party: str
    numbers: tuple[int, ...]
    total: int
    share: int


def chambers(counted: ElectionCount) -> tuple[Chamber, ...]:
    """The chambers in the order of their first contests; one without a name where there are not several."""
    names = {chamber.id: chamber.name for chamber in counted.statute.chambers}
    groups: dict[str, list[ContestCount]] = {}
    for contest in counted.contests:
        groups.setdefault(contest.contest.chamber, []).append(contest)
    several = len(groups) > 1
    return tuple(
        Chamber(identifier, (names.get(identifier, identifier) or "Other contests") if several else "", tuple(group))
        for identifier, group in groups.items()
    )


def great_figures(contests: Sequence[ContestCount]) -> tuple[Figure, ...]:
    """What is decided, what is not, and how many took part."""
    deputies = "" if all(contest.contest.seats == 1 for contest in contests) else "deputies "
    first = sum(len(contest.first.outcome.elected) for contest in contests)
    held = [contest for contest in contests if contest.second is not None]
    standings = Counter(map(standing_of, contests))
    figures = [Figure(grouped(first), f"{deputies}elected in the first ballot")]
    if held:
        second = sum(len({*contest.outcome.elected} - {*contest.first.outcome.elected}) for contest in held)
        figures.append(Figure(grouped(second), f"{deputies}elected in the second ballot"))
    to_come = standings[Standing.TO_COME]
    if to_come or not held:
        figures.append(Figure(grouped(to_come), "goes to a second ballot" if to_come == 1 else "go to a second ballot"))
    new = standings[Standing.NEW_TURNOUT] + standings[Standing.NEW_OTHER]
    figures.append(Figure(grouped(new), "new election" if new == 1 else "new elections"))
    if standings[Standing.VACANT]:
        figures.append(Figure(grouped(standings[Standing.VACANT]), "with a seat that stays vacant"))
    figures.append(Figure(grouped(standings[Standing.UNDECIDED]), "undecided"))
    turnouts = [_turnout(contests, ballot, when=bool(held)) for ballot in ((1, 2) if held else (1,))]
    return (*figures, *turnouts)


def _turnout(contests: Sequence[ContestCount], ballot: int, *, when: bool) -> Figure:
    counts = [count for contest in contests for count in contest.ballots if count.ballot == ballot]
    known = [pair for pair in map(turnout, counts) if pair is not None]
    share = percent(sum(part for part, _ in known), sum(whole for _, whole in known))
    so_far = " so far" if any(count.missing for count in counts) else ""
    which = (" in the first ballot" if ballot == 1 else " in the second ballot") if when else ""
    return Figure(share or "\N{EN DASH}", f"turnout{which}{so_far}" if share else f"turnout{which}: not known")


def standings(contests: Sequence[ContestCount]) -> tuple[tuple[Standing, int], ...]:
    """How many contests stand at what; only what there is."""
    numbers = Counter(map(standing_of, contests))
    return tuple((standing, numbers[standing]) for standing in Standing if numbers[standing])


def pieces(contests: Sequence[ContestCount], width: int) -> list[tuple[Standing, float, float]]:
    """A bar of what contests have come to: each piece with where it begins and its width; none is too thin to see."""
    numbers = standings(contests)
    widths = [max(width * number / len(contests), width / 250) for _, number in numbers]
    scale = width / sum(widths)
    begins = [sum(widths[:place]) * scale for place in range(len(widths))]
    return [
        (standing, round(begin, 1), round(piece * scale, 1))
        for (standing, _), begin, piece in zip(numbers, begins, widths, strict=True)
    ]


def finding_kinds(findings: Sequence[Finding]) -> tuple[FindingKind, ...]:
    """Findings by what they say: open errors first, then settled ones, then remarks; the most frequent first."""
    groups: dict[tuple[str, int, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.severity.value, finding.ballot, finding.check, finding.article), []).append(finding)
    kinds = [
        FindingKind(*key, len(group), len({f.contest for f in group}), sum(f.open_error for f in group))
        for key, group in groups.items()
    ]
    return tuple(sorted(kinds, key=lambda kind: (-kind.open, kind.severity != "error", -kind.number)))


def incomplete(contests: Sequence[ContestCount]) -> tuple[ContestCount, ...]:
    """The contests in which some unit has not reported."""
    return tuple(contest for contest in contests if any(ballot.missing for ballot in contest.ballots))


def party_columns(several: Sequence[Chamber], contests: Sequence[ContestCount]) -> tuple[str, ...]:
    """What the elected of a party are told apart by; nothing where all are elected in one chamber and ballot."""
    if len(several) > 1:
        return tuple(chamber.name for chamber in several)
    return ("First ballot", "Second ballot") if any(contest.second for contest in contests) else ()


def parties(several: Sequence[Chamber], contests: Sequence[ContestCount]) -> tuple[PartyRow, ...]:
    """The elected by party, most first; nothing where no candidate names a party."""
    if not any(candidate.party for contest in contests for candidate in contest.first.candidates):
        return ()
    by_chamber = len(several) > 1
    column_of = {chamber.id: position for position, chamber in enumerate(several)}
    numbers: dict[str, list[int]] = {}
    for contest in contests:
        at_once = contest.first.outcome.elected if contest.first.outcome.kind is not OutcomeKind.UNDECIDED else ()
        for identifier in dict.fromkeys(contest.outcome.elected):
            column = column_of[contest.contest.chamber] if by_chamber else int(identifier not in at_once)
            party = contest.candidate(identifier).party
            numbers.setdefault(party, [0] * (len(several) if by_chamber else 2))[column] += 1
    seats = sum(contest.contest.seats for contest in contests)
    rows = [PartyRow(party, tuple(row), sum(row), sum(row) * 1000 // seats) for party, row in numbers.items()]
    return tuple(sorted(rows, key=lambda row: (-row.total, row.party)))
