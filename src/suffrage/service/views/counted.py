"""What the page of results shows: the contests as counted, their protocols, and the way to the publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from suffrage.count import ContestCount, ElectionCount, OutcomeKind
from suffrage.count.result import BallotCount
from suffrage.protocols.published import Identity
from suffrage.protocols.site.contest import decided
from suffrage.service.acts import results
from suffrage.service.acts.decisions import DECISIONS, Open
from suffrage.service.desk import State
from suffrage.service.models import Election, Poll
from suffrage.service.naming import COMMITTEES, protocol_names
from suffrage.words import plural

_TAGS = {
    OutcomeKind.ELECTED: "ok",
    OutcomeKind.SECOND_BALLOT: "r2",
    OutcomeKind.NEW_ELECTION: "no",
    OutcomeKind.UNDECIDED: "in",
}


@dataclass(frozen=True, slots=True)
class WayStep:
    """One step from the count to the publication. `act` names what the page offers with it."""

    act: str
    title: str
    sentence: str
    state: State


def way(poll: Poll, drawn: int, lacks: Mapping[Identity, str]) -> list[WayStep]:
    """The steps from the count to the publication, in order; the first that is not done is what comes next."""
    signed, prepared, sealed = bool(drawn) and not lacks, bool(poll.manifest), bool(poll.manifest_signature)
    drawing = f"{plural(drawn, 'protocol')} drawn." if drawn else "No protocols are drawn yet."
    signing = "Each member signs on their page My signatures."
    if signed:
        signing = "Every protocol has the signatures that the law asks for."
    elif drawn:
        many = (
            f"{len(lacks)} of {drawn} protocols still lack signatures." if drawn > 1 else "It still lacks signatures."
        )
        signing = f"{many} {signing}"
    chair = "The chair has to sign the manifest." if prepared else "The chair signs the manifest of what is published."
    return [
        WayStep("draw", "Draw the protocols", drawing, _state(bool(drawn), True)),
        WayStep("sign", "Have them signed", signing, _state(signed, bool(drawn))),
        WayStep(
            "prepare",
            "Prepare the publication",
            "Site, papers, tables and bundle are made, up to the manifest. It takes a while.",
            _state(prepared, signed),
        ),
        WayStep(
            "manifest",
            "Have the manifest signed",
            "The chair has signed the manifest." if sealed else chair,
            _state(sealed, prepared),
        ),
        WayStep(
            "publish",
            "Publish the results",
            "Everything is verified from the sealed ballots up before it is in place.",
            _state(False, sealed),
        ),
    ]


def _state(done: bool, ready: bool) -> State:
    return State.DONE if done else State.NOW if ready else State.WAITING


def shown_contests(counted: ElectionCount, open_: Sequence[Open]) -> list[dict[str, Any]]:
    """Every contest: its outcome, who is elected, its ballots, decisions that were taken and that are open."""
    return [
        {
            "slug": item.contest.id,
            "name": item.contest.name,
            "outcome": item.outcome,
            "tag": _TAGS[item.outcome.kind],
            "elected": [item.candidate(one).full_name for one in item.outcome.elected],
            "ballots": [_ballot(ballot, _labels(counted, item)) for ballot in item.ballots],
            "taken": [
                (decided(decision, counted, item, _labels(counted, item)), decision)
                for decision in counted.election.decisions
                if decision.contest == item.contest.id
            ],
            "open": [(DECISIONS[one.kind], one) for one in open_ if one.contest.slug == item.contest.id],
        }
        for item in counted.contests
    ]


def _labels(counted: ElectionCount, item: ContestCount) -> dict[str, str]:
    """The figures of a return as the law names them, in its order."""
    rules = counted.statute.rules_under(item.contest.rules)
    return {name: field.label or name.replace("_", " ") for name, field in rules.returns.fields.items()}


def _ballot(ballot: BallotCount, labels: Mapping[str, str]) -> dict[str, Any]:
    totals = ballot.totals
    named = [name for name in labels if name in totals.figures]
    others = [name for name in totals.figures if name not in labels]
    return {
        "number": ballot.ballot,
        "valid": totals.figures.get("valid", 0),
        "figures": [
            (_upper(labels.get(name, name.replace("_", " "))), totals.figures[name]) for name in (*named, *others)
        ],
        "candidates": [
            (person.number, person.full_name, totals.votes[place], totals.against(place))
            for place, person in enumerate(ballot.candidates)
        ],
        "steps": ballot.outcome.steps,
        "findings": ballot.findings,
    }


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def shown_protocols(election: Election, lacks: Mapping[Identity, str]) -> list[dict[str, Any]]:
    """The protocols in force by the names of what they are about, with how many have signed each and what it lacks."""
    store = results.protocols_of(election)
    if store is None:
        return []
    names = protocol_names(election)
    return [
        {
            "title": names.sentence(identity),
            "about": names.about(identity),
            "whose": COMMITTEES[identity.level],
            "ballot": identity.ballot,
            "sha256": item.sha256,
            "signed": len(store.signatures.get(item.sha256, ())),
            "lacks": lacks.get(identity, ""),
        }
        for identity, item in store.in_force.items()
    ]
