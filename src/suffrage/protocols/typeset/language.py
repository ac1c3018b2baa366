"""The languages of protocols: their words from the data files beside this module.

English, French and Russian have words of their own. Any other language has the English ones, with its own hyphenation
and grouping of digits.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from suffrage.typeset.grouping import grouping_of
from suffrage.typeset.language import ENGLISH, Language, parts_of

WORDS = Path(__file__).parent / "words"


def spoken_languages() -> tuple[str, ...]:
    """The languages that have words of their own."""
    return tuple(sorted(path.stem for path in WORDS.glob("*.toml")))


@cache
def language_of(tag: str) -> Language:
    """The language of a tag (BCP 47); English where it is no such tag."""
    code, region = parts_of(tag)
    spoken = code if code in spoken_languages() else ENGLISH
    return Language(code, region, spoken, _words(spoken), grouping_of(code))


@cache
def _words(language: str) -> Mapping[str, Any]:
    return tomllib.loads((WORDS / f"{language}.toml").read_text("utf-8"))
