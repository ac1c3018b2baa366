"""The summary of a whole election on paper: every contest in one table, with its outcome and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from suffrage.count import BallotCount, ElectionCount
from suffrage.count.report import outcome_data
from suffrage.law import Statute
from suffrage.protocols.published import Identity, Level, PublishedProtocol, Signer
from suffrage.protocols.typeset.figures import Figures, laws_of, outcome_rows
from suffrage.protocols.typeset.known import Known
from suffrage.protocols.typeset.language import language_of
from suffrage.protocols.typeset.sheet import Record, Sheet, chamber_name, frame, place_name, role_name, titled
from suffrage.typeset.clean import capital, clean, in_lines
from suffrage.typeset.language import Language


@dataclass(frozen=True)
class Central:
    """The protocol of a central committee that a summary ends with."""

    ballot: int
    chamber: str
    sha256: str
    signers: Sequence[Signer] = ()


@dataclass
class _Contest:
    """One contest, its ballots by number."""

    ballots: dict[int, Record] = field(default_factory=dict)

    @property
    def last(self) -> Record:
        return self.ballots[max(self.ballots)]

    @property
    def elected(self) -> list[tuple[str, int]]:
        """Names and votes of those elected, in the first ballot and then in the second."""
        found = []
        for record in self.ballots.values():
            lines = {line["candidate"]: line for line in record["votes"]}
            chosen = (lines[name] for name in record["outcome"]["elected"] if name in lines)
            found += [(clean(line["name"]), line["votes"]) for line in chosen]
        return list(dict.fromkeys(found))


def summary_sheet(records: Iterable[Record], central: Sequence[Central], statute: Statute) -> Sheet:
    """The sheet of a summary. `records` are those of districts, of either ballot; others are passed over.

    ValueError where there is no record of a district.
    """
    contests: dict[tuple[str, str], _Contest] = {}
    for record in records:
        if record["level"] == Level.DISTRICT:
            key = chamber_name(record), record["contest"]["id"]
            contests.setdefault(key, _Contest()).ballots[record["ballot"]] = record
    if not contests:
        raise ValueError("a summary needs the protocol of at least one contest")
    first = next(iter(contests.values())).last
    language = language_of(first["language"])
    election = clean(first["election"]["title"])
    days = dict.fromkeys(c.ballots[b]["day"] for b in (1, 2) for c in contests.values() if b in c.ballots)
    second = any(2 in contest.ballots for contest in contests.values())
    say = language.say
    heads = ["headings.contest", "ballots.first", *(["ballots.second"] if second else []), "headings.elected"]
    seats = sum(contest.last["contest"]["seats"] for contest in contests.values())
    outcomes = Counter(contest.last["outcome"]["kind"] for contest in contests.values())
    return {
        **frame(first["kind"], language, ""),
        "title": say("summary.title", election=election),
        **titled(say("heading.summary"), election),
        "whose": say("heading.of_election"),
        "day": ", ".join(language.day(day) for day in days if day),
        "law": clean(first["law"]["title"]),
        "contests": say("summary.contests", number=language.number(len(contests))),
        "seats": say(
            "summary.seats_elected",
            filled=language.number(sum(len(contest.elected) for contest in contests.values())),
            seats=language.number(seats),
        ),
        "outcomes": outcome_rows(outcomes, language),
        "heads": [capital(say(head)) for head in heads],
        "chambers": [
            {"name": chamber, "rows": [_row(contest, second, language, statute) for contest in group]}
            for chamber, group in _by_chamber(contests)
        ],
        "central": [_central(one, language) for one in central],
    }


def _by_chamber(contests: Mapping[tuple[str, str], _Contest]) -> Iterator[tuple[str, list[_Contest]]]:
    groups: dict[str, list[_Contest]] = {}
    for (chamber, _), contest in contests.items():
        groups.setdefault(chamber, []).append(contest)
    yield from groups.items()


def _row(contest: _Contest, second: bool, language: Language, statute: Statute) -> dict[str, Any]:
    record = contest.last
    units = record["units"]
    reported = ""
    if units["reported"] < units["expected"]:
        values = {name: language.number(units[name]) for name in ("reported", "expected")}
        reported = language.say("summary.reported", **values)
    outcomes = [_kind(contest.ballots.get(ballot), language) for ballot in ((1, 2) if second else (1,))]
    return {
        "contest": place_name(record["contest"]) or place_name(record["unit"]),
        "reported": reported,
        "outcomes": outcomes,
        "elected": [{"name": name, "votes": language.noun("votes", votes)} for name, votes in contest.elected],
        "follows": _follows(record, language, statute),
    }


def _kind(record: Record | None, language: Language) -> str:
    if record is None:
        return "\N{EM DASH}"
    if not record["units"]["reported"]:
        return language.say("summary.not_reported")
    kind = record["outcome"]["kind"]
    return language.find(f"outcomes.{kind}") or clean(kind)


def _follows(record: Record, language: Language, statute: Statute) -> str:
    """What a contest waits for, or leads to, beyond those elected."""
    outcome = record["outcome"]
    names = {line["candidate"]: clean(line["name"]) for line in record["votes"]}
    if outcome["missing"]:
        figures = Figures(language, laws_of(statute, record))
        known = Known(language, figures.label, figures.names, frozenset(names.values()))
        return "; ".join(clean(known.said(text)) for text in outcome["missing"])
    by = language.say("steps.by_day", day=language.day(outcome["by"])) if outcome["by"] else ""
    if outcome["finalists"]:
        finalists = language.listed([names.get(name, clean(name)) for name in outcome["finalists"]])
        return ", ".join(part for part in (finalists, by.strip()) if part)
    if outcome["follows"] == "vacant":
        return language.say("steps.unfilled.vacant", seats=language.noun("vacant", outcome["seats_left"]), article="")
    if outcome["follows"]:
        return language.say(f"steps.unfilled.{outcome['follows']}", by=by, article="")
    return ""


def _central(central: Central, language: Language) -> dict[str, Any]:
    named = language.say("summary.central", ballot=language.ballot(central.ballot))
    signers = [f"{role_name(signer.role, language)} {clean(signer.name)}" for signer in central.signers]
    return {
        "name": ", ".join(part for part in (named, clean(central.chamber)) if part),
        "digits": in_lines(central.sha256, 32),
        "signed": language.say("summary.signed", signers=", ".join(signers)) if signers else "",
    }


def central_of(record: Record, sha256: str, signers: Sequence[Signer]) -> Central:
    """What a summary says of the protocol of the centre."""
    return Central(record["ballot"], chamber_name(record), sha256, signers)


def central_published(counted: ElectionCount, protocols: Mapping[Identity, PublishedProtocol]) -> list[Central]:
    """What a summary says of the protocols of the centre, in the order of their publication."""
    chambers = {chamber.id: chamber.name for chamber in counted.statute.chambers}
    return [
        Central(identity.ballot, chambers.get(identity.chamber, identity.chamber), protocol.sha256, protocol.signers)
        for identity, protocol in protocols.items()
        if identity.level is Level.CENTRE
    ]


def records_of(counted: ElectionCount) -> Iterator[dict[str, Any]]:
    """What a summary needs of every contest, as records of districts; contests that have not reported too."""
    election, statute = counted.election, counted.statute
    chambers = {chamber.id: chamber.name for chamber in statute.chambers}
    days = {1: election.polling_day, 2: election.second_ballot_day}
    for contest in counted.contests:
        chamber = contest.contest.chamber
        unit = election.units[election.index.unit[contest.contest.unit]]
        for ballot in contest.ballots:
            day = days[ballot.ballot]
            yield {
                "level": Level.DISTRICT.value,
                "kind": election.kind.value,
                "language": election.language,
                "election": {"id": election.id, "title": election.title},
                "law": {"id": statute.id, "title": statute.title},
                "ballot": ballot.ballot,
                "day": day and day.isoformat(),
                "unit": {"id": unit.id, "name": unit.name, "kind": unit.kind},
                "contest": {
                    "id": contest.contest.id,
                    "name": contest.contest.name,
                    "chamber": {"id": chamber, "name": chambers.get(chamber, chamber)},
                    "seats": contest.contest.seats,
                    "rules": contest.contest.rules,
                },
                "units": {"expected": ballot.expected, "reported": ballot.reported},
                "votes": _votes(ballot),
                "outcome": outcome_data(ballot.outcome),
            }


def _votes(ballot: BallotCount) -> list[dict[str, Any]]:
    return [
        {"candidate": candidate.id, "number": candidate.number, "name": candidate.full_name, "votes": votes}
        for candidate, votes in zip(ballot.candidates, ballot.totals.votes, strict=True)
    ]
