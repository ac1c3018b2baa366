"""Signatures in bulk, against RFC 8032, against another library, and on the edges where libraries differ."""

from __future__ import annotations

import sys
import threading
from hashlib import sha512
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from suffrage._core import verify_signatures

Entry = tuple[bytes, bytes, bytes]


def entry(key: str, signature: str, message: str) -> Entry:
    return bytes.fromhex(key), bytes.fromhex(signature), bytes.fromhex(message)


# RFC 8032, section 7.1: tests 1 to 3, and SHA(abc).
RFC_8032 = [
    entry(
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "",
    ),
    entry(
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "72",
    ),
    entry(
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        "af82",
    ),
    entry(
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
        sha512(b"abc").hexdigest(),
    ),
]

# The curve, after RFC 8032, section 5.1: only what is needed to sign, in ways that no honest signer would.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P

Point = tuple[int, int]
BASE: Point = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)
# A point of order eight; its multiples are all points of small order.
EIGHTH: Point = (
    14399317868200118260347934320527232580618823971194345261214217575416788799818,
    55188659117513257062467267217118295137698188065244968500265048394206261417927,
)


def add(one: Point, other: Point) -> Point:
    (a, b), (c, d) = one, other
    both = D * a * b * c * d % P
    return (a * d + b * c) * pow(1 + both, -1, P) % P, (b * d + a * c) * pow(1 - both, -1, P) % P


def times(factor: int, point: Point) -> Point:
    product = (0, 1)
    for bit in f"{factor:b}":
        product = add(product, product)
        if bit == "1":
            product = add(product, point)
    return product


def encoded(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def encodings_of_small_order() -> list[bytes]:
    """The canonical ones, those with a sign of zero, and those where y is not reduced."""
    numbers = []
    for multiple in range(8):
        x, y = times(multiple, EIGHTH)
        signs = (0, 1) if x == 0 else (x & 1,)
        numbers += [high | sign << 255 for sign in signs for high in (y, y + P) if high < 2**255]
    return [number.to_bytes(32, "little") for number in numbers]


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def signed(message: bytes, seed: bytes = bytes(32)) -> Entry:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return key.public_key().public_bytes_raw(), key.sign(message), message


def test_the_vectors_of_rfc_8032_hold() -> None:
    assert verify_signatures(RFC_8032) == []


@pytest.mark.parametrize("vector", RFC_8032)
@pytest.mark.parametrize("part", [0, 1, 2])
def test_no_changed_bit_passes(vector: Entry, part: int) -> None:
    entries: list[Any] = []
    for bit in range(len(vector[part]) * 8):
        changed = list(vector)
        changed[part] = flipped(vector[part], bit)
        entries.append(tuple(changed))
    assert verify_signatures(entries) == list(range(len(entries)))


@given(st.lists(st.tuples(st.binary(min_size=32, max_size=32), st.binary(max_size=2000)), max_size=20), st.data())
def test_honest_signatures_hold_and_the_others_are_told_by_position(
    signers: list[tuple[bytes, bytes]], data: st.DataObject
) -> None:
    entries = [signed(message, seed) for seed, message in signers]
    assert verify_signatures(entries) == []
    wrong = data.draw(st.sets(st.sampled_from(range(len(entries))))) if entries else set()
    for position in wrong:
        key, signature, message = entries[position]
        bit = data.draw(st.integers(0, (32 + 64 + len(message)) * 8 - 1))
        changed = flipped(key + signature + message, bit)
        entries[position] = changed[:32], changed[32:96], changed[96:]
    assert verify_signatures(entries) == sorted(wrong)


def test_positions_are_in_order_however_the_work_is_shared() -> None:
    right, wrong = signed(b"yes"), (*signed(b"yes")[:2], b"no")
    entries = [wrong if position % 7 == 3 or position > 1990 else right for position in range(2000)]
    assert verify_signatures(entries) == [position for position, one in enumerate(entries) if one is wrong]


def test_another_key_or_another_message_does_not_hold() -> None:
    one, other = signed(b"one"), signed(b"two", bytes([1] * 32))
    mixed = [(other[0], one[1], one[2]), (one[0], other[1], one[2]), (one[0], one[1], other[2])]
    assert verify_signatures([one, *mixed, other]) == [1, 2, 3]


def test_nothing_fails_where_nothing_is_given() -> None:
    assert verify_signatures([]) == verify_signatures(()) == []


@pytest.mark.parametrize("length", [0, 1, 31, 33, 63, 64, 65, 96, 128])
def test_the_wrong_length_is_a_failure(length: int) -> None:
    key, signature, message = signed(b"message")
    assert verify_signatures([((key * 4)[:length], signature, message)]) == [0]
    if length != 64:
        assert verify_signatures([(key, (signature * 2)[:length], message)]) == [0]


@pytest.mark.parametrize(
    "entries",
    [None, 5, "abc", b"abc", iter([]), [b""], [[b"", b"", b""]], [("", b"", b"")], [(b"", None, b"")], [(b"", b"", 0)]],
)
def test_other_types_are_refused(entries: Any) -> None:
    with pytest.raises(TypeError):
        verify_signatures(entries)


@pytest.mark.parametrize("wrong", [(b"", b""), (b"", b"", b"", b"")])
def test_entries_are_of_three(wrong: Any) -> None:
    with pytest.raises(ValueError, match="length 3"):
        verify_signatures([signed(b""), wrong])


def test_other_threads_go_on_meanwhile() -> None:
    entries = [signed(b"message")] * 4000
    begun, order = threading.Event(), []

    def verify() -> None:
        begun.set()
        order.append(verify_signatures(entries))

    interval = sys.getswitchinterval()
    # Nobody is made to give way: the first thread is back at work only if the other one lets it.
    sys.setswitchinterval(1000)
    try:
        thread = threading.Thread(target=verify)
        thread.start()
        begun.wait()
        order.append([-1])
    finally:
        sys.setswitchinterval(interval)
    thread.join()
    assert order == [[-1], []]


# "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko 2020), github.com/novifinancial/ed25519-speccheck,
# cases.json: key, commitment, scalar and message. Libraries disagree on each of them; a strict one takes the fourth,
# where key and commitment are of mixed order.
EDGES = """
c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa
c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a
0000000000000000000000000000000000000000000000000000000000000000
8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6

c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa
f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43
a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04
9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79

f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43
c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa
8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e
aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab

cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d
9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f
87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009
9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79

cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d
160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512
5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09
e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c

cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d
21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7
e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405
e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c

442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623
e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e
547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514
85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40

442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623
8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa1942
7e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22
85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40

f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43
ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
03be9678ac102edcd92b0210bb34d7428d12ffc5df5f37e359941266a4e35f0f
9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41

f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43
ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
ca8c5b64cd208982aa38d4936621a4775aa233aa0505711d8fdcfdaa943d4908
9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41

ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dc
a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04
e96b7021eb39c1a163b6da4e3093dcd3f21387da4cc4572be588fafae23c155b

ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dc
a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04
39a591f5321bbe07fd5a23dc2f39d025d74526615746727ceefd6e82ae65c06f
"""


def test_of_the_edge_cases_only_that_of_mixed_order_holds() -> None:
    cases = [case.split() for case in EDGES.split("\n\n")]
    entries = [entry(key, commitment + scalar, message) for key, commitment, scalar, message in cases]
    assert verify_signatures(entries) == [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11]


def test_small_order_is_refused_in_every_encoding() -> None:
    small = encodings_of_small_order()
    assert len(set(small)) == 14
    entries = [(key, commitment + bytes(32), b"message") for key in small for commitment in small]
    assert verify_signatures(entries) == list(range(14 * 14))


# Zero makes a point of small order; it is to be met often.
scalars = st.integers(0, ORDER - 1) | st.integers(0, 1)


@given(scalars, scalars, st.integers(0, 7), st.integers(0, 7), st.integers(0, 2), st.binary(max_size=40))
def test_the_verdict_is_that_of_the_strict_equation(
    secret: int, nonce: int, of_key: int, of_commitment: int, beyond: int, message: bytes
) -> None:
    # A signature by the book, but for points of small order that are added to key and commitment, and for multiples of
    # the order that are added to S: SB = R + kA then holds exactly when those points cancel out.
    key = encoded(add(times(secret, BASE), times(of_key, EIGHTH)))
    commitment = encoded(add(times(nonce, BASE), times(of_commitment, EIGHTH)))
    challenge = int.from_bytes(sha512(commitment + key + message).digest(), "little") % ORDER
    response = (nonce + challenge * secret) % ORDER + beyond * ORDER
    cancels = (of_commitment + challenge * of_key) % 8 == 0
    holds = cancels and secret != 0 and nonce != 0 and beyond == 0
    one = (key, commitment + response.to_bytes(32, "little"), message)
    assert verify_signatures([one]) == ([] if holds else [0])
    # Nor do its neighbours change it, which they would in a batch equation.
    honest = signed(message)
    assert verify_signatures([honest, one, honest]) == ([] if holds else [1])
