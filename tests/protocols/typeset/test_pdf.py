"""The file itself: the same bytes, its title and language, every letter with a shape."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import typst
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject

from suffrage.law import built_in
from suffrage.protocols.typeset import Press
from suffrage.protocols.typeset.press import TEMPLATES
from suffrage.protocols.typeset.sheet import sheet_of
from tests.protocols.typeset.made import CYRILLIC, GEORGIAN, LATIN, SIGNERS, digest, press, record, votes

Archive = Callable[[dict[str, Any]], list[str]]

SCRIPTS = {
    "latin": "ÀÉÎÕÜß ąćęłńóśźż čďěňřšťůž ĀĒĪ ğış ăâîșț ởữậ Œœ Ææ Þþ Ðð",
    "cyrillic": "".join(map(chr, range(0x410, 0x450))) + "ЁёЂЃЄІЇЈЉЊЋЌЎЏђѓєіїјљњћќўџҐґҒғҚқҢңӨөҰұҮүҺһӘә",
    "georgian": "".join(map(chr, range(0x10D0, 0x10FB))) + " ᲗᲑᲘᲚᲘᲡᲘ",
    "greek and armenian": "Αλφάβητο Հայաստան",
    "signs": "“”„‘’‚«»—–…№§ 1234567890 ×≤≥−%",
}


@pytest.fixture
def archive(tmp_path: Path) -> Callable[[dict[str, Any]], list[str]]:
    """Sets a sheet as an archive file, which must have a shape for every letter (and a date); gives the warnings."""
    shutil.copytree(TEMPLATES, tmp_path, dirs_exist_ok=True)
    look = tmp_path / "look.typ"
    dated = look.read_text("utf-8").replace("date: none", "date: datetime(year: 1937, month: 12, day: 12)")
    look.write_text(dated, "utf-8")
    fonts = typst.Fonts(include_system_fonts=False)
    compiler = typst.Compiler(root=tmp_path, font_paths=fonts, ignore_system_fonts=True)

    def set_sheet(sheet: dict[str, Any]) -> list[str]:
        inputs = {"sheet": json.dumps(sheet)}
        made, warnings = compiler.compile_with_warnings(
            tmp_path / "paper.typ", format="pdf", sys_inputs=inputs, timestamp=0, pdf_standards=["a-2u"]
        )
        assert isinstance(made, bytes)
        return [warning.message for warning in warnings]

    return set_sheet


@pytest.mark.parametrize("language", ["en", "fr", "ru", "ka"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_every_letter_has_a_shape(archive: Archive, script: str, language: str) -> None:
    letters = SCRIPTS[script]
    made = record(
        language=language,
        kind="replay",
        votes=votes((letters, 7), (letters, 1)),
        complaints=[{"by": letters, "text": letters, "answer": letters}],
    )
    made["contest"]["name"] = letters
    made["findings"] = [
        {"severity": "error", "about": "", "check": "took_part <= registered", "left": -1, "right": 1, "article": "1",
         "settled_by": ""}
    ]  # fmt: skip
    sheet = sheet_of(made, digest("x"), SIGNERS, built_in("ussr-1937"))
    assert not archive(sheet)


def test_the_check_for_shapes_would_find_one_that_is_missing(archive: Archive) -> None:
    sheet = sheet_of(record(votes=votes(("中文", 1))), digest("x"), (), built_in("ussr-1937"))
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        archive(sheet)


def font_names(page: PageObject) -> list[str]:
    resources = cast(DictionaryObject, page["/Resources"])
    fonts = cast(DictionaryObject, resources["/Font"])
    return [str(cast(DictionaryObject, font.get_object())["/BaseFont"]) for font in fonts.values()]


def test_the_fonts_are_those_of_typst_and_are_embedded() -> None:
    reader = PdfReader(io.BytesIO(press().paper(record(votes=votes((LATIN, 1), (GEORGIAN, 2))), digest("x"), SIGNERS)))
    fonts = {name.partition("+")[2] for page in reader.pages for name in font_names(page)}
    assert fonts
    assert all(font.startswith(("LibertinusSerif", "NewCM10", "DejaVuSansMono")) for font in fonts)


@pytest.mark.parametrize("level", ["precinct", "part", "district", "area", "centre"])
def test_the_same_data_give_the_same_bytes(level: str) -> None:
    made = record(level, "fr", "demo")
    first = Press(built_in("ussr-1937")).paper(made, digest("x"), SIGNERS)
    assert press().paper(made, digest("x"), SIGNERS) == first
    assert press().paper(record(level), digest("y"), ()) != first
    assert press().paper(dict(reversed(made.items())), digest("x"), SIGNERS) == first


@pytest.mark.slow
def test_another_process_on_another_day_gives_the_same_bytes() -> None:
    program = (
        "import sys, hashlib; from tests.protocols.typeset.made import *;"
        "sys.stdout.write(hashlib.sha256(press().paper(record(language='ru'), digest('x'), SIGNERS)).hexdigest())"
    )
    here = hashlib.sha256(press().paper(record(language="ru"), digest("x"), SIGNERS)).hexdigest()
    for more in ({"TZ": "Asia/Tbilisi", "PYTHONHASHSEED": "1"}, {"SOURCE_DATE_EPOCH": "1", "LC_ALL": "C", "HOME": "/"}):
        found = subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, **more}, capture_output=True, text=True, check=True
        )
        assert found.stdout == here


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("fr-CH", "fr-CH"), ("ka", "ka")])
def test_title_language_and_structure(language: str, tag: str) -> None:
    reader = PdfReader(io.BytesIO(press().paper(record(language=language), digest("x"), SIGNERS)))
    root = reader.root_object
    assert str(root["/Lang"]) == tag
    assert str(cast(DictionaryObject, root["/MarkInfo"])["/Marked"]) == "True"
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert "First district" in str(reader.metadata.title)
    assert reader.metadata.author is None


def test_a_paper_is_small() -> None:
    made = record(votes=votes((LATIN, 1), (CYRILLIC, 2), (GEORGIAN, 3)), kind="replay")
    assert len(press().paper(made, digest("x"), SIGNERS)) < 90_000
