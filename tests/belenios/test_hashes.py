"""The hashes: RFC 9380 as it is published, and everything drawn from it against the plain model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage._core import expand_message, hash_to_field, new_code, new_uuid, public_credential, public_credentials
from tests.belenios import model
from tests.belenios.model import G, Q, derived, digits, power

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
# RFC 9380, appendix K.1
TAG = b"QUUX-V01-CS02-with-expander-SHA256-128"
MESSAGES = (b"", b"abc", b"abcdef0123456789", b"q128_" + b"q" * 128, b"a512_" + b"a" * 512)
SHORT = (
    "68a985b87eb6b46952128911f2a4412bbc302a9d759667f87f7a21d803f07235",
    "d8ccab23b5985ccea865c6c97b6e5b8350e794e603b4b97902f53a8a0d605615",
    "eff31487c770a893cfb36f912fbfcbff40d5661771ca4b2cb4eafe524333f5c1",
    "b23a1d2b4d97b2ef7785562a7e8bac7eed54ed6e97e29aa51bfe3f12ddad1ff9",
    "4623227bcc01293b8c130bf771da8c298dede7383243dc0993d2d94823958c4c",
)
LONG = (
    "af84c27ccfd45d41914fdff5df25293e221afc53d8ad2ac06d5e3e29485dadbee0d121587713a3e0dd4d5e69e93eb7cd4f5df4cd103e188c"
    "f60cb02edc3edf18eda8576c412b18ffb658e3dd6ec849469b979d444cf7b26911a08e63cf31f9dcc541708d3491184472c2c29bb749d428"
    "6b004ceb5ee6b9a7fa5b646c993f0ced",
    "abba86a6129e366fc877aab32fc4ffc70120d8996c88aee2fe4b32d6c7b6437a647e6c3163d40b76a73cf6a5674ef1d890f95b664ee0afa5"
    "359a5c4e07985635bbecbac65d747d3d2da7ec2b8221b17b0ca9dc8a1ac1c07ea6a1e60583e2cb00058e77b7b72a298425cd1b941ad4ec65"
    "e8afc50303a22c0f99b0509b4c895f40",
    "ef904a29bffc4cf9ee82832451c946ac3c8f8058ae97d8d629831a74c6572bd9ebd0df635cd1f208e2038e760c4994984ce73f0d55ea9f22"
    "af83ba4734569d4bc95e18350f740c07eef653cbb9f87910d833751825f0ebefa1abe5420bb52be14cf489b37fe1a72f7de2d10be453b2c9"
    "d9eb20c7e3f6edc5a60629178d9478df",
    "80be107d0884f0d881bb460322f0443d38bd222db8bd0b0a5312a6fedb49c1bbd88fd75d8b9a09486c60123dfa1d73c1cc3169761b17476d"
    "3c6b7cbbd727acd0e2c942f4dd96ae3da5de368d26b32286e32de7e5a8cb2949f866a0b80c58116b29fa7fabb3ea7d520ee603e0c25bcaf0"
    "b9a5e92ec6a1fe4e0391d1cdbce8c68a",
    "546aff5444b5b79aa6148bd81728704c32decb73a3ba76e9e75885cad9def1d06d6792f8a7d12794e90efed817d96920d728896a45108643"
    "70c207f99bd4a608ea121700ef01ed879745ee3e4ceef777eda6d9e5e38b90c86ea6fb0b36504ba4a45d22e86f6db5dd43d98a294bebb912"
    "5d5b794e9d2a81181066eb954966a487",
)
PUBLISHED = [
    (message, bytes.fromhex(text)) for texts in (SHORT, LONG) for message, text in zip(MESSAGES, texts, strict=True)
]


@pytest.mark.parametrize(("message", "expected"), PUBLISHED, ids=lambda value: f"{len(value)} bytes")
def test_expand_message_gives_what_is_published(message: bytes, expected: bytes) -> None:
    assert expand_message(TAG, message, len(expected)) == expected
    assert model.expand_message(TAG, message, len(expected)) == expected


@given(st.binary(max_size=255), st.binary(max_size=300), st.integers(1, 8160))
def test_expand_message_is_that_of_the_model(tag: bytes, message: bytes, length: int) -> None:
    assert expand_message(tag, message, length) == model.expand_message(tag, message, length)


@given(st.text(max_size=60), st.text(max_size=200), st.integers(1, 20))
def test_hash_to_field_is_that_of_the_model(tag: str, message: str, count: int) -> None:
    found = hash_to_field(tag.encode(), message.encode(), count)
    assert [int(text) for text in found] == model.hash_to_field(tag, message, count)
    assert all(str(int(text)) == text and int(text) < Q for text in found)


def test_a_field_element_takes_48_bytes() -> None:
    data = expand_message(TAG, b"abc", 96)
    expected = [str(int.from_bytes(data[at : at + 48], "big") % Q) for at in (0, 48)]
    assert hash_to_field(TAG, b"abc", 2) == expected


@pytest.mark.parametrize("length", [1, 31, 32, 33, 8128, 8129, 8159, 8160])
@pytest.mark.parametrize("tag", [0, 1, 254, 255])
def test_everything_that_the_rfc_allows_is_given(tag: int, length: int) -> None:
    assert expand_message(b"t" * tag, b"m", length) == model.expand_message(b"t" * tag, b"m", length)


@pytest.mark.parametrize(("tag", "length"), [(256, 32), (1, 8161), (10_000, 65_535)])
def test_what_the_rfc_does_not_allow_is_refused(tag: int, length: int) -> None:
    with pytest.raises(ValueError, match="255"):
        expand_message(bytes(tag), b"", length)


@given(st.text(BASE58, min_size=14, max_size=30), st.text(BASE58, min_size=22, max_size=22))
def test_a_code_gives_the_credential_of_the_model(uuid: str, characters: str) -> None:
    code = "-".join((characters[:5], characters[5:11], characters[11:16], characters[16:]))
    expected = digits(power(G, derived("derive_credential", f"{uuid}|{code}")))
    assert public_credential(uuid, code) == expected
    assert public_credentials(uuid, [code, code]) == [expected, expected]


def test_codes_and_identifiers_have_their_form() -> None:
    for _ in range(200):
        assert [len(group) for group in new_code().split("-")] == [5, 6, 5, 6]
        assert len(new_uuid()) == 14
    assert set(new_code()) - {"-"} | set(new_uuid()) <= set(BASE58)


def test_credentials_come_in_the_order_of_their_codes() -> None:
    uuid, codes = new_uuid(), [new_code() for _ in range(1000)]
    assert len(set(codes)) == 1000
    assert public_credentials(uuid, codes) == [public_credential(uuid, code) for code in codes]
    assert public_credentials(uuid, []) == []
