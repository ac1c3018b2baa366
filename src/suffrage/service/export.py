"""The export: an election of the service as the one model, and as the folder that count, protocols and bundle take."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db.models import Count

from suffrage import election as model
from suffrage.count.folder import law_of
from suffrage.election.folder import folder_texts
from suffrage.law import Rules, Statute, parse_statute
from suffrage.outputs import written
from suffrage.protocols.roster import ROSTER, ROSTER_SIGNATURE
from suffrage.returns.urns import ARCHIVES, URNS
from suffrage.service import folders
from suffrage.service.clock import day_of
from suffrage.service.models import Contest, Election, PaperReturn, Urn
from suffrage.service.paper_places import ONLINE, Arrangement, arranged
from suffrage.tables import table_text

LAW = "law.toml"
RETURNS = "returns.csv"


def as_model(election: Election) -> model.Election:
    """An election as `suffrage.election.Election`."""
    polls = {poll.ballot: poll for poll in election.polls.all()}
    contests = list(election.contests.select_related("unit").prefetch_related("candidates"))
    return model.Election(
        id=election.slug,
        title=election.title,
        law=election.law,
        kind=model.Kind(election.kind),
        units=tuple(_units(election, arranged(election, contests))),
        contests=tuple(contest_as_model(contest) for contest in contests),
        candidates=tuple(person for contest in contests for person in candidates_as_model(contest)),
        decisions=tuple(
            model.Decision(
                id=decision.slug,
                kind=model.DecisionKind(decision.kind),
                contest=decision.contest.slug,
                ballot=decision.ballot,
                unit=decision.unit,
                candidate=decision.candidate,
                field=decision.field,
                figure=decision.figure,
                date=decision.day,
                by=decision.by,
                reason=decision.reason,
                article=decision.article,
            )
            for decision in election.decisions.select_related("contest")
        ),
        polling_day=day_of(polls[1]) if 1 in polls else None,
        second_ballot_day=day_of(polls[2]) if 2 in polls else None,
        time_zone=ZoneInfo(election.time_zone).key,
        language=election.language,
    )


def _units(election: Election, arrangement: Arrangement) -> Iterator[model.Unit]:
    """The places of an election, and the units in which its urns are reported beside those that vote on paper."""
    rolls = dict(election.electors.filter(unit__paper=True).values_list("unit").annotate(number=Count("pk")).order_by())
    for unit in election.units.select_related("parent"):
        parent = arrangement.parents.get(unit.slug, unit.parent.slug if unit.parent else "")
        yield model.Unit(unit.slug, unit.name, unit.kind, parent, registered=rolls.get(unit.pk))
    for slug, name, parent in arrangement.made:
        yield model.Unit(slug, name, ONLINE, parent)


def contest_as_model(contest: Contest) -> model.Contest:
    """A contest as `suffrage.election.Contest`."""
    return model.Contest(contest.slug, contest.unit.slug, contest.name, contest.chamber, contest.seats, contest.rules)


def candidates_as_model(contest: Contest) -> list[model.Candidate]:
    """The candidates of a contest, in the order of the ballot paper."""
    return [
        model.Candidate(
            contest=contest.slug,
            id=person.slug,
            number=person.number,
            surname=person.surname,
            names=person.names,
            supporters=tuple(line.strip() for line in person.supporters.splitlines() if line.strip()),
            party=person.party,
            birth_date=person.birth_date,
            occupation=person.occupation,
        )
        for person in contest.candidates.all()
    ]


def statute_of(election: Election) -> Statute:
    """The law of an election. LawError where it is none any more."""
    if election.law == LAW:
        return parse_statute(election.law_text, LAW)
    return law_of(as_model(election), Path())


def rules_of(contest: Contest) -> Rules:
    """The rules of a contest under its election's law."""
    return statute_of(contest.election).rules_under(contest.rules)


def write_export(election: Election) -> Path:
    """Write the folder of an election, as far as its urns are opened, and give its path.

    Protocols and signatures that lie in it stay. The archives are those of the urns: the same file, where the disk
    allows two names for one.
    """
    folder = folders.election_folder(election.slug)
    (folder / ARCHIVES).mkdir(parents=True, exist_ok=True)
    files = {folder / name: text.encode() for name, text in folder_texts(as_model(election)).items()}
    opened = list(
        Urn.objects.filter(election=election, decrypted=True)
        .select_related("contest")
        .order_by("ballot", "contest__position", "id")
    )
    reported = arranged(election, election.contests.all()).urn_unit
    rows = [(urn.contest.slug, urn.ballot, reported.get(urn.contest.slug, ""), urn.file) for urn in opened]
    files[folder / URNS] = table_text(("contest", "ballot", "unit", "archive"), rows).encode()
    if text := returns_text(election):
        files[folder / RETURNS] = text.encode()
    if election.law == LAW:
        files[folder / LAW] = election.law_text.encode()
    if election.roster:
        files[folder / ROSTER] = bytes(election.roster)
        files[folder / ROSTER_SIGNATURE] = election.roster_signature.encode()
    for urn in opened:
        _same_file(folders.urns() / urn.file, folder / ARCHIVES / urn.file)
    written(files)
    return folder


def returns_in_force(election: Election) -> dict[tuple[int, int, int], PaperReturn]:
    """The accepted returns from paper by contest, unit and ballot: of each the last."""
    returns = PaperReturn.objects.filter(election=election).select_related("contest", "unit")
    return {(one.contest_id, one.unit_id, one.ballot): one for one in returns}


def returns_text(election: Election) -> str:
    """The accepted returns from paper as the long form of `returns.csv`; empty where there are none."""
    rows = [
        (one.unit.slug, one.contest.slug, one.ballot, name, figure)
        for one in returns_in_force(election).values()
        for name, figure in (*one.figures.items(), *one.votes.items())
    ]
    return table_text(("unit", "contest", "ballot", "field", "figure"), rows) if rows else ""


def _same_file(source: Path, target: Path) -> None:
    """Give an archive that is finished a second name, or copy it."""
    if target.exists() and target.stat().st_size == source.stat().st_size:
        return
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
