"""A law as one file: as it lies there, or merged with the file that it extends."""

from __future__ import annotations

from pathlib import Path

import pytest

from suffrage.errors import LawError
from suffrage.law import built_in_ids, extended_file, find_statute, parse_statute, statute_text

OWN = 'id = "own"\ntitle = "Own"\nsources = ["made up"]\nextends = "{}"\n'


@pytest.mark.parametrize("name", built_in_ids())
def test_a_built_in_law_is_its_file(name: str) -> None:
    assert parse_statute(statute_text(name).decode(), "law.toml") == find_statute(name)


def test_a_file_is_given_as_it_is(tmp_path: Path) -> None:
    text = "# by hand\n" + OWN.format("plurality")
    (tmp_path / "own.toml").write_text(text)
    assert statute_text("own.toml", tmp_path) == text.encode()
    assert extended_file(text) == ""


def test_what_extends_another_file_is_merged_with_it(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(OWN.format("plurality").replace("own", "base"))
    (tmp_path / "own.toml").write_text(OWN.format("base.toml"))
    text = statute_text("own.toml", tmp_path).decode()
    assert extended_file(text) == ""
    assert parse_statute(text, "law.toml") == find_statute("own.toml", tmp_path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LawError, match="cannot be read"):
        statute_text("none.toml", tmp_path)
