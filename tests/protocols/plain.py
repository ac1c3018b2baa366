"""Random elections with their returns, and what their protocols must say, reckoned once more in plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from hypothesis import strategies as st

from suffrage.election import Candidate, Contest, Decision, DecisionKind, Election, Kind, Unit
from suffrage.law import built_in
from suffrage.returns import Return
from tests.elections import POLLING_DAY, SECOND_DAY

LAWS = ("ussr-1937", "ussr-1989", "france-assembly", "vietnam-2015", "plurality")


@dataclass(frozen=True)
class Held:
    """An election that was held: its description and its returns, of the first ballot and mostly of a second."""

    election: Election
    returns: tuple[Return, ...]


class Place:
    """The units of one contest as they stand in it, found without the index of the election."""

    def __init__(self, election: Election, contest: Contest) -> None:
        self.root = contest.unit
        self._units = {unit.id: unit for unit in election.units}
        self.inside = [unit.id for unit in election.units if self._lies(unit.id)]
        above = {unit.parent for unit in election.units}
        hosts = {host for unit in election.units for host in unit.also_in}
        self.leaves = [unit for unit in self.inside if unit not in above | hosts]

    def _lies(self, unit: str) -> bool:
        here = self._units[unit]
        return unit == self.root or any(self._lies(host) for host in (here.parent, *here.also_in) if host)

    def above(self, unit: str) -> str:
        """The unit above one in this contest; the contest's own for those that belong to it only by `also_in`."""
        parent = self._units[unit].parent
        return parent if parent in self.inside and unit != self.root else self.root

    def chain(self, unit: str) -> list[str]:
        """The unit itself, and all above it up to that of the contest."""
        found = [unit]
        while found[-1] != self.root:
            found.append(self.above(found[-1]))
        return found

    def below(self, unit: str) -> set[str]:
        """The unit and everything that stands below it in the contest."""
        return {other for other in self.inside if unit in self.chain(other)}


def _trees(random: Random, size: int) -> tuple[Unit, ...]:
    """Units in trees of any depth and in any order, some of them also in others."""
    units = []
    for number in range(size):
        parent = random.randrange(-1, number)
        hosts = {random.randrange(number) for _ in range(random.choice((0, 0, 1, 2)))} if number else set()
        units.append(
            Unit(
                f"u{number}",
                parent=f"u{parent}" if parent >= 0 else "",
                also_in=tuple(f"u{host}" for host in sorted(hosts)),
                registered=random.choice((None, random.randrange(40))),
            )
        )
    random.shuffle(units)
    return tuple(units)


def _return(random: Random, unit: str, contest: str, ballot: int, names: Sequence[str]) -> Return:
    """One return that mostly adds up, and mostly gives every figure."""
    votes = {name: random.randrange(10) for name in names if random.randrange(6)}
    struck, invalid = random.randrange(10), random.randrange(10)
    valid = sum(votes.values()) + struck + (random.randrange(5) if not random.randrange(5) else 0)
    figures = {
        "registered": valid + invalid + random.randrange(10),
        "took_part": valid + invalid,
        "invalid": invalid,
        "valid": valid,
        "all_struck": struck,
    }
    if not random.randrange(3):
        figures.pop(random.choice(list(figures)))
    return Return(unit, contest, ballot, figures, votes)


def _reporting(random: Random, election: Election, contest: Contest) -> list[str]:
    """Some units that report, none of them within another."""
    place = Place(election, contest)
    index = election.index
    covered: set[str] = set()
    found = []
    inside = list(place.inside)
    random.shuffle(inside)
    for unit in inside:
        mine = place.below(unit)
        whole = {election.units[position].id for position in index.below(index.unit[unit]).tolist()}
        if unit in place.leaves:
            wanted = random.randrange(5) > 0
        else:
            # A unit that other branches also belong to reports for them, too; that is another test's subject.
            wanted = mine == whole and random.randrange(5) == 0
        if wanted and not covered & set(place.chain(unit)) and not mine & covered:
            found.append(unit)
            covered.add(unit)
    return found


def held_by(random: Random, size: int, decided: bool = True, laws: Sequence[str] = LAWS) -> Held:
    """Contests at any place of a tree of any depth, some returns of each, and decisions about them."""
    units = _trees(random, size)
    contests = []
    for number in range(random.randrange(1, 5)):
        chamber = random.choice(("union", "union", "nationalities", "", "Рада"))
        contests.append(Contest(f"c{number}", random.choice(units).id, f"Contest {number}", chamber))
    people = [
        Candidate(contest.id, f"{contest.id}-{name}", number, name.upper())
        for contest in contests
        for number, name in enumerate("abc"[: random.choice((0, 1, 2, 3, 3))], 1)
    ]
    made = Election(
        "any", "Any election", random.choice(laws), Kind.DEMO, units, tuple(contests), tuple(people),
        polling_day=random.choice((None, POLLING_DAY)), second_ballot_day=SECOND_DAY,
        language=random.choice(("en", "fr", "ka")),
    )  # fmt: skip
    returns = []
    for contest in contests:
        names = [person.id for person in people if person.contest == contest.id]
        for ballot in random.choice(((), (1,), (1,), (1, 2), (1, 2), (2,))):
            some = names if ballot == 1 else names[: random.randrange(1, 4)]
            returns += [_return(random, unit, contest.id, ballot, some) for unit in _reporting(random, made, contest)]
    random.shuffle(returns)
    if decided:
        made = replace(made, decisions=tuple(decisions(random, made, returns)))
    return Held(made, tuple(returns))


@st.composite
def held(draw: st.DrawFn, most: int = 9, decided: bool = True, laws: Sequence[str] = LAWS) -> Held:
    """What `held_by` gives: of a seed, since a hundred strategies an election would take most of a test's time."""
    size = draw(st.integers(1, most))
    return held_by(Random(draw(st.integers(0, 2**32))), size, decided, laws)


def decisions(
    random: Random, election: Election, returns: Sequence[Return], first: int = 0, most: int = 3
) -> list[Decision]:
    """Decisions about returns that came and candidates who stand, numbered from `first`."""
    made: list[Decision] = []
    for _ in range(random.randrange(most + 1)):
        kind = random.choice(list(DecisionKind))
        identifier, reason = f"r{first + len(made)}", random.choice(("", "a miscount", "a letter"))
        contest, ballot, unit = random.choice(election.contests).id, random.choice((1, 1, 2)), ""
        if returns:
            item = random.choice(returns)
            contest, ballot, unit = item.contest, item.ballot, item.unit
        names = [person.id for person in election.candidates if person.contest == contest]
        candidate, field, figure = "", "", None
        if kind in (DecisionKind.WITHDRAW, DecisionKind.ELECT):
            if not names:
                continue
            unit, candidate = "", random.choice(names)
        elif kind is DecisionKind.CORRECT:
            if not unit:
                continue
            figure = random.randrange(10)
            of_somebody = bool(names) and random.random() < 0.5
            candidate = random.choice(names) if of_somebody else ""
            field = "" if of_somebody else random.choice(("valid", "invalid", "registered"))
        else:
            unit = random.choice(("", unit))
        made.append(Decision(identifier, kind, contest, ballot, unit, candidate, field, figure, reason=reason))
    return made


def stands_as(election: Election, item: Return) -> tuple[dict[str, int], dict[str, int]] | None:
    """Figures and votes of a return as decisions and the law leave them; None where it was annulled."""
    figures, votes = dict(item.figures), dict(item.votes)
    for decision in election.decisions:
        if (decision.contest, decision.unit, decision.ballot) != (item.contest, item.unit, item.ballot):
            continue
        if decision.kind is DecisionKind.ANNUL:
            return None
        if decision.kind is DecisionKind.CORRECT:
            (votes if decision.candidate else figures)[decision.candidate or decision.field] = decision.figure or 0
    roll = next(unit.registered for unit in election.units if unit.id == item.unit)
    if roll is not None:
        figures.setdefault("registered", roll)
    return completed(figures, election.law), votes


def completed(figures: Mapping[str, int], law: str) -> dict[str, int]:
    """The figures with those that the law makes of others."""
    whole = dict(figures)
    fields = built_in(law).returns.fields
    for _ in fields:
        for name, field in fields.items():
            if field.sum is not None and name not in whole and field.sum.fields <= whole.keys():
                whole[name] = int(field.sum.of(whole))
    return whole
