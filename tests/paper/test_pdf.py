"""The file itself: the same bytes every time, nothing that tells one paper from another, every word on it."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from hashlib import sha256
from itertools import pairwise

import pytest
import segno
from pypdf import PdfReader

from suffrage.election import Kind
from suffrage.errors import PaperError
from suffrage.paper import PaperPress, Style, paper_languages
from suffrage.paper.code import Codes
from tests.paper.made import candidate, draft, form, geometry, letters, paper, texts

AGAIN = """
from tests.paper.made import draft, form, paper
made = paper(form(draft()), ("uk", "ka"), up=2)
import hashlib; print(hashlib.sha256(made.pdf).hexdigest(), made.sha256)
"""


@pytest.mark.slow
def test_another_run_gives_the_same_bytes() -> None:
    made = paper(form(draft()), ("uk", "ka"), up=2)
    ran = subprocess.run([sys.executable, "-c", AGAIN], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == [sha256(made.pdf).hexdigest(), made.sha256]


def test_a_press_that_has_set_other_papers_gives_the_same_bytes() -> None:
    used, fresh = paper(form(draft())), PaperPress()
    paper(form(draft()[:2]))
    again = fresh.paper(form(draft()), ["en"], Style.chosen(), proof=False)
    assert (again.pdf, again.geometry) == (used.pdf, used.geometry)


def test_the_file_knows_the_polling_day_and_no_other_time() -> None:
    made = paper(form(draft()))
    dates = re.findall(rb"\b(?:19|20)\d\d-\d\d-\d\d|D:\d+", made.pdf)
    assert dates
    assert all(one in (b"1937-12-12", b"D:19371212000000") for one in dates), dates


def test_the_geometry_is_canonical_and_holds_the_hash_of_the_file() -> None:
    made = paper(form(draft()))
    read = geometry(made)
    assert read["pdf"] == sha256(made.pdf).hexdigest()
    assert made.sha256 == sha256(made.geometry).hexdigest()
    assert made.geometry == json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_codes_differ_in_the_page_alone() -> None:
    standing = [candidate(n, f"IVANOV {n}", "Pyotr", "the collective farm") for n in range(1, 41)]
    read = geometry(paper(form(standing), up=4))
    codes = [page["qr"]["text"].split("/") for page in read["pages"]]
    assert len(codes) > 2
    assert [code[6:] for code in codes] == [[str(n), str(len(codes))] for n in range(1, len(codes) + 1)]
    assert all(one[:6] == other[:6] for one, other in pairwise(codes))
    assert codes[0][:6] == ["SUFFRAGE", "1", "soviet", "d", "1", read["form"]]


def test_what_is_drawn_is_the_code_of_its_text() -> None:
    codes = Codes("soviet", "выборы", 2)
    drawing = codes.drawing("0123456789abcdef", 3, 12)
    drawn = set()
    path = re.search(r' d="([^"]+)"', drawing)
    assert path is not None
    x = y = 0.0
    for step, rest in re.findall(r"([Mmh])([^Mmh]+)", path[1]):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", rest)]
        if step == "h":
            drawn |= {(int(y), int(x) + place) for place in range(int(numbers[0]))}
            x += numbers[0]
        else:
            x, y = numbers if step == "M" else (x + numbers[0], y + numbers[1])
    text = codes.text("0123456789abcdef", 3, 12)
    version = (codes.side - 17) // 4
    matrix = segno.make_qr(text.encode(), error="m", mode="byte", mask=3, boost_error=False, version=version).matrix
    assert drawn == {(row, at) for row, line in enumerate(matrix) for at, dark in enumerate(line) if dark}


def test_another_order_or_another_letter_is_another_form() -> None:
    forms = {geometry(paper(form(some)))["form"] for some in (draft(), draft()[::-1], draft()[:2])}
    assert len(forms) == 3


@pytest.mark.parametrize("language", paper_languages())
def test_every_page_of_a_proof_says_so_in_the_language(language: str) -> None:
    word = {"en": "PROOF", "fr": "ÉPREUVE", "ru": "КОРРЕКТУРА", "uk": "КОРЕКТУРА", "ka": "კორექტურა"}[language]
    standing = [candidate(n, f"IVANOV {n}", "Pyotr", "the collective farm") for n in range(1, 13)]
    proof = texts(paper(form(standing), (language,), size="a6", proof=True))
    assert len(proof) > 1
    assert all(word in page for page in proof)
    assert not any(word in page for page in texts(paper(form(standing), (language,), size="a6")))


def test_what_is_no_real_ballot_says_so_on_every_page() -> None:
    standing = [candidate(n, f"IVANOV {n}", "Pyotr", "the collective farm") for n in range(1, 13)]
    for kind in (Kind.DEMO, Kind.REHEARSAL, Kind.REPLAY):
        assert all(page.count(kind.value.upper()) == 2 for page in texts(paper(form(standing, kind=kind), size="a6")))


def test_every_copy_on_a_sheet_says_the_same() -> None:
    (text,) = texts(paper(form(draft()[:1]), up=4))
    assert [letters(text).count(letters(words)) for words in ("PETROV", "BALLOT PAPER", "Page 1 of 1")] == [4, 4, 4]


def test_two_languages_stand_side_by_side() -> None:
    made = paper(form(draft()), ("uk", "ka"))
    text = letters(texts(made)[0])
    for words in ("ВИБОРЧИЙ БЮЛЕТЕНЬ", "საარჩევნო ბიულეტენი", "12 грудня 1937 року", "1937 წლის 12 დეკემბერი"):
        assert letters(words) in text
    assert {note.language for note in made.missing} == {"uk", "ka"}
    assert ("unit", "ukr", "name") in {(note.kind, note.id, note.field) for note in made.missing}


def test_a_long_name_breaks_with_hyphens_and_is_whole() -> None:
    long = "ЩОЛНЫШКИНБОГОЯВЛЕНСКИЙ" * 2 + "АБВГДЕЖЗИКЛМНОПР"
    made = paper(form([candidate(1, long), candidate(2, "ИВАНОВ")]), size="a6")
    assert letters(long) in letters(texts(made)[0])


def test_a_letter_without_a_shape_is_named() -> None:
    with pytest.raises(PaperError) as refused:
        paper(form([candidate(1, "毛泽东")]))
    (problem,) = refused.value.problems
    assert problem.seen == "毛"
    assert "Georgian" in problem.expected


def test_a_size_that_is_too_small_for_the_text_is_named() -> None:
    much = candidate(1, "PETROV", "Ivan", *["the general assembly of workers and employees of the plant"] * 30)
    with pytest.raises(PaperError) as refused:
        paper(form([much]), size="a6", large=True)
    (problem,) = refused.value.problems
    assert problem.seen == "a6, large print"
    assert problem.expected == "a5 or a4 or less text"


def test_the_file_is_one_for_archives_with_its_language() -> None:
    reader = PdfReader(io.BytesIO(paper(form(draft()), ("fr",)).pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "BULLETIN DE VOTE, Dnepropetrovsk district"
    assert str(reader.root_object["/Lang"]) == "fr"
    whole = b"".join(paper(form(draft())).pdf.split())
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>" in whole
