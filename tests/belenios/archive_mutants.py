"""Everything that can be wrong with the outside of an archive: its tar, its records, its events, one thing at a time.

Each is a change of a sound archive whose headers have the time `tests.belenios.made.TIMESTAMP`, of 25 records at least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from tests.belenios.archives import BLOCK, Record, header, named, tar, untar
from tests.belenios.made import TIMESTAMP

Change = Callable[[bytes], bytes]


def of_tar() -> Iterator[tuple[str, Change]]:
    """What a tar may hold elsewhere, and not here."""

    def edited(offset: int, new: bytes, record: int = 1) -> Change:
        def change(data: bytes) -> bytes:
            at = untar(data)[record].offset
            head = bytearray(data[at : at + BLOCK])
            head[offset : offset + len(new)] = new
            head[148:156] = b" " * 8
            head[148:156] = f"{sum(head):06o}\0 ".encode()
            return data[:at] + bytes(head) + data[at + BLOCK :]

        return change

    for kind in b"123456700xgLK\0":
        if kind != ord("0"):
            yield f"type {chr(kind)!r}", edited(156, bytes([kind]))
    yield "a link's target", edited(157, b"/etc/passwd")
    yield "ustar", edited(257, b"ustar\x0000")
    yield "GNU", edited(257, b"ustar  \0")
    yield "a prefix", edited(345, b"folder")
    yield "an owner", edited(108, b"0000001\0")
    yield "a group", edited(116, b"0000001\0")
    yield "another mode", edited(100, b"0000755\0")
    yield "set-uid", edited(100, b"0004644\0")
    yield "another time", edited(136, f"{TIMESTAMP + 1:011o}\0".encode())
    yield "a time that is none", edited(136, b"xxxxxxxxxxx\0")
    yield "a size with spaces", edited(124, b"        613\0")
    yield "a size in base 256", edited(124, b"\x80" + bytes(10) + b"\x07")
    yield "a size that is none", edited(124, b"7777777777z\0")
    yield "the largest size", edited(124, b"77777777777\0")
    yield "a negative size", edited(124, b"-0000000001\0")
    yield "an owner's name", edited(265, b"root")
    yield "a device", edited(329, b"0000001\0")
    yield "the last byte", edited(511, b"x")
    for name in (
        "/etc/passwd",
        "../a",
        "a/b",
        "",
        "BELENIOS",
        "x" * 99,
        "é.data.json",
        "a\nb",
        "A" * 64 + ".data.json",
    ):
        yield f"the name {name[:12]!r}", edited(0, name.encode()[:100].ljust(100, b"\0"))
    yield "a checksum that is none", lambda data: data[: BLOCK * 2 + 148] + b"zzzzzz" + data[BLOCK * 2 + 154 :]
    yield "padding", lambda data: data[: 2 * BLOCK - 1] + b"x" + data[2 * BLOCK :]
    yield "end-of-archive blocks", lambda data: data + bytes(2 * BLOCK)
    yield "one byte more", lambda data: data + b"\0"
    yield "a line end", lambda data: data + b"\n"
    yield "half a header", lambda data: data + data[: BLOCK // 2]
    yield "a header more", lambda data: data + header(f"{'0' * 64}.data.json", 0, TIMESTAMP)
    yield "twice", lambda data: data * 2
    yield "gzip", lambda data: b"\x1f\x8b\x08" + data
    yield "a byte before", lambda data: b"\0" + data
    yield "nothing", lambda _: b""
    yield "zeros", lambda data: bytes(len(data))
    yield "a megabyte of ones", lambda _: b"\xff" * 2**20


def of_place(at: int) -> dict[str, Callable[[list[Record]], list[Record]]]:
    """What can become of one record among others."""

    def misnamed(found: list[Record]) -> list[Record]:
        name = found[at].name
        other = f"{'1' if name[0] == '0' else '0'}{name[1:]}"
        return [*found[:at], replace(found[at], name=other), *found[at + 1 :]]

    def of_other_kind(found: list[Record]) -> list[Record]:
        swap = {"data": "event", "event": "data"}
        start, kind, end = found[at].name.split(".")
        return [*found[:at], replace(found[at], name=f"{start}.{swap[kind]}.{end}"), *found[at + 1 :]]

    return {
        "missing": lambda found: found[:at] + found[at + 1 :],
        "twice": lambda found: found[: at + 1] + found[at:],
        # The last one has no next; it goes before the one before.
        "after the next": lambda found: (
            [*found[:at], *found[at + 1 : at + 2], found[at], *found[at + 2 :]]
            if at + 1 < len(found)
            else [*found[:-2], found[-1], found[-2]]
        ),
        "under another name": misnamed,
        "of another kind": of_other_kind,
    }


def of_records() -> Iterator[tuple[str, Change]]:
    """Records that are out of place."""

    def listed(change: Callable[[list[Record]], list[Record]]) -> Change:
        return lambda data: tar(change(untar(data)), TIMESTAMP)

    def renamed(body: bytes) -> Change:
        return listed(lambda found: [Record("BELENIOS", body), *found[1:]])

    yield "no header", listed(lambda found: found[1:])
    yield "two headers", listed(lambda found: [found[0], *found])
    for text in (
        '{"version":2,"timestamp":TIME}',
        '{"version":1,"timestamp":TIME1}',
        '{"version":1,"timestamp":-1}',
        '{"timestamp":TIME,"version":1}',
        '{"version":1,"timestamp":TIME }',
        '{"version":1,"timestamp":TIME,"more":1}',
        '{"version":1,"timestamp":1e9}',
        '{"version":1}',
        "{}",
        "",
    ):
        yield f"the header {text}", renamed(text.replace("TIME", str(TIMESTAMP)).encode())
    for at in range(1, 25):
        for name, change in of_place(at).items():
            yield f"record {at} {name}", listed(change)
    yield "a record that nobody asked for", listed(lambda found: [*found[:-1], named(b'"x"'), found[-1]])
    yield "a record at the end", listed(lambda found: [*found, named(b"{}")])


def other_kind(text: str, kind: str) -> str:
    return text.replace("Ballot", kind)


def of_events() -> Iterator[tuple[str, Change]]:
    """Events with other fields; those behind are not linked to them."""

    def edited(place: int, change: Callable[[str], str]) -> Change:
        def changed(data: bytes) -> bytes:
            found = untar(data)
            at = [number for number, record in enumerate(found) if record.name.endswith(".event.json")][place]
            found[at] = named(change(found[at].body.decode()).encode(), "event")
            return tar(found, TIMESTAMP)

        return changed

    for place in (0, 1, 3, 4, -1):
        at = f"event {place}"
        yield f"{at}: height + 1", edited(place, lambda text: text.replace('"height":', '"height":1'))
        yield f"{at}: height -1", edited(place, lambda text: text.replace('"height":', '"height":-'))
        yield (
            f"{at}: huge height",
            edited(place, lambda text: text.replace('"height":', '"height":99999999999999999999')),
        )
        yield f"{at}: height as text", edited(place, lambda text: text.replace('"height":', '"height":"" '))
        yield f"{at}: type as text", edited(place, lambda text: text.replace('["', '"').replace('"]', '"'))
        yield f"{at}: two types", edited(place, lambda text: text.replace('["', '["Ballot","'))
        yield f"{at}: other type", edited(place, lambda text: text.replace('["', '["X'))
        yield f"{at}: space", edited(place, lambda text: text.replace(",", ", ", 1))
        yield (
            f"{at}: other payload",
            edited(place, lambda text: text.replace('"payload":"', '"payload":"0').replace('0"}', '"}')),
        )
        yield f"{at}: null payload", edited(place, lambda text: text[:-1] + ',"payload":null}')
        yield f"{at}: no JSON", edited(place, lambda _: "{")
        yield f"{at}: empty", edited(place, lambda _: "")
        yield f"{at}: another parent", edited(place, lambda text: text.replace('"parent":"', '"parent":"00')[:-1] + "}")
    for kind in ("Setup", "EndBallots", "EncryptedTally", "Shuffle", "EndShuffles", "PartialDecryption", "Result", "?"):
        yield f"a ballot's event of type {kind}", edited(1, partial(other_kind, kind=kind))


def archive_mutants() -> dict[str, Change]:
    """All of them, by name."""
    return {**dict(of_tar()), **dict(of_records()), **dict(of_events())}
