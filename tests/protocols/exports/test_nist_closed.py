"""Every NIST report is after the schema, and whatever it refers to is in it, of the right kind."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.count import ElectionCount
from suffrage.protocols.exports.entries import identifier
from tests.elections import WORDS
from tests.protocols.exports.made import SOME, counts, definitions, schema, written

NAME = re.compile(r"[A-Za-z][^\s:/<>&'\"(){}\[\]+=,;|@«»—]*")
"""What a name of XML without a colon may be, as far as the characters of the tests go."""


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a report, at any depth."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from objects(item)


@pytest.mark.slow
@SOME
@given(counts())
def test_it_is_after_the_schema_and_refers_to_what_is_there(counted: ElectionCount) -> None:
    report = json.loads(written(counted))
    schema().validate(report)
    everything = list(objects(report))
    kinds = {found["@id"]: found["@type"] for found in everything if "@id" in found}
    assert len(kinds) == sum("@id" in found for found in everything)
    assert all(NAME.fullmatch(key) for key in kinds)
    rules = definitions()
    for found in everything:
        for name, rule in rules[found["@type"]]["properties"].items():
            allowed = rule.get("refTypes") or rule.get("items", {}).get("refTypes")
            if allowed and name in found:
                references = found[name] if isinstance(found[name], list) else [found[name]]
                assert all(kinds.get(reference) in allowed for reference in references)
                assert len(set(references)) == len(references)


@SOME
@given(counts())
def test_the_same_count_gives_the_same_bytes(counted: ElectionCount) -> None:
    assert written(counted) == written(counted)


PARTS = st.lists(WORDS | st.text("a_-:é", max_size=4), min_size=1, max_size=3).map(tuple)


@given(PARTS, PARTS)
def test_different_things_have_different_identifiers(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert (identifier("unit", *one) == identifier("unit", *other)) == (one == other)
    assert NAME.fullmatch(identifier("unit", *one))
