"""The words of ballot papers, a data file a language."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from suffrage.errors import WRONG_USE, PaperError, Problem, shown
from suffrage.typeset.grouping import grouping_of
from suffrage.typeset.language import Language, parts_of

_FILES = Path(__file__).parent


def paper_languages() -> tuple[str, ...]:
    """The languages that ballot papers can be set in."""
    return tuple(sorted(path.stem for path in _FILES.glob("*.toml")))


@cache
def paper_language(tag: str) -> Language:
    """The language of a tag (BCP 47). PaperError (exit code 2) where there are no words in it."""
    code, region = parts_of(tag)
    if code not in paper_languages() or not tag.lower().startswith(code):
        known = ", ".join(paper_languages())
        raise PaperError(
            Problem("language", "ballot papers have no words in it", shown(tag), known), exit_code=WRONG_USE
        )
    words = tomllib.loads((_FILES / f"{code}.toml").read_text("utf-8"))
    return Language(code, region, code, words, grouping_of(code))
