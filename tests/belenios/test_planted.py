"""The fast check against the plain one: in an archive with wrong ballots, exactly those are named."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suffrage._core import BeleniosError, SealedElection, audit_archive, election_text, new_uuid
from tests.belenios import witness
from tests.belenios.archives import Event, archive
from tests.belenios.ballot_mutants import mutants
from tests.belenios.forge import NO_TWIST, TORSION, Twist, drawing, public, seal, single, twisted
from tests.belenios.made import (
    TIMESTAMP,
    Question,
    Trustees,
    election,
    encrypted_tally,
    every_choice,
    question,
    trustees,
)
from tests.belenios.model import Q, compact

ASKED = (question(2, 1, 2, blank=True), question(2, 0, 1))


def held(secret: int, *questions: Question, uuid: str | None = None) -> bytes:
    """An election whose one trustee has the key g^secret."""
    return election_text(uuid or new_uuid(), "Planted", "", list(questions), "office", "authority", public(secret))


def written(
    path: Path, text: bytes, secret: int, exponents: Iterable[int], ballots: Iterable[bytes], weight: int = 1
) -> Path:
    """The archive of an election by `held`, with ballots as they come."""
    keepers = b'[["Single",%s]]' % single(secret, drawing("trustee"))
    weights = {} if weight == 1 else {"weight": weight}
    credentials = compact([{"credential": public(exponent), **weights} for exponent in exponents]).encode()
    setup = Event("Setup", (text, keepers, credentials))
    path.write_bytes(archive([setup, *(Event("Ballot", (ballot,)) for ballot in ballots)], TIMESTAMP))
    return path


def plain_verdicts(text: bytes, ballots: Iterable[bytes], exponents: Iterable[int]) -> list[int]:
    """The heights of the ballots that the plain check refuses, or that are not of the list, or there already."""
    sealed, listed = SealedElection(text), {public(exponent) for exponent in exponents}
    seen: set[bytes] = set()
    found = []
    for height, ballot in enumerate(ballots, 1):
        try:
            sound = sealed.check(ballot) in listed and ballot not in seen
        except BeleniosError:
            sound = False
        if sound:
            seen.add(ballot)
        else:
            found.append(height)
    return found


def named(path: Path) -> list[int]:
    """The heights that an audit names."""
    failures = audit_archive(path).failures
    assert all(reason and "\n" not in reason for _, reason in failures)
    heights = [height for height, _ in failures]
    assert None not in heights
    return [height for height in heights if height is not None]


@cache
def keys() -> Trustees:
    return trustees(1)


STRANGE = (
    NO_TWIST,
    Twist(randomness={(0, 0): 0, (0, 1): 0, (0, 2): 0, (1, 0): 0, (1, 1): 0}),
    Twist(randomness={(0, 0): 1, (0, 1): Q - 1, (0, 2): 1}),
    Twist(randomness={(0, 1): 9, (0, 2): Q - 9, (1, 0): Q - 4, (1, 1): 4}),
    Twist(randomness={(0, 0): 6, (0, 1): 6, (0, 2): 6, (1, 0): 6, (1, 1): 6}),
)
TWISTED = tuple(
    twisted(part, place, point)
    for part in ("alpha", "beta")
    for point, place in zip(TORSION.values(), ((0, 0), (0, 2), (1, 1)), strict=True)
)


@cache
def stock(secret: int) -> tuple[bytes, tuple[int, ...], tuple[bytes, ...]]:
    """An election, the exponents of its voters, and sound ballots, some of them strange."""
    draw = drawing(f"stock {secret}")
    text = held(secret, *ASKED, uuid="22222222222222")
    exponents = (1, 2, draw(), draw())
    votes = [[first, second] for first in every_choice(ASKED[0]) for second in every_choice(ASKED[1])]
    sound = [
        seal(text, exponents[number % 4], choices, draw, STRANGE[number % len(STRANGE)])
        for number, choices in enumerate(votes[::2])
    ]
    return text, exponents, tuple(sound)


@cache
def wrong_ones(secret: int) -> tuple[bytes, ...]:
    """Wrong ballots of the same election: of mixed order, of votes that are not allowed, of a stranger."""
    text, exponents, _ = stock(secret)
    draw = drawing(f"wrong {secret}")
    wrong = [seal(text, exponents[2], [[0, 1, 0], [0, 1]], draw, twist) for twist in TWISTED]
    wrong += [seal(text, exponents[2], choices, draw) for choices in ([[1, 1, 0], [0, 0]], [[0, 1, 0], [1, 1]])]
    wrong += [seal(text, draw(), [[0, 1, 0], [0, 1]], draw)]
    return tuple(wrong)


@pytest.mark.parametrize("secret", [1, Q - 1, 2, 987654321], ids=["y is g", "y is 1/g", "y is g^2", "y is any"])
def test_strange_ballots_are_tallied(secret: int, tmp_path: Path) -> None:
    text, exponents, sound = stock(secret)
    for weight in (1, 3):
        path = written(tmp_path / f"{weight}.bel", text, secret, exponents, sound, weight)
        assert named(path) == plain_verdicts(text, sound, exponents) == []
        weights = {public(exponent): weight for exponent in exponents}
        assert encrypted_tally(path) == witness.tally(text, sound, weights)


@pytest.mark.slow
@pytest.mark.parametrize("secret", [1, Q - 1, 987654321], ids=["y is g", "y is 1/g", "y is any"])
def test_points_of_small_order_are_found_among_sound_ballots(secret: int, tmp_path: Path) -> None:
    text, exponents, sound = stock(secret)
    wrong = wrong_ones(secret)
    ballots = [ballot for pair in zip(sound * 4, wrong, strict=False) for ballot in pair]
    found = named(written(tmp_path / "a.bel", text, secret, exponents, ballots))
    assert found == plain_verdicts(text, ballots, exponents)
    assert len(found) >= len(wrong)


@pytest.mark.slow
def test_every_mutant_is_found_among_sound_ballots(tmp_path: Path) -> None:
    text, exponents, sound = stock(1)
    draw = drawing("among")
    ballots = []
    for choices in ([[0, 1, 0], [0, 1]], [[1, 0, 0], [0, 0]]):
        base = seal(text, exponents[3], choices, draw)
        ballots += [mutant for _, mutant in mutants(base, exponents[3])]
    ballots = list(dict.fromkeys(ballots))
    # A report names a thousand faults; the others are only counted.
    for start in range(0, len(ballots), 900):
        part = ballots[start : start + 900]
        wrong = len(part)
        for at, ballot in enumerate(sound):
            part.insert(at * len(part) // len(sound), ballot)
        found = named(written(tmp_path / f"{start}.bel", text, 1, exponents, part))
        assert found == plain_verdicts(text, part, exponents)
        assert len(found) == wrong


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 10**6)), max_size=40), st.sampled_from([1, Q - 1, 987654321]))
def test_any_mixture_is_judged_position_by_position(tmp_path: Path, drawn: list[tuple[bool, int]], secret: int) -> None:
    text, exponents, sound = stock(secret)
    wrong = wrong_ones(secret)
    ballots = [(sound if good else wrong)[number % len(sound if good else wrong)] for good, number in drawn]
    path = written(tmp_path / "a.bel", text, secret, exponents, ballots)
    assert named(path) == plain_verdicts(text, ballots, exponents)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_changed_byte_in_any_ballot_is_found(tmp_path: Path, data: st.DataObject) -> None:
    text, exponents, sound = stock(1)
    ballots = list(sound)
    for place in data.draw(st.sets(st.integers(0, len(sound) - 1), max_size=4)):
        at = data.draw(st.integers(0, len(ballots[place]) - 1))
        byte = ballots[place][at] ^ data.draw(st.integers(1, 255))
        ballots[place] = ballots[place][:at] + bytes([byte]) + ballots[place][at + 1 :]
    path = written(tmp_path / "a.bel", text, 1, exponents, ballots)
    expected = [height for height, (new, old) in enumerate(zip(ballots, sound, strict=True), 1) if new != old]
    assert named(path) == plain_verdicts(text, ballots, exponents) == expected


@pytest.mark.parametrize("count", [1, 7, 8, 9, 511, 512, 513, 1025])
def test_a_wrong_ballot_is_found_wherever_a_batch_ends(count: int, tmp_path: Path) -> None:
    made = election([question(1, 0, 1)], 1, keys())
    ballots = [made.ballot(0, [[number % 2]]) for number in range(count)]
    for place in {0, count // 2, count - 1}:
        changed = list(ballots)
        changed[place] = changed[place].replace(b'"response":"', b'"response":"1', 1)
        path = tmp_path / f"{place}.bel"
        path.write_bytes(made.open(changed))
        assert named(path) == [place + 1]
