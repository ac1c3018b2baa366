"""Records for papers, made by hand, and what a reader finds on the paper."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pypdf import PdfReader

from suffrage.law import built_in
from suffrage.protocols.published import Signer
from suffrage.protocols.typeset import Press

LANGUAGES = ("en", "fr", "ru", "uk", "ka", "de")
GEORGIAN = "გიორგი მარგველაშვილი"
CYRILLIC = "ЩЕРБАЦКАЯ Їванна Ґалаґанівна"
LATIN = "Ó SÚILLEABHÁIN Pádraig Œuvré"
SIGNERS = (
    Signer("Mária Kovácsová", "chair", "a1" * 32),
    Signer(CYRILLIC, "secretary", "b2" * 32),
    Signer(GEORGIAN, "member", "c3" * 32),
)


@cache
def press(law: str = "ussr-1937") -> Press:
    """One press a law: to load the fonts takes longer than a paper."""
    return Press(built_in(law))


def digest(name: str) -> str:
    """A hash that is no record's."""
    return hashlib.sha256(name.encode()).hexdigest()


def votes(*lines: tuple[str, int]) -> list[dict[str, Any]]:
    """Candidates `c1`, `c2` ... by name and votes."""
    return [
        {"candidate": f"c{number}", "number": number, "name": name, "votes": votes}
        for number, (name, votes) in enumerate(lines, 1)
    ]


def step(
    rule: str, text: str, *, holds: bool = True, article: str = "", candidates: Sequence[str] = (), **figures: int
) -> dict[str, Any]:
    """A step of the reasoning."""
    return {
        "rule": rule, "article": article, "certainty": "read", "holds": holds, "candidates": list(candidates),
        "figures": figures, "text": text,
    }  # fmt: skip


def outcome(kind: str = "elected", *steps: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """An outcome; with nothing said, nobody and nothing."""
    return {
        "kind": kind, "elected": [], "finalists": [], "seats_left": 0, "by": None, "follows": "", "missing": [],
        "certain_though_incomplete": False, "reasoning": list(steps), **more,
    }  # fmt: skip


def _head(level: str, language: str, kind: str) -> dict[str, Any]:
    return {
        "format": "suffrage-protocol/1",
        "kind": kind,
        "election": {"id": "e", "title": "Election of a republic"},
        "law": {"id": "ussr-1937", "title": "Statute on Elections", "sha256": digest("law")},
        "level": level,
        "ballot": 1,
        "day": "1937-12-12",
        "language": language,
        "unit": {"id": "d1", "name": "First district", "kind": "district"},
        "decisions": [],
        "complaints": [],
        "opinions": [],
    }


def record(level: str = "district", language: str = "en", kind: str = "real", **changes: Any) -> dict[str, Any]:
    """A protocol of a level with sound figures; `changes` replace whole keys."""
    made = _head(level, language, kind)
    made["figures"] = {
        "registered": 84_310, "certificates": 17, "issued": 81_209, "took_part": 81_207, "invalid": 412, "blank": 12,
        "void": 400, "valid": 80_795, "all_struck": 1_903,
    }  # fmt: skip
    if level in ("area", "centre"):
        made |= {
            "chamber": {"id": "union", "name": "Council of the Union"},
            "contests": {"expected": 7, "reported": 6},
            "outcomes": {"elected": 4, "second ballot": 1, "undecided": 1},
            "below": [digest("a"), digest("b")],
        }
        if level == "centre":
            made["unit"] = None
        return made | changes
    made["contest"] = {
        "id": "d1", "name": "First district", "chamber": {"id": "union", "name": "Council of the Union"}, "seats": 1
    }  # fmt: skip
    made["votes"] = votes((LATIN, 39_118), (CYRILLIC, 25_006), (GEORGIAN, 14_768))
    if level in ("part", "district"):
        made |= {"units": {"expected": 48, "reported": 48}, "below": [digest(str(n)) for n in range(48)]}
    if level in ("precinct", "district"):
        made["findings"] = []
    if level == "precinct":
        made["unit"] = {"id": "p1", "name": "Precinct 1", "kind": "precinct"}
    if level == "district":
        made |= {
            "breaches": {"errors": 0, "remarks": 0},
            "electors_outstanding": 0,
            "outcome": outcome(
                "second ballot",
                step("elected", "Elected: nobody.", candidates=["c1"]),
                finalists=["c1", "c2"],
                seats_left=1,
                by="1937-12-26",
            ),
        }
    return made | changes


def pages(pdf: bytes) -> list[str]:
    """The text of each page as a reader copies it, on one line: every kind of space is a blank, no breaks in words."""
    return [_plain(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def text(pdf: bytes) -> str:
    """The text of every page."""
    return " ".join(pages(pdf))


def _plain(found: str) -> str:
    return re.sub(r"\s+", " ", found.replace("\u200b", "").replace("\u00ad", ""))


def solid(found: str) -> str:
    """A text without any blanks: what is left where lines may break anywhere."""
    return re.sub(r"[\s\u200b\u00ad]+", "", found)
