"""The sections of a recipe that read files: units, candidates, figures, votes, ballots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from suffrage.importing.fields import Document, Path
from suffrage.importing.problems import listed
from suffrage.importing.recipe import Columns, Condition, Section
from suffrage.importing.template import normal
from suffrage.law.file import dotted


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of one kind of section. `texts` are templates, `more` the keys that are read in their own way."""

    required: tuple[str, ...]
    texts: tuple[str, ...]
    more: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.required, "file", *_WHERE, *self.texts, *self.more)))


_WHERE = ("where", "where_not")
_COLUMNS = ("columns", "all_columns_except")
_KEYS = {
    "units": _Keys(("id",), ("id", "name", "kind", "parent", "also_in", "registered", "inhabitants")),
    "candidates": _Keys(
        ("id", "surname"),
        (
            "contest", "id", "distinguish", "surname", "names", "party", "number", "supporters",
            "birth_date", "occupation",
        ),
        _COLUMNS,
    ),
    "figures": _Keys(("file", "unit", "fields"), ("unit", "contest", "ballot"), ("fields", "repeated")),
    "votes": _Keys(
        ("file", "unit", "candidate"),
        ("unit", "contest", "ballot", "candidate", "distinguish"),
        ("votes", "repeated", *_COLUMNS),
    ),
    "ballots": _Keys(("file", "candidate"), ("unit", "ballot", "candidate", "distinguish"), _COLUMNS),
}  # fmt: skip
_REPEATED = ("error", "add")


def read_sections(document: Document) -> dict[str, tuple[Section, ...]]:
    """Every section, by kind, in the order of the recipe."""
    found = {
        kind: tuple(_section(document, kind, value, path) for value, path in document.tables(kind)) for kind in _KEYS
    }
    for kind in ("units", "candidates"):
        if not found[kind]:
            document.problems.add(document.name, f"no {kind}", "", f"[[{kind}]]")
    given = [kind for kind in ("votes", "ballots") if found[kind]]
    if len(given) != 1 or (found["ballots"] and found["figures"]):
        seen = ", ".join(kind for kind in ("figures", "votes", "ballots") if found[kind]) or "none of them"
        expected = "[[votes]] with [[figures]], or [[ballots]]"
        document.problems.add(document.name, "what was counted is not clear", seen, expected)
    return found


def _section(document: Document, kind: str, value: object, path: Path) -> Section:
    keys = _KEYS[kind]
    table = document.table(value, path, keys.all)
    place = document.place(path)
    for key in keys.required:
        if key not in table:
            document.problems.add(document.place((*path, key)), "is missing", "", f"{key} in [[{kind}]]")
    columns = _columns(document, table, path)
    fields = _fields(document, table, path)
    if kind == "votes" and ("votes" in table) == (columns is not None):
        expected = "votes (a column of figures), or columns, or all_columns_except"
        document.problems.add(place, "where the votes stand is not clear", "", expected)
    if kind == "ballots" and columns is None:
        document.problems.add(place, "where the marks stand is missing", "", "columns, or all_columns_except")
    for key in (*_WHERE, *_COLUMNS):
        if key in table and "file" not in table:
            document.problems.add(document.place((*path, key)), f"{key} without a file", "", "a file")
    repeated = table.get("repeated", "error")
    if repeated not in _REPEATED:
        expected = " or ".join(f'"{word}"' for word in _REPEATED)
        document.problems.add(document.place((*path, "repeated")), "unknown way", repeated, expected)
    return Section(
        kind=kind,
        name=dotted(path),
        place=place,
        file=document.filled(table["file"], (*path, "file")) if "file" in table else "",
        where=_where(document, table, path),
        texts={key: document.template(table[key], (*path, key)) for key in keys.texts if key in table},
        columns=columns,
        fields=fields,
        add=repeated == "add",
        places={
            "file": document.place((*path, "file")),
            **{
                name: document.place((*path, *(("votes",) if "votes" in table else ("fields", name))))
                for name in fields
            },
        },
    )


def _where(document: Document, table: dict[str, Any], path: Path) -> tuple[Condition, ...]:
    conditions = []
    for key in _WHERE:
        for column, values in document.table(table.get(key, {}), (*path, key)).items():
            below: Path = (*path, key, column)
            texts = document.texts(values, below)
            conditions.append(Condition(normal(column), texts, document.place(below), key == "where_not"))
    return tuple(conditions)


def _columns(document: Document, table: dict[str, Any], path: Path) -> Columns | None:
    given = [key for key in _COLUMNS if key in table]
    if not given:
        return None
    if len(given) == 2:
        document.problems.add(document.place(path), "both columns and all_columns_except", "", "one of them")
    below: Path = (*path, given[0])
    place = document.place(below)
    value = table[given[0]]
    if given[0] == "columns" and isinstance(value, dict):
        names = {normal(name): document.filled(label, (*below, name)) for name, label in value.items()}
        if names:
            return Columns(place, named=names)
    elif isinstance(value, list):
        listing = tuple(normal(document.text(name, (*below, position))) for position, name in enumerate(value))
        if given[0] == "all_columns_except":
            return Columns(place, others=listing)
        if listing:
            return Columns(place, named={name: name for name in listing})
    expected = 'names such as ["A", "B"]' + (', or { "A" = "other name" }' if given[0] == "columns" else "")
    document.problems.add(place, "not a list of columns", value, expected)
    return Columns(place, named={})


def _fields(document: Document, table: dict[str, Any], path: Path) -> dict[str, tuple[str, ...]]:
    if "votes" in table:
        return {"votes": (normal(document.text(table["votes"], (*path, "votes"))),)}
    below: Path = (*path, "fields")
    given = document.table(table.get("fields", {}), below)
    if "fields" in table and not given:
        expected = 'such as { registered = "a column" }'
        document.problems.add(document.place(below), "no figures", listed(given), expected)
    return {
        name: tuple(normal(column) for column in document.texts(columns, (*below, name)))
        for name, columns in given.items()
    }
