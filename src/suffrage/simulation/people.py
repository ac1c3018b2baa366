"""Candidates: invented names, birth dates and whoever nominates them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np

from suffrage.election.model import Candidate, Contest
from suffrage.law import Statute
from suffrage.simulation.assumptions import Assumptions
from suffrage.simulation.places import data, slug

Forms = tuple[str, str]
"""What a man is called, and what a woman."""


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of one language, for men (0) and women (1)."""

    surnames: tuple[Forms, ...]
    forenames: tuple[tuple[str, ...], tuple[str, ...]]
    patronymics: tuple[Forms, ...]

    def drawn(self, rng: np.random.Generator, woman: int) -> tuple[str, str]:
        """A surname, and the names that follow it."""
        surname = self.surnames[int(rng.integers(len(self.surnames)))][woman]
        forename = self.forenames[woman][int(rng.integers(len(self.forenames[woman])))]
        patronymic = self.patronymics[int(rng.integers(len(self.patronymics)))][woman]
        return surname, f"{forename} {patronymic}".strip()


@cache
def _languages() -> dict[str, _Names]:
    return {
        name: _Names(
            tuple(map(_forms, entry["surnames"])),
            (tuple(entry["men"]), tuple(entry["women"])),
            tuple(map(_forms, entry["patronymics"])),
        )
        for name, entry in data("people.toml")["languages"].items()
    }


def _forms(text: str) -> Forms:
    man, _, woman = text.partition(" / ")
    return man, woman or man


def _nominators(statute: Statute) -> tuple[str, ...]:
    """Who may nominate under a law, as the ballot paper names them; empty where the law does not say."""
    known: dict[str, list[str]] = data("people.toml")["nominators"]
    return tuple(text.replace(";", ",") for by in statute.nomination.by.known or () for text in known.get(by, [by]))


def candidates_of(
    contests: Sequence[Contest],
    languages: Sequence[tuple[str, ...]],
    statute: Statute,
    polling_day: date | None,
    assumptions: Assumptions,
    rng: np.random.Generator,
) -> tuple[Candidate, ...]:
    """The candidates of every contest. `languages` are those of its place; where it has none, all that are known.

    No two candidates have the same identifier, and no two of one contest the same name.
    """
    nominators = _nominators(statute)
    fewest, most = assumptions.candidates_beyond_seats
    candidates: list[Candidate] = []
    for contest, spoken in zip(contests, languages, strict=True):
        number = contest.seats + int(rng.integers(fewest, most + 1))
        names: list[tuple[str, str]] = []
        while len(names) < number:
            drawn = _name(spoken or tuple(_languages()), bool(spoken), assumptions, rng)
            if drawn not in names:
                names.append(drawn)
        names.sort()
        for position, (surname, forenames) in enumerate(names, 1):
            candidates.append(
                Candidate(
                    contest=contest.id,
                    id=f"{slug(surname)}-{len(candidates) + 1}",
                    number=position,
                    surname=surname,
                    names=forenames,
                    supporters=_nominator(nominators, rng),
                    birth_date=_birth_date(polling_day, assumptions, rng),
                )
            )
    return tuple(candidates)


def _name(spoken: tuple[str, ...], ranked: bool, assumptions: Assumptions, rng: np.random.Generator) -> tuple[str, str]:
    first = ranked and rng.random() < assumptions.own_language
    language = spoken[0 if first else int(rng.integers(len(spoken)))]
    return _languages()[language].drawn(rng, int(rng.random() < assumptions.women))


def _nominator(nominators: Sequence[str], rng: np.random.Generator) -> tuple[str, ...]:
    if not nominators:
        return ()
    text = nominators[int(rng.integers(len(nominators)))]
    return (text.replace("{n}", str(int(rng.integers(1, 100)))),)


def _birth_date(polling_day: date | None, assumptions: Assumptions, rng: np.random.Generator) -> date | None:
    youngest, oldest = assumptions.age
    if polling_day is None or polling_day.year <= oldest:
        return None
    return polling_day - timedelta(days=int(rng.integers(youngest * 366, oldest * 365)))
