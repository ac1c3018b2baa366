"""The typed statute: every rule that an election can ask for, section by section in the order of an election.

A statute is data. Nothing here decides anything; `suffrage.count` applies the sections *ballot*, *turnout*, *majority*,
*second_ballot*, *new_election* and *returns*; the others are read by people, by the calendar and by later steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, model_validator

from suffrage.law.rules import (
    Base,
    Count,
    Deadline,
    Gap,
    Provision,
    Rule,
    ShareRule,
    TermRule,
    WithdrawalRule,
)
from suffrage.law.sums import EquationText, SumText

Texts = tuple[str, ...]
Positive = Annotated[StrictInt, Field(gt=0)]
Tie = Literal["lot", "older", "second-ballot", "ballot-again", "new-election"]
Marking = Literal["strike-out", "mark", "show-of-hands"]
Validity = Literal["valid", "invalid"]
ClockTime = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A group of rules. A whole section may be `"silent"` or `"not_applicable"`: then each of its rules is."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", serialize_by_alias=True)

    @model_validator(mode="before")
    @classmethod
    def _from_gap(cls, seen: Any) -> Any:
        return cls.spelled_out(seen)

    @classmethod
    def spelled_out(cls, seen: Any) -> Any:
        """A section that is only a gap, as the table of its rules; anything else as it is."""
        rule = {"value": seen} if isinstance(seen, str) else seen
        if not (isinstance(rule, dict) and rule.get("value") in tuple(Gap)):
            return seen
        if not set(rule) <= {"value", "article", "certainty", "note"}:
            return seen
        required = (f for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING)
        return {f.metadata.get("key", f.name): rule for f in required}


def else_rule() -> Any:
    """A field that a statute file calls `else`, which is no name for a Python attribute."""
    return field(metadata={"key": "else"})


@dataclass(frozen=True, kw_only=True)
class Franchise(Section):
    """Who may vote, and the four qualities of the suffrage."""

    minimum_age: Rule[Count]
    excluded: Rule[Texts]
    equal: Rule[StrictBool]
    direct: Rule[StrictBool]
    secret: Rule[StrictBool]


@dataclass(frozen=True, kw_only=True)
class Norm(Provision):
    """A norm of representation.

    Either one deputy for every `one_per` of `of` (inhabitants, electors), or `each` deputies for every unit of the
    kind `unit`.
    """

    one_per: Positive | None = None
    of: Literal["inhabitants", "electors"] | None = None
    each: Positive | None = None
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Chamber(Section):
    """A chamber, or any body that is elected as a whole."""

    id: Slug
    name: str
    norms: tuple[Norm, ...] = ()
    seats: Rule[Count] | None = None


@dataclass(frozen=True, kw_only=True)
class Ballot(Section):
    """How a ballot is marked, and what a marked ballot means.

    `may_leave` is the most names that may be left (or marked): a number, `seats`, or `any`. `all_struck` speaks of a
    strike-out ballot on which no name is left, `blank` of a ballot to be marked that bears no mark.
    """

    marking: Rule[Marking]
    seats: Rule[Positive]
    may_leave: Rule[Literal["seats", "any"] | Positive]
    all_struck: Rule[Validity]
    blank: Rule[Validity]
    unclear: Rule[Literal["committee", "invalid"]]
    invalid: Rule[Texts]

    def most_names(self, seats: int, candidates: int) -> int | None:
        """The most names that may be left in a contest; None where the law is silent on it."""
        most = self.may_leave.value
        if isinstance(most, int):
            return most
        return {"seats": seats, "any": candidates}.get(most)

    @property
    def none_left(self) -> Validity | None:
        """What a ballot is on which no name is left (strike-out) or marked; None where the law is silent."""
        return self.all_struck.known if self.marking.known == "strike-out" else self.blank.known


@dataclass(frozen=True, kw_only=True)
class Turnout(Section):
    """How many must take part. `counted` is the figure that is compared."""

    at_least: ShareRule | None = None
    more_than: ShareRule | None = None
    counted: Rule[Base] = Rule(value="took_part")
    otherwise: Annotated[TermRule, Field(alias="else")] = else_rule()

    @classmethod
    def spelled_out(cls, seen: Any) -> Any:
        """As for every section; neither measure is required by itself, so that one of them stands for both."""
        whole = super().spelled_out(seen)
        return whole if whole is seen else {"at_least": whole["else"], **whole}

    @property
    def rule(self) -> ShareRule:
        """The measure that is given, whichever it is."""
        return self.at_least or self.more_than or ShareRule(value=Gap.NOT_APPLICABLE)


@dataclass(frozen=True, kw_only=True)
class Majority(Section):
    """What elects in the first ballot.

    `more_than` not applicable: the most votes elect. `thresholds` are further shares that the elected must reach
    (at least). `tie` speaks of candidates with equal votes for the last place to be filled.
    """

    more_than: ShareRule
    thresholds: tuple[ShareRule, ...] = ()
    tie: Rule[Tie]


@dataclass(frozen=True, kw_only=True)
class SecondBallot(Section):
    """The second ballot.

    `finalists`: `second-highest-and-above` are all with at least the second-highest number of votes, ties included;
    `two-leaders` are exactly two, a tie for the second place going to the rule on ties of the first ballot. Where
    several seats are left to fill, read: one finalist more than seats, and two a seat. `also_at_least` lets others
    in. `minimum_candidates`: with fewer on the first ballot there is no second.
    """

    finalists: Rule[Literal["second-highest-and-above", "two-leaders"]]
    also_at_least: ShareRule = ShareRule(value=Gap.NOT_APPLICABLE)
    minimum_candidates: Rule[Count]
    within_days: Rule[Count]
    turnout_applies: Rule[StrictBool]
    won_by: Rule[Literal["most-votes", "majority"]]
    withdrawal: WithdrawalRule
    alone_needs: ShareRule
    tie: Rule[Tie]


@dataclass(frozen=True, kw_only=True)
class NewElection(Section):
    """When the election is held again: nobody elected and no second ballot to decide; a seat that falls vacant."""

    no_majority: TermRule
    vacancy: TermRule


@dataclass(frozen=True, kw_only=True)
class Roll(Section):
    """The list of electors and how it is put right."""

    drawn_up_by: Rule[str]
    complaint_to: Rule[str]
    appeal_to: Rule[str]
    certificates: Rule[StrictBool]
    removal: Rule[str]


@dataclass(frozen=True, kw_only=True)
class Nomination(Section):
    """Who may put up candidates, and what a candidate must fulfil."""

    by: Rule[Texts]
    consent: Rule[StrictBool]
    one_district_only: Rule[StrictBool]
    not_on_committee: Rule[StrictBool]
    requires: Rule[Texts]
    appeal_to: Rule[str]
    published: Rule[Texts]


@dataclass(frozen=True, kw_only=True)
class Committee(Provision):
    """One level of committee and its size."""

    level: str
    least: Count
    most: Count


@dataclass(frozen=True, kw_only=True)
class Committees(Section):
    """The committees and how they decide."""

    made_of: Rule[str]
    quorum: Rule[str]
    chair_breaks_tie: Rule[StrictBool]
    levels: tuple[Committee, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PrecinctSize(Provision):
    """How many inhabitants (or electors) a precinct of one kind has."""

    kind: str
    least: Count
    most: Count | None = None


@dataclass(frozen=True, kw_only=True)
class Voting(Section):
    """Polling day."""

    day: Rule[str]
    opens: Rule[ClockTime]
    closes: Rule[ClockTime]
    assistance: Rule[str]
    precincts: tuple[PrecinctSize, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Protocols(Section):
    """What each committee records of its count, and who signs it."""

    precinct: Rule[Texts]
    district: Rule[Texts]
    signed_by: Rule[Literal["all-present", "all", "majority", "chair-and-secretary"]]
    copies_within_hours: Rule[Count]


@dataclass(frozen=True, kw_only=True)
class Afterwards(Section):
    """What may follow an election."""

    recall: Rule[str]


@dataclass(frozen=True, kw_only=True)
class ReturnField(Provision):
    """A figure of a return. `sum`: how it follows from others where it is not given. `required`: it must be given."""

    label: str
    required: StrictBool = False
    sum: SumText | None = None


@dataclass(frozen=True, kw_only=True)
class Check(Provision):
    """What must hold between the figures of one return; `otherwise` (in the file: `else`) is what a breach is.

    `seats`: checks that make sense only where a ballot holds one name, or several.
    """

    check: EquationText
    otherwise: Annotated[Literal["error", "remark"], Field(alias="else")] = else_rule()
    names: Literal["any", "one", "several"] = "any"


@dataclass(frozen=True, kw_only=True)
class Returns(Section):
    """The fields of a return and the checks between them. That no figure is negative needs no law."""

    fields: dict[str, ReturnField]
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rules(Section):
    """What a count needs; a variant of a statute (a national list beside districts) has its own."""

    ballot: Ballot
    turnout: Turnout
    majority: Majority
    second_ballot: SecondBallot
    new_election: NewElection
    returns: Returns


def _dated(seen: Any) -> Any:
    return seen.isoformat() if isinstance(seen, date) else seen


@dataclass(frozen=True, kw_only=True)
class Statute(Rules):
    """A whole law: identity and sources, then its sections. `variants` are whole too, after merging."""

    id: Slug
    title: str
    sources: Annotated[Texts, Field(min_length=1)]
    about: str = ""
    adopted: Annotated[str, BeforeValidator(_dated)] = ""
    franchise: Franchise
    chambers: tuple[Chamber, ...] = ()
    roll: Roll
    nomination: Nomination
    committees: Committees
    voting: Voting
    protocols: Protocols
    afterwards: Afterwards
    calendar: dict[str, Deadline] = field(default_factory=dict)
    variants: dict[str, Rules] = field(default_factory=dict)

    def rules_for(self, variant: str = "") -> Rules:
        """The rules of a contest: the statute's own, or those of one of its variants. KeyError if there is none."""
        return self.variants[variant] if variant else self

    def rules_under(self, variant: str) -> Rules:
        """The rules of a contest that names a variant, of this law or of another: the law's own where it has none."""
        return self.variants.get(variant, self)


RULE_SECTIONS: Mapping[str, type[Section]] = {
    "ballot": Ballot,
    "turnout": Turnout,
    "majority": Majority,
    "second_ballot": SecondBallot,
    "new_election": NewElection,
    "returns": Returns,
}
"""What a variant may say anew."""

SECTIONS: Mapping[str, type[Section]] = {
    "franchise": Franchise,
    "roll": Roll,
    "nomination": Nomination,
    "committees": Committees,
    "voting": Voting,
    "protocols": Protocols,
    "afterwards": Afterwards,
    **RULE_SECTIONS,
}
