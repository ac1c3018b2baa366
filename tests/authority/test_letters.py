"""Letters: a page an elector whatever stands in it, in their language, with their code and nobody else's."""

from __future__ import annotations

import csv
import io
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from suffrage.authority import Codes, Order, parse_order
from suffrage.authority.letters import LetterPress, print_letters
from suffrage.authority.letters.sheet import address_drawing, letters_sheet
from tests.authority.made import NAMES, codes_of, data, document, order


def pages(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def letters(given: Order, codes: Codes, window: Any = "left") -> list[str]:
    return pages(LetterPress(given, codes, window).letters(given.entitled))


def test_a_page_an_elector_with_their_own_code() -> None:
    given = order(6)
    codes = codes_of(given)
    made = letters(given, codes)
    assert len(made) == 6
    for page, elector in zip(made, given.electors, strict=True):
        assert elector.name in page
        assert elector.address[1] in page
        found = [id for id, code in codes.codes.items() if code in page.replace(" ", "")]
        assert found == [elector.id]


@pytest.mark.parametrize(
    ("elector", "said"),
    [
        (0, ["YOUR VOTING CODE", "Elector no. 0000", "One deputy (North)", "The chair", "1 December 2026, 08:00 to 12",
             "December 2026, 20:00", "time zone Europe/Paris", "A later ballot replaces an earlier one",
             "Nobody else has it", "How to vote", "1.", "4."]),
        (1, ["VOTRE CODE DE VOTE", "du 1er décembre 2026 à 08:00 au 12 décembre 2026 à 20:00", "Comment voter"]),
        (2, ["ВАШ КОД ДЛЯ ГОЛОСОВАНИЯ", "с 08:00 1 декабря 2026 года до 20:00 12 декабря 2026 года", "Как голосовать"]),
    ],
)  # fmt: skip
def test_what_a_letter_says_in_each_language(elector: int, said: list[str]) -> None:
    given = order(3)
    page = letters(given, codes_of(given))[elector]
    assert "https://vote.example.org/e/council/vote/" in page
    for text in said:
        assert text in page, page


def test_whom_to_ask_and_the_second_factor() -> None:
    plain, full = order(1), order(1, contact="office@example.org", second_factor=True)
    without = letters(plain, codes_of(plain))[0]
    assert "ask the office that holds the election" in without
    assert "second code" not in without
    page = letters(full, codes_of(full))[0]
    assert "does not work: office@example.org." in page
    assert "second code" in page
    assert "elector0@example.org" not in page, "who opens a letter of another learns no address"


@pytest.mark.parametrize("kind", ["demo", "rehearsal"])
def test_what_is_not_real_says_so(kind: str) -> None:
    given = order(2, kind=kind)
    for page in letters(given, codes_of(given)):
        assert page.count(kind.upper()) == 2
    real = order(2)
    assert not any(kind.upper() in page for page in letters(real, codes_of(real)))


def test_a_letter_is_one_page_whatever_stands_in_it() -> None:
    made = document(3, title="Election " * 100, contact="office " * 90, second_factor=True, kind="demo")
    made["urns"] = [
        {"uuid": letter * 14, "contest": f"Contest {letter} " + "of somebody " * 40, "unit": "Unit " * 50, "ballot": 1}
        for letter in "ABCDEFGHJKLM"
    ]
    for elector in made["electors"]:
        elector |= {
            "name": "Name" * 60, "address": ["a line " * 40] * 30, "unit": "Unit " * 40,
            "urns": [urn["uuid"] for urn in made["urns"]],
        }  # fmt: skip
    given = parse_order(data(made), "f")
    codes = codes_of(given)
    found = letters(given, codes)
    assert len(found) == 3
    for page, elector in zip(found, given.electors, strict=True):
        assert codes.codes[elector.id] in page.replace(" ", "")


def test_nothing_in_a_name_is_taken_for_markup() -> None:
    made = document(1)
    made["electors"][0]["name"] = '#panic() $x$ *a* _b_ "\\ <c> @d'
    given = parse_order(data(made), "f")
    assert '#panic() $x$ *a* _b_ "\\ <c> @d' in letters(given, codes_of(given))[0]


def test_the_square_holds_the_address_alone() -> None:
    given = order(3)
    codes = codes_of(given)
    sheet = letters_sheet(given, codes, given.electors, "left")
    assert sheet["drawing"] == address_drawing(given.election.url)
    assert address_drawing("https://other.example.org/") != sheet["drawing"]
    common = {name: value for name, value in sheet.items() if name != "letters"}
    assert not any(code in str(common) for code in codes.codes.values())


def test_the_same_data_gives_the_same_bytes() -> None:
    given = order(3)
    codes = codes_of(given)
    first = LetterPress(given, codes).letters(given.electors)
    assert first == LetterPress(given, codes).letters(given.electors)
    assert first != LetterPress(given, codes, "right").letters(given.electors)


def test_the_title_and_the_language_of_the_file() -> None:
    given = order(1, language="fr")
    reader = PdfReader(io.BytesIO(LetterPress(given, codes_of(given)).letters(given.electors)))
    assert reader.metadata is not None
    assert reader.metadata.title == "Codes de vote : Election of the Council"


def test_files_of_so_many_pages_and_where_each_letter_is(tmp_path: Path) -> None:
    given = order(7)
    codes = codes_of(given)
    told: list[tuple[int, int]] = []
    runs = print_letters(given, codes, given.entitled, tmp_path, tell=lambda *now: told.append(now), at_once=3)
    assert [run.path.name for run in runs] == ["letters-1-3.pdf", "letters-4-6.pdf", "letters-7-7.pdf"]
    assert told[-1] == (7, 7)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "index.csv").read_text("utf-8"))))
    assert [row["id"] for row in rows] == [elector.id for elector in given.electors]
    for row in rows:
        page = pages((tmp_path / row["file"]).read_bytes())[int(row["page"]) - 1]
        assert codes.codes[row["id"]] in page.replace(" ", "")
    assert not any(code in (tmp_path / "index.csv").read_text("utf-8") for code in codes.codes.values())
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {row["name"] for row in rows} == set(NAMES)


def test_a_letter_without_a_code_ends_the_printing(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        print_letters(order(3), codes_of(order(2)), order(3).electors, tmp_path)
    assert not (tmp_path / "index.csv").exists()


_MANY = """
import sys
from pathlib import Path
from tests.authority.made import codes_of, order
from suffrage.authority.letters import print_letters
given = order(400)
sizes = []
def tell(done, total):
    sizes.append(int(Path("/proc/self/statm").read_text().split()[1]) * 4096)
print_letters(given, codes_of(given), given.entitled, Path(sys.argv[1]), tell=tell, at_once=40, presses=1)
print(sizes[-1] - sizes[1])
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system does not tell the memory of a process")
def test_memory_does_not_grow_with_the_number_of_letters(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _MANY, str(tmp_path)], capture_output=True, text=True, check=True, timeout=600
    )
    assert int(ran.stdout) < 64 * 2**20
