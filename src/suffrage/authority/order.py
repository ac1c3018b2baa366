"""What the election's service gives the authority: the urns, and who is to get a code for which of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from suffrage.belenios.credentials import BASE58, SHORTEST_UUID
from suffrage.election import Kind
from suffrage.errors import AuthorityError, Problem, shown
from suffrage.roll import is_email

_MOST_PROBLEMS = 30
# Control characters, ends of lines in any script, and what turns a line around: none belongs in a name or an address.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class _Part(BaseModel):
    # Keys that a later service may add are no harm.
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class Urn(_Part):
    """One urn: the contest that it is of, in which unit, and which ballot; 3 is kept for a new election."""

    uuid: str
    contest: str = Field(min_length=1)
    unit: str = ""
    ballot: int = Field(ge=1, le=3)


class Elector(_Part):
    """Who is to get a code, where to send it, in which language, and the urns that it is for."""

    id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    email: str = ""
    address: tuple[str, ...] = ()
    language: str = ""
    unit: str = ""
    urns: tuple[str, ...] = ()


class Head(_Part):
    """The election: what electors are told of it."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    kind: Kind
    language: str = "en"
    url: str
    opens: AwareDatetime
    closes: AwareDatetime
    time_zone: str = "UTC"
    contact: str = ""
    second_factor: bool = False

    @property
    def local_opens(self) -> datetime:
        """The opening of the poll as the clocks of the election's own time zone show it."""
        return self.opens.astimezone(ZoneInfo(self.time_zone))

    @property
    def local_closes(self) -> datetime:
        """The end of the poll as the clocks of the election's own time zone show it."""
        return self.closes.astimezone(ZoneInfo(self.time_zone))


class Order(_Part):
    """Everything that the authority is given."""

    format: Literal["suffrage-authority/1"]
    election: Head
    urns: tuple[Urn, ...] = Field(min_length=1)
    electors: tuple[Elector, ...] = Field(min_length=1)

    @cached_property
    def by_id(self) -> Mapping[str, Elector]:
        """The electors by their numbers."""
        return {elector.id: elector for elector in self.electors}

    @cached_property
    def entitled(self) -> tuple[Elector, ...]:
        """The electors who have something to vote on."""
        return tuple(elector for elector in self.electors if elector.urns)

    @cached_property
    def by_uuid(self) -> Mapping[str, Urn]:
        """The urns by their identifiers."""
        return {urn.uuid: urn for urn in self.urns}

    def contests_of(self, elector: Elector) -> list[Urn]:
        """What an elector votes on, once each, in the order of the urns."""
        own = frozenset(elector.urns)
        found = {(urn.contest, urn.unit): urn for urn in reversed(self.urns) if urn.uuid in own}
        return list(reversed(found.values()))


def read_order(path: Path) -> Order:
    """Read `authority.json`. AuthorityError names every problem; exit code 2 where it cannot be read at all."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AuthorityError.unreadable(str(path), error) from None
    return parse_order(data, str(path))


def parse_order(data: bytes, place: str) -> Order:
    """An order from its bytes; AuthorityError names every problem."""
    try:
        # JSON has no tuples and no dates: pydantic takes lists and texts for them, and nothing else for anything.
        order = Order.model_validate_json(data)
    except ValidationError as error:
        problems = [
            Problem(_place(place, found["loc"]), found["msg"], _seen(found["input"]))
            for found in error.errors(include_url=False, include_context=False)[:_MOST_PROBLEMS]
        ]
        raise AuthorityError(problems) from None
    problems = [
        Problem(f"{place}, {where}", message, shown(seen), expected)
        for where, message, seen, expected in _inconsistencies(order)
    ]
    if problems:
        raise AuthorityError(problems[:_MOST_PROBLEMS])
    return order


def _place(file: str, where: tuple[int | str, ...]) -> str:
    parts = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where).removeprefix(".")
    return f"{file}, {parts}" if parts else file


def _seen(value: object) -> str:
    return shown(value) if isinstance(value, str | int | float | bool) else ""


_Found = tuple[str, str, object, str]


def _inconsistencies(order: Order) -> Iterator[_Found]:
    yield from _of_head(order.election)
    for number, urn in enumerate(order.urns):
        place = f"urns[{number}]"
        if len(urn.uuid) < SHORTEST_UUID or urn.uuid.strip(BASE58):
            yield f"{place}.uuid", "no identifier", urn.uuid, f"{SHORTEST_UUID} characters of Base58"
        for field in ("contest", "unit"):
            if _UNSEEN.search(getattr(urn, field)):
                yield f"{place}.{field}", "characters that cannot be seen", getattr(urn, field), "one line of text"
    for uuid, times in Counter(urn.uuid for urn in order.urns).items():
        if times > 1:
            yield "urns", "an identifier given twice", uuid, "each urn once"
    seen: set[str] = set()
    for number, elector in enumerate(order.electors):
        yield from _of_elector(elector, f"electors[{number}]", order.by_uuid)
        if elector.id in seen:
            yield f"electors[{number}].id", "an elector given twice", elector.id, "each elector once"
        seen.add(elector.id)


def _of_head(head: Head) -> Iterator[_Found]:
    if head.kind is Kind.REPLAY:
        yield "election.kind", "a replay has no electors", head.kind.value, "real, rehearsal or demo"
    for field in ("id", "title", "language", "contact", "url"):
        if _UNSEEN.search(getattr(head, field)):
            yield f"election.{field}", "characters that cannot be seen", getattr(head, field), "one line of text"
    try:
        url = urlsplit(head.url)
        right = url.scheme in ("http", "https") and bool(url.hostname) and head.url.isascii() and " " not in head.url
    except ValueError:
        right = False
    if not right:
        yield "election.url", "is no web address", head.url, "https://..."
    try:
        ZoneInfo(head.time_zone)
    except (ValueError, OSError, LookupError):
        yield "election.time_zone", "is no time zone", head.time_zone, "one such as Europe/Paris"
    if head.opens >= head.closes:
        yield "election.closes", "the poll closes before it opens", head.closes.isoformat(), "a later time"


def _of_elector(elector: Elector, place: str, urns: Mapping[str, Urn]) -> Iterator[_Found]:
    for field in ("id", "name", "email", "language", "unit"):
        if _UNSEEN.search(getattr(elector, field)):
            yield f"{place}.{field}", "characters that cannot be seen", getattr(elector, field), "one line of text"
    if any(map(_UNSEEN.search, elector.address)):
        yield f"{place}.address", "characters that cannot be seen", " / ".join(elector.address), "lines of text"
    if elector.email and not is_email(elector.email):
        yield f"{place}.email", "is no e-mail address", elector.email, "one address, or none"
    for uuid in elector.urns:
        if uuid not in urns:
            yield f"{place}.urns", "no such urn", uuid, "the identifier of one of the urns"
    if len(set(elector.urns)) < len(elector.urns):
        yield f"{place}.urns", "an urn given twice", elector.id, "each urn once"
