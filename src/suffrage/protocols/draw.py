"""Drawing protocols: the record of every committee, from the precincts up, made of a count and of nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from suffrage.count import BallotCount, ContestCount, ElectionCount, Finding, OutcomeKind
from suffrage.count.report import outcome_data
from suffrage.count.sums import parents
from suffrage.election import Contest, Decision, DecisionKind, Unit
from suffrage.protocols.canonical import sha256
from suffrage.protocols.published import Identity, Level
from suffrage.protocols.record import FORMAT, Protocol, Record, identity_of, in_force
from suffrage.protocols.statements import Statements
from suffrage.protocols.tree import Beneath, Walk


def draw(
    counted: ElectionCount,
    law: bytes,
    statements: Statements | None = None,
    before: Mapping[Identity, Protocol] | None = None,
) -> Iterator[Protocol]:
    """Every protocol of an election, what lies beneath before what lies above.

    Of each ballot first the contests in their order, then areas, then the centre; nothing where nothing has been
    reported. The count must keep every return and be under the election's own law, of which `law` is the file.
    `before` holds protocols that were signed: one that says the same stays, one that differs is replaced.
    """
    drawing = _Drawing(counted, law, statements or Statements(), before or {})
    for ballot in (1, 2):
        yield from drawing.ballot(ballot)


class _Drawing:
    def __init__(
        self, counted: ElectionCount, law: bytes, statements: Statements, before: Mapping[Identity, Protocol]
    ) -> None:
        self.counted = counted
        self.election = counted.election
        self.statements = statements
        self.before = before
        self.up = parents(counted.election, counted.gathered.slots)
        statute = counted.statute
        self.chambers = {chamber.id: chamber.name for chamber in statute.chambers}
        self.head: Record = {
            "format": FORMAT,
            "kind": self.election.kind.value,
            "election": {"id": self.election.id, "title": self.election.title},
            "law": {"id": statute.id, "title": statute.title, "sha256": sha256(law)},
            "language": self.election.language,
        }
        self.decisions: dict[str, list[Decision]] = {}
        self.about: dict[tuple[str, str, int], list[Decision]] = {}
        for decision in self.election.decisions:
            self.decisions.setdefault(decision.contest, []).append(decision)
            self.about.setdefault((decision.contest, decision.unit, decision.ballot), []).append(decision)
        self.first_ballot: dict[Identity, str] = {}
        self.replacing: dict[str, str] = {}

    def ballot(self, ballot: int) -> Iterator[Protocol]:
        day = self.election.polling_day if ballot == 1 else self.election.second_ballot_day
        head = {**self.head, "ballot": ballot, "day": day and day.isoformat()}
        above: dict[tuple[int, str], Beneath] = {}
        for position, contest in enumerate(self.counted.contests):
            count = next((item for item in contest.ballots if item.ballot == ballot), None)
            area = self._area(int(self.election.index.contest_unit[position])), contest.contest.chamber
            if not self._is_due(contest, ballot):
                continue
            beneath = above.setdefault(area, Beneath())
            beneath.expected += 1
            if count is not None and count.reported:
                yield from self._contest(head, position, contest.contest, count, beneath)
        yield from self._areas(head, above)

    @staticmethod
    def _is_due(contest: ContestCount, ballot: int) -> bool:
        return ballot == 1 or contest.second is not None or contest.first.outcome.kind is OutcomeKind.SECOND_BALLOT

    def _area(self, unit: int) -> int:
        """The unit above a unit; -1, the centre, where that is a root (or there is none)."""
        parents_of = self.election.index.parent
        above = int(parents_of[unit])
        return -1 if above < 0 or parents_of[above] < 0 else above

    def _contest(
        self, head: Record, position: int, contest: Contest, count: BallotCount, above: Beneath
    ) -> Iterator[Protocol]:
        """The protocols of one contest in one ballot, its own the last of them."""
        head = {**head, "contest": self._contest_data(contest)}
        walk = Walk(self.counted, position, count, self.up)
        for slot in walk.order:
            level = walk.level(slot)
            beneath = walk.beneath.pop(slot, None) or Beneath()
            if level is Level.DISTRICT:
                record = self._district(head, walk, slot, count, beneath)
                protocol = self._drawn(level, record)
                self._add(above, protocol, record)
                above.outcomes[count.outcome.kind.value] += 1
                yield protocol
                return
            over = walk.beneath_of(slot)
            mine = beneath.expected or int(walk.reported[slot] or walk.due[slot])
            over.expected += mine
            if walk.reported[slot]:
                record = self._precinct(head, walk, slot)
                covered = mine
            elif beneath.reported:
                record = {**self._sum(head, walk, slot, beneath), "units": _units(beneath.expected, beneath.reported)}
                covered = beneath.reported
            else:
                continue
            over.reported += covered
            protocol = self._drawn(level, record)
            self._add(over, protocol, record)
            over.votes.append([line["votes"] for line in record["votes"]])
            yield protocol

    @staticmethod
    def _add(over: Beneath, protocol: Protocol, record: Record) -> None:
        over.hashes.append(protocol.sha256)
        over.figures.append(record["figures"])
        over.decisions += record["decisions"]

    def _precinct(self, head: Record, walk: Walk, slot: int) -> Record:
        unit = walk.unit(slot)
        return {
            **head,
            "unit": _unit(unit),
            "figures": walk.figures_of(slot),
            "votes": walk.ballot_paper(walk.votes[slot]),
            "findings": [_finding(finding) for finding in walk.findings.get(unit.id, ())],
            **self._attached(head, unit.id, self._decisions(walk, unit.id)),
        }

    def _sum(self, head: Record, walk: Walk, slot: int, beneath: Beneath) -> Record:
        unit = walk.unit(slot)
        votes = [sum(column) for column in zip(*beneath.votes, strict=True)]
        return {
            **head,
            "unit": _unit(unit),
            "below": beneath.hashes,
            "figures": beneath.sums(),
            "votes": walk.ballot_paper(votes),
            **self._attached(head, unit.id, beneath.decisions),
        }

    def _district(self, head: Record, walk: Walk, slot: int, count: BallotCount, beneath: Beneath) -> Record:
        unit = walk.unit(slot)
        if walk.reported[slot]:
            record = {**self._precinct(head, walk, slot), "below": []}
        else:
            record = self._sum(head, walk, slot, beneath)
        own = [finding for finding in count.findings if not finding.unit or finding.unit == unit.id]
        decisions = [
            decision.id
            for decision in self.decisions.get(walk.contest.id, ())
            if decision.ballot <= count.ballot or decision.kind is DecisionKind.WITHDRAW
        ]
        severities = Counter(finding.severity.value for finding in count.findings)
        record |= {
            "units": _units(count.expected, count.reported),
            "findings": [_finding(finding) for finding in own],
            "breaches": {"errors": severities["error"], "remarks": severities["remark"]},
            "electors_outstanding": count.totals.outstanding,
            "outcome": outcome_data(count.outcome),
            "decisions": decisions,
        }
        return record

    def _areas(self, head: Record, above: dict[tuple[int, str], Beneath]) -> Iterator[Protocol]:
        """The protocols of areas, the lowest first, and then of the centre."""
        index = self.election.index
        for position, chamber in list(above):
            while position >= 0:
                position = self._area(position)
                above.setdefault((position, chamber), Beneath())
        # In the order of the tree everything below a unit stands between its begin and its end, and nothing else does.
        where = {key: (int(index.end[key[0]]), -int(index.begin[key[0]])) for key in above if key[0] >= 0}
        chambers = list(dict.fromkeys(chamber for _, chamber in above))
        areas = sorted(where, key=lambda key: (chambers.index(key[1]), *where[key]))
        for unit, chamber in [*areas, *((-1, chamber) for chamber in chambers)]:
            beneath = above[unit, chamber]
            over = above[self._area(unit), chamber] if unit >= 0 else None
            if over is not None:
                over.expected += beneath.expected
                over.outcomes += beneath.outcomes
            if not beneath.hashes:
                continue
            name = self.election.units[unit].id if unit >= 0 else ""
            record: Record = {
                **head,
                "unit": _unit(self.election.units[unit]) if unit >= 0 else None,
                "chamber": {"id": chamber, "name": self.chambers.get(chamber, chamber)},
                "contests": {"expected": beneath.expected, "reported": beneath.outcomes.total()},
                "outcomes": dict(beneath.outcomes),
                "below": beneath.hashes,
                "figures": beneath.sums(),
                **self._attached(head, name, beneath.decisions, chamber),
            }
            protocol = self._drawn(Level.AREA if unit >= 0 else Level.CENTRE, record)
            if over is not None:
                self._add(over, protocol, record)
            yield protocol

    def _decisions(self, walk: Walk, unit: str) -> list[str]:
        """The decisions about one return, and those about all of its contest that settle what is found in it."""
        of_contest = self.about.get((walk.contest.id, "", walk.ballot), ())
        whole = [d.id for d in of_contest if d.kind in (DecisionKind.ACCEPT, DecisionKind.ANNUL)]
        return [*(d.id for d in self.about.get((walk.contest.id, unit, walk.ballot), ())), *whole]

    def _attached(self, head: Record, unit: str, decisions: Iterable[str], chamber: str = "") -> Record:
        contest = head["contest"]["id"] if "contest" in head else ""
        complaints, opinions = self.statements.of((contest, chamber, unit, head["ballot"]))
        return {"decisions": list(dict.fromkeys(decisions)), "complaints": complaints, "opinions": opinions}

    def _drawn(self, level: Level, record: Record) -> Protocol:
        record["level"] = level.value
        identity = identity_of(record)
        first = replace(identity, ballot=1) if identity.ballot > 1 else identity
        if first in self.first_ballot:
            record["previous"] = self.first_ballot[first]
        before = self.before.get(identity)
        protocol = in_force(identity, record, before, self.election.decisions, self.replacing)
        if before is not None and before.sha256 != protocol.sha256 and not protocol.unexplained:
            self.replacing[protocol.sha256] = protocol.record["replaces"]["reason"]
        if identity == first and level not in (Level.PRECINCT, Level.PART):
            self.first_ballot[first] = protocol.sha256
        return protocol

    def _contest_data(self, contest: Contest) -> Record:
        chamber = {"id": contest.chamber, "name": self.chambers.get(contest.chamber, contest.chamber)}
        return {
            "id": contest.id,
            "name": contest.name,
            "chamber": chamber,
            "seats": contest.seats,
            "rules": contest.rules,
        }


def _unit(unit: Unit) -> Record:
    return {"id": unit.id, "name": unit.name, "kind": unit.kind}


def _units(expected: int, reported: int) -> Record:
    return {"expected": expected, "reported": reported}


def _finding(finding: Finding) -> Record:
    return {
        "severity": finding.severity.value,
        "about": finding.about,
        "check": finding.check,
        "left": finding.left,
        "right": finding.right,
        "article": finding.article,
        "settled_by": finding.settled_by,
    }
