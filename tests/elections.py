"""Made-up elections: what several tests build theirs from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from hypothesis import strategies as st

from suffrage._core import ABSENT
from suffrage.count import ElectionCount, Outcome, Totals, count
from suffrage.count.case import Case
from suffrage.election import Candidate, Contest, Decision, DecisionKind, Election, Kind, Unit
from suffrage.law import Rules, Statute, built_in
from suffrage.returns import Batch, Return, Slots

POLLING_DAY = date(1937, 12, 12)
SECOND_DAY = date(1937, 12, 24)

# Elections made by hand


def standing(contest: str, *names: str, born: Mapping[str, date] | None = None) -> tuple[Candidate, ...]:
    """Candidates of one contest, numbered from 1; the id is the surname in small letters."""
    days = born or {}
    return tuple(
        Candidate(contest, name.lower(), number, name, birth_date=days.get(name.lower()))
        for number, name in enumerate(names, 1)
    )


def election(
    units: Sequence[Unit] = (Unit("d"),),
    contests: Sequence[Contest] = (Contest("d", "d"),),
    candidates: Sequence[Candidate] = (),
    decisions: Sequence[Decision] = (),
    law: str = "ussr-1937",
) -> Election:
    """An election; with nothing said, one contest `d` in one unit `d` with the candidates A and B."""
    return Election(
        id="made-up",
        title="Made up for a test",
        law=law,
        kind=Kind.DEMO,
        units=tuple(units),
        contests=tuple(contests),
        candidates=tuple(candidates or [c for contest in contests for c in standing(contest.id, "A", "B")]),
        decisions=tuple(decisions),
        polling_day=POLLING_DAY,
        second_ballot_day=SECOND_DAY,
    )


def reported(
    unit: str = "d",
    contest: str = "d",
    ballot: int = 1,
    *,
    votes: Mapping[str, int] | None = None,
    **figures: int,
) -> Return:
    """A return whose figures are given by name."""
    return Return(unit, contest, ballot, figures, votes or {})


def sound(
    votes: Mapping[str, int],
    unit: str = "d",
    contest: str = "d",
    ballot: int = 1,
    *,
    struck: int = 0,
    invalid: int = 0,
    absent: int = 0,
) -> Return:
    """A return of single votes that adds up: struck ballots are valid, `absent` are electors who stayed away."""
    valid = sum(votes.values()) + struck
    figures = {
        "registered": valid + invalid + absent,
        "took_part": valid + invalid,
        "invalid": invalid,
        "valid": valid,
        "all_struck": struck,
    }
    return Return(unit, contest, ballot, figures, votes)


def batches(made: Election, returns: Sequence[Return], size: int = 1000) -> Iterator[Batch]:
    """The returns as batches of at most `size`; written apart from the reader of files, so that both can be checked."""
    slots, index = Slots(made), made.index
    for start in range(0, len(returns), size):
        rows = returns[start : start + size]
        contest = np.array([index.contest[row.contest] for row in rows], np.int32)
        unit = np.array([index.unit[row.unit] for row in rows], np.int32)
        names = dict.fromkeys(name for row in rows for name in row.figures)
        votes = [
            (n, index.candidate[index.contest[row.contest], candidate], number)
            for n, row in enumerate(rows)
            for candidate, number in row.votes.items()
        ]
        yield Batch(
            slots.of(contest, unit),
            contest,
            unit,
            np.array([row.ballot for row in rows], np.int8),
            np.arange(start + 2, start + 2 + len(rows), dtype=np.int64),
            {name: np.array([row.figures.get(name, ABSENT) for row in rows], np.int64) for name in names},
            np.array([row for row, _, _ in votes], np.int32),
            np.array([candidate for _, candidate, _ in votes], np.int32),
            np.array([number for _, _, number in votes], np.int64),
        )


def counted(
    made: Election,
    *returns: Return,
    law: str | Statute | None = None,
    size: int = 1000,
) -> ElectionCount:
    """The count of returns under the election's own law, or another."""
    own = built_in(made.law)
    statute = own if law is None else built_in(law) if isinstance(law, str) else law
    return count(made, statute, batches(made, returns, size), own=own)


def deciding(kind: str, contest: str = "d", **more: Any) -> Decision:
    """A recorded decision."""
    return Decision(more.pop("id", "1"), DecisionKind(kind), contest, **more)


# Random elections

WORDS = st.text(
    st.sampled_from("azAZ09 ,;\"'\n\r\t|=+@«»—" + "абвгґєії" + "აბგდ" + "ęłžő" + "中文" + "😀")
    | st.characters(codec="utf-8", exclude_characters="\0"),
    max_size=10,
)
"""Any text that a person might write, or paste."""

CELLS = WORDS.map(lambda text: text.strip(" \t\n\r\f"))
"""Text of a table: a table has no blanks around a cell."""

IDENTIFIERS = st.from_regex(r"\A[^\W_][\w.:-]{0,6}\Z")
DAYS = st.dates()
FIGURES = st.integers(0, 10**12)


@st.composite
def trees(draw: st.DrawFn, least: int = 1, most: int = 12) -> tuple[Unit, ...]:
    """Units in trees of any depth and any order, some of them also in others."""
    ids = draw(st.lists(IDENTIFIERS, min_size=least, max_size=most, unique=True))
    kinds = draw(st.lists(CELLS, min_size=1, max_size=3))
    units = []
    for position, identifier in enumerate(ids):
        above = st.sampled_from(ids[:position]) if position else st.nothing()
        units.append(
            Unit(
                identifier,
                draw(CELLS),
                draw(st.sampled_from(kinds)),
                draw(above | st.just("")),
                tuple(draw(st.lists(above, max_size=2, unique=True))) if position else (),
                draw(st.none() | FIGURES),
                draw(st.none() | FIGURES),
            )
        )
    return tuple(draw(st.permutations(units)))


@st.composite
def _contests(draw: st.DrawFn, units: Sequence[Unit]) -> tuple[Contest, ...]:
    """Contests of their own, and one in every unit of a kind."""
    chambers = st.sampled_from(["", "union", "Рада"])
    seats = st.integers(1, 10_000)
    found: dict[str, Contest] = {}
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            kind = draw(st.sampled_from([unit.kind for unit in units]))
            chamber, number, rules = draw(chambers), draw(seats), draw(WORDS)
            for unit in units:
                if unit.kind == kind:
                    found.setdefault(unit.id, Contest(unit.id, unit.id, unit.name, chamber, number, rules))
        else:
            identifier = draw(IDENTIFIERS)
            unit = draw(st.sampled_from(units))
            made = Contest(identifier, unit.id, draw(WORDS), draw(chambers), draw(seats), draw(WORDS))
            found.setdefault(identifier, made)
    return tuple(found.values())


@st.composite
def _candidates(draw: st.DrawFn, contests: Sequence[Contest]) -> tuple[Candidate, ...]:
    made = []
    ids = IDENTIFIERS.filter(lambda text: not text.isdigit())
    supporters = CELLS.map(lambda text: text.replace(";", "").strip()).filter(bool)
    for contest in contests:
        names = draw(st.lists(ids, max_size=3, unique=True))
        numbers = draw(st.lists(FIGURES, min_size=len(names), max_size=len(names), unique=True))
        for name, number in zip(names, numbers, strict=True):
            made.append(
                Candidate(
                    contest.id,
                    name,
                    number,
                    draw(CELLS.filter(bool)),
                    draw(CELLS),
                    tuple(draw(st.lists(supporters, max_size=2))),
                    draw(CELLS),
                    draw(st.none() | DAYS),
                    draw(CELLS),
                )
            )
    return tuple(draw(st.permutations(made)))


@st.composite
def _decisions(
    draw: st.DrawFn, units: Sequence[Unit], contests: Sequence[Contest], candidates: Sequence[Candidate]
) -> tuple[Decision, ...]:
    """Decisions of every kind, about units of their contests and candidates who stand in them."""
    made = []
    index = Election("", "", "", Kind.DEMO, tuple(units), tuple(contests), tuple(candidates)).index
    for identifier in draw(st.lists(IDENTIFIERS, max_size=4, unique=True)):
        place = draw(st.integers(0, len(contests) - 1))
        contest = contests[place]
        kind = draw(st.sampled_from(DecisionKind))
        below = index.below(int(index.contest_unit[place])).tolist()
        unit = draw(st.sampled_from([units[position].id for position in below]))
        mine = [candidate.id for candidate in candidates if candidate.contest == contest.id]
        candidate, field, figure = "", "", None
        if kind in (DecisionKind.WITHDRAW, DecisionKind.ELECT):
            if not mine:
                continue
            unit, candidate = "", draw(st.sampled_from(mine))
        elif kind is DecisionKind.CORRECT:
            figure = draw(FIGURES)
            of_somebody = bool(mine) and draw(st.booleans())
            candidate = draw(st.sampled_from(mine)) if of_somebody else ""
            field = "" if of_somebody else draw(st.sampled_from(["valid", "invalid", "registered"]))
        else:
            unit = draw(st.sampled_from(["", unit]))
        made.append(
            Decision(
                identifier,
                kind,
                contest.id,
                draw(st.sampled_from([1, 2])),
                unit,
                candidate,
                field,
                figure,
                draw(st.none() | DAYS),
                draw(CELLS),
                draw(CELLS),
                draw(CELLS),
            )
        )
    return tuple(made)


@st.composite
def elections(draw: st.DrawFn) -> Election:
    """Whole elections with everything that a folder can hold."""
    units = draw(trees())
    contests = draw(_contests(units))
    candidates = draw(_candidates(contests))
    return Election(
        id=draw(IDENTIFIERS),
        title=draw(WORDS.filter(bool)),
        law=draw(WORDS.filter(bool)),
        kind=draw(st.sampled_from(Kind)),
        units=units,
        contests=contests,
        candidates=candidates,
        decisions=draw(_decisions(units, contests, candidates)),
        polling_day=draw(st.none() | DAYS),
        second_ballot_day=draw(st.none() | DAYS),
        time_zone=draw(st.sampled_from(["UTC", "Europe/Paris", "Asia/Tbilisi"])),
        sources=tuple(draw(st.lists(WORDS, max_size=2))),
    )


# One ballot


def tally(
    votes: Sequence[int],
    *,
    struck: int = 0,
    invalid: int = 0,
    valid: int | None = None,
    took_part: int | None = None,
    registered: int | None = None,
) -> Totals:
    """Complete totals of one ballot. With nothing said: one name a ballot, and everybody on the roll took part."""
    kept = sum(votes) + struck if valid is None else valid
    cast = kept + invalid if took_part is None else took_part
    figures = {
        "registered": cast if registered is None else registered,
        "took_part": cast,
        "invalid": invalid,
        "valid": kept,
        "all_struck": struck,
    }
    return Totals(tuple(votes), figures)


def case(
    law: str | Rules,
    candidates: int,
    *,
    seats: int = 1,
    born: Mapping[str, date] | None = None,
    withdrawn: Sequence[str] = (),
    chosen: Sequence[str] = (),
    day: date | None = POLLING_DAY,
) -> Case:
    """A contest of candidates `a`, `b`, `c` ... (`n26` ...) under a law."""
    rules = built_in(law) if isinstance(law, str) else law
    names = standing("d", *(chr(ord("A") + n) if n < 26 else f"N{n}" for n in range(candidates)), born=born)
    return Case(rules, seats, names, day, frozenset(withdrawn), tuple(chosen))


def figures_of(outcome: Outcome, rule: str) -> list[dict[str, int]]:
    """The figures of every step of the reasoning that applies a rule."""
    return [dict(step.figures) for step in outcome.steps if step.rule == rule]
