"""What the page of one contest says: its ballots in full, and why the outcome is what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from suffrage.count import BallotCount, ContestCount, ElectionCount, Finding, OutcomeKind, Step
from suffrage.count.sentences import BASE_WORDS
from suffrage.election import Candidate, Decision, DecisionKind, Election, Unit
from suffrage.law import Rules
from suffrage.protocols.published import Level, PublishedProtocol
from suffrage.protocols.site.charts import majority_of
from suffrage.protocols.site.standings import name_of, turnout
from suffrage.protocols.site.units import Units, units_of
from suffrage.returns.batch import Positions
from suffrage.words import grouped, percent, plural, share_words

MOST_PLACES = 200
"""How many findings of a kind, or missing units, a page names; the downloads hold them all."""

MOST_SIGNERS = 100
"""Up to how many protocols of units a page names everybody who signed; with more it says how many did."""

_CERTAINTY = {
    "secondary": "this rule is known from a secondary source",
    "recalled": "this rule is given from memory, not from the text",
    "decided": "the law leaves this open; it was decided so",
}


@dataclass(frozen=True, slots=True)
class Share:
    """A figure that votes are shown as a share of, and its words."""

    figure: str
    words: str


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate with votes, votes against (None where none are counted), shares, and what became of them.

    `bar` is the length of the bar, 0 to 100.
    """

    candidate: Candidate
    votes: int
    against: int | None
    shares: tuple[str, ...]
    bar: float
    stands: str


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings that say the same of several units; `places` names them, `more` are not named."""

    severity: str
    check: str
    article: str
    settled_by: str
    number: int
    places: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class BallotPage:
    """One ballot of a contest. `labels` are the figures with the law's words, in the order of the law.

    The bars show the last of the `shares`; `line` is where, in percent, and `line_words` what the line marks.
    """

    count: BallotCount
    labels: Mapping[str, str]
    shares: tuple[Share, ...]
    line: float
    line_words: str
    candidates: tuple[CandidateRow, ...]
    strike_out: bool
    turnout: str
    findings: tuple[FindingGroup, ...]
    units: Units | None
    protocol: PublishedProtocol | None
    beneath: tuple[PublishedProtocol, ...]

    @property
    def signatures(self) -> int:
        """How many signatures the protocols beneath bear."""
        return sum(len(protocol.signers) for protocol in self.beneath)


def ballot_pages(
    counted: ElectionCount,
    position: int,
    contest: ContestCount,
    up: Positions,
    protocols: Sequence[PublishedProtocol],
) -> tuple[BallotPage, ...]:
    """The ballots of the contest at a position; `up` as for `units_of`, `protocols` those of the contest."""
    rules = counted.statute.rules_under(contest.contest.rules)
    share, base = majority_of(counted.statute, contest.contest.rules)
    by_unit = {
        (protocol.identity.ballot, protocol.identity.unit): protocol
        for protocol in protocols
        if protocol.identity.level in (Level.PRECINCT, Level.PART)
    }
    pages = []
    for count in contest.ballots:
        mine = [protocol for protocol in protocols if protocol.identity.ballot == count.ballot]
        shares = tuple(Share(name, BASE_WORDS[name]) for name in dict.fromkeys(("valid", base)))
        pages.append(
            BallotPage(
                count,
                _labels(count, rules),
                shares,
                float(share * 100),
                f"{share_words(share)} of the {BASE_WORDS[base]}",
                tuple(_candidate(count, place, shares, contest) for place in range(len(count.candidates))),
                rules.ballot.marking.known == "strike-out",
                percent(*(turnout(count) or (0, 0))),
                tuple(_finding_groups(count.findings, counted.election, contest)),
                units_of(counted, position, count, up, by_unit),
                next((protocol for protocol in mine if protocol.identity.level is Level.DISTRICT), None),
                tuple(p for p in mine if p.identity.level in (Level.PRECINCT, Level.PART)),
            )
        )
    return tuple(pages)


def _labels(count: BallotCount, rules: Rules) -> dict[str, str]:
    """The law's words for every figure that there is; the name of the field where the law has none."""
    fields = rules.returns.fields
    return {name: fields[name].label if name in fields else name.replace("_", " ") for name in count.totals.figures}


def _candidate(count: BallotCount, position: int, shares: Sequence[Share], contest: ContestCount) -> CandidateRow:
    candidate, votes, outcome = count.candidates[position], count.totals.votes[position], count.outcome
    stands = ""
    if candidate.id in outcome.elected:
        stands = "elected"
    elif candidate.id in outcome.finalists:
        stands = "in the second ballot" if count.ballot == 1 else "in a further ballot"
    wholes = [count.totals.figures.get(share.figure, 0) for share in shares]
    bar = min(max(votes * 100 / wholes[-1], 0), 100) if wholes[-1] > 0 else 0
    against = count.totals.against(position)
    said = tuple(percent(votes, whole) for whole in wholes)
    return CandidateRow(candidate, votes, against, said, round(bar, 2), stands)


def _finding_groups(findings: Sequence[Finding], election: Election, contest: ContestCount) -> list[FindingGroup]:
    """Findings by what they say: open errors first, then settled ones, then remarks."""
    groups: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in findings:
        key = finding.severity.value, finding.check, finding.article, finding.settled_by
        groups.setdefault(key, []).append(finding)
    people = {candidate.id: name_of(candidate) for candidate in contest.first.candidates}
    made = [
        FindingGroup(
            *key,
            len(group),
            tuple(_place(finding, election, people) for finding in group[:MOST_PLACES]),
            max(len(group) - MOST_PLACES, 0),
        )
        for key, group in groups.items()
    ]
    return sorted(made, key=lambda group: (group.severity != "error", bool(group.settled_by), -group.number))


def _place(finding: Finding, election: Election, people: Mapping[str, str]) -> str:
    """Where a finding is, or whom it is about, and the two sides."""
    if finding.unit:
        unit = election.units[election.index.unit[finding.unit]]
        where = unit.name or unit.id
    else:
        where = people.get(finding.about, finding.about) or "the contest as a whole"
    sides = [grouped(side) for side in (finding.left, finding.right) if side is not None]
    return f"{where}: {' against '.join(sides)}" if sides else where


def certainty(step: Step) -> str:
    """How well the rule of a step is known, where it was not read in the law itself."""
    return _CERTAINTY.get(step.certainty, "")


def path_of(counted: ElectionCount, position: int) -> tuple[Unit, ...]:
    """The units above the contest's unit, from the top, and that unit itself."""
    index = counted.election.index
    place = int(index.contest_unit[position])
    path = []
    while place >= 0:
        path.append(counted.election.units[place])
        place = int(index.parent[place])
    return tuple(path[::-1])


def decided(decision: Decision, counted: ElectionCount, contest: ContestCount, labels: Mapping[str, str]) -> str:
    """What a recorded decision does, in a sentence without its full stop."""
    units = counted.election.index.unit
    unit = counted.election.units[units[decision.unit]] if decision.unit else None
    place = (unit.name or unit.id) if unit else "the whole contest"
    person = name_of(contest.candidate(decision.candidate)) if decision.candidate else ""
    match decision.kind:
        case DecisionKind.ACCEPT:
            return f"The figures of {place} stand as reported in spite of errors"
        case DecisionKind.CORRECT:
            what = f"votes for {person}" if person else labels.get(decision.field, decision.field.replace("_", " "))
            return f"In the return of {place}: {what} is {grouped(decision.figure or 0)}"
        case DecisionKind.ANNUL:
            return f"The ballots of {place} are void"
        case DecisionKind.WITHDRAW:
            return f"{person} leaves before the second ballot"
        case DecisionKind.ELECT:
            return f"The tie is decided for {person}"


def electors_out(count: BallotCount) -> str:
    """Of how many electors nothing is known yet; empty where all have reported or their number is not known."""
    return plural(count.totals.outstanding, "elector") if count.totals.outstanding else ""


def awaits_second(contest: ContestCount) -> bool:
    """Whether the contest goes to a second ballot of which nothing has been reported."""
    return contest.second is None and contest.first.outcome.kind is OutcomeKind.SECOND_BALLOT
