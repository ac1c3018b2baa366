"""The language of an election's papers: a tag in election.toml, English where none is given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.election import Election, read_folder, write_folder
from suffrage.election.head import LANGUAGE
from suffrage.errors import ElectionError, Problem
from tests.elections import election


def written(folder: Path, line: str) -> Path:
    """A folder whose election.toml has a line of its own on its language."""
    write_folder(election(), folder)
    path = folder / "election.toml"
    lines = path.read_text("utf-8").splitlines()
    assert lines[5] == 'language = "en"'
    lines[5:6] = [line] if line else []
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def problem(folder: Path, line: str) -> Problem:
    with pytest.raises(ElectionError) as refused:
        read_folder(written(folder, line))
    (found,) = refused.value.problems
    return found


def test_english_where_none_is_given(tmp_path: Path) -> None:
    assert election().language == "en"
    assert read_folder(written(tmp_path, "")).language == "en"


@pytest.mark.parametrize("tag", ["en", "fr", "uk", "ka", "ckb", "sr-Latn", "pt-BR", "zh-Hant-TW"])
def test_a_tag_is_read_and_written(tag: str, tmp_path: Path) -> None:
    made: Election = replace(election(), language=tag)
    write_folder(made, tmp_path)
    assert read_folder(tmp_path) == made


@pytest.mark.parametrize(
    "tag", ["EN", "english", "e", "en_US", "en-us", "en-", "fr ", " fr", "fr\\n", "x-mine", "en-USA", "укр", "zh-hant"]
)
def test_what_is_no_tag_is_named_with_its_line(tag: str, tmp_path: Path) -> None:
    found = problem(tmp_path, f'language = "{tag}"')
    assert (found.place, found.message) == ("election.toml, line 6, language", "not a language")
    assert '"fr"' in found.expected


def test_an_empty_tag_is_missing(tmp_path: Path) -> None:
    assert problem(tmp_path, 'language = ""').message == "is missing"


@pytest.mark.parametrize("value", ["5", '["en"]', "true", "{}"])
def test_what_is_no_text_is_named(value: str, tmp_path: Path) -> None:
    found = problem(tmp_path, f"language = {value}")
    assert (found.place, found.message) == ("election.toml, line 6, language", "not text")


@given(st.text(max_size=12))
def test_a_tag_is_short_and_plain(text: str) -> None:
    if LANGUAGE.fullmatch(text):
        assert text.isascii()
        assert set(text) <= set("-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
