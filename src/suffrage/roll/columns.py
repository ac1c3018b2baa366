"""Which column of a roll is which: by its heading in English, French or Russian, or by what stands in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache

from suffrage.errors import WRONG_USE, Problem, RollError
from suffrage.roll.email import is_email

FIELDS = ("id", "surname", "names", "name", "email", "address", "unit", "language")
"""What a column may be; a column that is none of these is not read."""

MANY = frozenset({"names", "address"})
"""Fields that several columns may make up together: given name and patronymic; street, postcode and town."""

_HEADINGS = {
    "id": "id; number; no; nr; n; elector number; elector id; voter id; voter number; roll number; member number; "
    "membership number; member id; numéro; numéro d'électeur; n°; matricule; identifiant; numéro de membre; №; № п/п; "
    "номер; номер избирателя; номер по списку; номер билета; табельный номер; п/п; ид",
    "surname": "surname; last name; family name; nom de famille; nom de naissance; фамилия; прізвище",
    "names": "names; first name; first names; forename; forenames; given name; given names; middle name; patronymic; "
    "prénom; prénoms; имя; отчество; имя отчество; имя и отчество; имена; ім'я; по батькові",
    "name": "name; full name; elector; voter; member; person; nom complet; nom et prénom; nom et prénoms; nom prénom; "
    "électeur; фио; ф.и.о.; фамилия имя отчество; фамилия, имя, отчество; избиратель; член; піб",
    "email": "email; e-mail; mail; email address; e-mail address; courriel; adresse e-mail; adresse email; "
    "adresse électronique; adresse de courriel; mél; почта; эл. почта; электронная почта; имейл; емейл; "
    "адрес электронной почты; электронный адрес",
    "address": "address; postal address; street; street address; address line 1; address line 2; address line 3; "
    "postcode; postal code; zip; zip code; town; city; country; adresse; adresse postale; rue; code postal; ville; "
    "pays; complément d'adresse; адрес; почтовый адрес; улица; дом; квартира; индекс; "
    "почтовый индекс; город; населённый пункт; страна; адреса",
    "unit": "unit; district; precinct; constituency; ward; section; branch; unité; circonscription; bureau; "
    "bureau de vote; canton; округ; участок; избирательный округ; избирательный участок; район; отделение; "
    "подразделение; дільниця",
    "language": "language; lang; langue; язык; мова",
}
# `nom` is the surname beside `prénom`, and the whole name alone.
_NOM = "nom"
_LANGUAGES = {
    "en": "en; eng; english; anglais; английский",
    "fr": "fr; fra; fre; french; français; французский",
    "ru": "ru; rus; russian; russe; русский",
}
_LOOKED_AT = 200
_TITLES = 6


def heading_key(text: str) -> str:
    """What spellings of one heading have in common: letters and digits, small, without accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[\W_]+", "", "".join(c for c in plain if not unicodedata.combining(c)))


def _keys(texts: dict[str, str]) -> dict[str, str]:
    return {heading_key(word): field for field, words in texts.items() for word in words.split(";")}


_BY_HEADING = _keys(_HEADINGS)
_BY_LANGUAGE = _keys(_LANGUAGES)


@lru_cache(maxsize=1024)
def language_code(text: str) -> str:
    """The code of a language, given as a tag or by its name."""
    return _BY_LANGUAGE.get(heading_key(text)) or re.split("[-_]", text.strip().lower())[0]


def known_headings(cells: Sequence[str]) -> int:
    """How many cells are headings that are known."""
    return sum(key in _BY_HEADING or key == _NOM for key in map(heading_key, cells) if key)


def is_header(cells: Sequence[str]) -> bool:
    """Whether a first record is headings rather than an elector."""
    filled = [cell for cell in cells if cell.strip()]
    known = known_headings(filled)
    return known > 0 and 2 * known >= len(filled) and not any("@" in cell for cell in filled)


def header_place(records: Sequence[Sequence[str] | None]) -> int | None:
    """Which of the first records has the headings, if one has: titles of the table may stand above it."""
    for place, cells in enumerate(records[:_TITLES]):
        if cells and is_header(cells) and (place == 0 or known_headings(cells) > 1):
            return place
    return None


def fields_of_header(cells: Sequence[str]) -> list[str]:
    """The field of each column by its heading; a heading that comes twice where it may not is read once."""
    keys = [heading_key(cell) for cell in cells]
    found = [_BY_HEADING.get(key, "") for key in keys]
    alone = "names" not in found
    for place, key in enumerate(keys):
        if key == _NOM:
            found[place] = "name" if alone else "surname"
    return [
        "" if field in found[:place] and field not in MANY else field for place, field in enumerate(found)
    ]  # fmt: skip


def fields_by_content(rows: Sequence[Sequence[str]], width: int, is_unit: Callable[[str], bool]) -> list[str]:
    """The field of each column of a table without headings, by what stands in it.

    Mail addresses, units and languages show themselves. Different numbers in the first column are the electors'. The
    first column of words that is left is the name; with a second one right beside it, surname and names.
    """
    columns = [[row[place].strip() for row in rows[:_LOOKED_AT] if place < len(row)] for place in range(width)]
    filled = [[cell for cell in column if cell] for column in columns]
    found = [""] * width
    for field, test in (("email", is_email), ("unit", is_unit), ("language", _is_language)):
        place = next((p for p in range(width) if not found[p] and _mostly(filled[p], test)), None)
        if place is not None:
            found[place] = field
    first = filled[0] if width else []
    if first and not found[0] and len(set(first)) == len(first) and _mostly(first, _is_number):
        found[0] = "id"
    words = [place for place in range(width) if not found[place] and _mostly(filled[place], _is_words)]
    if words:
        found[words[0]] = "name"
        beside = words[0] + 1
        single = all(len(cell.split()) == 1 for cell in filled[words[0]])
        if single and beside in words and not any(any(map(str.isdigit, cell)) for cell in filled[beside]):
            found[words[0]], found[beside] = "surname", "names"
    for place in range(width):
        if not found[place] and filled[place] and any(" " in cell for cell in filled[place]):
            found[place] = "address"
    return found


def _mostly(cells: Collection[str], test: Callable[[str], bool]) -> bool:
    return bool(cells) and 10 * sum(map(test, cells)) >= 7 * len(cells)


def _is_language(cell: str) -> bool:
    return heading_key(cell) in _BY_LANGUAGE


def _is_number(cell: str) -> bool:
    return any(map(str.isdigit, cell)) and " " not in cell


def _is_words(cell: str) -> bool:
    return any(map(str.isalpha, cell)) and not any(map(str.isdigit, cell))


def checked_columns(fields: Sequence[str]) -> list[str]:
    """Columns as a person assigned them. RollError (exit code 2) where a field is unknown or given twice."""
    problems = [
        Problem(f"column {place}", "is no field of a roll", field, f"one of {', '.join(FIELDS)}, or none")
        for place, field in enumerate(fields, 1)
        if field and field not in FIELDS
    ]
    problems += [
        Problem(f"column {place}", "two columns are the same field", field, "each once")
        for place, field in enumerate(fields, 1)
        if field and field not in MANY and field in fields[: place - 1]
    ]
    if problems:
        raise RollError(problems, exit_code=WRONG_USE)
    return list(fields)
