"""The one model of an election: units, contests, candidates and decisions, as frozen data.

Figures are not here: they are as many as there are precincts, and come through `suffrage.returns`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from suffrage.election.index import Index


class Kind(StrEnum):
    """What an election's records are: part of every record that leaves the program."""

    REAL = "real"
    REHEARSAL = "rehearsal"
    DEMO = "demo"
    REPLAY = "replay"


class DecisionKind(StrEnum):
    """What a recorded decision does.

    `accept`: the figures of a return (or, without a unit, of the whole contest) stand as reported in spite of errors.
    `correct`: one figure of one return is replaced. `annul`: the ballots of a return, or of a whole contest, are void.
    `withdraw`: a candidate leaves before the second ballot. `elect`: a tie is decided for a candidate (by lot, by age).
    """

    ACCEPT = "accept"
    CORRECT = "correct"
    ANNUL = "annul"
    WITHDRAW = "withdraw"
    ELECT = "elect"


@dataclass(frozen=True, slots=True)
class Unit:
    """A place of the tree: the whole country, a district, a precinct.

    `also_in` names further units that it belongs to, outside the tree: the district of another chamber.
    `registered` is the number of electors on its roll, where it is known before the returns.
    """

    id: str
    name: str = ""
    kind: str = ""
    parent: str = ""
    also_in: tuple[str, ...] = ()
    registered: int | None = None
    inhabitants: int | None = None


@dataclass(frozen=True, slots=True)
class Contest:
    """One election of `seats` deputies in one unit. `rules` names a variant of the statute; empty: the statute."""

    id: str
    unit: str
    name: str = ""
    chamber: str = ""
    seats: int = 1
    rules: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name on the ballot paper of one contest. The same id in two contests is the same person."""

    contest: str
    id: str
    number: int
    surname: str
    names: str = ""
    supporters: tuple[str, ...] = ()
    party: str = ""
    birth_date: date | None = None
    occupation: str = ""

    @property
    def full_name(self) -> str:
        """Surname first, as on the ballot paper."""
        return f"{self.surname} {self.names}".strip()


@dataclass(frozen=True, slots=True)
class Decision:
    """A recorded decision of a committee or a court: what it changes, who took it, when and why."""

    id: str
    kind: DecisionKind
    contest: str
    ballot: int = 1
    unit: str = ""
    candidate: str = ""
    field: str = ""
    figure: int | None = None
    date: date | None = None
    by: str = ""
    reason: str = ""
    article: str = ""


@dataclass(frozen=True)
class Election:
    """An election without its figures. `law` is the id of a built-in law, or the name of a statute file beside it.

    `language` (a tag of BCP 47, such as `en`, `fr`, `uk`) is the one that its papers are set in.

    The order of units, contests and candidates is the order in which they are shown.
    """

    id: str
    title: str
    law: str
    kind: Kind
    units: tuple[Unit, ...]
    contests: tuple[Contest, ...]
    candidates: tuple[Candidate, ...]
    decisions: tuple[Decision, ...] = ()
    polling_day: date | None = None
    second_ballot_day: date | None = None
    time_zone: str = "UTC"
    language: str = "en"
    sources: tuple[str, ...] = ()

    @cached_property
    def index(self) -> Index:
        """Positions by identifier, and the tree of units; built once. Not part of equality."""
        return Index(self.units, self.contests, self.candidates)
