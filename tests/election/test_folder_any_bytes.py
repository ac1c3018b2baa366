"""Whatever stands in the files of a folder, reading it gives an election or an ElectionError with places."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from suffrage.election import read_folder
from suffrage.errors import DOES_NOT_HOLD, WRONG_USE, ElectionError

WHOLE = {
    "election.toml": b'id = "x"\ntitle = "X"\nlaw = "ussr-1937"\nkind = "demo"\ntime_zone = "UTC"\n'
    b'polling_day = 1937-12-12\ncontests = [{ each = "district", seats = 1 }]\n',
    "units.csv": b"id,name,kind,parent,also_in,registered\ntop,,,,,\nd1,One,district,top,,7\np1,,,d1,top,5\n",
    "candidates.csv": b"contest,number,id,surname,supporters,birth_date\nd1,1,a,A,X; Y,1900-01-01\nd1,2,b,B,,\n",
    "decisions.csv": b"id,kind,contest,ballot,unit,candidate,field,figure,date\n1,correct,d1,1,p1,,valid,3,1937-12-13",
}
FILES = st.sampled_from(list(WHOLE))


def is_read_or_refused(files: dict[str, bytes]) -> bool:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in files.items():
            (folder / file).write_bytes(content)
        try:
            read_folder(folder)
        except ElectionError as error:
            refused = error
        else:
            return True
    assert refused.problems
    assert refused.exit_code in (DOES_NOT_HOLD, WRONG_USE)
    for problem in refused.problems:
        assert "\n" not in str(problem)
        assert len(str(problem)) < 2000
        assert any(file in problem.place for file in WHOLE)
    return False


def test_the_whole_folder_is_read() -> None:
    assert is_read_or_refused(WHOLE)


@given(FILES, st.binary(max_size=200))
@example("units.csv", b"\xff\xfe")
@example("units.csv", b'id\n"')
@example("units.csv", b"\xef\xbb\xbf")
@example("election.toml", b"\xef\xbb\xbf")
def test_random_bytes(name: str, content: bytes) -> None:
    is_read_or_refused({**WHOLE, name: content})


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file with some bytes replaced, taken out or put in."""
    name = draw(FILES)
    content = WHOLE[name]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 6)))
        new = draw(
            st.binary(max_size=3) | st.sampled_from([b",", b'"', b"\n", b"\r", b"=", b"[", b"]", b"0", b"-", b";"])
        )
        content = content[:start] + new + content[end:]
    return name, content


@settings(max_examples=3 * settings().max_examples)
@given(damaged())
def test_damaged_files(file: tuple[str, bytes]) -> None:
    name, content = file
    is_read_or_refused({**WHOLE, name: content})


VALUES = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["unit", "each", "seats", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)
KEYS = st.sampled_from(
    ["id", "title", "law", "kind", "time_zone", "polling_day", "second_ballot_day", "sources", "contests", "other"]
)


@settings(max_examples=3 * settings().max_examples)
@given(st.dictionaries(KEYS, VALUES, max_size=3))
def test_any_value_for_any_key(changed: dict[str, object]) -> None:
    tomli_w = pytest.importorskip("tomli_w")
    head = {
        "id": "x",
        "title": "X",
        "law": "ussr-1937",
        "kind": "demo",
        "contests": [{"unit": "d1"}],
    }
    is_read_or_refused({**WHOLE, "election.toml": tomli_w.dumps({**head, **changed}).encode()})
