"""A statute in plain words: every rule under the question that it answers, the gaps apart from what is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from suffrage.law.differences import Line, lines, plain
from suffrage.law.phrases import BASES, FIGURES, FOLLOWS, GAPS, LABELS, LEAVES, SECTIONS, VALUES
from suffrage.law.rules import Deadline, Gap, Provision, Rule, ShareRule, TermRule, WithdrawalRule
from suffrage.law.statute import Check, Committee, Norm, PrecinctSize, ReturnField, Statute
from suffrage.words import grouped, plural, share_words


@dataclass(frozen=True, slots=True)
class ToldRule:
    """A rule in words: what it is about, what it says, and the line of the statute that it tells."""

    label: str
    says: str
    line: Line
    gap: bool


@dataclass(frozen=True, slots=True)
class ToldSection:
    """A section in words: its name in the statute, the rules that say something, and the gaps."""

    key: str
    title: str
    rules: tuple[ToldRule, ...]
    gaps: tuple[ToldRule, ...]


def told(statute: Statute) -> tuple[ToldSection, ...]:
    """Every rule of a statute, section by section."""
    chambers = {chamber.id: chamber.name for chamber in statute.chambers}
    found: dict[tuple[str, str], list[ToldRule]] = {}
    for line in lines(statute):
        if line.rule is not None:
            variant, path = _split(line.path)
            found.setdefault((variant, re.split(r"[.\[]", path)[0]), []).append(_told(line, line.rule, chambers))
    return tuple(
        ToldSection(
            key,
            f"Variant {variant}: {SECTIONS[key]}" if variant else SECTIONS[key],
            tuple(rule for rule in rules if not rule.gap),
            tuple(rule for rule in rules if rule.gap),
        )
        for (variant, key), rules in found.items()
    )


def _split(path: str) -> tuple[str, str]:
    """The variant that a path stands in, and the path within it."""
    variant = re.fullmatch(r"variants\.([^.]+)\.(.+)", path)
    return (variant[1], variant[2]) if variant else ("", path)


def _told(line: Line, rule: Provision, chambers: Mapping[str, str]) -> ToldRule:
    _, path = _split(line.path)
    key = re.sub(r"\[[^]]*\]", "[]", path)
    inside = re.search(r"\[([^]]*)\]", path)
    of = inside[1] if inside else ""
    gap = getattr(rule, "value", None)
    says = GAPS[gap] if isinstance(gap, Gap) else _says(key, rule) or line.says
    if key == "majority.more_than" and gap is Gap.NOT_APPLICABLE:
        return ToldRule(LABELS[key], "the most votes", line, False)
    return ToldRule(_label(key, rule, of, chambers), says, line, isinstance(gap, Gap))


def _label(key: str, rule: Provision, of: str, chambers: Mapping[str, str]) -> str:
    if isinstance(rule, ReturnField):
        return rule.label[:1].upper() + rule.label[1:]
    if isinstance(rule, Check):
        return f"Check {of}"
    if isinstance(rule, Committee):
        return f"Members at the level {rule.level}"
    if isinstance(rule, PrecinctSize):
        return f"Size of a precinct: {rule.kind}"
    name = key.rpartition(".")[2].replace("_", " ")
    if isinstance(rule, Deadline):
        return rule.title or name.capitalize()
    label = LABELS.get(key, name.capitalize())
    return f"{chambers.get(of, of)}: {label[:1].lower()}{label[1:]}" if key.startswith("chambers[]") else label


def _says(key: str, rule: Provision) -> str:
    """What a rule says, in words; empty where the plain value says it best."""
    if isinstance(rule, ShareRule):
        return _share(key, rule)
    if isinstance(rule, TermRule):
        return f"{FOLLOWS[str(rule.value)]}{_within(rule.within_days)}"
    if isinstance(rule, WithdrawalRule):
        moves = f", and the day moves by {plural(rule.moves_days, 'day')}" if rule.moves_days else ""
        return f"{LEAVES[str(rule.value)]}{moves}"
    if isinstance(rule, Deadline):
        return _deadline(rule)
    if isinstance(rule, Norm):
        one, each = (
            f"one deputy for every {grouped(rule.one_per or 0)} {rule.of}",
            plural(rule.each or 0, "deputy", "deputies"),
        )
        return one if rule.one_per is not None else f"{each} for each {rule.unit.replace('-', ' ')}"
    if isinstance(rule, Committee | PrecinctSize):
        return _size(rule.least, rule.most)
    if isinstance(rule, ReturnField):
        given = "must be given" if rule.required else "may be given"
        return given if rule.sum is None else f"{given}; where it is not, it is {_equation(str(rule.sum))}"
    if isinstance(rule, Check):
        names = {"any": "", "one": " (ballots of one name)", "several": " (ballots of several names)"}[rule.names]
        return (
            f"{_equation(str(rule.check))}{names}; else it is {'an error' if rule.otherwise == 'error' else 'a remark'}"
        )
    return _value(key, rule) if isinstance(rule, Rule) else ""


def _value(key: str, rule: Rule[object]) -> str:
    value = rule.value
    if key in VALUES and value in VALUES[key]:
        return VALUES[key][value]
    if key == "turnout.counted":
        return BASES.get(str(value), "")
    if key == "franchise.minimum_age" and isinstance(value, int):
        return plural(value, "year")
    if key == "second_ballot.within_days" and isinstance(value, int):
        return f"within {plural(value, 'day')}"
    if key == "protocols.copies_within_hours" and isinstance(value, int):
        return f"within {plural(value, 'hour')}"
    return plain(value)


def _share(key: str, rule: ShareRule) -> str:
    if rule.known is None:
        return ""
    share, base = rule.known
    more = key.endswith("more_than") or key == "second_ballot.alone_needs"
    return f"{'more than' if more else 'at least'} {share_words(share)} of {BASES[base]}"


def _deadline(rule: Deadline) -> str:
    if rule.before is not None:
        return f"{plural(rule.before, 'day')} before polling day"
    if rule.after is not None:
        return f"{plural(rule.after, 'day')} after polling day"
    return f"within {plural(rule.within or 0, 'day')}" + (f" of {rule.of}" if rule.of else "")


def _within(days: int | None) -> str:
    return "" if days is None else f", within {plural(days, 'day')}"


def _size(least: int, most: int | None) -> str:
    if most is None:
        return f"at least {grouped(least)}"
    return grouped(least) if least == most else f"{grouped(least)} to {grouped(most)}"


def _equation(text: str) -> str:
    """A sum or a check with its figures by their names."""
    named = re.sub(r"[a-z_]+", lambda name: FIGURES.get(name[0], name[0].replace("_", " ")), text)
    return named.replace("<=", "\N{LESS-THAN OR EQUAL TO}").replace("*", "\N{MULTIPLICATION SIGN}")
