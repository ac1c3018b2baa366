"""The words of a station's parcel, a data file a language, beside those of the protocols."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from suffrage.election import Election
from suffrage.errors import WRONG_USE, PaperError, Problem, shown
from suffrage.protocols.typeset.language import language_of
from suffrage.typeset.language import ENGLISH, Language, parts_of

_FILES = Path(__file__).parent


def station_languages() -> tuple[str, ...]:
    """The languages that a parcel can be set in."""
    return tuple(sorted(path.stem for path in _FILES.glob("*.toml")))


@cache
def station_language(tag: str) -> Language:
    """The language of a tag (BCP 47), with what the law's figures are called in it.

    PaperError (exit code 2) where there are no words in it.
    """
    code, region = parts_of(tag)
    if code not in station_languages() or not tag.lower().startswith(code):
        known = ", ".join(station_languages())
        raise PaperError(
            Problem("language", "a station's parcel has no words in it", shown(tag), known), exit_code=WRONG_USE
        )
    common = language_of(code)
    own = tomllib.loads((_FILES / f"{code}.toml").read_text("utf-8"))
    return Language(code, region, code, {**common.words, "station": own}, common.grouping)


def own_language(election: Election) -> Language:
    """The language of an election, or English where a parcel has no words in it."""
    own = parts_of(election.language)[0]
    return station_language(own if own in station_languages() else ENGLISH)
