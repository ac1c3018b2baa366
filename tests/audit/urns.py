"""Small sealed elections, as far as they are wanted, and the archives of the official tool."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import orjson

from suffrage import _core
from suffrage.belenios.question import Question
from suffrage.election import Election
from suffrage.law import built_in
from suffrage.returns.sealed import question_of
from suffrage.returns.urns import ARCHIVES, URNS
from suffrage.tables import table_text
from tests.belenios import archives
from tests.belenios.archives import Event, archive

NAMES = {"a": "qzpgNKpgX6RmVD", "b2": "vTgkBCLQiTjHW2"}
STAGES = ("Ballot", "EndBallots", "EncryptedTally", "PartialDecryption", "Result")
TIMESTAMP = 1_000_000_000


def official(folder: Path, election: str, which: str = "") -> Path:
    """One of the official archives that were unpacked into a folder."""
    within = {"": "", "open": "open"}.get(which, f"tampered/{which}")
    return folder / election / within / f"{NAMES[election]}.bel"


def contest_question(election: Election, contest: str, finalists: Sequence[str] = ()) -> Question:
    """The question of a contest under the election's built-in law."""
    position = election.index.contest[contest]
    item = election.contests[position]
    people = [election.candidates[number] for number in election.index.standing[position]]
    rules = built_in(election.law).rules_under(item.rules)
    return question_of(item, rules, people, [person for person in people if person.id in finalists])


def made_archive(
    path: Path,
    questions: Sequence[Question],
    cast: Sequence[tuple[int, Sequence[Sequence[int]]]],
    electors: int,
    until: str = "Result",
    weights: Sequence[int] = (),
) -> Path:
    """The archive of an election with one trustee.

    `cast`: the elector (from 0) of each ballot and what is sealed in it. `until` is the last kind of event.
    """
    seed, public = _core.new_trustee("trustee")
    trustees = _core.trustees_text([public], [])
    uuid = _core.new_uuid()
    codes = [_core.new_code() for _ in range(electors)]
    credentials = _core.public_credentials(uuid, codes)
    given = weights or [1] * electors
    listed = [
        {"credential": name} if one == 1 else {"credential": name, "weight": one}
        for name, one in sorted(zip(credentials, given, strict=True))
    ]
    core = [question.as_core() for question in questions]
    text = _core.election_text(uuid, "An urn", "", core, "Office", "Authority", _core.trustees_key(trustees))
    sealed = _core.SealedElection(text)
    ballots = [sealed.seal(codes[elector], choices) for elector, choices in cast]
    found = [Event("Setup", (text, trustees, orjson.dumps(listed))), *(Event("Ballot", (one,)) for one in ballots)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(archive(found, TIMESTAMP))
    report = _core.audit_archive(path)
    assert report.failures == []
    assert report.tally is not None
    owner, partial = _core.partial_decryption(text, trustees, report.tally, seed, None)
    result = _core.tally_result(text, trustees, report.tally, report.total_weight, [(owner, partial)])
    found += [
        Event("EndBallots"),
        Event("EncryptedTally", (report.tally,), (report.voters, report.total_weight)),
        Event("PartialDecryption", (partial,), (owner,)),
        Event("Result", (result,)),
    ]
    kept = len(found) - len(STAGES) + 1 + STAGES.index(until)
    path.write_bytes(archive(found[:kept], TIMESTAMP))
    return path


def votes_of(question: Question, *votes: int, none: int = 0) -> list[tuple[int, list[list[int]]]]:
    """Ballots that give each answer so many votes, one name a ballot, by electors 0, 1, 2 ...; `none` choose nobody."""
    chosen = [(answer,) for answer, number in enumerate(votes) for _ in range(number)]
    cast = [question.plain(places) for places in chosen]
    cast += [question.plain((), blank=question.blank) for _ in range(none)]
    return [(elector, [choices]) for elector, choices in enumerate(cast)]


def urn_of(
    folder: Path,
    election: Election,
    contest: str,
    *votes: int,
    none: int = 0,
    absent: int = 0,
    until: str = "Result",
    finalists: Sequence[str] = (),
    name: str = "",
) -> str:
    """Put the urn of a contest into an election folder; the name of its archive."""
    question = contest_question(election, contest, finalists)
    cast = votes_of(question, *votes, none=none)
    name = name or f"{contest}{len(finalists) or ''}.bel"
    made_archive(folder / ARCHIVES / name, [question], cast, len(cast) + absent, until)
    return name


def list_urns(folder: Path, *rows: tuple[str, int, str, str]) -> None:
    """Write `urns.csv`: contest, ballot, unit, archive."""
    (folder / URNS).write_text(table_text(("contest", "ballot", "unit", "archive"), rows), "utf-8")


def relinked(path: Path, change: Callable[[list[Event]], Sequence[Event]]) -> None:
    """Change the events of an archive; all that links them is right again."""
    path.write_bytes(archives.relinked(path.read_bytes(), change))


def with_result(found: list[Event], *figures: int) -> list[Event]:
    """The events with another result of the one question."""
    result = Event("Result", (orjson.dumps({"result": [list(figures)]}),))
    return [result if event.kind == "Result" else event for event in found]
