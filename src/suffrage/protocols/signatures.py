"""Signatures of protocols: a line a protocol, its hash and who signed it, apart from the protocols themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from suffrage._core import verify_signatures
from suffrage.errors import Problem, ProtocolError
from suffrage.protocols.canonical import canonical

SIGNATURES = "signatures.jsonl"


def signature_line(protocol: str, signatures: Iterable[tuple[str, str]]) -> bytes:
    """One line of the file."""
    listed = [{"key": key, "signature": signature} for key, signature in signatures]
    return canonical({"protocol": protocol, "signatures": listed}) + b"\n"


def parse_line(line: bytes) -> tuple[str, list[tuple[str, str]]]:
    """The hash of the protocol, and its keys and signatures. ValueError where the line is none."""
    try:
        value = orjson.loads(line)
        signatures = [(item["key"], item["signature"]) for item in value["signatures"]]
        if set(value) != {"protocol", "signatures"} or not all(
            type(text) is str for text in (value["protocol"], *(part for pair in signatures for part in pair))
        ):
            raise ValueError
    except (KeyError, TypeError, RecursionError):
        raise ValueError("no line of signatures") from None
    return value["protocol"], signatures


def hexadecimal(text: str) -> bytes:
    """The bytes of lower-case hexadecimal; of anything else none, which no signature and no key is."""
    try:
        data = bytes.fromhex(text)
    except ValueError:
        return b""
    return data if data.hex() == text else b""


def holds(key: str, signature: str, data: bytes) -> bool:
    """Whether a signature of some bytes holds, key and signature in hexadecimal."""
    return not verify_signatures([(hexadecimal(key), hexadecimal(signature), data)])


def parse_signatures(lines: Iterable[bytes], place: str = SIGNATURES) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Line by line. ProtocolError with the line where one is malformed."""
    for number, line in enumerate(lines, 1):
        try:
            yield parse_line(line)
        except ValueError:
            raise ProtocolError(
                Problem(f"{place}, line {number}", "is no line of signatures", expected='{"protocol", "signatures"}')
            ) from None
