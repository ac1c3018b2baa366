"""Reads values out of a parsed recipe: each with its line, each of the kind that its key asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from suffrage.importing.problems import Problems
from suffrage.importing.template import Template, parse_template
from suffrage.law.file import dotted

Path = tuple[str | int, ...]


class Document:
    """A parsed TOML document whose mistakes go to `problems`, with file, line and key."""

    def __init__(self, name: str, root: dict[str, Any], lines: Mapping[Path, int], problems: Problems) -> None:
        self.name = name
        self.root = root
        self.problems = problems
        self.parameters: Mapping[str, str] = {}
        self._lines = lines

    def place(self, path: Path) -> str:
        """File, line and key of a value, or of the table that should hold it."""
        above = path
        while above and above not in self._lines:
            above = above[:-1]
        line = f", line {self._lines[above]}" if above else ""
        return f"{self.name}{line}" + (f", {dotted(path)}" if path else "")

    def table(self, value: object, path: Path, known: Iterable[str] | None = None) -> dict[str, Any]:
        """A table; `known` are the keys that it may have, where they are not free."""
        if not isinstance(value, dict):
            self.problems.add(self.place(path), "not a table", value, f"[{dotted(path)}] with keys below it")
            return {}
        allowed = None if known is None else tuple(known)
        for key in value if allowed is not None else ():
            if allowed is not None and key not in allowed:
                self.problems.add(self.place((*path, key)), "unknown key", key, f"one of {', '.join(allowed)}")
        return value

    def tables(self, key: str) -> list[tuple[Any, Path]]:
        """The tables of `[[key]]`."""
        value = self.root.get(key, [])
        if not isinstance(value, list):
            self.problems.add(self.place((key,)), "not a list of tables", value, f"[[{key}]] in double brackets")
            return []
        return [(entry, (key, position)) for position, entry in enumerate(value)]

    def text(self, value: object, path: Path) -> str:
        """A text as it stands."""
        if not isinstance(value, str):
            self.problems.add(self.place(path), "not text", value, "text in quotation marks")
            return ""
        if "\0" in value:
            self.problems.add(self.place(path), "a text with a NUL in it", value, "text")
            return ""
        return value

    def filled(self, value: object, path: Path) -> str:
        """A text whose holes are filled with parameters."""
        return self.template(value, path).bind({}, self.parameters, self.problems)(())

    def template(self, value: object, path: Path) -> Template:
        """A text whose holes are filled later."""
        return parse_template(self.text(value, path), self.place(path), self.problems)

    def texts(self, value: object, path: Path) -> tuple[str, ...]:
        """One text or a list of texts, holes filled with parameters."""
        if isinstance(value, list):
            return tuple(self.filled(item, (*path, position)) for position, item in enumerate(value))
        return (self.filled(value, path),)

    def flag(self, value: object, path: Path) -> bool:
        """True or false."""
        if not isinstance(value, bool):
            self.problems.add(self.place(path), "not a yes or no", value, "true or false")
            return False
        return value
