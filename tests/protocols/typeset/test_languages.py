"""The language files: whole, alike, and right for every law."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest

from suffrage.law import Statute, built_in, built_in_ids
from suffrage.protocols.typeset.language import WORDS, language_of, spoken_languages
from suffrage.typeset.language import plural_form

OTHERS = [language for language in spoken_languages() if language != "en"]


def texts(words: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in words.items():
        if isinstance(value, dict):
            yield from texts(value, (*path, name))
        else:
            yield (*path, name), value


def words(language: str) -> dict[tuple[str, ...], Any]:
    return dict(texts(tomllib.loads((WORDS / f"{language}.toml").read_text("utf-8"))))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def is_form(path: tuple[str, ...]) -> bool:
    return path[0] == "nouns" and path[-1] in ("one", "few", "many")


def test_english_french_and_russian_are_there() -> None:
    assert spoken_languages() == ("en", "fr", "ru")


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_keys_of_english(language: str) -> None:
    english, other = words("en"), words(language)
    assert {path for path in english if not is_form(path)} == {path for path in other if not is_form(path)}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_has_the_placeholders_of_english(language: str) -> None:
    english, other = words("en"), words(language)
    for path, text in other.items():
        model = english[path] if path in english else english[*path[:-1], "other"]
        if isinstance(text, str):
            assert placeholders(text) == placeholders(model), path
        else:
            assert len(text) == len(model), path


@pytest.mark.parametrize("language", spoken_languages())
def test_every_form_of_a_noun_has_its_number(language: str) -> None:
    nouns = {path: text for path, text in words(language).items() if path[0] == "nouns"}
    assert all(placeholders(text) == {"n"} for text in nouns.values())


@pytest.mark.parametrize("language", spoken_languages())
def test_no_text_is_empty_but_those_that_hang_on_others(language: str) -> None:
    assert all(text for text in words(language).values())


@pytest.mark.parametrize("law", built_in_ids())
def test_every_label_of_a_built_in_law_is_translated(law: str) -> None:
    statute: Statute = built_in(law)
    labels = words("en")
    for rules in (statute, *statute.variants.values()):
        for field in rules.returns.fields.values():
            assert ("labels", field.label) in labels


@pytest.mark.parametrize(
    ("tag", "code", "region", "spoken"),
    [
        ("en", "en", "", "en"),
        ("fr-CH", "fr", "CH", "fr"),
        ("RU", "ru", "", "ru"),
        ("uk", "uk", "", "en"),
        ("zh-Hant-TW", "zh", "TW", "en"),
        ("sr-Latn", "sr", "", "en"),
        ("de-1996", "de", "", "en"),
        ("", "en", "", "en"),
        ("not a tag", "en", "", "en"),
    ],
)
def test_the_language_of_a_tag(tag: str, code: str, region: str, spoken: str) -> None:
    language = language_of(tag)
    assert (language.code, language.region, language.spoken) == (code, region, spoken)


@pytest.mark.parametrize(
    ("language", "number", "form"),
    [
        ("en", 1, "one"), ("en", 0, "other"), ("en", 2, "other"),
        ("fr", 0, "one"), ("fr", 1, "one"), ("fr", 2, "other"),
        ("ru", 1, "one"), ("ru", 21, "one"), ("ru", 11, "many"), ("ru", 2, "few"), ("ru", 34, "few"),
        ("ru", 12, "many"), ("ru", 112, "many"), ("ru", 5, "many"), ("ru", 0, "many"), ("ru", 100, "many"),
    ],
)  # fmt: skip
def test_plural_forms(language: str, number: int, form: str) -> None:
    assert plural_form(language, number) == form


def test_nouns_agree_with_their_number() -> None:
    russian, french = language_of("ru"), language_of("fr")
    assert [russian.noun("votes", n) for n in (1, 2, 5, 21)] == ["1 голос", "2 голоса", "5 голосов", "21 голос"]
    assert french.noun("seats", 1) == "1 siège"
    assert french.noun("seats", 2) == "2 sièges"


def test_days_in_words() -> None:
    assert language_of("en").day("1937-12-12") == "12 December 1937"
    assert language_of("fr").day("2022-06-01") == "1er juin 2022"
    assert language_of("ru").day("1937-12-26") == "26 декабря 1937\u00a0года"
    assert language_of("en").day("some day") == "some day"


def test_shares_in_words() -> None:
    english = language_of("en")
    shares = ["1/2", "1/3", "1/8", "35/100", "2/3", "1/7"]
    assert [english.share(Fraction(share)) for share in shares] == [
        "half", "a third", "an eighth", "35 %", "2/3", "1/7",
    ]  # fmt: skip


def test_lists() -> None:
    french = language_of("fr")
    assert [french.listed(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "personne", "A", "A et B", "A, B et C",
    ]  # fmt: skip


def test_a_text_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        language_of("en").say("facts.nothing_of_the_kind")


def test_a_label_of_a_law_in_another_language_stands_as_it_is() -> None:
    assert language_of("fr").label("électrices inscrites") == "Électrices inscrites"
    assert language_of("ru").label("ამომრჩეველი") == "ამომრჩეველი"
