"""A statute as a flat list of rules, and what differs between two statutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from fractions import Fraction

from suffrage.law.rules import Certainty, Gap, Provision
from suffrage.law.statute import RULE_SECTIONS, Statute
from suffrage.words import grouped

_ORDER = ("franchise", "chambers", "roll", "nomination", "committees", "voting", *RULE_SECTIONS)
_ORDER += ("protocols", "afterwards", "calendar", "variants")

_OF_PROVISION = {f.name for f in fields(Provision)}


@dataclass(frozen=True, slots=True)
class Line:
    """One rule as text: where it stands, what it says, its article and certainty; and the rule, where it is one."""

    path: str
    says: str
    article: str = ""
    certainty: Certainty | None = None
    note: str = ""
    rule: Provision | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule on which two laws differ; an empty text where a law has no such rule."""

    path: str
    first: str
    second: str


def lines(statute: Statute) -> tuple[Line, ...]:
    """Every rule of the statute, in the order of an election: who votes, who stands, how, and who wins."""
    order = {name: position for position, name in enumerate(_ORDER)}
    sections = sorted(fields(statute), key=lambda item: order.get(item.name, -1))
    return tuple(line for item in sections for line in _lines(getattr(statute, item.name), item.name))


def _lines(value: object, path: str) -> Iterator[Line]:
    if isinstance(value, Provision):
        yield Line(path, _says(value), value.article, value.certainty, value.note, value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _lines(item, f"{path}.{key}" if path else key)
    elif isinstance(value, tuple) and any(is_dataclass(item) for item in value):
        for position, item in enumerate(value, 1):
            name = getattr(item, "id", None) or getattr(item, "level", None) or getattr(item, "kind", None) or position
            yield from _lines(item, f"{path}[{name}]")
    elif is_dataclass(value):
        for item in fields(value):
            key = item.metadata.get("key", item.name)
            yield from _lines(getattr(value, item.name), f"{path}.{key}" if path else key)
    elif value not in (None, "", ()):
        yield Line(path, plain(value))


def _says(rule: Provision) -> str:
    parts = []
    for item in fields(rule):
        value = getattr(rule, item.name)
        if item.name in _OF_PROVISION or value in (None, "") or value == item.default:
            continue
        name = item.metadata.get("key", item.name).replace("_", " ")
        parts.append(plain(value) if item.name in ("value", "label", "check") else f"{name} {plain(value)}")
    return ", ".join(parts) if parts else plain(getattr(rule, "value", ""))


def plain(value: object) -> str:
    """A value as a person reads it."""
    if isinstance(value, Gap):
        return value.value.replace("_", " ")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, int):
        return grouped(value)
    if isinstance(value, tuple):
        return "; ".join(map(plain, value))
    return str(value).replace("_", " ")


def differences(first: Statute, second: Statute) -> tuple[Difference, ...]:
    """The rules on which two laws differ in what they say (articles and certainty aside)."""
    one = {line.path: line.says for line in lines(first)}
    two = {line.path: line.says for line in lines(second)}
    paths = [*one, *(path for path in two if path not in one)]
    return tuple(
        Difference(path, one.get(path, ""), two.get(path, ""))
        for path in paths
        if one.get(path) != two.get(path) and path not in ("id", "title", "about") and not path.startswith("sources")
    )
