"""The sentences that electors and the public read, in every language of the service: `words/LANGUAGE.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

LANGUAGES = ("en", "fr", "ru")


@cache
def words(language: str) -> Mapping[str, str]:
    """The sentences of a language by their name; English where there are none of it."""
    chosen = language.split("-")[0]
    name = chosen if chosen in LANGUAGES else LANGUAGES[0]
    text = (resources.files("suffrage.service") / "words" / f"{name}.toml").read_text("utf-8")
    found: dict[str, str] = tomllib.loads(text)
    return found
