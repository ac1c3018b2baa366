"""The candidates: who is one person, who are two, and what they are called."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from suffrage.election.head import IDENTIFIER
from suffrage.election.model import Candidate, Contest
from suffrage.importing.passes import Item, Pass
from suffrage.importing.problems import Problems, listed
from suffrage.importing.source import Progress, Row
from suffrage.importing.template import IDENTIFIER_SAID
from suffrage.importing.units import whole_number


@dataclass(frozen=True, slots=True)
class _Told:
    """What one row says of a candidate: `base` is the text of `id`, `mark` that of `distinguish`."""

    contest: str
    base: str
    mark: str
    number: int | None
    surname: str
    names: str
    party: str
    supporters: str
    birth_date: date | None
    occupation: str


class Candidates:
    """Everybody who stands, and how rows of votes find them."""

    def __init__(self) -> None:
        self.all: list[Candidate] = []
        self._by_base: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)

    def add(self, candidate: Candidate, base: str, mark: str) -> None:
        """Enter a candidate under what the recipe's templates made of the source."""
        self.all.append(candidate)
        self._by_base[candidate.contest, base][mark] = candidate.id

    def find(self, contest: str, base: str, mark: str) -> str:
        """The id of the candidate that a row means; empty where there is none, or `mark` does not tell which."""
        found = self._by_base.get((contest, base), {})
        return next(iter(found.values())) if len(found) == 1 else found.get(mark, "")

    def namesakes(self, contest: str, base: str) -> tuple[str, ...]:
        """The marks that distinguish those of one name."""
        return tuple(self._by_base.get((contest, base), {}))

    def named(self, one: Pass, item: Item, row: Row, contest: str, problems: Problems) -> str:
        """The id of the candidate that a row names in `candidate`; a problem, and empty, where nobody is meant."""
        base, mark = one.text(item, row, "candidate"), one.text(item, row, "distinguish")
        identifier = self.find(contest, base, mark)
        if identifier:
            return identifier
        if marks := self.namesakes(contest, base):
            message, expected = f"several candidates of {contest} are called so", f"distinguish: {listed(marks)}"
            seen = f"{base}, {mark}" if mark else base
        else:
            message, seen = f"nobody of this name stands in {contest}", base
            expected = f"one of {listed(base for where, base in self._by_base if where == contest)}"
        problems.add(one.place(row.line, "candidate"), message, seen, expected)
        return ""


def read_candidates(
    passes: Sequence[Pass], contests: Sequence[Contest], problems: Problems, progress: Progress | None
) -> Candidates:
    """The candidates of all passes. One may be told again by further rows, as long as they say the same."""
    told: dict[_Told, str] = {}
    known = {contest.id for contest in contests}
    only = contests[0].id if len(contests) == 1 else ""
    for one in passes:
        for row in one.rows(problems, progress):
            made = False
            for item in one.items:
                # In a table with a column for each, an empty cell or a nought means: does not stand here.
                if item.position >= 0 and one.by_row and row.cells[item.position] in ("", "0"):
                    continue
                made = True
                candidate = _told(one, item, row, only, problems)
                if candidate.contest not in known:
                    expected = f"the id of a contest: {listed(sorted(known))}"
                    problems.add(one.place(row.line, "contest"), "unknown contest", candidate.contest, expected)
                elif candidate not in told:
                    told[candidate] = one.place(row.line, "id")
            if made:
                one.use(row)
            else:
                one.pass_over(row, "nobody has votes in it")
    if not told and not len(problems):
        problems.add(passes[0].section.place if passes else "", "no candidates", "", "a row that meets where")
    return _named(told, problems)


def _told(one: Pass, item: Item, row: Row, only: str, problems: Problems) -> _Told:
    def text(key: str) -> str:
        return one.text(item, row, key)

    birth_date = None
    if text("birth_date"):
        try:
            birth_date = date.fromisoformat(text("birth_date"))
        except ValueError:
            problems.add(one.place(row.line, "birth_date"), "not a date", text("birth_date"), "such as 1937-12-12")
    for key, seen in (("id", text("id")), ("surname", text("surname"))):
        if not seen:
            problems.add(one.place(row.line, key), "is empty", "", f"the {key} of a candidate")
    return _Told(
        contest=one.text(item, row, "contest", only),
        base=text("id"),
        mark=text("distinguish"),
        number=whole_number(one, row, "number", text("number"), problems),
        surname=text("surname"),
        names=text("names"),
        party=text("party"),
        supporters=text("supporters"),
        birth_date=birth_date,
        occupation=text("occupation"),
    )


def _named(told: dict[_Told, str], problems: Problems) -> Candidates:
    """Give everybody an id: the base, with the mark where two of one contest share it, the contest where two do."""
    alike: dict[tuple[str, str], set[str]] = defaultdict(set)
    first: dict[tuple[str, str, str], str] = {}
    for one, place in told.items():
        key = (one.contest, one.base, one.mark)
        if key in first:
            expected = f"another than in {first[key]}: distinguish in [[candidates]] tells two of one id apart"
            problems.add(place, "two candidates of one contest would have one id", one.base, expected)
        first.setdefault(key, place)
        alike[one.contest, one.base].add(one.mark)
    names = {
        one: f"{one.base}-{one.mark}".rstrip("-") if len(alike[one.contest, one.base]) > 1 else one.base for one in told
    }
    contests: dict[str, set[str]] = defaultdict(set)
    for one, name in names.items():
        contests[name].add(one.contest)
    names = {one: f"{name}-{one.contest}" if len(contests[name]) > 1 else name for one, name in names.items()}
    _check_names(names, told, problems)
    candidates = Candidates()
    numbers = _numbers(told, problems)
    for one, name in names.items():
        supporters = tuple(part.strip() for part in one.supporters.split(";") if part.strip())
        candidate = Candidate(one.contest, name, numbers[one], one.surname, one.names, supporters, one.party)
        candidate = replace(candidate, birth_date=one.birth_date, occupation=one.occupation)
        candidates.add(candidate, one.base, one.mark)
    return candidates


def _check_names(names: dict[_Told, str], places: dict[_Told, str], problems: Problems) -> None:
    taken: dict[tuple[str, str], str] = {}
    for one, name in names.items():
        if not IDENTIFIER.fullmatch(name):
            problems.add(places[one], "not an identifier", name, IDENTIFIER_SAID)
        elif name.isdigit():
            problems.add(places[one], "could be taken for a number on the ballot", name, "a letter in the id")
        elif (other := taken.get((one.contest, name))) is not None and not len(problems):
            problems.add(places[one], "two candidates with one id", name, f"another than in {other}")
        taken.setdefault((one.contest, name), places[one])


def _numbers(told: dict[_Told, str], problems: Problems) -> dict[_Told, int]:
    """The numbers on the ballot paper: those of the source, or the order of the source."""
    given = {one.contest for one in told if one.number is not None}
    standing: Counter[str] = Counter()
    numbers: dict[_Told, int] = {}
    taken: dict[tuple[str, int], str] = {}
    for one, place in told.items():
        standing[one.contest] += 1
        number = one.number
        if one.contest not in given:
            number = standing[one.contest]
        elif number is None:
            expected = "a number, since others of this contest have one"
            problems.add(place, "the number is missing", one.base, expected)
            number = 0
        elif (one.contest, number) in taken:
            expected = f"another than in {taken[one.contest, number]}"
            problems.add(place, "two candidates with one number", number, expected)
        numbers[one] = number
        taken[one.contest, number] = place
    return numbers


def ids_by_contest(candidates: Iterable[Candidate]) -> dict[str, list[str]]:
    """Candidate ids in the order of the ballot paper, by contest."""
    found: dict[str, list[str]] = defaultdict(list)
    for candidate in candidates:
        found[candidate.contest].append(candidate.id)
    return found
