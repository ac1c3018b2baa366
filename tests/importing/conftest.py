"""A small made-up election of two districts and two ballots, as an office might publish it, and its recipe."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from suffrage.errors import ImportingError
from suffrage.importing import ImportReport, import_election

RECIPE = """\
[parameters]
year = "1999"

[election]
id = "testland-{year}"
title = "Assembly of Testland, {year}"
law = "france-assembly"
time_zone = "Europe/Paris"
sources = ["Invented for {year}"]

[election.by.year."1999"]
polling_day = 1999-06-06
second_ballot_day = 1999-06-13

[[contests]]
each = "district"
chamber = "assembly"

[repair]
"Ã‰" = "É"

[[units]]
id = "testland"
name = "Testland"
kind = "country"

[[units]]
file = "places.csv"
where = { year = "{year}", round = "1" }
id = "{region|slug}"
name = "{region}"
kind = "region"
parent = "testland"

[[units]]
file = "places.csv"
where = { year = "{year}", round = "1" }
id = "{district|pad:2}"
name = "{region}, {district}"
kind = "district"
parent = "{region|slug}"
inhabitants = "{people}"

[[candidates]]
file = "people.csv"
where = { round = "1" }
contest = "{district|pad:2}"
id = "{surname|slug}-{forename|slug}"
distinguish = "{party|slug}"
surname = "{surname|title}"
names = "{forename}"
party = "{party}"
supporters = "{backers}"
birth_date = "{born}"

[[figures]]
file = "places.csv"
where = { year = "{year}" }
unit = "{district|pad:2}"
ballot = "{round}"
fields = { registered = "registered", took_part = "voters", invalid = ["blank", "void"], valid = "valid" }

[[votes]]
file = "people.csv"
unit = "{district|pad:2}"
ballot = "{round}"
candidate = "{surname|slug}-{forename|slug}"
distinguish = "{party|slug}"
votes = "votes"

[second_ballot]
withdrawals = "who-has-no-votes"
"""

# District 2: Smith and Gray lead, Brown has an eighth of the registered and withdraws.
PLACES = """\
year;round;region;district;people;registered;voters;blank;void;valid
1999;1;North;1;3000;1000;800;10;0;790
1999;1;North;2;;1000;900;5;5;890
1995;1;South;3;;1000;900;5;5;890

1999;2;North;2;;1000;700;;;700
"""
PEOPLE = """\
round;district;surname;forename;party;backers;born;votes
1;1;SMITH;Ann;Red;Miners' union; a club;1950-01-31;600
1;1;SMITH;Ann;Blue;;;100
1;1;Ã‰LIE;Jo;Green;;;90
1;2;GRAY;Bo;Red;;;350
1;2;SMITH;Ann;Red;;;340
1;2;BROWN;Cy;Blue;;;200
2;2;GRAY;Bo;Red;;;300
2;2;SMITH;Ann;Red;;;400
2;2;BROWN;Cy;Blue;;;
""".replace("Miners' union; a club", '"Miners\' union; a club"')

Maker = Callable[..., ImportReport]


class Workshop:
    """A folder with a recipe and sources, to be changed and imported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sources = folder / "sources"
        self.sources.mkdir()
        self.out = folder / "out"
        self.recipe = RECIPE
        self.write("places.csv", PLACES)
        self.write("people.csv", PEOPLE)

    def write(self, name: str, text: str, encoding: str = "utf-8") -> None:
        """Write a source file; one that ends in .gz is compressed."""
        data = text.encode(encoding)
        (self.sources / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)

    def change(self, name: str, old: str, new: str) -> None:
        """Replace a text in a source file, or in the recipe where `name` is empty."""
        text = (self.sources / name).read_text("utf-8") if name else self.recipe
        assert old in text
        if name:
            self.write(name, text.replace(old, new))
        else:
            self.recipe = text.replace(old, new)

    def run(self, values: Mapping[str, str] | None = None) -> ImportReport:
        """Import into `out`."""
        path = self.folder / "recipe.toml"
        path.write_text(self.recipe, "utf-8")
        return import_election(path, self.sources, self.out, values or {})

    def refused(self, values: Mapping[str, str] | None = None) -> ImportingError:
        """The error of an import; nothing may have been written."""
        with pytest.raises(ImportingError) as caught:
            self.run(values)
        left = {entry.name for entry in self.folder.iterdir()} - {"recipe.toml", "sources"}
        assert not left
        return caught.value


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)
