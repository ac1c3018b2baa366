"""`translations.csv`: the election's own texts in further languages, for papers that speak more than one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from suffrage.election.head import LANGUAGE
from suffrage.election.model import Election
from suffrage.errors import ElectionError, Problem, shown
from suffrage.tables import read_table

TRANSLATIONS = "translations.csv"
COLUMNS = ("kind", "id", "field", "language", "text")

FIELDS: Mapping[str, tuple[str, ...]] = {
    "election": ("title", "paper_title"),
    "chamber": ("name",),
    "unit": ("name",),
    "contest": ("name",),
}
"""What may be translated. `paper_title` is how the election is called below the heading of a ballot paper."""

Key = tuple[str, str, str, str]
"""Kind, identifier (empty for the election), field and language."""


@dataclass(frozen=True, slots=True)
class Translations:
    """The texts of an election in further languages."""

    texts: Mapping[Key, str] = field(default_factory=dict)

    def find(self, kind: str, identifier: str, field: str, language: str) -> str | None:
        """A text in a language (a tag, or its first part), or None where nobody gave one."""
        return self.texts.get((kind, identifier, field, language)) or self.texts.get(
            (kind, identifier, field, language.partition("-")[0])
        )


def read_translations(folder: Path, election: Election) -> Translations:
    """The translations of a folder; none where it has no such file. ElectionError names every row that is wrong."""
    path = folder / TRANSLATIONS
    if not path.exists():
        return Translations()
    table = read_table(path, ElectionError, required=COLUMNS)
    known = {
        "election": {"", election.id},
        "chamber": {contest.chamber for contest in election.contests if contest.chamber},
        "unit": election.index.unit,
        "contest": election.index.contest,
    }
    problems: list[Problem] = []
    texts: dict[Key, str] = {}
    for row in range(len(table)):
        kind, identifier, name, language, text = (table.columns[column][row] for column in COLUMNS)
        wrong: list[tuple[str, str, str, str]] = []
        if kind not in FIELDS:
            wrong.append(("kind", "unknown kind of text", kind, ", ".join(FIELDS)))
        else:
            if identifier not in known[kind]:
                wrong.append(("id", f"unknown {kind}", identifier, f"the id of a {kind} of this election"))
            if name not in FIELDS[kind]:
                wrong.append(("field", "unknown field", name, ", ".join(FIELDS[kind])))
        if not LANGUAGE.fullmatch(language):
            wrong.append(("language", "not a language", language, 'a tag such as "fr" or "uk"'))
        if not text:
            wrong.append(("text", "is missing", "", "the text in that language"))
        key = (kind, "" if kind == "election" else identifier, name, language)
        if not wrong and key in texts:
            wrong.append(("", "a text that is translated twice", text, "one row a text and language"))
        problems += [Problem(table.place(row, column), said, shown(seen), right) for column, said, seen, right in wrong]
        texts[key] = text
    if problems:
        raise ElectionError(problems)
    return Translations(texts)
