"""The lists in the archives are the authority's own, or it says whose they are not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from suffrage.authority.checking import check_archive, read_lists
from suffrage.cli import main
from suffrage.errors import AuthorityError
from tests.belenios.archives import Event, archive
from tests.belenios.made import TIMESTAMP, Made, election

MADE = election(voters=5, name="Council")
UUID = MADE.sealed.uuid


def public(made: Made = MADE) -> dict[str, Any]:
    """What the authority keeps of the lists, as its command writes it."""
    rows = [{"credential": name, "id": f"e{number}"} for number, name in enumerate(sorted(made.public), 1)]
    return {"format": "suffrage-credentials/1", "election": "council", "lists": {made.sealed.uuid: rows}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "public.json").write_text(json.dumps(public()))
    return tmp_path


def with_list(path: Path, rows: object) -> Path:
    """An archive of the election with another list."""
    listed = json.dumps(rows, separators=(",", ":")).encode()
    path.write_bytes(archive([Event("Setup", (MADE.text, MADE.trustees.text, listed))], TIMESTAMP))
    return path


def test_the_list_of_an_archive_is_the_authoritys(folder: Path) -> None:
    path = MADE.create(folder / "x.bel", [MADE.ballot(0, [[1, 0, 0]])])
    found = check_archive(read_lists(folder / "public.json"), path)
    assert (found.uuid, found.name, found.credentials) == (UUID, "Council", 5)


Change = Callable[[list[dict[str, Any]]], object]
CHANGES: dict[str, tuple[Change, str]] = {
    "one more": (lambda rows: rows.append({"credential": "f" * 64}), "its list has 1 credential that"),
    "one for another": (
        lambda rows: rows[2].update(credential="0" * 64),
        "its list has 1 credential that",
    ),
    "one less": (lambda rows: rows.pop(), "its list lacks 1 credential"),
    "none": (lambda rows: rows.clear(), "its list lacks 5 credentials"),
    "one twice": (lambda rows: rows.append(dict(rows[0])), "some stand twice"),
    "a weight": (lambda rows: rows[1].update(weight=2), "some of them have weights"),
    "a row that is none": (lambda rows: rows.append({}), "its list of credentials is none"),
}


@pytest.mark.parametrize("name", list(CHANGES))
def test_every_other_list_is_told(name: str, folder: Path) -> None:
    rows = [{"credential": credential} for credential in sorted(MADE.public)]
    lists = read_lists(folder / "public.json")
    assert check_archive(lists, with_list(folder / "x.bel", rows)).credentials == 5
    change, said = CHANGES[name]
    change(rows)
    with pytest.raises(AuthorityError, match=said) as error:
        check_archive(lists, with_list(folder / "x.bel", rows))
    assert error.value.exit_code == 1


def test_what_cannot_be_held_against_the_lists(folder: Path) -> None:
    lists = read_lists(folder / "public.json")
    with pytest.raises(AuthorityError, match="is no urn of the authority's lists") as error:
        check_archive(lists, election().create(folder / "other.bel"))
    assert error.value.exit_code == 2
    with pytest.raises(AuthorityError) as error:
        check_archive(lists, folder / "none.bel")
    assert error.value.exit_code == 2
    with pytest.raises(AuthorityError) as error:
        check_archive(lists, folder / "public.json")
    assert error.value.exit_code == 1
    for text in (
        "",
        "[]",
        "{}",
        '{"format":"suffrage-credentials/2","lists":{}}',
        '{"format":"suffrage-credentials/1"}',
    ):
        (folder / "public.json").write_text(text)
        with pytest.raises(AuthorityError, match="holds no public lists"):
            read_lists(folder / "public.json")


def test_the_command_checks_every_archive(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = MADE.create(folder / "x.bel")
    main(["authority", "check", str(folder), str(whole)])
    assert "the list is yours, 5 credentials." in capsys.readouterr().out
    rows = [{"credential": credential} for credential in sorted(MADE.public)[1:]]
    short = with_list(folder / "short.bel", rows)
    with pytest.raises(SystemExit) as left:
        main(["authority", "check", str(folder), str(short), str(whole)])
    assert left.value.code == 1
    said = capsys.readouterr()
    assert said.err.startswith(f"suffrage: {short}: its list lacks 1 credential")
    assert "the list is yours" in said.out
