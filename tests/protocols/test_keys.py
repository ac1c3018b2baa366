"""Key files: what they hold opens with their passphrase, and with nothing else; nobody can put a name over a key."""

from __future__ import annotations

import json
import pickle
import stat
import time
import traceback
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.errors import WRONG_USE, ProtocolError
from suffrage.protocols.keys import (
    PublicKey,
    SigningKey,
    checked_public,
    fingerprint,
    new_key,
    open_key,
    show_key,
    write_key,
)
from suffrage.words import in_fours
from tests.protocols.made import holds, key, secret

PASSPHRASE = "three words and a comma,"
PETROVA = key("Петрова А. І.")
SECRET = secret("Петрова А. І.").hex()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key file that was written as it is for use."""
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


def test_a_key_is_opened_again(file: Path) -> None:
    opened = open_key(file, PASSPHRASE)
    assert opened.public == PETROVA.public == show_key(file)
    assert opened.sign(b"text") == PETROVA.sign(b"text")


def test_signatures_are_those_of_the_key() -> None:
    signature = PETROVA.sign("текст".encode())
    assert holds(PETROVA.public.key, signature, "текст".encode())
    assert not holds(PETROVA.public.key, signature, b"other")
    assert not holds(key("other").public.key, signature, "текст".encode())


def test_new_keys_are_all_different() -> None:
    made = [new_key("a") for _ in range(5)]
    assert len({one.public.key for one in made}) == 5


@pytest.mark.parametrize("passphrase", ["", "qwertzui", "elevenchars"])
def test_a_short_passphrase_is_refused(passphrase: str, tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="too short") as error:
        write_key(PETROVA, passphrase, tmp_path / "k")
    assert error.value.exit_code == WRONG_USE
    assert not passphrase or passphrase not in str(error.value)
    assert not (tmp_path / "k").exists()


def test_a_key_is_never_written_over_another(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(ProtocolError, match="exists already") as error:
        write_key(key("other"), PASSPHRASE, file)
    assert error.value.exit_code == WRONG_USE
    assert file.read_bytes() == before


def test_only_the_owner_may_read_it(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nothing_secret_stands_in_the_file(file: Path) -> None:
    data = file.read_bytes()
    assert bytes.fromhex(SECRET) not in data
    assert SECRET.encode() not in data.lower()
    assert PASSPHRASE.encode() not in data


def test_the_secret_is_never_shown() -> None:
    for said in (repr(PETROVA), str(PETROVA), f"{PETROVA!r:>1}", repr(vars(PETROVA)), repr(PETROVA.public)):
        assert SECRET not in said.lower()
        assert str(bytes.fromhex(SECRET)) not in said
    assert PETROVA.public.key in repr(PETROVA)
    with pytest.raises(TypeError):
        pickle.dumps(PETROVA)


def test_a_missing_file_cannot_be_read(tmp_path: Path) -> None:
    for ask in (show_key, lambda path: open_key(path, PASSPHRASE)):
        with pytest.raises(ProtocolError, match="cannot be read") as error:
            ask(tmp_path / "none")
        assert error.value.exit_code == WRONG_USE


def test_what_a_terminal_gives_for_bytes_that_are_no_text_is_refused(file: Path, tmp_path: Path) -> None:
    half = "\udcff" * 12
    for ask in (
        lambda: open_key(file, half),
        lambda: write_key(PETROVA, half, tmp_path / "k"),
        lambda: write_key(key_of_nobody(), PASSPHRASE, tmp_path / "k"),
    ):
        with pytest.raises(ProtocolError):
            ask()
    assert not (tmp_path / "k").exists()


def key_of_nobody() -> SigningKey:
    """A key whose name is no text."""
    made = new_key("\udcff")
    assert made.public.name == "\udcff"
    return made


@pytest.mark.parametrize(
    "cost",
    [
        {"n": 2**21},
        {"n": 2**40},
        {"n": 2**20, "r": 16, "p": 16},
        {"r": 10**9},
        {"p": 10**9},
        {"n": 2**17 + 1},
        {"n": 2},
        {"n": 0},
        {"n": -(2**17)},
        {"n": True},
        {"n": "131072"},
        {"n": 131072.0},
        {"r": 0},
        {"p": 0},
    ],
    ids=str,
)
def test_a_cost_that_would_take_for_ever_is_refused_at_once(cost: dict[str, Any], file: Path, tmp_path: Path) -> None:
    document = json.loads(file.read_bytes())
    document["kdf"] |= cost
    (tmp_path / "k").write_text(json.dumps(document), "utf-8")
    begin = time.perf_counter()
    refused(tmp_path / "k")
    assert time.perf_counter() - begin < 2


# Public keys


def test_the_fingerprint_is_the_hash_of_the_public_bytes() -> None:
    public = PETROVA.public
    assert public.fingerprint == sha256(bytes.fromhex(public.key)).hexdigest() == fingerprint(public.key)
    assert in_fours(public.fingerprint).replace(" ", "") == public.fingerprint
    assert {len(group) for group in in_fours(public.fingerprint).split(" ")} == {4}


def test_a_public_key_is_taken_as_people_give_it() -> None:
    plain = PETROVA.public.key
    spaced = in_fours(plain).upper()
    assert checked_public(plain, "here") == checked_public(spaced, "here") == plain


@pytest.mark.parametrize("text", ["", "ab", "0" * 63, "0" * 65, "g" * 64, "０" * 64, "0" * 62 + "\n0", "0x" + "0" * 62])
def test_what_is_no_public_key_is_named_with_its_place(text: str) -> None:
    with pytest.raises(ProtocolError) as error:
        checked_public(text, "members.csv, line 2, key")
    assert error.value.problems[0].place == "members.csv, line 2, key"


@given(st.text(max_size=80))
def test_any_text_is_a_public_key_or_refused(text: str) -> None:
    try:
        found = checked_public(text, "")
    except ProtocolError:
        return
    assert len(bytes.fromhex(found)) == 32


def test_a_name_is_part_of_a_public_key() -> None:
    assert PublicKey("a", PETROVA.public.key) != PublicKey("b", PETROVA.public.key)
    assert isinstance(key("a"), SigningKey)
