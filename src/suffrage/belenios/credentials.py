"""Credentials: the private codes that the authority makes and hands out, and the public list that everybody sees."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from suffrage import _core
from suffrage.belenios.files import Output, read
from suffrage.belenios.fingerprint import Fingerprint
from suffrage.belenios.progress import Progress
from suffrage.belenios.refusal import about, misused, refused
from suffrage.errors import BeleniosError, Problem, shown

PRIVATE, LISTED = "private_creds.json", "public_creds.json"
HEAVIEST = 100_000_000_000
"""The largest weight that the official tool accepts."""
SHORTEST_UUID = 14
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PROBLEMS = 30
_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class Elector:
    """Somebody who is to get a code. No weight means 1; where one elector has a weight, all of them have."""

    id: str
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the authority makes: the codes by elector, and the public credentials, in an order that tells nothing."""

    codes: Mapping[str, str]
    listed: tuple[tuple[str, Elector], ...]

    def __repr__(self) -> str:
        return f"Credentials(of {len(self.listed)} electors)"


def numbered(count: int) -> list[Elector]:
    """Electors who are known by a number only; all numbers have the same length, as with the official tool."""
    first = 1
    while len(str(first)) < len(str(first + count)):
        first *= 10
    return [Elector(str(number)) for number in range(first, first + count)]


def read_electors(path: Path) -> list[Elector]:
    """Read a table with the columns `id` and, where votes weigh differently, `weight`; BeleniosError names lines."""
    try:
        text = read(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused(path, "not UTF-8 text", expected="UTF-8") from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    electors: list[Elector] = []
    problems: list[Problem] = []
    known: set[str] = set()
    try:
        header = [name.strip() for name in next(rows, [])]
        if header not in (["id"], ["id", "weight"]):
            raise refused(f"{path}, line 1", "other columns", ",".join(header), "id, or id,weight")
        for row in rows:
            if not row:
                continue
            place = f"{path}, line {rows.line_num}"
            if len(row) != len(header):
                problems.append(Problem(place, "another number of fields", str(len(row)), str(len(header))))
                continue
            elector = row[0].strip()
            if not elector or not elector.isprintable():
                problems.append(Problem(f"{place}, id", "no identifier", shown(elector), "a printable text"))
            elif elector in known:
                problems.append(Problem(f"{place}, id", "an elector given twice", shown(elector)))
            known.add(elector)
            weight = _weight(row[1].strip()) if len(row) > 1 else None
            if len(row) > 1 and weight is None:
                expected = f"a whole number from 1 to {HEAVIEST}"
                problems.append(Problem(f"{place}, weight", "not a weight", shown(row[1]), expected))
            electors.append(Elector(elector, weight))
    except csv.Error as error:
        raise refused(f"{path}, line {rows.line_num}", "not a table", error, "comma-separated values") from None
    if problems:
        raise BeleniosError(problems)
    if not electors:
        raise refused(path, "no electors", expected="a row each")
    return electors


def _weight(text: str) -> int | None:
    right = text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= HEAVIEST
    return int(text) if right else None


def new_credentials(uuid: str, electors: Sequence[Elector], tell: Progress | None = None) -> Credentials:
    """A new code for every elector, and the public credential that it makes in the election `uuid`."""
    if len(uuid) < SHORTEST_UUID or uuid.strip(BASE58):
        raise misused("--uuid", "no identifier", uuid, f"{SHORTEST_UUID} characters of Base58, as `uuid` prints them")
    codes: list[str] = []
    public: list[str] = []
    while len(codes) < len(electors):
        more = [_core.new_code() for _ in electors[len(codes) : len(codes) + _AT_ONCE]]
        public += _core.public_credentials(uuid, more)
        codes += more
        if tell is not None:
            tell(len(codes), len(electors))
    # Sorted by the credential, which is as good as random: the order tells nothing of the electors.
    listed = tuple(sorted(zip(public, electors, strict=True), key=lambda entry: entry[0]))
    private = dict(sorted((elector.id, code) for elector, code in zip(electors, codes, strict=True)))
    return Credentials(private, listed)


def outputs(credentials: Credentials, folder: Path) -> list[Output]:
    """The two files of the authority, as the official tool writes them: the codes (secret), and the list."""
    private = json.dumps(credentials.codes, ensure_ascii=False, separators=(",", ":")).encode()
    listed = [
        {"credential": _entry(public, elector.weight), "id": elector.id} for public, elector in credentials.listed
    ]
    return [Output(folder / PRIVATE, private, secret=True), Output(folder / LISTED, orjson.dumps(listed))]


def _entry(public: str, weight: int | None) -> dict[str, object]:
    return {"credential": public} if weight is None else {"credential": public, "weight": weight}


def archive_list(listed: Iterable[tuple[str, int | None]]) -> bytes:
    """The list as an archive holds it: without the electors' identifiers (section "Credentials")."""
    return orjson.dumps([_entry(public, weight) for public, weight in listed])


def fingerprint_of(credentials: Credentials) -> Fingerprint:
    """The fingerprint of the list as the archive will hold it."""
    return Fingerprint.of(archive_list((public, elector.weight) for public, elector in credentials.listed))


def read_listed(path: Path) -> bytes:
    """Read `public_creds.json`, and give the list as an archive holds it. BeleniosError where it is no such file."""
    try:
        data = orjson.loads(read(path))
        listed = [(entry["credential"]["credential"], entry["credential"].get("weight")) for entry in data]
        right = all(
            set(entry) == {"credential", "id"} and set(entry["credential"]) <= {"credential", "weight"}
            for entry in data
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        listed, right = [], False
    if not right or not listed:
        raise refused(
            path, "is no list of credentials", expected=f"a {LISTED} as `suffrage belenios credentials` made it"
        )
    _check_listed(listed, path)
    return archive_list(listed)


def _check_listed(listed: Sequence[tuple[object, object]], path: Path) -> None:
    problems = []
    seen: set[object] = set()
    for number, (public, weight) in enumerate(listed, 1):
        place = f"{path}, credential {number}"
        if not isinstance(public, str) or len(public) != 64 or public.strip("0123456789abcdef"):
            problems.append(Problem(place, "not a credential", shown(public, 70), "64 hexadecimal digits"))
        elif public in seen:
            problems.append(Problem(place, "a credential given twice", shown(public, 70)))
        if weight is not None and (type(weight) is not int or not 1 <= weight <= HEAVIEST):
            problems.append(Problem(f"{place}, weight", "not a weight", shown(weight), f"from 1 to {HEAVIEST}"))
        seen.add(public)
        if len(problems) == _PROBLEMS:
            break
    if problems:
        raise BeleniosError(problems)


def credentials_on(text: bytes, place: Path) -> frozenset[str]:
    """The public credentials on the list of an archive."""
    try:
        return frozenset(entry["credential"] for entry in orjson.loads(text))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise refused(place, "the list of credentials is none", expected="a list of public credentials") from None


def read_codes(path: Path) -> dict[str, str]:
    """Read `private_creds.json`: the code of each elector. No error repeats a code."""
    try:
        codes = orjson.loads(read(path))
    except (ValueError, RecursionError):
        codes = None
    if not isinstance(codes, dict) or not all(isinstance(code, str) for code in codes.values()):
        raise refused(path, "holds no codes", expected=f"a {PRIVATE} as `suffrage belenios credentials` made it")
    return codes


def compare_codes(codes: Mapping[str, str], uuid: str, listed: frozenset[str], path: Path) -> int:
    """Hold the codes against the list of an archive: exactly these credentials are on it. Gives their number."""
    with about(path):
        made = _core.public_credentials(uuid, list(codes.values()))
    missing = [elector for elector, public in zip(codes, made, strict=True) if public not in listed]
    foreign = len(listed - set(made))
    if missing or foreign:
        seen = f"{len(missing)} codes that are not on the list (of {', '.join(missing[:3])})" if missing else ""
        seen += (" and " if seen and foreign else "") + (f"{foreign} credentials of no code" if foreign else "")
        raise refused(path, "the codes and the list of the archive differ", seen, "the same electors, once each")
    return len(made)


def chosen_electors(count: int | None, file: Path | None) -> list[Elector]:
    """The electors that a command was given: a number of them, or a table; not both."""
    if (count is None) == (file is None):
        raise misused("--count, --electors", "give one of the two", "both" if count else "neither")
    if count is not None and not 1 <= count <= 10_000_000:
        raise misused("--count", "not possible", count, "from 1 to 10000000")
    return read_electors(file) if file is not None else numbered(count or 0)
