"""Questions, and the files in which the administrator writes them: TOML, or the template of the official tool."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import tomli_w

from suffrage._core import TomlSyntaxError, parse_toml
from suffrage.belenios.files import read
from suffrage.belenios.refusal import refused
from suffrage.errors import BeleniosError, Problem, shown

CoreQuestion: TypeAlias = tuple[list[str], bool, int, int, str]
"""A question as the core takes and gives it: answers, blank, min, max, text."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of which an elector chooses at least `least` and at most `most` answers, or votes blank if allowed.

    After the section "Questions" of the specification: where `blank` is true, a blank vote is a choice of its own.
    """

    text: str
    answers: tuple[str, ...]
    least: int = 1
    most: int = 1
    blank: bool = False

    @property
    def choices(self) -> int:
        """How many numbers a plain choice has: one for each answer, and a leading one where blank is allowed."""
        return len(self.answers) + self.blank

    def plain(self, chosen: tuple[int, ...], *, blank: bool = False) -> list[int]:
        """The choice of some answers, by their places from 0, as the numbers 0 and 1 that are sealed."""
        numbers = [int(place in chosen) for place in range(len(self.answers))]
        return [int(blank), *numbers] if self.blank else numbers

    def as_core(self) -> CoreQuestion:
        """The question as the core takes it."""
        return list(self.answers), self.blank, self.least, self.most, self.text


@dataclass(frozen=True, slots=True)
class Template:
    """What an election says of itself before it has a key. Any text may be empty, to be given elsewhere."""

    questions: tuple[Question, ...]
    title: str = ""
    description: str = ""
    administrator: str = ""
    credential_authority: str = ""


def question_of(core: CoreQuestion) -> Question:
    """A question as the core gives it."""
    answers, blank, least, most, text = core
    return Question(text, tuple(answers), least, most, blank)


def read_template(path: Path) -> Template:
    """Read questions: JSON where the name ends in `.json`, else TOML. BeleniosError names file, line and field.

    TOML: `title` and `description` where wanted, and a `[[question]]` each with `text`, `answers`, and where they
    differ from 1, 1 and false `min`, `max` and `blank`.
    """
    try:
        text = read(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused(path, "not UTF-8 text", expected="UTF-8") from None
    return _from_json(text, path) if path.suffix == ".json" else _from_toml(text, path)


def write_template(template: Template) -> str:
    """A template as the TOML that `read_template` reads."""
    head = {name: getattr(template, name) for name in _HEAD if getattr(template, name)}
    questions = [
        {"text": q.text, "answers": list(q.answers), "min": q.least, "max": q.most, "blank": q.blank}
        for q in template.questions
    ]
    return tomli_w.dumps({**head, "question": questions}, multiline_strings=False)


_HEAD = ("title", "description", "administrator", "credential_authority")
_KINDS: Mapping[str, tuple[type, str]] = {
    "text": (str, "a text"),
    "answers": (list, "a list of texts"),
    "min": (int, "a whole number"),
    "max": (int, "a whole number"),
    "blank": (bool, "true or false"),
}
Place: TypeAlias = Callable[..., str]


def _from_toml(text: str, path: Path) -> Template:
    try:
        data, lines = parse_toml(text)
    except TomlSyntaxError as error:
        raise refused(f"{path}, line {error.line}", f"not TOML: {error.message}") from None

    def place(*at: str | int) -> str:
        written = next((at[:end] for end in range(len(at), 0, -1) if at[:end] in lines), ())
        where = f"{path}, line {lines[written]}" if written else str(path)
        return f"{where}, {at[-1]}" if at and isinstance(at[-1], str) else where

    _refuse_unknown(data, (*_HEAD, "question"), place)
    head = {name: _checked(data.get(name, ""), str, "a text", place(name)) for name in _HEAD}
    found = data.get("question", [])
    if not isinstance(found, list) or not found:
        raise refused(path, "has no question", expected="at least one [[question]]")
    questions = []
    for number, entry in enumerate(found):
        _checked(entry, dict, "a table [[question]]", place("question", number))

        def inside(*at: str | int, number: int = number) -> str:
            return place("question", number, *at)

        questions.append(_question(entry, inside))
    return Template(tuple(questions), **head)


def _from_json(text: str, path: Path) -> Template:
    """The template of the official tool (section "Elections", before the key is put in)."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refused(path, "not JSON", error) from None
    _checked(data, dict, "an object", str(path))

    def place(*at: str | int) -> str:
        return ", ".join((str(path), *(f"question {part + 1}" if isinstance(part, int) else part for part in at)))

    _refuse_unknown(data, ("name", "description", "administrator", "credential_authority", "questions"), place)
    head = {
        ours: _checked(data.get(theirs, ""), str, "a text", place(theirs))
        for ours, theirs in (("title", "name"), ("description",) * 2, ("administrator",) * 2)
    }
    authority = data.get("credential_authority", ["External", ""])
    if not (isinstance(authority, list) and len(authority) == 2 and authority[0] == "External"):
        raise refused(place("credential_authority"), "not supported", authority, '["External", NAME]')
    head["credential_authority"] = _checked(authority[1], str, "a text", place("credential_authority"))
    questions = []
    for number, entry in enumerate(_checked(data.get("questions"), list, "a list", place("questions"))):
        _checked(entry, dict, "an object", place(number))
        _refuse_unknown(entry, ("type", "value"), lambda *at, number=number: place(number, *at))
        if entry.get("type") != "Homomorphic":
            raise refused(place(number, "type"), "not supported", entry.get("type"), "Homomorphic")
        value = dict(_checked(entry.get("value"), dict, "an object", place(number, "value")))
        value["text"] = value.pop("question", None)

        def inside(*at: str | int, number: int = number) -> str:
            return place(number, *("question" if part == "text" else part for part in at))

        questions.append(_question(value, inside))
    if not questions:
        raise refused(path, "has no question", expected="at least one")
    return Template(tuple(questions), **head)


def _question(entry: Mapping[str, Any], place: Place) -> Question:
    _refuse_unknown(entry, tuple(_KINDS), place)
    values = {"min": 1, "max": 1, "blank": False, **entry}
    for name, (kind, expected) in _KINDS.items():
        if name not in values:
            raise refused(place(), f"{name} is missing", expected=expected)
        _checked(values[name], kind, expected, place(name))
    answers = [_checked(answer, str, "a text", place("answers")) for answer in values["answers"]]
    least, most = values["min"], values["max"]
    if not answers or not all(answer.strip() for answer in answers):
        raise refused(place("answers"), "an answer without text" if answers else "no answers", expected="texts")
    if len(set(answers)) < len(answers):
        twice = next(answer for answer in answers if answers.count(answer) > 1)
        raise refused(place("answers"), "an answer given twice", twice)
    if not 0 <= least <= most or not 1 <= most <= len(answers):
        expected = f"0 <= min <= max, and max from 1 to {len(answers)}, the number of answers"
        raise refused(place("max"), "min and max do not fit", f"min {least}, max {most}", expected)
    return Question(values["text"], tuple(answers), least, most, values["blank"])


def _checked(value: Any, kind: type, expected: str, place: str) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise refused(
            place, "is of another kind", "nothing" if value is None else json.dumps(value, default=str), expected
        )
    return value


def _refuse_unknown(entry: Mapping[str, Any], known: tuple[str, ...], place: Place) -> None:
    unknown = [name for name in entry if name not in known]
    if unknown:
        problems = (Problem(place(name), "unknown key", shown(name), f"one of {', '.join(known)}") for name in unknown)
        raise BeleniosError(problems)
