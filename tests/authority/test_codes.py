"""Codes: one an elector for all urns, kept for ever, sealed; and the lists that everybody may see."""

from __future__ import annotations

import json
import traceback
from pathlib import Path
from typing import Any

import pytest

from suffrage import _core
from suffrage.authority import Codes, codes_text, public_lists, read_codes, with_codes_for
from suffrage.errors import WRONG_USE, AuthorityError, ProtocolError
from suffrage.protocols.sealing import sealed_text
from tests.authority.made import PASSPHRASE, UUIDS, codes_of, order


def test_every_elector_gets_a_code_of_their_own() -> None:
    made = codes_of(order(50))
    assert len(set(made.codes.values())) == 50
    assert set("".join(made.codes.values())).isdisjoint("0OIl")


def test_codes_that_exist_stay_and_late_electors_get_new_ones() -> None:
    first = codes_of(order(3))
    more = with_codes_for(first, [elector.id for elector in order(5).electors])
    assert {id: more.codes[id] for id in first.codes} == first.codes
    assert more.codes.keys() == {"0000", "0001", "0002", "0003", "0004"}
    fewer = with_codes_for(more, ["0001"])
    assert fewer.codes == more.codes, "nobody's code is dropped"


def test_the_lists_hold_exactly_the_electors_of_each_urn() -> None:
    given = order(5)
    codes = codes_of(given)
    told: list[tuple[int, int]] = []
    made = json.loads(public_lists(given, codes, lambda done, total: told.append((done, total))))
    assert made["format"] == "suffrage-credentials/1"
    assert made["election"] == "council"
    assert list(made["lists"]) == list(UUIDS)
    for uuid, entries in made["lists"].items():
        assert [entry["credential"] for entry in entries] == sorted(entry["credential"] for entry in entries)
        expected = {
            one.id: _core.public_credential(uuid, codes.codes[one.id]) for one in given.electors if uuid in one.urns
        }
        assert {entry["id"]: entry["credential"] for entry in entries} == expected
    assert told[-1] == (13, 13)


def test_the_lists_tell_no_code() -> None:
    given = order(5)
    codes = codes_of(given)
    lists = public_lists(given, codes).decode()
    assert not any(code in lists for code in codes.codes.values())


def test_an_elector_without_a_code_is_named() -> None:
    with pytest.raises(AuthorityError, match="electors without a code; seen: 0002"):
        public_lists(order(3), codes_of(order(2)))


def test_a_text_that_is_no_code_is_not_repeated() -> None:
    wrong = Codes("council", {**codes_of(order(3)).codes, "0001": "SECRET-NOT-A-CODE"})
    with pytest.raises(AuthorityError) as error:
        public_lists(order(3), wrong)
    assert "SECRET" not in "".join(traceback.format_exception(error.value))


def test_a_codes_file_opens_with_its_passphrase_and_no_other(tmp_path: Path) -> None:
    codes = codes_of(order(3))
    file = tmp_path / "codes.json"
    file.write_bytes(codes_text(codes, PASSPHRASE))
    assert read_codes(file, PASSPHRASE) == codes
    assert set(json.loads(file.read_bytes())) == {"format", "kdf", "cipher", "sealed"}
    text = file.read_text()
    assert not any(code in text or code.encode().hex() in text for code in codes.codes.values())
    with pytest.raises(AuthorityError, match="does not open"):
        read_codes(file, PASSPHRASE + "x")
    assert codes_text(codes, PASSPHRASE) != codes_text(codes, PASSPHRASE), "never sealed alike"


@pytest.mark.parametrize(
    ("where", "value"),
    [(("format",), "suffrage-key/1"), (("sealed",), "00" * 40), (("cipher", "nonce"), "00" * 12),
     (("kdf", "salt"), "00" * 16), (("kdf", "n"), 2**15), (("more",), 1)],
)  # fmt: skip
def test_a_codes_file_that_was_changed_does_not_open(tmp_path: Path, where: tuple[str, ...], value: Any) -> None:
    changed = json.loads(codes_text(codes_of(order(3)), PASSPHRASE))
    inner = changed
    for name in where[:-1]:
        inner = inner[name]
    inner[where[-1]] = value
    file = tmp_path / "codes.json"
    file.write_text(json.dumps(changed))
    with pytest.raises(AuthorityError):
        read_codes(file, PASSPHRASE)


@pytest.mark.parametrize("held", [b"", b"[]", b"{}", b'{"election":1,"codes":{}}', b'{"election":"e","codes":{"a":1}}'])
def test_a_file_that_opens_and_holds_no_codes(tmp_path: Path, held: bytes) -> None:
    file = tmp_path / "codes.json"
    file.write_text(sealed_text({"format": "suffrage-codes/1"}, PASSPHRASE, held))
    with pytest.raises(AuthorityError, match="holds no codes"):
        read_codes(file, PASSPHRASE)


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(ProtocolError, match="too short"):
        codes_text(codes_of(order(1)), "short")


def test_a_missing_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match="cannot be read") as error:
        read_codes(tmp_path / "none", PASSPHRASE)
    assert error.value.exit_code == WRONG_USE


def test_codes_are_never_shown() -> None:
    codes = codes_of(order(3))
    for said in (repr(codes), str(codes), f"{codes}", repr([codes])):
        assert not any(code in said for code in codes.codes.values())
