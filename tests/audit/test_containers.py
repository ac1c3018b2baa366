"""Archives that are no bundles: odd entries, damage, bombs. Nothing is written outside, and all ends in a message."""

from __future__ import annotations

import io
import os
import stat
import struct
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings

from suffrage.audit import Failure, verify_bundle
from suffrage.errors import WRONG_USE, AuditError
from tests.audit.bundles import LAW, MANIFEST, Bundle, Original

DAMAGED = 4000 if settings.get_current_profile_name() == "soak" else 400


def failures(original: Original, path: Path) -> tuple[Failure, ...]:
    return verify_bundle(path, original.fingerprint).failures


def archive(bundle: Bundle, path: Path, more: Callable[[zipfile.ZipFile], None], without: str = "") -> Path:
    """The archive of a bundle, with more in it."""
    with zipfile.ZipFile(path, "w") as written:
        for name, data in bundle.files.items():
            if name != without:
                written.writestr(name, data)
        more(written)
    return path


def entry(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.create_system, made.external_attr = 3, mode << 16
    return made


@pytest.mark.parametrize(
    "name",
    [
        *("../law.toml", "../../escaped", "/tmp/escaped", "election/../../escaped", "..\\escaped", "C:\\escaped"),
        *("law.toml/", "election/", "LAW.TOML", "election/law.toml", "./law.toml", "law.toml ", "\x1b[2Jlaw.toml", ""),
    ],
)
def test_a_name_that_no_bundle_has_is_named_and_never_written(original: Original, tmp_path: Path, name: str) -> None:
    before = {path for path in Path(tempfile.gettempdir()).iterdir() if "escaped" in path.name}
    path = archive(original.bundle, tmp_path / "b.zip", lambda out: out.writestr(entry(name), b"anything"))
    [failure] = failures(original, path)
    assert "no bundle holds a file of this name" in str(failure)
    assert str(failure).isprintable()
    assert {path for path in Path(tempfile.gettempdir()).iterdir() if "escaped" in path.name} == before


def test_a_name_cut_at_a_null_character_is_none_of_a_bundle(original: Original, tmp_path: Path) -> None:
    path = archive(original.bundle, tmp_path / "b.zip", lambda out: out.writestr("law.tomlX" * 3, b"a"), without=LAW)
    data = path.read_bytes().replace(b"law.tomlX" * 3, b"law.toml\0" * 3)
    path.write_bytes(data)
    assert any("no bundle holds" in failure.reason for failure in failures(original, path))
    assert any((failure.record, failure.reason) == (LAW, "is missing") for failure in failures(original, path))


def test_an_entry_that_stands_twice_is_named(original: Original, tmp_path: Path) -> None:
    for data in (original.bundle.files[LAW], b"another"):
        with pytest.warns(UserWarning, match="Duplicate"):
            path = archive(original.bundle, tmp_path / "b.zip", lambda out, data=data: out.writestr(LAW, data))  # type: ignore[misc]
        assert [str(failure) for failure in failures(original, path)] == [f"{LAW}: stands twice in the archive"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR])
def test_an_entry_that_is_no_plain_file_is_named(original: Original, tmp_path: Path, kind: int) -> None:
    """Though its bytes are those of the right file."""
    data = original.bundle.files[LAW]
    path = archive(original.bundle, tmp_path / "b.zip", lambda out: out.writestr(entry(LAW, kind | 0o777), data), LAW)
    found = failures(original, path)
    assert found[0].record == LAW
    assert any("no plain file" in failure.reason for failure in found)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_another_compression_is_named(original: Original, tmp_path: Path, method: int) -> None:
    data = original.bundle.files[LAW]
    path = archive(original.bundle, tmp_path / "b.zip", lambda out: out.writestr(entry(LAW), data, method), LAW)
    assert any((failure.record, "deflate" in failure.reason) == (LAW, True) for failure in failures(original, path))


def patched(bundle: Bundle, path: Path, local: int, central: int, value: bytes) -> Path:
    """The archive with some bytes of both headers of law.toml changed, at the offsets that APPNOTE.TXT gives."""
    data = bytearray(bundle.zipped(path).read_bytes())
    name = LAW.encode()
    for signature, offset, head in ((b"PK\3\4", local, 30), (b"PK\1\2", central, 46)):
        start = next(
            place
            for place in range(len(data) - head)
            if data[place : place + 4] == signature and data[place + head : place + head + len(name)] == name
        )
        data[start + offset : start + offset + len(value)] = value
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("local", "central", "value"),
    [
        (6, 8, b"\1\0"),  # encrypted
        (8, 10, b"\x63\0"),  # a compression that nobody knows
        (14, 16, b"\0\0\0\0"),  # the checksum of other bytes
        (22, 24, struct.pack("<I", 10)),  # says that it is short
        (22, 24, struct.pack("<I", 10**6)),  # says that it is long
        (18, 20, struct.pack("<I", 10**6)),  # reaches into other entries
        (30, 46, b"MAW"),  # another name
    ],
)
def test_a_header_that_lies_is_named(
    original: Original, tmp_path: Path, local: int, central: int, value: bytes
) -> None:
    path = patched(original.bundle, tmp_path / "b.zip", local, central, value)
    found = failures(original, path)
    assert found[0].record in (LAW, "MAW.toml")


def test_a_bomb_that_declares_little_gives_no_more_than_it_declares(original: Original, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(LAW, b"\0" * (256 << 20))
    data = packed.getvalue().replace(struct.pack("<I", 256 << 20), struct.pack("<I", 1000))
    path = tmp_path / "b.zip"
    path.write_bytes(data)
    sizes: list[int] = []
    report = verify_bundle(path, tell=lambda now: sizes.append(0))
    assert any((failure.record, "unpacked" in failure.reason) == (LAW, True) for failure in report.failures)


def test_what_does_not_fit_on_the_disk_is_not_begun(original: Original, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    original.bundle.zipped(path)
    data = path.read_bytes()
    end = data.rindex(b"PK\1\2")
    # The last entry of the directory says four gigabytes, many times over.
    many = bytearray(data[end : data.rindex(b"PK\5\6")])
    many[24:28] = b"\xfe\xff\xff\xff"
    times = 60_000
    tail = data.rindex(b"PK\5\6")
    count, size = struct.unpack("<HI", data[tail + 10 : tail + 16])
    closing = bytearray(data[tail:])
    closing[8:12] = struct.pack("<HH", count + times, count + times)
    closing[12:16] = struct.pack("<I", size + times * len(many))
    path.write_bytes(data[:tail] + bytes(many) * times + closing)
    with pytest.raises(AuditError) as error:
        verify_bundle(path)
    assert error.value.exit_code == WRONG_USE
    assert "does not fit on the disk" in str(error.value)


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip archive", b"\0" * 100_000, b"PK\3\4" + b"\0" * 1000])
def test_what_is_no_archive_cannot_be_read(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(data)
    with pytest.raises(AuditError) as error:
        verify_bundle(path)
    assert error.value.exit_code == WRONG_USE


def test_an_archive_that_is_no_bundle_says_so(tmp_path: Path) -> None:
    empty, other = tmp_path / "empty.zip", tmp_path / "other.zip"
    with zipfile.ZipFile(empty, "w"):
        pass
    with zipfile.ZipFile(other, "w") as out:
        out.writestr("word/document.xml", "<w/>")
    for path in (empty, other):
        first = verify_bundle(path).failures[0]
        assert (first.record, "this is no bundle" in first.reason) == (MANIFEST, True)


def test_an_archive_cut_short_cannot_be_read(original: Original, tmp_path: Path) -> None:
    data = original.made.bundle.read_bytes()
    for length in (10, len(data) // 2, len(data) - 1, len(data) - 30):
        path = tmp_path / "b.zip"
        path.write_bytes(data[:length])
        with pytest.raises(AuditError):
            verify_bundle(path)


@pytest.mark.slow
def test_damage_anywhere_in_an_archive_is_seen_or_harmless(original: Original, tmp_path: Path) -> None:
    """Bits turned in the zip itself. Only what says nothing of the files may be damaged: days, systems, versions."""
    data = original.made.bundle.read_bytes()
    path = tmp_path / "b.zip"
    held = 0
    for number in range(DAMAGED):
        chance = Random(number)
        changed = bytearray(data)
        for _ in range(chance.choice((1, 1, 1, 5))):
            # Half of the damage falls into the directory at the end.
            start = data.index(b"PK\1\2") if chance.random() < 0.5 else 0
            changed[chance.randrange(start, len(changed))] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        try:
            report = verify_bundle(path, original.fingerprint)
        except AuditError:
            continue
        held += report.holds
        if report.holds:
            with zipfile.ZipFile(path) as damaged:
                assert {name: damaged.read(name) for name in damaged.namelist()} == original.bundle.files
    assert held < DAMAGED / 2


def test_nothing_is_left_behind(original: Original, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    verify_bundle(original.made.bundle)
    broken = tmp_path / "broken.zip"
    broken.write_bytes(original.made.bundle.read_bytes()[:-100])
    with pytest.raises(AuditError):
        verify_bundle(broken)
    assert os.listdir(tmp_path) == ["broken.zip"]
