"""Elections whose sites are looked at: made in memory, counted with every return, their protocols drawn and signed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from hashlib import sha256
from random import Random

from suffrage.count import ElectionCount, count
from suffrage.election import Candidate, Contest, Decision, DecisionKind, Election, Kind, Unit
from suffrage.law import built_in, statute_text
from suffrage.protocols.draw import draw
from suffrage.protocols.published import Download, Identity, Level, Publication, PublishedProtocol, Signer
from suffrage.protocols.site import pages
from suffrage.returns import Return
from tests.elections import POLLING_DAY, SECOND_DAY, batches, sound

ROOT = sha256(b"the root key").hexdigest()
DOWNLOADS = tuple(
    Download(path, what, len(path) ** 9, sha256(path.encode()).hexdigest())
    for path, what in (("bundle.zip", "everything that is needed to count again"), ("data/returns.csv", "every return"))
)
HOSTILE = "<script>alert(1)</script> \"double\" 'single' & \N{RIGHT-TO-LEFT OVERRIDE}desrever\N{RIGHT-TO-LEFT MARK}"
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 2 + " of the very long names that nobody shortens"


def publication(counted: ElectionCount, replaced: bool = False) -> Publication:
    """The protocols of a count as drawn, each signed by three; with `replaced` each has taken the place of another."""
    signers = tuple(
        Signer(name, role, sha256(name.encode()).hexdigest())
        for name, role in (("Anna Ivanova", "chair"), ("Olena Петренко", "secretary"), ("Li Wei", "member"))
    )
    protocols: dict[Identity, PublishedProtocol] = {}
    for drawn in draw(counted, statute_text(counted.election.law)):
        above = drawn.identity.level not in (Level.PRECINCT, Level.PART)
        paper = f"papers/{len(protocols):04} of {drawn.identity.ballot}.pdf" if above else ""
        before = sha256(drawn.sha256.encode()).hexdigest() if replaced else ""
        protocols[drawn.identity] = PublishedProtocol(drawn.identity, drawn.sha256, signers, before, paper)
    return Publication(ROOT, protocols, DOWNLOADS)


def site(counted: ElectionCount, replaced: bool = False) -> dict[str, str]:
    """Every page by its path."""
    return dict(pages(counted, publication(counted, replaced)))


def counting(made: Election, returns: Iterable[Return]) -> ElectionCount:
    """The count with every return kept by itself."""
    law = built_in(made.law)
    return count(made, law, batches(made, list(returns)), own=law, every_return=True)


def land(
    districts: int = 3,
    precincts: int = 4,
    candidates: int = 3,
    *,
    name: Callable[[str, int], str] = lambda what, number: f"{what} {number}",
    chambers: Sequence[str] = ("",),
    parties: Sequence[str] = (),
    law: str = "ussr-1937",
    kind: Kind = Kind.DEMO,
    language: str = "en",
    seats: int = 1,
    towns: int = 0,
    title: str = "",
) -> Election:
    """A country of districts with precincts (in `towns` of each district, where there are some), a contest in each.

    `name` names what there is (country, district, precinct, candidate) by its number.
    """
    units = [Unit("land", name("country", 1), "country")]
    contests, people = [], []
    for number in range(1, districts + 1):
        district = f"d{number}"
        units.append(Unit(district, name("district", number), "district", "land"))
        units += [Unit(f"{district}t{t}", name("town", t), "town", district) for t in range(1, towns + 1)]
        for place in range(1, precincts + 1):
            above = f"{district}t{place % towns + 1}" if towns else district
            units.append(Unit(f"{district}p{place}", name("precinct", place), "precinct", above, registered=1_000))
        chamber = chambers[number % len(chambers)]
        contests.append(Contest(district, district, name("district", number), chamber, seats))
        people += [
            Candidate(
                district,
                f"{district}c{c}",
                c,
                name("candidate", c),
                party=parties[(c + number) % len(parties)] if parties else "",
            )
            for c in range(1, candidates + 1)
        ]
    return Election(
        "land", title or name("election", 1), law, kind, tuple(units), tuple(contests), tuple(people),
        polling_day=POLLING_DAY, second_ballot_day=SECOND_DAY, language=language, sources=("invented for a test",),
    )  # fmt: skip


def returns_of(made: Election, *, seed: int = 1, zero: bool = False, missing: float = 0) -> list[Return]:
    """A return of every precinct but for a share that is `missing`; the leader's share differs by contest."""
    random = Random(seed)
    leaf = made.index.leaf
    returns = []
    for position, contest in enumerate(made.contests):
        people = [made.candidates[c].id for c in made.index.standing[position]]
        lead, turnout = random.uniform(0.2, 0.7), random.uniform(0.45, 0.95)
        for unit in made.index.below(made.index.unit[contest.unit]).tolist():
            if not leaf[unit] or random.random() < missing:
                continue
            took_part = int(1_000 * turnout)
            first = int(took_part * lead)
            votes = {people[0]: first} if people else {}
            rest = took_part - first
            for person in people[1:]:
                votes[person] = rest if person == people[-1] else random.randint(0, rest // 2)
                rest -= votes[person]
            votes = dict.fromkeys(votes, 0) if zero else votes
            struck = random.randint(0, 5)
            absent = 1_000 - sum(votes.values()) - struck - 3
            returns.append(
                sound(votes, made.units[unit].id, contest.id, struck=struck, invalid=3, absent=max(absent, 0))
            )
    return returns


def second_ballots(made: Election, first: ElectionCount) -> list[Return]:
    """A second ballot in every precinct of every contest that goes to one."""
    returns = []
    for position, contest in enumerate(first.contests):
        for unit in made.index.below(made.index.unit[contest.contest.unit]).tolist():
            if made.index.leaf[unit] and contest.outcome.finalists:
                votes = {name: 300 - 60 * n + position for n, name in enumerate(contest.outcome.finalists)}
                returns.append(sound(votes, made.units[unit].id, contest.contest.id, 2, absent=300))
    return returns


def _scripted(names: Mapping[str, str]) -> Callable[[str, int], str]:
    return lambda what, number: f"{names[what]} {number}"


CYRILLIC = {
    "election": "Вибори до Верховної Ради",
    "country": "Україна",
    "district": "Дніпропетровський округ",
    "town": "місто",
    "precinct": "Виборча дільниця",
    "candidate": "ШЕВЧЕНКО Олександра Володимирівна",
}
GEORGIAN = {
    "election": "საქართველოს პარლამენტის არჩევნები",
    "country": "საქართველო",
    "district": "სამეგრელო-ზემო სვანეთის ოლქი",
    "town": "ქალაქი",
    "precinct": "საარჩევნო უბანი",
    "candidate": "გელოვანი ქეთევან",
}


def _second() -> ElectionCount:
    made = land(12, 3, parties=("Union of Labour", "Party of Order", ""), kind=Kind.REAL)
    returns = returns_of(made, seed=3)
    return counting(made, [*returns, *second_ballots(made, counting(made, returns))])


def _decided() -> ElectionCount:
    made = land(8, 5, seats=1, law="ussr-1937", kind=Kind.REHEARSAL)
    returns = returns_of(made, seed=5)
    wrong = [
        replace(one, figures={**one.figures, "valid": one.figures["valid"] + 1}) if one.unit.endswith("p1") else one
        for one in returns
    ]
    decisions = (
        Decision("dec-1", DecisionKind.ACCEPT, "d1", unit="d1p1", date=date(1937, 12, 14),
                 by="the district committee", reason="recounted before witnesses", article="110"),
        Decision("dec-2", DecisionKind.CORRECT, "d2", unit="d2p2", candidate="d2c1", figure=17,
                 by="the court of the republic", reason="a figure was misread"),
        Decision("dec-3", DecisionKind.CORRECT, "d2", unit="d2p3", field="invalid", figure=4),
        Decision("dec-4", DecisionKind.ANNUL, "d3", unit="d3p2", reason="the seal was broken"),
        Decision("dec-5", DecisionKind.ANNUL, "d4", by="the court", reason="no secrecy"),
        Decision("dec-6", DecisionKind.WITHDRAW, "d5", candidate="d5c2"),
        Decision("dec-7", DecisionKind.ELECT, "d6", candidate="d6c1"),
    )  # fmt: skip
    return counting(replace(made, decisions=decisions), wrong)


def _of(made: Election, *, seed: int = 1, zero: bool = False, missing: float = 0) -> ElectionCount:
    return counting(made, returns_of(made, seed=seed, zero=zero, missing=missing))


CASES: dict[str, Callable[[], ElectionCount]] = {
    "one": lambda: _of(land(1, 1)),
    "unreported": lambda: counting(land(2, 2), []),
    "two-chambers": lambda: _of(land(24, 3, chambers=("Council of the Union", "Council of Nationalities"), towns=2)),
    "second-ballot": _second,
    "decisions": _decided,
    "partial": lambda: _of(land(30, 20, parties=("Red", "Green")), missing=0.04),
    "forty": lambda: _of(land(2, 3, 40)),
    "zero": lambda: _of(land(9, 2), zero=True),
    "long": lambda: _of(land(8, 2, name=lambda what, number: f"{LONG} {what} {number}", parties=(LONG,), towns=1)),
    "hostile": lambda: _of(land(8, 2, name=lambda what, number: f"{HOSTILE} {number}", parties=(HOSTILE,), towns=1)),
    "cyrillic": lambda: _of(land(9, 3, name=_scripted(CYRILLIC), language="uk", towns=1)),
    "georgian": lambda: _of(land(9, 3, name=_scripted(GEORGIAN), language="ka")),
    "ninety": lambda: _of(land(1, 90)),
    "several-seats": lambda: _of(land(7, 3, 6, law="approval-majority", seats=3, kind=Kind.REPLAY)),
    "many": lambda: _of(land(2_100, 1, 2)),
}
"""The elections by name: every shape that a page has to bear."""


@cache
def case(name: str) -> ElectionCount:
    """One of the cases; counted once."""
    return CASES[name]()
