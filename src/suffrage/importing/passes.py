"""A pass: one section of a recipe over one file, every template and column found in the header beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from suffrage._core import ABSENT, LARGEST_FIGURE
from suffrage.importing.problems import Problems, listed
from suffrage.importing.recipe import Columns, Condition, Recipe, Section, Style
from suffrage.importing.source import Progress, Row, SourceFile, SourceFolder
from suffrage.importing.template import Bound

_BLANKS = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"


@dataclass(frozen=True, slots=True)
class Item:
    """What a section makes of a row: one thing, or one for every column of candidates (`position` is the column)."""

    texts: Mapping[str, Bound]
    position: int = -1


@dataclass(frozen=True, slots=True)
class Pass:
    """A section over a file; without a file (`source` is None) it has one row that says it all.

    `by_row`: what the section makes differs from row to row; otherwise the header alone says it.
    """

    section: Section
    source: SourceFile | None
    items: tuple[Item, ...]
    fields: Mapping[str, tuple[int, ...]]
    style: Style
    by_row: bool
    _where: tuple[tuple[int, Condition], ...] = ()

    def rows(self, problems: Problems, progress: Progress | None) -> Iterator[Row]:
        """The rows that meet `where` and `where_not`."""
        if self.source is None or not self.by_row:
            yield Row(-1, 1, [])
            return
        for row in self.source.rows(problems, progress):
            for position, condition in self._where:
                if (row.cells[position] in condition.values) is condition.negated:
                    self.source.pass_over(row, condition.broken)
                    break
            else:
                yield row

    def use(self, row: Row) -> None:
        """Note that something was made of a row."""
        if self.source is not None and row.number >= 0:
            self.source.use(row)

    def pass_over(self, row: Row, reason: str) -> None:
        """Note why nothing was made of a row."""
        if self.source is not None and row.number >= 0:
            self.source.pass_over(row, reason)

    def place(self, line: int, key: str) -> str:
        """Where the text of a key comes from: file, line and columns; the recipe where it is constant."""
        template = self.section.texts.get(key)
        if self.source is None or template is None:
            return self.section.place if template is None else template.place
        columns = [name for name in template.names if name in self.source.header]
        return self.source.place(line, " and ".join(columns) or key)

    def is_fixed(self, key: str) -> bool:
        """Whether the text of a key is the same in every row."""
        template = self.section.texts.get(key)
        if self.source is None or template is None:
            return True
        own = () if self.section.columns is None else ("column",)
        return not any(name in self.source.header and name not in own for name in template.names)

    def text(self, item: Item, row: Row, key: str, default: str = "") -> str:
        """The text of a key in a row."""
        bound = item.texts.get(key)
        return default if bound is None else bound(row.cells)

    def figure(self, row: Row, position: int, problems: Problems) -> int:
        """The whole number in a cell; ABSENT where it is empty or is none."""
        text = row.cells[position]
        if text.isascii() and text.isdigit() and len(text) <= 12:
            return int(text)
        if not text:
            return ABSENT
        plain = text.removesuffix(".0")  # what a program writes that takes whole numbers for others
        if self.style.thousands:
            plain = plain.replace(self.style.thousands, "")
            if self.style.thousands.isspace():
                plain = plain.translate(dict.fromkeys(map(ord, _BLANKS)))
        if plain.isascii() and plain.isdigit() and len(plain) <= 13 and int(plain) <= LARGEST_FIGURE:
            return int(plain)
        if self.source is not None:
            place = self.source.place(row.line, self.source.header[position])
            expected = "a whole number, or an empty cell"
            problems.add(place, "not a figure", text, expected)
        return ABSENT

    def sum(self, row: Row, positions: Sequence[int], problems: Problems) -> int:
        """The sum of cells; ABSENT where all are empty."""
        if len(positions) == 1:
            return self.figure(row, positions[0], problems)
        found = [figure for at in positions if (figure := self.figure(row, at, problems)) != ABSENT]
        return sum(found) if found else ABSENT


def passes_of(sections: Sequence[Section], recipe: Recipe, sources: SourceFolder, problems: Problems) -> list[Pass]:
    """The passes of sections, in order; a problem for each file and column that is not there."""
    found = []
    for section in sections:
        if section.file:
            files = sources.find(section.file, section.places["file"])
            found += [_Binder(section, source, recipe, problems).made() for source in files if source.header]
        else:
            texts = {key: text.bind({}, recipe.parameters, problems) for key, text in section.texts.items()}
            found.append(Pass(section, None, (Item(texts),), {}, recipe.style(""), False))
    return found


class _Binder:
    """Finds the columns of one section in the header of one file."""

    def __init__(self, section: Section, source: SourceFile, recipe: Recipe, problems: Problems) -> None:
        self.section = section
        self.source = source
        self.recipe = recipe
        self.problems = problems
        header = source.header
        self.columns: dict[str, int] = {}
        for at, name in enumerate(header):
            if name:
                self.columns.setdefault(name, at)
        self.doubled = {name for name in header if name and header.count(name) > 1}

    def made(self) -> Pass:
        section = self.section
        named = {name: text.place for text in section.texts.values() for name in text.names}
        for name in self.doubled & set(named):
            self.position(name, named[name])
        where = tuple((self.position(condition.column, condition.place), condition) for condition in section.where)
        fields = {
            name: tuple(self.position(column, section.places[name]) for column in those)
            for name, those in section.fields.items()
        }
        items = self._items()
        if not items:
            seen = listed(self.columns, 40)
            self.problems.add(section.place, f"no columns of candidates in {self.source.name}", seen, "at least one")
        from_cells = set(named) & set(self.columns) - {"column"}
        return Pass(
            section,
            self.source,
            items,
            fields,
            self.recipe.style(self.source.name),
            by_row=section.kind != "candidates" or section.columns is None or bool(where or from_cells),
            _where=where,
        )

    def position(self, name: str, place: str) -> int:
        """Where a column stands; a problem if there is none, or more than one."""
        at = self.columns.get(name)
        if at is None:
            message = f"no such column in {self.source.name}"
            self.problems.add(place, message, name, f"one of {listed(self.columns, 40)}")
        elif name in self.doubled:
            message = f"two columns of this name in {self.source.name}"
            self.problems.add(place, message, name, "different names")
        return at or 0

    def _items(self) -> tuple[Item, ...]:
        constants = {**self.recipe.parameters, "file": self.source.name.removesuffix(".gz").removesuffix(".csv")}
        if self.section.columns is None:
            return (Item(self._texts(self.columns, constants)),)
        # A candidate's {column} shadows a column of the file that is called so.
        others = {name: at for name, at in self.columns.items() if name != "column"}
        return tuple(
            Item(self._texts(others, {**constants, "column": label}), self.position(name, self.section.columns.place))
            for name, label in self._candidates(self.section.columns).items()
        )

    def _candidates(self, columns: Columns) -> Mapping[str, str]:
        if columns.others is None:
            return columns.named
        for name in columns.others:
            self.position(name, columns.place)
        return {name: name for name in self.columns if name not in columns.others}

    def _texts(self, columns: Mapping[str, int], constants: Mapping[str, str]) -> dict[str, Bound]:
        texts = self.section.texts.items()
        return {key: text.bind(columns, constants, self.problems, self.source.name) for key, text in texts}
