"""The vote: how many take part, and how they vote, precinct by precinct.

Turnout: a level for each district of the chamber that the precincts hang on, scattered on the logit, then for each
precinct; every elector of a precinct then decides alike and alone. The ballots of all chambers lie in one envelope, so
who takes part does so in every contest.

Choice: candidates of a contest have a strength (Dirichlet); a precinct's opinion scatters round it (Dirichlet again, by
gamma draws), and the valid ballots fall by that opinion (multinomial).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from suffrage.law import Rules
from suffrage.simulation.assumptions import Assumptions
from suffrage.simulation.portions import Ints

Floats = npt.NDArray[np.float64]

FIGURES = (
    "registered", "certificates", "issued", "took_part", "invalid", "blank", "void", "valid", "all_struck",
)  # fmt: skip
"""The figures that the model makes, in the order of the columns."""

ROWS = 32_768
"""So many returns are made, and written, at a time."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """What the contests of a precinct have in common."""

    registered: Ints
    certificates: Ints
    issued: Ints
    took_part: Ints


def attendance(electors: Ints, district: Ints, assumptions: Assumptions, rng: np.random.Generator) -> Attendance:
    """Who takes part. `district` is the one of each precinct that its turnout depends on."""
    level = np.log(assumptions.turnout / (1 - assumptions.turnout))
    of_district = rng.normal(level, assumptions.turnout_of_districts, int(district.max()) + 1)
    logit = of_district[district] + rng.normal(0, assumptions.turnout_of_precincts, len(electors))
    took_part = rng.binomial(electors, 1 / (1 + np.exp(-logit)))
    certificates = rng.binomial(electors, assumptions.certificates)
    away = rng.random(len(electors)) < assumptions.ballots_taken_away
    issued = np.minimum(took_part + away * rng.integers(1, 4, len(electors)), electors)
    return Attendance(electors, certificates, issued, took_part)


@dataclass(frozen=True, slots=True)
class Papers:
    """The ballot papers of a chamber: candidates and the most names left, by contest."""

    candidates: Ints
    most_names: Ints
    seats: Ints
    rules: Rules


@dataclass(frozen=True, slots=True)
class Returns:
    """Some returns of a chamber: figures by name, votes by number on the paper, and which of these numbers exist."""

    rows: slice
    figures: Mapping[str, Ints]
    votes: Ints
    stands: npt.NDArray[np.bool_]


def returns_of(
    papers: Papers, contest: Ints, people: Attendance, assumptions: Assumptions, rng: np.random.Generator
) -> Iterator[Returns]:
    """The returns of a chamber in the order of the line, some at a time. `contest` is that of each precinct."""
    size = len(papers.candidates)
    stands = np.arange(int(papers.candidates.max())) < papers.candidates[:, None]
    alike = np.where(stands, assumptions.strength * papers.seats[:, None], 0.0)
    strength = _shares(rng.standard_gamma(alike), stands)
    shape = assumptions.faults_of_districts
    invalid = np.minimum(rng.gamma(shape, assumptions.invalid / shape, size), 0.5)
    struck = np.minimum(rng.gamma(shape, assumptions.all_struck / shape, size), 0.5)
    for begin in range(0, len(contest), ROWS):
        rows = slice(begin, min(begin + ROWS, len(contest)))
        where = contest[rows]
        figures = _figures(papers.rules, people, rows, invalid[where], struck[where], assumptions, rng)
        named = figures["valid"] - (figures["all_struck"] if papers.rules.ballot.none_left == "valid" else 0)
        opinion = _shares(rng.standard_gamma(strength[where] * assumptions.likeness_of_precincts), stands[where])
        votes = _votes(named, papers.most_names[where], opinion, stands[where], assumptions, rng)
        yield Returns(rows, figures, votes, stands[where])


def _shares(drawn: Floats, stands: npt.NDArray[np.bool_]) -> Floats:
    """Gamma draws as shares: a Dirichlet draw. Draws too small for a number count alike."""
    drawn = np.where(stands, np.maximum(drawn, 1e-12), 0.0)
    shares: Floats = drawn / drawn.sum(axis=1, keepdims=True)
    return shares


def _figures(
    rules: Rules,
    people: Attendance,
    rows: slice,
    invalid_share: Floats,
    struck_share: Floats,
    assumptions: Assumptions,
    rng: np.random.Generator,
) -> dict[str, Ints]:
    took_part = people.took_part[rows]
    invalid = rng.binomial(took_part, invalid_share)
    struck = np.zeros_like(took_part)
    strike_out = rules.ballot.marking.known == "strike-out" and rules.ballot.none_left is not None
    if strike_out:
        struck = rng.binomial(took_part - invalid, struck_share)
        if rules.ballot.none_left == "invalid":
            invalid = invalid + struck
    blank = np.zeros_like(invalid) if strike_out else rng.binomial(invalid, assumptions.blank_of_invalid)
    return {
        "registered": people.registered[rows],
        "certificates": people.certificates[rows],
        "issued": people.issued[rows],
        "took_part": took_part,
        "invalid": invalid,
        "blank": blank,
        "void": invalid - blank,
        "valid": took_part - invalid,
        "all_struck": struck,
    }


def _votes(
    ballots: Ints,
    most_names: Ints,
    opinion: Floats,
    stands: npt.NDArray[np.bool_],
    assumptions: Assumptions,
    rng: np.random.Generator,
) -> Ints:
    """The votes for each name. A ballot holds one name at least and `most_names` at most, and none twice."""
    names = ballots + rng.binomial(ballots * (most_names - 1), assumptions.names_left)
    votes = rng.multinomial(names, opinion).astype(np.int64)
    # Rounding of the shares may leave a vote to a number that nobody has.
    votes[:, 0] += np.where(stands, 0, votes).sum(axis=1)
    votes[~stands] = 0
    if (most_names == 1).all():
        return votes
    # More votes than ballots for a name would be two on one ballot: they go to the others in turn.
    over = np.maximum(votes - ballots[:, None], 0)
    votes -= over
    spare = over.sum(axis=1)
    for number in np.argsort(-opinion.mean(axis=0), kind="stable"):
        room = np.where(stands[:, number], ballots - votes[:, number], 0)
        taken = np.minimum(room, spare)
        votes[:, number] += taken
        spare -= taken
    return votes


def figures_of(rules: Rules) -> tuple[str, ...]:
    """The figures of a return that the law knows and the model makes something of.

    A part of the invalid ballots is told apart only where ballots are marked; struck ballots only where names are
    struck out.
    """
    marked = rules.ballot.marking.known != "strike-out"
    apart = {"blank", "void"} <= set(rules.returns.fields) and marked
    left_out = {"all_struck"} if marked or rules.ballot.none_left is None else set()
    if not apart:
        left_out |= {"blank", "void"}
    return tuple(name for name in FIGURES if name in rules.returns.fields and name not in left_out)
