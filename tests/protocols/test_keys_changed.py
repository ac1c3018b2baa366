"""Key files that were changed, or never were any: none opens with another name or another key."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffrage.errors import WRONG_USE, ProtocolError
from suffrage.protocols import sealing
from suffrage.protocols.keys import open_key, show_key, write_key
from tests.protocols.made import key, secret

PASSPHRASE = "three words and a comma,"
PETROVA = key("Петрова А. І.")
SECRET = secret("Петрова А. І.").hex()


def cheap(passphrase: str, salt: bytes, cost: Mapping[str, int]) -> bytes:
    """A stand-in for scrypt, which is slow on purpose; as scrypt's, its key depends on everything it is given."""
    return sha256(repr((passphrase, salt, sorted(cost.items()))).encode()).digest()


@pytest.fixture(scope="module", autouse=True)
def without_delay() -> Iterator[None]:
    """Keys of this module open without delay, so that they can be tried a thousand times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "_derived", cheap)
        yield


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "petrova.key"
    write_key(PETROVA, PASSPHRASE, path)
    return path


def refused(path: Path, passphrase: str = PASSPHRASE) -> ProtocolError:
    """The error of a file that does not open; it tells nothing that is secret."""
    with pytest.raises(ProtocolError) as error:
        open_key(path, passphrase)
    said = "".join(traceback.format_exception(error.value))
    assert SECRET not in said
    assert passphrase not in str(error.value)
    return error.value


def test_a_wrong_passphrase_opens_nothing(file: Path) -> None:
    for wrong in (PASSPHRASE[:-1], PASSPHRASE.upper(), "x" * 10_000):
        assert "does not open" in str(refused(file, wrong))
    with pytest.raises(ProtocolError, match="does not open"):
        open_key(file, "")


@pytest.mark.parametrize("passphrase", ["пароль із слів", "鍵の合言葉はとても長い合言葉", "😀" * 12])
def test_passphrases_are_in_any_script(passphrase: str, tmp_path: Path) -> None:
    write_key(PETROVA, passphrase, tmp_path / "k")
    assert open_key(tmp_path / "k", passphrase).public == PETROVA.public


def test_the_same_key_is_never_sealed_alike(tmp_path: Path) -> None:
    documents = []
    for name in "ab":
        write_key(PETROVA, PASSPHRASE, tmp_path / name)
        documents.append(json.loads((tmp_path / name).read_bytes()))
    one, two = documents
    assert one["kdf"]["salt"] != two["kdf"]["salt"]
    assert one["cipher"]["nonce"] != two["cipher"]["nonce"]
    assert one["sealed"] != two["sealed"]


def test_a_dangling_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "k").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ProtocolError, match="exists already"):
        write_key(PETROVA, PASSPHRASE, tmp_path / "k")
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_not_there_is_an_error_for_people(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError) as error:
        write_key(PETROVA, PASSPHRASE, tmp_path / "nowhere" / "k")
    assert error.value.exit_code == WRONG_USE


# Changed files


def changed(path: Path, to: Path, *where: str, value: Any) -> Path:
    """The key file with one value put otherwise."""
    document = json.loads(path.read_bytes())
    inner = document
    for name in where[:-1]:
        inner = inner[name]
    inner[where[-1]] = value
    to.write_text(json.dumps(document), "utf-8")
    return to


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("name",), "Somebody else"),
        (("public",), key("other").public.key),
        (("public",), PETROVA.public.key.upper()),
        (("format",), "suffrage-key/2"),
        (("kdf", "salt"), "00" * 16),
        (("kdf", "n"), 2**14),
        (("kdf", "r"), 9),
        (("kdf", "p"), 2),
        (("kdf", "more"), 1),
        (("kdf", "name"), "argon2id"),
        (("cipher", "nonce"), "00" * 12),
        (("cipher", "name"), "aes"),
        (("cipher", "more"), ""),
        (("sealed",), "00" * 48),
        (("sealed",), ""),
        (("more",), "key"),
    ],
)
def test_a_value_that_was_changed_opens_nothing(where: tuple[str, ...], value: Any, file: Path, tmp_path: Path) -> None:
    refused(changed(file, tmp_path / "k", *where, value=value))


def test_a_file_written_otherwise_is_the_same_key(file: Path, tmp_path: Path) -> None:
    document = json.loads(file.read_bytes())
    (tmp_path / "k").write_text(json.dumps(dict(reversed(document.items()))), "utf-8")
    assert open_key(tmp_path / "k", PASSPHRASE).public == PETROVA.public


@given(st.data())
def test_any_byte_that_was_changed_opens_no_other_key(file: Path, data: st.DataObject) -> None:
    text = bytearray(file.read_bytes())
    place = data.draw(st.integers(0, len(text) - 1))
    text[place] = data.draw(st.integers(0, 255))
    other = file.with_name("changed.key")
    other.write_bytes(text)
    said, opened = "", None
    try:
        opened = open_key(other, PASSPHRASE)
    except ProtocolError as error:
        said = "".join(traceback.format_exception(error))
    assert SECRET not in said
    assert opened is None or opened.public == PETROVA.public


@given(st.binary(max_size=60) | st.text(max_size=30).map(str.encode))
def test_any_bytes_are_no_key_file(file: Path, data: bytes) -> None:
    other = file.with_name("garbage.key")
    other.write_bytes(data)
    for ask in (show_key, lambda path: open_key(path, PASSPHRASE)):
        with pytest.raises(ProtocolError, match="is no key file"):
            ask(other)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just("00" * 32),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
PLACES = st.sampled_from(
    [("format",), ("name",), ("public",), ("kdf",), ("cipher",), ("sealed",), ("kdf", "name"), ("kdf", "salt"),
     ("kdf", "n"), ("kdf", "r"), ("kdf", "p"), ("cipher", "name"), ("cipher", "nonce")]
)  # fmt: skip


@settings(max_examples=200)
@given(PLACES, JSON)
def test_any_value_in_a_key_file_is_refused(file: Path, where: tuple[str, ...], value: Any) -> None:
    other = changed(file, file.with_name("value.key"), *where, value=value)
    try:
        opened = open_key(other, PASSPHRASE)
    except ProtocolError:
        return
    assert opened.public == PETROVA.public


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"kdf":' * 10_000, b"1" * 5000, b'{"format":"suffrage-key/1"}'])
def test_deep_and_long_files_are_no_key_files(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "k").write_bytes(data)
    with pytest.raises(ProtocolError, match="is no key file"):
        show_key(tmp_path / "k")
