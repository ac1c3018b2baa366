"""What the identifiers in a report of cast vote records mean: units, contests and candidates of the election.

A report links its records to objects by identifiers that the exporting program made up (`@id`); what people know them
by are the objects' codes and names. So codes and names come first, and those that are known here must agree; only where
none is does the `@id` itself count. A code that is a number on the ballot paper counts for a candidate without a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from suffrage.election.model import Election
from suffrage.errors import Problem, ReturnsError, shown

Part: TypeAlias = dict[str, Any]
Known: TypeAlias = dict[str, set[int]]

CONTESTS = tuple(f"CVR.{kind}Contest" for kind in ("", "Candidate", "Party", "BallotMeasure", "Retention"))
SELECTIONS = tuple(f"CVR.{kind}Selection" for kind in ("Contest", "Candidate", "Party", "BallotMeasure"))
OTHER_VOTES = ("borda", "cumulative", "range", "rcv")
"""Ways of voting whose ballots are more than names left or not."""

CONTRADICTION = "codes and names that contradict each other"

NOBODY = -1
"""The name of a write-in: nobody who stands."""


class RefusedError(Exception):
    """Part of a report cannot be taken: where in it, what is wrong, what was seen and expected."""

    def __init__(self, field: str, message: str, seen: object = "", expected: str = "") -> None:
        super().__init__(field, message, seen, expected)
        self.field = field
        self.message = message
        self.seen = shown(seen)
        self.expected = expected

    def problem(self, place: str) -> Problem:
        """The problem at a place."""
        return Problem(f"{place}, {self.field}" if self.field else place, self.message, self.seen, self.expected)


def parts(whole: Part, key: str, *kinds: str) -> list[Part]:
    """The objects in the array `key`, all of these kinds; none where there is no such array."""
    found = whole.get(key)
    if found is None:
        return []
    if type(found) is not list:
        raise RefusedError(key, "not an array", found, "an array")
    for part in found:
        if type(part) is not dict:
            raise RefusedError(key, "not an object", part, "an object")
        if part.get("@type") not in kinds:
            raise RefusedError(f"{key}, @type", "not of the right type", part.get("@type", ""), " or ".join(kinds))
    return found


def text_of(part: Part, key: str) -> str:
    """A text, empty where it is not given."""
    found = part.get(key, "")
    if type(found) is not str:
        raise RefusedError(key, "not text", found, "text")
    return found


class Names:
    """Finds units, contests and candidates by the identifiers of one report."""

    def __init__(self, report: Mapping[str, Any], file: str, election: Election) -> None:
        self.election = election
        self._units: dict[str, Part] = {}
        self._contests: dict[str, Part] = {}
        self._selections: dict[str, dict[str, Part]] = {}
        self._candidates: dict[str, Part] = {}
        try:
            self._take(dict(report))
        except RefusedError as refused:
            raise ReturnsError(refused.problem(file)) from None
        self._unit_names = _known((unit.name, position) for position, unit in enumerate(election.units))
        self._contest_names = _known((contest.name, position) for position, contest in enumerate(election.contests))
        self._people: list[Known] = [{} for _ in election.contests]
        for (contest, _), position in election.index.candidate.items():
            person = election.candidates[position]
            for name in (person.full_name, f"{person.names} {person.surname}"):
                self._people[contest].setdefault(_plain(name), set()).add(position)

    def _take(self, report: Part) -> None:
        self._units = _by_id(parts(report, "GpUnit", "CVR.GpUnit"), "GpUnit")
        for election in parts(report, "Election", "CVR.Election"):
            candidates = _by_id(parts(election, "Candidate", "CVR.Candidate"), "Candidate")
            contests = _by_id(parts(election, "Contest", *CONTESTS), "Contest")
            for identifier in (self._candidates.keys() & candidates.keys()) | (self._contests.keys() & contests.keys()):
                raise RefusedError("Election", "an @id given twice", identifier, "an @id of its own")
            self._candidates |= candidates
            self._contests |= contests
            for identifier, contest in contests.items():
                self._selections[identifier] = _by_id(
                    parts(contest, "ContestSelection", *SELECTIONS), "ContestSelection"
                )

    def unit(self, identifier: str) -> int:
        """The position of the unit that a BallotStyleUnitId means."""
        known = self.election.index.unit
        part = self._units.get(identifier, {})
        signs = [_exact(known, code) for code in _codes(part)]
        signs += [_exact(known, text_of(part, "Name")) or self._unit_names.get(_plain(text_of(part, "Name")), set())]
        return _one("BallotStyleUnitId", identifier, part, (signs, [_exact(known, identifier)]), "a unit")

    def contest(self, identifier: str) -> int:
        """The position of the contest that a ContestId means."""
        known = self.election.index.contest
        part = self._contests.get(identifier, {})
        signs = [_exact(known, code) for code in _codes(part)]
        for name in (text_of(part, "Name"), text_of(part, "Abbreviation")):
            signs += [_exact(known, name) or self._contest_names.get(_plain(name), set())]
        found = _one("ContestId", identifier, part, (signs, [_exact(known, identifier)]), "a contest")
        if (way := text_of(part, "VoteVariation")) in OTHER_VOTES:
            raise RefusedError("VoteVariation", "a way of voting that is not supported", way, "names marked or struck")
        return found

    def candidate(self, contest: int, contest_id: str, identifier: str) -> int:
        """The position of the candidate that a ContestSelectionId means in a contest; NOBODY for a write-in."""
        selection = self._selections.get(contest_id, {}).get(identifier, {})
        people = selection.get("CandidateIds", [])
        if type(people) is not list or not all(type(person) is str for person in people):
            raise RefusedError("CandidateIds", "not identifiers", people, "an array of texts")
        # A selection with candidates is theirs; one without (of a referendum, say) has a code or text of its own.
        signs = [(person, self._candidates.get(person, {})) for person in people] or [(identifier, selection)]
        found = set().union(*(self._person(contest, *sign) for sign in signs))
        if len(found) == 1:
            return found.pop()
        if not found and selection.get("IsWriteIn") is True:
            return NOBODY
        expected = f"the id, full name or number of one candidate of {self.election.contests[contest].id}"
        named = " ".join(dict.fromkeys(name for person in people for name in _names(self._candidates.get(person, {}))))
        message = "several candidates" if found else "unknown candidate"
        raise RefusedError("ContestSelectionId", message, f"{identifier} {named}".strip(), expected)

    def _person(self, contest: int, identifier: str, part: Part) -> set[int]:
        index = self.election.index

        def by_id(text: str) -> set[int]:
            return _exact(index.candidate, (contest, text))

        codes = _codes(part)
        names = [name for name in (text_of(part, "Name"), text_of(part, "Selection")) if name]
        signs = [by_id(code) for code in codes]
        signs += [by_id(name) or self._people[contest].get(_plain(name), set()) for name in names]
        numbers = [int(code) for code in codes if code.isascii() and code.isdigit() and len(code) < 10 and not names]
        by_number = [_exact(index.number, (contest, number)) for number in numbers]
        for tier in (signs, [by_id(identifier)], by_number):
            if any(tier):
                if agreed := _agreed(tier):
                    return agreed
                seen = " ".join((identifier, *codes, *names))
                raise RefusedError("ContestSelectionId", CONTRADICTION, seen, "codes and names of one candidate")
        return set()


def _agreed(signs: Iterable[set[int]]) -> set[int]:
    return set.intersection(*(sign for sign in signs if sign))


def _one(field: str, identifier: str, part: Part, tiers: Iterable[list[set[int]]], what: str) -> int:
    """What the first signs that say anything mean, if that is one thing."""
    found: set[int] = set()
    message = "unknown"
    for signs in tiers:
        if any(signs):
            found = _agreed(signs)
            message = "several meanings" if found else CONTRADICTION
            break
    if len(found) == 1:
        return found.pop()
    seen = " ".join((identifier, *_names(part)))
    raise RefusedError(field, message, seen, f"the id or name of {what} of this election")


def _by_id(objects: Iterable[Part], key: str) -> dict[str, Part]:
    found: dict[str, Part] = {}
    for part in objects:
        identifier = text_of(part, "@id")
        if not identifier or found.setdefault(identifier, part) is not part:
            raise RefusedError(f"{key}, @id", "missing, or given twice", identifier, "an @id of its own")
    return found


def _known(pairs: Iterable[tuple[str, int]]) -> Known:
    known: Known = {}
    for name, position in pairs:
        if name:
            known.setdefault(_plain(name), set()).add(position)
    return known


def _plain(name: str) -> str:
    """A name without regard to capitals and blanks."""
    return " ".join(name.casefold().split())


def _exact(known: Mapping[Any, int], key: object) -> set[int]:
    position = known.get(key)
    return set() if position is None else {position}


def _codes(part: Part) -> list[str]:
    return [text_of(code, "Value").strip() for code in parts(part, "Code", "CVR.Code")]


def _names(part: Part) -> Iterator[str]:
    yield from (text for key in ("Name", "Selection") if (text := text_of(part, key)))
