"""The `[files]` of a recipe: how its source files are written."""

from __future__ import annotations

from suffrage.importing.fields import Document, Path
from suffrage.importing.recipe import Style

_KEYS = ("encoding", "delimiter", "empty", "thousands")


def read_styles(document: Document) -> dict[str, Style]:
    """The style of all files (by ""), and of single files by their names, which take the rest from it."""
    path: Path = ("files",)
    table = document.table(document.root.get("files", {}), path)
    common = {key: value for key, value in table.items() if not isinstance(value, dict)}
    styles = {"": _style(document, common, path, Style())}
    for name, value in table.items():
        if isinstance(value, dict):
            styles[name] = _style(document, value, (*path, name), styles[""])
    return styles


def _style(document: Document, value: object, path: Path, above: Style) -> Style:
    table = document.table(value, path, _KEYS)
    encoding, delimiter, thousands, empty = above.encoding, above.delimiter, above.thousands, above.empty
    if "encoding" in table:
        encoding = document.text(table["encoding"], (*path, "encoding"))
        try:
            "".encode(encoding)
        except (LookupError, ValueError):
            place = document.place((*path, "encoding"))
            document.problems.add(place, "unknown encoding", encoding, "such as utf-8, cp1252, iso-8859-2, utf-16")
            encoding = above.encoding
    if "delimiter" in table:
        delimiter = document.text(table["delimiter"], (*path, "delimiter"))
        if len(delimiter) != 1 or delimiter in '"\r\n':
            place = document.place((*path, "delimiter"))
            document.problems.add(place, "not a delimiter", delimiter, 'one character, such as ";"')
            delimiter = ""
    if "thousands" in table:
        thousands = document.text(table["thousands"], (*path, "thousands"))
        if any(character.isdigit() for character in thousands):
            place = document.place((*path, "thousands"))
            document.problems.add(place, "no mark between digits", thousands, 'such as "," or " "')
    if "empty" in table:
        empty = frozenset(document.texts(table["empty"], (*path, "empty")))
    return Style(encoding, delimiter, empty, thousands)
