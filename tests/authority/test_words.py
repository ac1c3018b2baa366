"""The words that electors are written to in: the same keys and placeholders in every language."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from suffrage.authority.language import WORDS, language_of
from suffrage.protocols.typeset.language import spoken_languages


def texts(words: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in words.items():
        if isinstance(value, dict):
            yield from texts(value, f"{path}{name}.")
        elif isinstance(value, list):
            yield from ((f"{path}{name}[{place}]", text) for place, text in enumerate(value))
        else:
            yield f"{path}{name}", value


def own(language: str) -> dict[str, str]:
    return dict(texts(tomllib.loads((WORDS / f"{language}.toml").read_text("utf-8"))))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_languages_are_those_of_the_papers() -> None:
    assert tuple(sorted(path.stem for path in WORDS.glob("*.toml"))) == spoken_languages()


@pytest.mark.parametrize("language", spoken_languages())
def test_every_language_says_all_that_english_says(language: str) -> None:
    english, other = own("en"), own(language)
    assert english.keys() == other.keys()
    for path, text in other.items():
        assert text.strip()
        assert placeholders(text) == placeholders(english[path]), path


def test_an_unknown_language_is_english() -> None:
    assert language_of("de").say("letter.heading") == "YOUR VOTING CODE"
    assert language_of("fr-CA").say("letter.heading") == "VOTRE CODE DE VOTE"
