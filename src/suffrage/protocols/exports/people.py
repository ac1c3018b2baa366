"""The people of a NIST report: parties, offices, persons, and their candidacies in one ballot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from suffrage.count.outcome import OutcomeKind
from suffrage.count.result import ElectionCount
from suffrage.election.model import Candidate, DecisionKind, Election
from suffrage.protocols.exports.blocks import Block
from suffrage.protocols.exports.entries import entity, identifier, known_as, text


def party_keys(election: Election) -> dict[str, str]:
    """The identifier of every party by its name: a name can be any text, so parties are numbered."""
    names = dict.fromkeys(candidate.party for candidate in election.candidates if candidate.party)
    return {name: f"party-{number}" for number, name in enumerate(names, 1)}


def office_keys(election: Election) -> dict[str, str]:
    """The identifier of every office by the chamber that it is a seat of; chambers too are any text."""
    names = dict.fromkeys(contest.chamber for contest in election.contests if contest.chamber)
    return {name: f"office-{number}" for number, name in enumerate(names, 1)}


def named(kind: str, keys: dict[str, str], language: str) -> Iterator[dict[str, Any]]:
    """Parties or offices: what is known of them is their name."""
    return (entity(kind, key, Name=text(name, language)) for name, key in keys.items())


def persons(election: Election) -> Iterator[dict[str, Any]]:
    """Everybody who stands, once: the same id in two contests is the same person."""
    language = election.language
    first: dict[str, Candidate] = {}
    for candidate in election.candidates:
        first.setdefault(candidate.id, candidate)
    for candidate in first.values():
        yield entity(
            "Person",
            identifier("person", candidate.id),
            DateOfBirth=candidate.birth_date and candidate.birth_date.isoformat(),
            ExternalIdentifier=known_as(candidate.id),
            FirstName=candidate.names or None,
            FullName=text(candidate.full_name, language),
            LastName=candidate.surname,
            Profession=text(candidate.occupation, language) if candidate.occupation else None,
        )


def candidate_key(ballot: int, candidate: Candidate) -> str:
    """The identifier of a candidacy in one ballot."""
    return identifier(f"candidate{ballot}", candidate.contest, candidate.id)


def candidacies(counted: ElectionCount, group: Iterable[Block], parties: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Who stands in some contests in one ballot, and what became of it."""
    language = counted.election.language
    withdrawn = {(d.contest, d.candidate) for d in counted.election.decisions if d.kind is DecisionKind.WITHDRAW}
    for block in group:
        for candidate in block.count.candidates:
            yield entity(
                "Candidate",
                candidate_key(block.count.ballot, candidate),
                BallotName=text(candidate.full_name, language),
                ExternalIdentifier=known_as(candidate.id),
                PartyId=parties.get(candidate.party),
                PersonId=identifier("person", candidate.id),
                PostElectionStatus=_status(block, candidate, (candidate.contest, candidate.id) in withdrawn),
            )


def _status(block: Block, candidate: Candidate, withdrawn: bool) -> str | None:
    """What a ballot made of a candidate; None where that is still open, or where the election is held again."""
    outcome = block.count.outcome
    if candidate.id in outcome.elected:
        # Certain, but not yet complete: the standard's word for a winner before the last returns.
        return "projected-winner" if outcome.certain else "winner"
    if candidate.id in outcome.finalists:
        return "advanced-to-runoff"
    if withdrawn:
        return "withdrawn"
    return "defeated" if outcome.kind in (OutcomeKind.ELECTED, OutcomeKind.SECOND_BALLOT) else None
