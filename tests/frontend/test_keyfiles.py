"""Key files made in Python open in TypeScript and the reverse, and what they sign holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.errors import ProtocolError
from suffrage.protocols.canonical import canonical
from suffrage.protocols.keys import new_key, open_key, write_key
from suffrage.protocols.signatures import holds
from tests.frontend.programs import Program, Refused
from tests.frontend.tools import build, needs_frontend

pytestmark = needs_frontend

PASSPHRASE = "дванадцять знаків 😀"
NAME = 'Петрова А. І. "Zoé" \\ 😀'


@pytest.fixture(scope="module")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with Program(build(tmp_path_factory.mktemp("tools"), "--tools"), "keyfile") as program:
        yield program


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_canonical_bytes_are_the_same(typescript: Program, value: Any) -> None:
    assert typescript("canonical", value=value).encode() == canonical(value)


@pytest.mark.parametrize("value", [1.5, "\ud800", {"\udc00x": 1}, [2**53]])
def test_what_has_no_canonical_bytes_is_refused(typescript: Program, value: Any) -> None:
    with pytest.raises(Refused):
        typescript("canonical", value=value)


@pytest.mark.slow
def test_python_opens_what_typescript_made(typescript: Program, tmp_path: Path) -> None:
    made = typescript("make", name=NAME, passphrase=PASSPHRASE)
    path = tmp_path / "made.key"
    path.write_text(made["file"], "utf-8", newline="")
    key = open_key(path, PASSPHRASE)
    assert (key.public.name, key.public.key, key.public.fingerprint) == (NAME, made["key"], made["fingerprint"])
    assert holds(made["key"], key.sign(b"x"), b"x")
    with pytest.raises(ProtocolError, match="does not open"):
        open_key(path, PASSPHRASE + " ")
    # The same text as Python writes: nothing tells the files apart.
    assert made["file"] == json.dumps(json.loads(made["file"]), ensure_ascii=False, indent=1) + "\n"


@pytest.mark.slow
def test_typescript_signs_with_what_python_made(typescript: Program, tmp_path: Path) -> None:
    key, path = new_key(NAME), tmp_path / "made.key"
    write_key(key, PASSPHRASE, path)
    text = path.read_text("utf-8")
    data = canonical({"figures": {"valid": 7}, "name": NAME}).decode()
    made = typescript("sign", file=text, passphrase=PASSPHRASE, data=data)
    assert (made["name"], made["key"]) == (NAME, key.public.key)
    assert holds(key.public.key, made["signature"], data.encode())
    assert made["signature"] == key.sign(data.encode())
    proof = f"suffrage-key-proof|{key.public.key}|{NAME}"
    assert holds(key.public.key, made["proof"], proof.encode())
    assert not holds(key.public.key, made["proof"], data.encode())


@pytest.mark.slow
def test_a_changed_file_or_another_passphrase_does_not_open(typescript: Program, tmp_path: Path) -> None:
    made = json.loads(typescript("make", name=NAME, passphrase=PASSPHRASE)["file"])
    other = json.loads(typescript("make", name="Another", passphrase=PASSPHRASE)["file"])

    def refused(reason: str, passphrase: str = PASSPHRASE, **changed: object) -> None:
        file = json.dumps({**made, **changed}, ensure_ascii=False)
        with pytest.raises(Refused, match=reason):
            typescript("sign", file=file, passphrase=passphrase, data="x")
        path = tmp_path / "changed.key"
        path.write_text(file, "utf-8")
        with pytest.raises(ProtocolError):
            open_key(path, passphrase)

    refused("does-not-open", passphrase="another passphrase")
    refused("does-not-open", name="Somebody else")
    refused("does-not-open", public=other["public"])
    refused("does-not-open", sealed=other["sealed"])
    refused("no-file", sealed=made["sealed"][:-2])
    refused("no-file", more=1)
    refused("no-file", format="suffrage-key/2")
    refused("no-file", kdf={**made["kdf"], "n": 2**13})
    refused("no-file", kdf={**made["kdf"], "n": 2**20, "r": 16})
    refused("no-file", kdf={**made["kdf"], "salt": "00"})
    refused("no-file", cipher={**made["cipher"], "nonce": "zz"})
    with pytest.raises(Refused, match="no-file"):
        typescript("sign", file="[", passphrase=PASSPHRASE, data="x")
    with pytest.raises(Refused, match="short-passphrase"):
        typescript("make", name=NAME, passphrase="eleven char")
