"""What `ArchiveWriter` makes, held against the archives of the model, and what it does when the system refuses."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage._core import ArchiveWriter, BeleniosError, archive_prefix
from tests.belenios.archives import Event, archive, events, timestamp

TIME = 1_700_000_000
SETUP = (b'{"version":2}', b'[["Single"]]', b'[{"credential":"00"}]')
BALLOT = st.binary(min_size=1, max_size=1600)


def created(path: Path, certificate: bytes | None = None) -> ArchiveWriter:
    return ArchiveWriter.create(path, TIME, *SETUP, credentials_certificate=certificate)


def ballots(count: int, start: int = 0) -> list[bytes]:
    return [b"%d " % number + b"x" * (number * 37 % 1100) for number in range(start, start + count)]


@given(
    groups=st.lists(st.lists(BALLOT, max_size=5), max_size=4),
    certificate=st.none() | BALLOT,
    closed=st.booleans(),
    time=st.integers(0, 2**33 - 1),
    numbers=st.tuples(st.integers(0, 2**53 - 1), st.integers(0, 2**53 - 1)),
    owners=st.lists(st.integers(0, 2**53 - 1), max_size=3),
)
def test_the_archive_is_that_of_the_model(
    groups: list[list[bytes]],
    certificate: bytes | None,
    closed: bool,
    time: int,
    numbers: tuple[int, int],
    owners: list[int],
) -> None:
    expected = [Event("Setup", SETUP if certificate is None else (*SETUP, certificate))]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.bel"
        with ArchiveWriter.create(path, time, *SETUP, certificate) as writer:
            seen: set[bytes] = set()
            for group in groups:
                fresh = [ballot for ballot in dict.fromkeys(group) if ballot not in seen]
                seen.update(fresh)
                placed = writer.append_ballots(fresh)
                assert [height for height, _ in placed] == list(range(len(expected), len(expected) + len(fresh)))
                expected += [Event("Ballot", (ballot,)) for ballot in fresh]
            assert writer.ballots == len(seen)
            assert all(writer.contains(sha256(ballot).hexdigest()) for ballot in seen)
            if closed:
                writer.end_ballots()
                writer.append_encrypted_tally(b"[]", *numbers)
                expected += [Event("EndBallots"), Event("EncryptedTally", (b"[]",), numbers)]
                for owner in owners:
                    writer.append_partial_decryption(owner, b"[%d]" % owner)
                    expected.append(Event("PartialDecryption", (b"[%d]" % owner,), (owner,)))
                writer.append_result(b"{}")
                expected.append(Event("Result", (b"{}",)))
            assert writer.last == expected[-1].kind
            head = writer.head
        data = path.read_bytes()
        assert data == archive(expected, time)
        assert head[0] == len(expected) - 1
        assert head[2] == len(data)
        with ArchiveWriter.open(path) as again:
            assert (again.head, again.cut, again.ballots, again.timestamp) == (head, 0, len(seen), time)


def test_official_archives_are_opened_and_continued(official: Path, tmp_path: Path) -> None:
    for place in sorted(official.glob("*/open/*.bel")):
        path = tmp_path / place.name
        path.write_bytes(place.read_bytes())
        with ArchiveWriter.open(path) as writer:
            assert writer.cut == 0
            assert writer.ballots == sum(event.kind == "Ballot" for event in events(place.read_bytes()))
            writer.append_ballots([b"{}"])
        whole = [*events(place.read_bytes()), Event("Ballot", (b"{}",))]
        assert path.read_bytes() == archive(whole, timestamp(place.read_bytes()))
        assert archive_prefix(place, path)[1] is None
        complete = place.parents[1] / place.name
        assert archive_prefix(place, complete)[1] is None
        height, why = archive_prefix(complete, path)
        assert height == len(whole) - 1
        assert why is not None
        assert why.startswith("the event is Ballot")


def test_threads_share_one_writer(tmp_path: Path) -> None:
    path = tmp_path / "x.bel"
    placed: list[tuple[int, str]] = []
    with created(path) as writer:
        threads = [
            Thread(target=lambda start=start: placed.extend(writer.append_ballots(ballots(20, start))))
            for start in range(0, 400, 20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert writer.ballots == 400
    assert sorted(height for height, _ in placed) == list(range(1, 401))
    assert path.read_bytes() == archive(events(path.read_bytes()), TIME)


def test_misuse_is_a_value_error_and_leaves_the_archive_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.bel"
    writer = created(path)
    writer.append_ballots([b"one"])
    before = path.read_bytes()
    with pytest.raises(ValueError, match="Result stands after Ballot, where Ballot or EndBallots is expected"):
        writer.append_result(b"{}")
    with pytest.raises(BeleniosError, match="is in the archive already"):
        writer.append_ballots([b"two", b"one"])
    with pytest.raises(ValueError, match="is no hash, expected 64 lower-case hexadecimal digits"):
        writer.contains("A" * 64)
    with pytest.raises(ValueError, match="has 16777217 bytes, expected at most 16777216"):
        writer.append_ballots([bytes(2**24 + 1)])
    with pytest.raises(OSError, match="another writer has this archive open"):
        ArchiveWriter.open(path)
    with pytest.raises(OSError, match="exists already"):
        created(path)
    assert path.read_bytes() == before
    writer.close()
    writer.close()
    with pytest.raises(ValueError, match="the archive is closed"):
        writer.append_ballots([b"two"])
    with pytest.raises(FileNotFoundError):
        ArchiveWriter.open(tmp_path / "none.bel")
    with pytest.raises(FileNotFoundError):
        created(tmp_path / "none" / "x.bel")


FULL = """
import resource, sys
from suffrage._core import ArchiveWriter
with ArchiveWriter.open(sys.argv[1]) as writer:
    before = writer.head
    # Python ignores the signal, so the system answers with an error instead, as a full disk would.
    resource.setrlimit(resource.RLIMIT_FSIZE, (before[2] + 10_000, resource.RLIM_INFINITY))
    try:
        writer.append_ballots([b"large" * 10_000])
    except OSError as error:
        print(error)
    assert writer.head == before
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert not writer.contains("0" * 64)
    print(writer.append_ballots([b"small"])[0][0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits are those of Unix")
def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "x.bel"
    with created(path) as writer:
        writer.append_ballots([b"one"])
    before = path.read_bytes()
    child = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    refused, height = child.stdout.splitlines()
    assert f"nothing was added, {len(before)} bytes as before" in refused
    assert height == "2"
    assert path.read_bytes() == archive([*events(before), Event("Ballot", (b"small",))], TIME)


def test_zeros_that_a_crash_left_are_cut_off_and_damage_is_not(tmp_path: Path) -> None:
    path = tmp_path / "x.bel"
    with created(path) as writer:
        writer.append_ballots(ballots(5))
    sound = path.read_bytes()
    path.write_bytes(sound + sound[-1024:-900] + bytes(8192))
    with pytest.raises(BeleniosError):
        ArchiveWriter.open(path)
    path.write_bytes(sound + sound[-1024:-512] + bytes(8192))
    with ArchiveWriter.open(path) as writer:
        assert writer.cut == 512 + 8192
    assert path.read_bytes() == sound
    path.write_bytes(sound.replace(b"3 x", b"3 y"))
    with pytest.raises(BeleniosError, match=r"x\.bel: byte \d+: the ballot has hash \w+, its name says"):
        ArchiveWriter.open(path)
    assert path.read_bytes() == sound.replace(b"3 x", b"3 y")
