"""Whole elections: the result is the sum of the choices, for any trustees that suffice and for no fewer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suffrage._core import (
    BeleniosError,
    archive_partials,
    archive_setup,
    archive_tally,
    audit_archive,
    check_partial_decryption,
    tally_result,
    trustees_key,
)
from tests.belenios import witness
from tests.belenios.archives import ballots, events, relinked
from tests.belenios.made import (
    Choices,
    Made,
    Question,
    Trustees,
    election,
    encrypted_tally,
    every_choice,
    question,
    sums,
    trustees,
)
from tests.belenios.model import G, compact, digits, power

pytestmark = pytest.mark.slow

KINDS: tuple[tuple[int | tuple[int, int], ...], ...] = (
    (1,),
    (1, 1),
    ((1, 2),),
    ((1, 3),),
    ((2, 3),),
    ((4, 5),),
    (1, (2, 3)),
    (1, 1, (3, 5)),
    (1, (1, 2), (2, 4)),
)
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
FEW = max(10, settings().max_examples // 4)


@cache
def keys(*groups: int | tuple[int, int]) -> Trustees:
    """Trustees of a kind, made once."""
    return trustees(*groups)


@st.composite
def questions(draw: Any) -> Question:
    answers = draw(st.integers(1, 4))
    high = draw(st.integers(1, answers))
    return question(answers, draw(st.integers(0, high)), high, draw(st.booleans()))


Cast = list[tuple[int, Choices]]


@st.composite
def elections(draw: Any) -> tuple[Made, list[Question], Cast]:
    """An election with the votes cast in it; voters come again, or never."""
    asked = draw(st.lists(questions(), min_size=1, max_size=2))
    voters = draw(st.integers(1, 5))
    weights = draw(st.just([]) | st.lists(st.integers(0, 50), min_size=voters, max_size=voters))
    made = election(asked, voters, keys(*draw(st.sampled_from(KINDS))), weights)
    vote = st.tuples(*(st.sampled_from(list(every_choice(item))) for item in asked))
    return made, asked, draw(st.lists(st.tuples(st.integers(0, voters - 1), vote), max_size=8))


@settings(max_examples=FEW, suppress_health_check=SLOW)
@given(elections(), st.data())
def test_the_result_is_the_sum_of_the_choices(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[Made, list[Question], Cast], data: st.DataObject
) -> None:
    made, asked, cast = drawn
    path = made.create(
        tmp_path_factory.mktemp("urn") / "a.bel", [made.ballot(voter, choices) for voter, choices in cast]
    )
    assert path.read_bytes() == made.open(ballots(path.read_bytes()))
    report = audit_archive(path)
    last = {voter for voter, _ in cast}
    weight = sum(made.weights[voter] for voter in last)
    assert (report.failures, report.ballots, report.voters) == ([], len(cast), len(last))
    assert (report.total_weight, report.weighted) == (weight, made.weighted)
    assert report.questions == asked
    owners = data.draw(st.sampled_from(list(sufficient(made.trustees))))
    found = made.decrypt(path, owners)
    assert found == sums(asked, cast, made.weights)
    report = audit_archive(path)
    assert (report.failures, report.result, report.phase) == ([], found, "decrypted")
    text = path.read_bytes()
    assert relinked(text, lambda events: events) == text


def sufficient(trustees: Trustees) -> list[list[int]]:
    """Every set of trustees of which none could be missing."""
    sets: list[list[int]] = [[]]
    before = 0
    for group in trustees.groups:
        needed, size = (1, 1) if isinstance(group, int) else group
        members = range(before + 1, before + size + 1)
        sets = [found + list(chosen) for found in sets for chosen in combinations(members, needed)]
        before += size
    return sets


@pytest.mark.parametrize("groups", KINDS, ids=str)
def test_any_trustees_that_suffice_give_the_result_and_fewer_do_not(
    groups: Sequence[int | tuple[int, int]], tmp_path: Path
) -> None:
    asked = [question(2, 0, 2)]
    made = election(asked, 3, keys(*groups), [3, 0, 4])
    cast: Cast = [(0, [[1, 0]]), (1, [[1, 1]]), (2, [[0, 0]]), (2, [[1, 1]])]
    path = made.create(tmp_path / "a.bel", [made.ballot(voter, choices) for voter, choices in cast])
    tally, count, weight = made.close(path)
    assert (count, weight) == (3, 7)
    partials = {owner: made.partial(tally, owner) for owner in range(1, len(made.trustees.keepers) + 1)}
    assert [owner for owner, _ in partials.values()] == list(partials)
    for owner, partial in partials.values():
        check_partial_decryption(made.text, made.trustees.text, tally, owner, partial)
    expected = compact({"result": sums(asked, cast, made.weights)}).encode()
    for owners in sufficient(made.trustees):
        given = [partials[owner] for owner in owners]
        assert tally_result(made.text, made.trustees.text, tally, weight, given) == expected
        assert tally_result(made.text, made.trustees.text, tally, weight, given[::-1]) == expected
        for left_out in owners:
            fewer = [partials[owner] for owner in owners if owner != left_out]
            with pytest.raises(BeleniosError):
                tally_result(made.text, made.trustees.text, tally, weight, fewer)
    everyone = list(partials.values())
    assert tally_result(made.text, made.trustees.text, tally, weight, everyone) == expected


@pytest.mark.parametrize("groups", KINDS, ids=str)
def test_the_witness_agrees(groups: Sequence[int | tuple[int, int]], tmp_path: Path) -> None:
    asked = [question(2, 1, 1, blank=True)]
    made = election(asked, 2, keys(*groups), [2, 3])
    cast: Cast = [(0, [[0, 1, 0]]), (1, [[1, 0, 0]]), (0, [[0, 0, 1]])]
    path = made.create(tmp_path / "a.bel", [made.ballot(voter, choices) for voter, choices in cast])
    found = made.decrypt(path)
    text, trustees, _ = archive_setup(path)
    assert witness.election_key(witness.check_trustees(trustees)) == trustees_key(trustees)
    tally = archive_tally(path)
    assert tally == witness.tally(text, ballots(path.read_bytes()), made.weight_of)
    assert witness.result(text, trustees, tally[0], archive_partials(path), tally[2]) == found == [[3, 0, 2]]


def test_no_ballots_give_identities_and_noughts(tmp_path: Path) -> None:
    made = election([question(), question(2, 0, 2, blank=True)], 2)
    path = made.create(tmp_path / "a.bel")
    identity = {"alpha": f"{1:064x}", "beta": f"{1:064x}"}
    tally, count, weight = encrypted_tally(path)
    assert (json.loads(tally), count, weight) == ([[identity] * 3, [identity] * 3], 0, 0)
    assert made.decrypt(path) == [[0, 0, 0], [0, 0, 0]]
    assert audit_archive(path).failures == []


def test_a_weight_of_nought_counts_for_nothing(tmp_path: Path) -> None:
    made = election([question(1, 0, 1)], 2, weights=[0, 1])
    path = made.create(tmp_path / "a.bel", [made.ballot(0, [[1]]), made.ballot(1, [[0]])])
    assert made.decrypt(path) == [[0]]
    assert audit_archive(path).failures == []


def test_large_weights_are_counted(tmp_path: Path) -> None:
    weights = [999_999_937, 123_456_789]
    made = election([question(2, 0, 2)], 2, weights=weights)
    path = made.create(tmp_path / "a.bel", [made.ballot(0, [[1, 0]]), made.ballot(1, [[1, 1]])])
    assert made.decrypt(path) == [[sum(weights), weights[1]]]
    report = audit_archive(path)
    assert (report.failures, report.total_weight) == ([], sum(weights))


def test_revotes_count_once_wherever_they_stand(tmp_path: Path) -> None:
    made = election([question(2, 0, 1)], 3, weights=[1, 10, 100])
    order: Cast = [(0, [[1, 0]]), (1, [[1, 0]]), (0, [[0, 1]]), (2, [[0, 1]]), (0, [[0, 0]]), (1, [[0, 1]])]
    path = made.create(tmp_path / "a.bel", [made.ballot(voter, choices) for voter, choices in order])
    assert made.decrypt(path) == [[0, 110]]
    report = audit_archive(path)
    assert (report.failures, report.ballots, report.voters, report.revotes) == ([], 6, 3, 3)


def test_a_result_above_what_the_weights_allow_is_refused(tmp_path: Path) -> None:
    made = election([question(1, 0, 1)], 1, weights=[5])
    path = made.create(tmp_path / "a.bel", [made.ballot(0, [[1]])])
    tally, _, weight = made.close(path)
    partials = [made.partial(tally, 1)]
    assert tally_result(made.text, made.trustees.text, tally, weight, partials) == b'{"result":[[5]]}'
    with pytest.raises(BeleniosError):
        tally_result(made.text, made.trustees.text, tally, 4, partials)


def test_a_partial_decryption_of_another_is_refused(tmp_path: Path) -> None:
    made = election([question(1, 0, 1)], 1, keys(1, (2, 3)))
    path = made.create(tmp_path / "a.bel", [made.ballot(0, [[1]])])
    tally, _, weight = made.close(path)
    partials = {owner: made.partial(tally, owner)[1] for owner in (1, 2, 3)}
    for owner, of in ((1, 2), (2, 1), (2, 3), (3, 2), (4, 2), (0, 1), (5, 1), (2**53, 1)):
        with pytest.raises((BeleniosError, OverflowError)):
            check_partial_decryption(made.text, made.trustees.text, tally, owner, partials[of])
    with pytest.raises(BeleniosError):
        tally_result(
            made.text, made.trustees.text, tally, weight, [(1, partials[1]), (2, partials[2]), (2, partials[2])]
        )
    other = tally.replace(tally[12:20], b"01234567")
    with pytest.raises(BeleniosError):
        check_partial_decryption(made.text, made.trustees.text, other, 1, partials[1])


def test_every_fault_after_the_ballots_is_seen(tmp_path: Path) -> None:
    made = election([question(1, 0, 1)], 2, keys(1, (2, 3)))
    path = made.create(tmp_path / "a.bel", [made.ballot(0, [[1]]), made.ballot(1, [[0]])])
    made.decrypt(path)
    data = path.read_bytes()
    found = events(data)
    heights = {event.kind: height for height, event in enumerate(found)}
    tally, first = found[heights["EncryptedTally"]], found[heights["EncryptedTally"] + 1]

    def failing(height: int, records: tuple[bytes, ...], numbers: tuple[int, ...] = ()) -> None:
        event = type(found[height])(found[height].kind, records, numbers)
        path.write_bytes(relinked(data, lambda events: [*events[:height], event, *events[height + 1 :]]))
        failures = audit_archive(path).failures
        assert failures
        assert failures[0][0] == height, failures

    where = heights["EncryptedTally"]
    for numbers in ((3, 2), (2, 3), (1, 1), (0, 0)):
        failing(where, tally.records, numbers)
    row = json.loads(tally.records[0])[0]
    generator = digits(power(G, 1))
    tallies: list[Any] = [
        [[]],
        [],
        [row, row],
        [row + row],
        [[{**row[0], "alpha": row[0]["beta"]}]],
        [[{**row[0], "beta": generator}]],
        [[{**row[0], "beta": row[0]["beta"].upper()}]],
    ]
    for changed in tallies:
        if compact(changed).encode() != tally.records[0]:
            failing(where, (compact(changed).encode(),), tally.numbers)
    failing(where, (tally.records[0] + b"\n",), tally.numbers)
    for owner in (0, 2, 5):
        failing(where + 1, first.records, (owner,))
    partial = json.loads(first.records[0])
    factor = partial["message"][0][0]
    other = {**factor, "factor": generator}
    messages: list[Any] = [[[]], [], [[factor, factor]], [[other]], [[factor], [factor]]]
    for message in messages:
        failing(where + 1, (compact({**partial, "message": message}).encode(),), (1,))
    failing(where + 1, (first.records[0] + b" ",), (1,))
    for result in (
        b'{"result":[[2]]}',
        b'{"result":[[1,0]]}',
        b'{"result":[]}',
        b'{"result":[[0]]}',
        b'{"result":[[1]]} ',
    ):
        failing(heights["Result"], (result,))
    failing(heights["Result"], (b'{"result":[[-1]]}',))
    failing(heights["Result"], (b'{"result":[["1"]]}',))
