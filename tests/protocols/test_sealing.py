"""Files sealed under a passphrase: those made before open as ever, and each kind is told from the others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from suffrage.errors import ProtocolError
from suffrage.protocols import sealing
from suffrage.protocols.keys import open_key
from suffrage.protocols.sealing import parsed, sealed_text, unsealed

PASSPHRASE = "three words and a comma,"
# Made by the first version of this program, with the secret bytes 0 to 31; of no use for anything else.
OLD_KEY = {
    "format": "suffrage-key/1",
    "name": "Петрова А. І.",
    "public": "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
    "kdf": {"name": "scrypt", "salt": "c29f6e79fd93b2d5ebdd81cf592decfc", "n": 16384, "r": 8, "p": 1},
    "cipher": {"name": "chacha20-poly1305", "nonce": "9e98998f9aa3a49d0b1c2fda"},
    "sealed": "7c378929b1f9d5b36d8e3d0a0a9f90d3ae90ee756a9c51a16566272ec6dd6c5ecb9bff2b0dd18b72c5abd2bde08f93e9",
}
OLD_SIGNATURE = (
    "422ef70e9d7a086bd170caca163fa9bcb15f1198a96be404adb773f52d943bd87c7c96611b65e54874ac467f6e324796"
    "bcbe8942b6e0fb6f157658620401ee05"
)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """New files are sealed at the lowest cost."""
    monkeypatch.setattr(sealing, "_COST", {"n": 2**14, "r": 8, "p": 1})


def test_a_key_file_of_before_opens_and_signs_as_ever(tmp_path: Path) -> None:
    file = tmp_path / "old.key"
    file.write_text(json.dumps(OLD_KEY, ensure_ascii=False), "utf-8")
    assert open_key(file, PASSPHRASE).sign(b"text") == OLD_SIGNATURE


def test_what_was_sealed_opens_with_its_passphrase() -> None:
    text = sealed_text({"format": "kind/1", "of": "слово"}, PASSPHRASE, b"secret")
    file = parsed(text.encode(), "kind/1", ("of",))
    assert file is not None
    assert list(json.loads(text)) == ["format", "of", "kdf", "cipher", "sealed"]
    assert unsealed(file, PASSPHRASE) == b"secret"
    assert unsealed(file, PASSPHRASE + " ") is None
    assert b"secret".hex() not in text


def test_a_file_of_another_kind_or_with_other_fields_is_none() -> None:
    text = sealed_text({"format": "kind/1", "of": "x"}, PASSPHRASE, b"").encode()
    assert parsed(text, "kind/1", ("of",)) is not None
    assert parsed(text, "kind/2", ("of",)) is None
    assert parsed(text, "kind/1", ()) is None
    assert parsed(text, "kind/1", ("of", "more")) is None


def test_the_head_cannot_be_changed() -> None:
    made = json.loads(sealed_text({"format": "kind/1", "of": "x"}, PASSPHRASE, b"secret"))
    file = parsed(json.dumps({**made, "of": "y"}).encode(), "kind/1", ("of",))
    assert file is not None
    assert unsealed(file, PASSPHRASE) is None


def test_a_passphrase_is_long_and_text() -> None:
    with pytest.raises(ProtocolError, match="too short"):
        sealed_text({"format": "kind/1"}, "elevenchars", b"")
    with pytest.raises(ProtocolError, match="not text"):
        sealed_text({"format": "kind/1"}, "\udcff" * 12, b"")
