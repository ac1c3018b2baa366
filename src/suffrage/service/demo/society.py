"""The society: its places, its contests, its members and its law. All names are made up."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SLUG, TITLE = "riverside", "Board of the Riverside Society"

LAW = """\
# The rules of a society in a few lines: they extend a law that comes with the program.
extends = "ussr-1937"
id = "riverside-society"
title = "Rules of the Riverside Society"
sources = ["Made up for a demonstration"]

[protocols]
signed_by = { value = "majority", article = "12", certainty = "decided" }
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidate, and who supports them."""

    surname: str
    names: str
    supporters: tuple[str, ...]
    occupation: str


@dataclass(frozen=True, slots=True)
class Race:
    """A contest: where it is held, who stands, and how the made-up public votes.

    `shares` are the chances of each candidate, and of striking out every name at the end; `turnout` is that of the
    electors who come.
    """

    slug: str
    name: str
    unit: str
    candidates: tuple[Standing, ...]
    shares: tuple[float, ...]
    turnout: float


DISTRICTS = (("north", "North Bank"), ("south", "South Bank"))

RACES = (
    Race(
        "chair",
        "Chair of the society",
        "society",
        (
            Standing("ORLOVA", "Anna", ("The workshop council",), "turner"),
            Standing("DUPONT", "René", ("The garden committee",), "gardener"),
            Standing("KOVAL", "Mykola", ("Twelve members of the library circle",), "librarian"),
        ),
        (0.46, 0.29, 0.22, 0.03),
        0.74,
    ),
    Race(
        "north-seat",
        "Delegate of the North Bank",
        "north",
        (
            Standing("ITO", "Sora", ("The tenants' list",), "teacher"),
            Standing("MARTIN", "Claire", ("The workshop council",), "electrician"),
        ),
        (0.68, 0.28, 0.04),
        0.86,
    ),
    Race(
        "south-seat",
        "Delegate of the South Bank",
        "south",
        (
            Standing("BEAUMONT", "Luc", ("The rowing club",), "boat builder"),
            Standing("SIDOROV", "Pavel", ("The garden committee", "The choir"), "cook"),
            Standing("WEISS", "Martha", ("Nine members of the South Bank",), "nurse"),
        ),
        (0.4, 0.33, 0.24, 0.03),
        0.38,
    ),
)
"""One seat is decided, one goes to a second ballot, one is void: fewer than half of its electors take part."""

_GIVEN = (
    *("Alma", "Boris", "Clara", "Dmitri", "Emma", "Fatima", "Georges", "Hana", "Igor", "Jeanne", "Karim", "Lena"),
    *("Milan", "Nadia", "Oleg", "Paula", "Quentin", "Rosa", "Sven", "Tamara", "Ulla", "Viktor", "Wanda", "Zoya"),
)
_FAMILY = (
    *("Abel", "Berg", "Costa", "Danilov", "Evans", "Fischer", "Garnier", "Horak", "Ivanova", "Jansen", "Kaya"),
    *("Laurent", "Moreau", "Novak", "Olsen", "Petrov", "Quist", "Romero", "Schmidt", "Tanaka", "Vidal", "Weber"),
)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the society."""

    number: str
    name: str
    unit: str
    language: str


def members(count: int, seed: int = 1936) -> Iterator[Member]:
    """Members, half of each bank, some of whom read French or Russian."""
    chance = random.Random(seed)
    for number in range(1, count + 1):
        name = f"{chance.choice(_FAMILY)} {chance.choice(_GIVEN)}"
        yield Member(f"{number:04d}", name, DISTRICTS[number % 2][0], chance.choice(("en", "en", "fr", "ru")))


def roll_file(people: Sequence[Member]) -> bytes:
    """The roll as the office has it: a table with semicolons."""
    lines = ["Number;Name;E-mail;Address;District;Language"]
    lines += [
        f"{m.number};{m.name};member{m.number}@riverside.example;{int(m.number)} River Street;{m.unit};{m.language}"
        for m in people
    ]
    return ("\r\n".join(lines) + "\r\n").encode()


def votes(race: Race, electors: Sequence[str], seed: int) -> dict[str, int | None]:
    """How those who come vote in a contest: the place of the name that is left; None: every name is struck."""
    chance = random.Random(f"{seed}|{race.slug}")
    coming = sorted(chance.sample(list(electors), round(len(electors) * race.turnout)))
    chances = list(range(len(race.candidates)))
    drawn = chance.choices([*chances, -1], race.shares, k=len(coming))
    return {elector: (None if choice < 0 else choice) for elector, choice in zip(coming, drawn, strict=True)}
