"""Archives that are none: whatever the bytes are, a reason is given, quickly, and it is never a traceback."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

import pytest

from suffrage._core import (
    ArchiveWriter,
    BeleniosError,
    SealedElection,
    archive_partials,
    archive_setup,
    archive_tally,
    audit_archive,
    trustees_key,
)
from tests.belenios.archive_mutants import archive_mutants
from tests.belenios.archives import BLOCK, Event, archive, events, records, tar, untar
from tests.belenios.made import TIMESTAMP, Made, election, question, trustees
from tests.belenios.model import compact

MB = 1 << 20


@cache
def whole() -> tuple[Made, bytes]:
    """A small election with its complete archive."""
    made = election([question(1, 0, 1)], 2, trustees(1, (2, 3)))
    with tempfile.TemporaryDirectory() as folder:
        path = made.create(Path(folder) / "a.bel", [made.ballot(0, [[1]]), made.ballot(1, [[0]])])
        made.decrypt(path)
        return made, path.read_bytes()


def reasons(path: Path, data: bytes) -> list[str]:
    """What an audit says of these bytes; every way of reading them must end in a clear error or an answer."""
    path.write_bytes(data)
    start = time.monotonic()
    found = [reason for _, reason in audit_archive(path).failures]
    for read in (archive_setup, archive_tally, archive_partials):
        try:
            read(path)
        except BeleniosError as error:
            found.append(str(error))
    assert time.monotonic() - start < 20
    assert all(reason and len(reason) < 1000 and "\n" not in reason and "panic" not in reason for reason in found)
    return found


def boundaries(data: bytes) -> list[int]:
    """The lengths at which an archive is whole: behind each event."""
    found = [record.offset + 2 * BLOCK for record in untar(data) if record.name.endswith(".event.json")]
    assert found[-1] == len(data)
    return found


def test_an_archive_cut_anywhere_is_called_truncated(tmp_path: Path) -> None:
    _, data = whole()
    ends = boundaries(data)
    random = Random(1)
    lengths = [*range(0, len(data), BLOCK), *(random.randrange(len(data)) for _ in range(40))]
    for length in lengths:
        found = reasons(tmp_path / "a.bel", data[:length])
        if length in ends:
            assert audit_archive(tmp_path / "a.bel").failures == [], length
        else:
            assert found, length


def test_a_writer_goes_on_behind_the_last_whole_event(tmp_path: Path) -> None:
    _, data = whole()
    ends = boundaries(data)
    path = tmp_path / "a.bel"
    for length in range(ends[0], len(data), BLOCK):
        path.write_bytes(data[:length])
        kept = max(end for end in ends if end <= length)
        with ArchiveWriter.open(path) as writer:
            assert (writer.head[2], writer.cut) == (kept, length - kept)
        assert path.read_bytes() == data[:kept]


CASES = archive_mutants()


@pytest.mark.parametrize("name", CASES)
def test_what_is_no_archive_gives_a_reason(name: str, tmp_path: Path) -> None:
    _, data = whole()
    changed = CASES[name](data)
    if changed != data:
        assert reasons(tmp_path / "a.bel", changed)
        assert audit_archive(tmp_path / "a.bel").failures


def test_the_whole_archive_has_the_records_that_are_changed() -> None:
    _, data = whole()
    assert len(untar(data)) == 25
    assert [event.kind for event in events(data)].count("PartialDecryption") == 3


def sequences() -> Iterator[tuple[str, list[str]]]:
    """Sound events in an order that no election has."""
    yield "ballot after the end", ["Setup", "Ballot", "EndBallots", "Ballot"]
    yield "end twice", ["Setup", "EndBallots", "EndBallots"]
    yield "tally without an end", ["Setup", "Ballot", "EncryptedTally"]
    yield "tally twice", ["Setup", "EndBallots", "EncryptedTally", "EncryptedTally"]
    yield "decryption without a tally", ["Setup", "EndBallots", "PartialDecryption"]
    yield "result without a tally", ["Setup", "EndBallots", "Result"]
    yield "result without decryptions", ["Setup", "Ballot", "Ballot", "EndBallots", "EncryptedTally", "Result"]
    yield "event after the result", ["*", "EndBallots"]
    yield "ballot after the result", ["*", "Ballot"]
    yield "decryption after the result", ["*", "PartialDecryption"]
    yield "result twice", ["*", "Result"]
    yield "setup after the result", ["*", "Setup"]
    yield "two setups", ["Setup", "Setup"]
    yield "a ballot first", ["Ballot", "Setup"]
    yield "no setup", ["EndBallots"]


@pytest.mark.parametrize(
    ("name", "kinds"), list(sequences()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_events_in_another_order_give_a_reason(name: str, kinds: list[str], tmp_path: Path) -> None:
    _, data = whole()
    found = events(data)
    order = [
        event for kind in kinds for event in (found if kind == "*" else [next(e for e in found if e.kind == kind)])
    ]
    path = tmp_path / "a.bel"
    assert reasons(path, archive(order, TIMESTAMP)), name
    assert audit_archive(path).failures, name


def huge() -> Iterator[tuple[str, bytes]]:
    """Texts that take too much of a reader that is not careful."""
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        for depth in (100, 100_000):
            yield f"{depth} deep {opening}", (opening * depth + "1" + closing * depth).encode()
            yield f"{depth} deep {opening}, open", (opening * depth).encode()
    yield "a long string", b'"' + b"x" * (2 * MB) + b'"'
    yield "a string without end", b'"' + b"x" * MB
    yield "escapes", b'"' + b"\\u0041" * 100_000 + b'"'
    yield "a lone surrogate", b'"\\ud800"'
    yield "no UTF-8", b'"\xff\xfe\xed\xa0\x80"'
    yield "a long number", b"9" * MB
    yield "many numbers", b"[" + b"1," * MB + b"1]"
    yield "many commas", b"[" + b"," * MB + b"]"
    yield "zeros", bytes(MB)


HUGE = dict(huge())


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_record_is_refused_quickly(name: str, tmp_path: Path) -> None:
    made, _ = whole()
    text, path = HUGE[name], tmp_path / "a.bel"
    for place in range(3):
        changed = list(made.setup().records)
        changed[place] = text
        assert reasons(path, archive([Event("Setup", tuple(changed))], TIMESTAMP))
    assert reasons(path, made.open([text]))
    # Inside a record that is sound otherwise.
    for field in (b'"description":', b'"name":', b'"questions":', b'"administrator":', b'"credential_authority":'):
        start = made.text.index(field) + len(field)
        with pytest.raises(BeleniosError):
            SealedElection(made.text[:start] + text + made.text[start:])
    with pytest.raises(BeleniosError):
        made.sealed.check(text)
    with pytest.raises(BeleniosError):
        trustees_key(text)


@pytest.mark.slow
def test_a_string_of_50_megabytes_is_refused_quickly(tmp_path: Path) -> None:
    made, _ = whole()
    text = b'"' + b"x" * (50 * MB) + b'"'
    start = time.monotonic()
    assert reasons(tmp_path / "a.bel", made.open([text]))
    assert reasons(tmp_path / "b.bel", archive([Event("Setup", (text, *made.setup().records[1:]))], TIMESTAMP))
    with pytest.raises(BeleniosError):
        made.sealed.check(text)
    assert time.monotonic() - start < 10


def test_what_is_optional_in_an_election_may_be_deep_but_not_too_deep() -> None:
    made, _ = whole()
    start = made.text.index(b',"administrator":')
    for depth, sound in ((1, True), (20, True), (100_000, False)):
        text = made.text[:start] + b',"administrator":' + b"[" * depth + b"]" * depth + b"}"
        if sound:
            SealedElection(text)
        else:
            with pytest.raises(BeleniosError):
                SealedElection(text)


def test_what_is_no_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.bel", tmp_path):
        with pytest.raises(OSError, match=r".") as error:
            audit_archive(path)
        assert str(path) in str(error.value)


def test_a_list_of_credentials_is_held_to_its_form(tmp_path: Path) -> None:
    made, _ = whole()
    rows = [{"credential": credential} for credential in made.public]
    one, two = (compact(row) for row in rows)
    path = tmp_path / "a.bel"

    def judged(credentials: str) -> bool:
        text, keepers, _ = made.setup().records
        path.write_bytes(archive([Event("Setup", (text, keepers, credentials.encode()))], TIMESTAMP))
        return audit_archive(path).failures == []

    heavy = one.replace("}", ',"weight":%s}')
    assert judged(f"[{one},{two}]")
    assert judged("[]")
    assert judged(f"[{heavy % '3'},{two}]")
    assert judged(f"[{heavy % '0'},{two}]")
    for weight in ("-1", "1.5", "1e3", "01", '"1"', "null", "", str(2**64), "+1"):
        assert not judged(f"[{heavy % weight},{two}]"), weight
    for credentials in (
        f"[{one},{one}]",
        f"[{one},{two},]",
        f"[{one} ,{two}]",
        f"[{one},{two}]\n",
        f"[{one}",
        one,
        f"[[{one}]]",
        f"[{one.replace('credential', 'Credential')}]",
        "[null]",
        "[{}]",
        "",
    ):
        assert not judged(credentials), credentials


def test_records_are_written_in_the_order_of_the_specification() -> None:
    made, data = whole()
    assert tar(untar(data), TIMESTAMP) == data
    assert [record.name for record in records(events(data), TIMESTAMP)] == [record.name for record in untar(data)]
    assert made.sealed.uuid
