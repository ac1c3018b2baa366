"""Damaged archives by the thousand: each is the beginning of the sound one, or a clear error; never a panic or a hang.

Chance is seeded, and the number of a case is in what a failure says. HYPOTHESIS_PROFILE=soak goes on for ten minutes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings

from suffrage._core import ArchiveWriter, BeleniosError, archive_prefix
from tests.belenios.archives import BLOCK, Event, archive, named, tar, untar

SECONDS = 600 if settings.get_current_profile_name() == "soak" else 2
TIME = 1_700_000_000
SOUND = archive(
    [
        Event("Setup", (b'{"version":2}', b'[["Single"]]', b'[{"credential":"00"}]')),
        *(Event("Ballot", (b'{"ballot":"%s"}' % (b"%d" % number * (300 + number * 97)),)) for number in range(5)),
        Event("EndBallots"),
        Event("EncryptedTally", (b'[[{"alpha":"0","beta":"0"}]]',), (5, 5)),
        Event("PartialDecryption", (b'{"message":[]}',), (1,)),
        Event("PartialDecryption", (b'{"message":[[]]}',), (2,)),
        Event("Result", (b'{"result":[[5]]}',)),
    ],
    TIME,
)
RECORDS = untar(SOUND)
# Places and lengths of the fields of a header.
FIELDS = [(0, 100), (100, 8), (108, 8), (116, 8), (124, 12), (136, 12), (148, 8), (156, 1), (157, 100), (257, 255)]
TEXTS = [
    *(b"0", b"-1", b"+1", b"01", b"1e9", b"9007199254740993", b"9" * 400, b'"', b"{", b"[" * 5000, b"null", b" "),
    *(b"Setup", b"Ballot", b"EndBallots", b"Shuffle", b"EndShuffles", b"Result", b"\\u0000", b"\xff", b"\0" * BLOCK),
    *(b'"parent":', b'"payload":', b'"height":', b'"type":', b'"owner":', b"a" * 64, b"A" * 64, b"f" * 63),
]


def flipped(chance: Random) -> bytes:
    data = bytearray(SOUND)
    for _ in range(chance.randrange(1, 4)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def cut(chance: Random) -> bytes:
    return SOUND[: chance.randrange(len(SOUND))] + bytes(chance.choice((0, 0, 1, BLOCK, 9999)))


def spliced(chance: Random) -> bytes:
    unit = chance.choice((1, BLOCK, BLOCK, 2 * BLOCK))
    data = SOUND
    for _ in range(chance.randrange(1, 4)):
        start, end, to = sorted(chance.randrange(0, len(data) + unit, unit) for _ in range(3))
        data = chance.choice(
            (
                data[:start] + data[end:],
                data[:to] + data[start:end] + data[to:],
                data[:start] + data[end:to] + data[start:end] + data[to:],
                data[:start] + chance.randbytes(end - start) + data[end:],
            )
        )
    return data


def with_other_header(chance: Random) -> bytes:
    """One field of one header is changed, and its checksum made right."""
    data = bytearray(SOUND)
    start = chance.choice(RECORDS).offset
    place, length = chance.choice(FIELDS)
    if place in (124, 136) and chance.randrange(2):
        value = b"%011o" % chance.choice((0, 1, 511, 512, 2**24, 2**24 + 1, 2**28, 2**31, 2**32, 2**33 - 1))
    else:
        value = chance.choice((chance.randbytes(length), chance.choice(TEXTS), b"../" * 9, b"/etc/passwd"))
    data[start + place : start + place + min(length, len(value))] = value[:length]
    if place != 148:
        total = sum(data[start : start + 148]) + 8 * 32 + sum(data[start + 156 : start + BLOCK])
        data[start + 148 : start + 156] = b"%06o\0 " % total
    return bytes(data)


def with_other_text(chance: Random) -> bytes:
    """One record says something else, under its right name."""
    records = list(RECORDS)
    place = chance.randrange(len(records))
    body = records[place].body
    start = chance.randrange(len(body) + 1)
    end = min(len(body), start + chance.choice((0, 1, 1, 2, 8, 64)))
    body = body[:start] + chance.choice((b"", chance.choice(TEXTS), body[:20], chance.randbytes(2))) + body[end:]
    what = "event" if ".event." in records[place].name else "data"
    records[place] = replace(records[place], body=body) if place == 0 else named(body, what)
    return tar(records, TIME)


def rearranged(chance: Random) -> bytes:
    """Whole records vanish, appear twice, or change places."""
    records = list(RECORDS)
    for _ in range(chance.randrange(1, 3)):
        record = records.pop(chance.randrange(len(records)))
        for _ in range(chance.randrange(3)):
            records.insert(chance.randrange(len(records) + 1), record)
    return tar(records, chance.choice((TIME, TIME, 0, 2**33 - 1)))


CHANGES: list[Callable[[Random], bytes]] = [flipped, cut, spliced, with_other_header, with_other_text, rearranged]


def prefix(old: Path, new: Path) -> bool | str:
    """Whether nothing of `old` vanished in `new`, or why that cannot be said."""
    try:
        return archive_prefix(old, new)[1] is None
    except BeleniosError as error:
        return str(error)


def opened(path: Path) -> tuple[int, int] | str:
    """The length of an archive and how much was cut off, or why it was not opened."""
    try:
        with ArchiveWriter.open(path) as writer:
            return writer.head[2], writer.cut
    except BeleniosError as error:
        return str(error)


def tried(data: bytes, folder: Path, sound: Path) -> str:
    """What becomes of a damaged archive: `refused`, `kept` as far as it is the sound one, or it is `another`."""
    path = folder / "x.bel"
    path.write_bytes(data)
    begins, continues = prefix(path, sound), prefix(sound, path)
    assert isinstance(begins, str) or begins == SOUND.startswith(data)
    assert isinstance(continues, str) or continues == (data == SOUND)
    outcome = opened(path)
    for told in (begins, continues, outcome):
        # It names the file, and is one line.
        assert not isinstance(told, str) or (told.startswith(str(path)) and "\n" not in told)
    kept = path.read_bytes()
    if isinstance(outcome, str):
        assert begins is not True
        assert kept == data, "what is refused must be left as it is"
        return "refused"
    length, removed = outcome
    assert kept == data[:length] == data[: len(data) - removed]
    return "kept" if SOUND.startswith(kept) else "another"


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_damaged_archive_is_a_beginning_of_the_sound_one_or_an_error(
    change: Callable[[Random], bytes], tmp_path: Path
) -> None:
    sound = tmp_path / "sound.bel"
    sound.write_bytes(SOUND)
    started = time.monotonic()
    number = 0
    while time.monotonic() - started < SECONDS / len(CHANGES) or number < 20:
        number += 1
        chance = Random(f"{change.__name__} {number}")
        data = change(chance)
        begun = time.monotonic()
        outcome = tried(data, tmp_path, sound)
        assert time.monotonic() - begun < 10, f"case {number} took too long"
        # A last record that says something else under its right name is another archive, and sound.
        assert outcome != "another" or change in (with_other_text, rearranged), f"case {number}"
