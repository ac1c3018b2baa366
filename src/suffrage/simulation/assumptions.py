"""What a simulation assumes beside the law, kept in one place: every number here can be argued about, and changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from suffrage.law.statute import PrecinctSize


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """The assumptions of the model. Shares are from 0 to 1.

    `inhabitants` to `of_electors` is the ratio of the two. 569 districts of 300,000 inhabitants for 94,138,159
    registered electors (1937) give the ratio used here; the census of January 1937 counted about 162 million, which
    would give 540 districts.

    Shares of struck and invalid ballots are those of the two chambers together in the totals of 1937 (recalled). All
    that concerns the choice between several candidates has no precedent to go by, and is invented.
    """

    inhabitants: int = 569 * 300_000
    of_electors: int = 94_138_159

    # Precincts
    inhabitants_by_precinct: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType({"town": 0.33, "servicemen": 0.01, "hospital": 0.003, "ship": 0.0005})
    )
    """The share of the inhabitants in precincts of each kind. Kinds that are not named share the rest."""
    only_electors_in: frozenset[str] = frozenset({"servicemen", "hospital", "ship"})
    """Kinds of precincts in which every inhabitant is an elector."""
    precinct: PrecinctSize = PrecinctSize(kind="", least=500, most=2500)
    """The size of a precinct where the law gives none."""
    most_for_least: int = 8
    """The most inhabitants of a precinct where the law gives only the least: so many times the least."""

    # Districts
    units_without_data: int = 100
    """How many units there are of a kind of which nothing is known."""
    seats_of_district: int = 3
    """Seats of a district where the law leaves them to a decision."""

    # Candidates
    candidates_beyond_seats: tuple[int, int] = (2, 5)
    """How many more candidates than seats stand, at least and at most."""
    women: float = 0.25
    own_language: float = 0.75
    """The share of candidates with a name in the first language of their place; the others have any of the place."""
    age: tuple[int, int] = (23, 66)

    # Turnout
    turnout: float = 0.86
    turnout_of_districts: float = 0.8
    """The spread between districts: the standard deviation of the logit."""
    turnout_of_precincts: float = 0.3
    certificates: float = 0.004
    """The share of electors who vote where they stay, on a certificate."""
    ballots_taken_away: float = 0.002
    """The share of precincts in which an elector takes the ballot away, so that fewer are found than were issued."""

    # Ballots
    all_struck: float = (632_074 + 562_402) / (2 * 91_113_153)
    invalid: float = (636_808 + 1_487_582) / (2 * 91_113_153)
    blank_of_invalid: float = 0.5
    """The share of blank ballots among the invalid ones, where returns tell them apart."""
    faults_of_districts: float = 4.0
    """How alike districts are in struck and invalid ballots: the shape of a gamma distribution."""
    strength: float = 1.0
    """How alike the candidates of a district are: the parameter of a Dirichlet distribution."""
    likeness_of_precincts: float = 120.0
    """How alike the precincts of a district are in what they think of a candidate."""
    names_left: float = 0.8
    """Where a ballot may hold several names: how many of those beyond the first are used."""
