"""Setting an election up: its law, its hours, its places, contests and candidates. All of it is a draft until fixed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from suffrage.election import Kind
from suffrage.election.head import IDENTIFIER, LANGUAGE
from suffrage.law import built_in_ids, parse_statute
from suffrage.service.acts.permission import MANAGERS, drafting, refused, require, require_draft
from suffrage.service.export import LAW
from suffrage.service.log import record
from suffrage.service.models import Candidate, Contest, Election, Membership, Poll, Role, Stage, Unit

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HEAD = ("title", "kind", "law", "law_text", "time_zone", "language", "contact", "second_factor", "threshold")


@dataclass(frozen=True, kw_only=True)
class Head:
    """What an election says of itself. `law` is a built-in law; `law_text`, where given, is the society's own."""

    title: str
    kind: str
    law: str
    law_text: str = ""
    time_zone: str = "UTC"
    language: str = "en"
    contact: str = ""
    second_factor: bool = False
    threshold: int = 2


def create(by: AbstractBaseUser, slug: str, head: Head, name: str = "") -> Election:
    """Begin an election; whoever does is its secretary. `name` is how the secretary stands in the log."""
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        raise refused("short name", "is none", slug, "small letters a-z and digits, with - between them")
    election = Election(slug=slug)
    _apply(election, head)
    with transaction.atomic():
        if Election.objects.filter(slug=slug).exists():
            raise refused("short name", "belongs to another election", slug, "a new one")
        election.save()
        Membership.objects.create(election=election, user_id=by.pk, role=Role.SECRETARY, name=name or by.get_username())
        record(by, "begin the election", election, title=head.title, law=election.law, kind=head.kind)
    return election


def change(by: AbstractBaseUser, election: Election, head: Head) -> None:
    """Change what a draft says of itself."""
    require(by, election, Role.SECRETARY)
    with drafting(election):
        _apply(election, head)
        election.save(update_fields=_HEAD)
        record(by, "change the election", election, title=head.title, law=election.law, kind=head.kind)


def _apply(election: Election, head: Head) -> None:
    """Put what was given into an election, checked. LawError where its own law does not hold together."""
    if not head.title.strip():
        raise refused("title", "is missing", "", "the name of the election, as on the ballot paper")
    if head.kind not in (Kind.REAL, Kind.REHEARSAL, Kind.DEMO):
        raise refused("kind", "is none", head.kind, "real, rehearsal or demo")
    if head.law_text:
        parse_statute(head.law_text, LAW)
    elif head.law not in built_in_ids():
        raise refused("law", "is not known", head.law, ", ".join(built_in_ids()))
    try:
        ZoneInfo(head.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise refused("time zone", "is not known", head.time_zone, "such as Europe/Kyiv") from None
    if not LANGUAGE.fullmatch(head.language):
        raise refused("language", "is none", head.language, "such as en, fr, ru")
    if head.threshold < 1:
        raise refused("trustees needed", "are too few", head.threshold, "at least 1")
    election.title, election.kind = head.title.strip(), head.kind
    election.law, election.law_text = (LAW, head.law_text) if head.law_text else (head.law, "")
    election.time_zone, election.language, election.contact = head.time_zone, head.language, head.contact.strip()
    election.second_factor, election.threshold = head.second_factor, head.threshold


def set_hours(by: AbstractBaseUser, election: Election, opens: datetime, closes: datetime) -> Poll:
    """Set when the first ballot opens and closes, as long as the urns are not made."""
    require(by, election, *MANAGERS)
    check_hours(opens, closes)
    with transaction.atomic():
        Election.objects.select_for_update().get(pk=election.pk)
        poll, _ = Poll.objects.get_or_create(election=election, ballot=1, defaults={"opens": opens, "closes": closes})
        if poll.stage != Stage.PREPARED:
            raise refused("hours", "are fixed since the urns were made", "", "a decision to extend the poll")
        poll.opens, poll.closes = opens, closes
        poll.save()
        record(by, "set the hours", election, opens=opens.isoformat(), closes=closes.isoformat())
    return poll


def check_hours(opens: datetime, closes: datetime) -> None:
    """ServiceError where a poll would close before it opens, or not within a year."""
    if opens.tzinfo is None or closes.tzinfo is None:
        raise refused("hours", "have no time zone")
    if not opens < closes:
        raise refused("hours", "close before they open", f"{opens} to {closes}", "a closing after the opening")
    if closes - opens > timedelta(days=366):
        raise refused("hours", "are longer than a year", closes - opens)


def identifier_from(name: str, taken: Iterable[str], fallback: str) -> str:
    """An identifier made of a name: its letters and digits with hyphens between, a number behind where it is taken."""
    base = re.sub(r"[\W_]+", "-", name.lower()).strip("-")[:60] or fallback
    if base.isdigit():
        base = f"{fallback}-{base}"
    known = set(taken)
    made, number = base, 2
    while made in known:
        made, number = f"{base}-{number}", number + 1
    return made


def _checked(slug: str, what: str) -> str:
    if not IDENTIFIER.fullmatch(slug) or slug.isdigit():
        raise refused(f"{what}, short name", "is none", slug, "letters, digits and - . : _, with a letter in it")
    return slug


def add_unit(
    by: AbstractBaseUser,
    election: Election,
    name: str,
    kind: str,
    parent: Unit | None,
    slug: str = "",
    *,
    paper: bool = False,
) -> Unit:
    """Add a place: the society itself, a district, or a precinct of it that votes on paper."""
    require(by, election, Role.SECRETARY)
    require_draft(election)
    taken = set(election.units.values_list("slug", flat=True))
    slug = _checked(slug or identifier_from(name, taken, "unit"), "place")
    if not name.strip() or slug in taken:
        raise refused("place", "has no name" if not name.strip() else "stands there already", slug)
    if parent is None and election.units.filter(parent=None).exists():
        raise refused("place", "lies in nothing", name, "one place at the top; all others lie in another one")
    if parent is not None and parent.paper:
        raise refused("place", "lies in one that votes on paper", parent.name, "a place that has its own return")
    if paper and parent is None:
        raise refused("place", "votes on paper as a whole", name, "the places in it, one return each")
    with drafting(election):
        unit = Unit.objects.create(
            election=election,
            slug=slug,
            name=name.strip(),
            kind=kind.strip(),
            parent=parent,
            paper=paper,
            position=len(taken),
        )
        record(by, "add a place", election, unit=slug, name=name.strip(), **({"votes": "on paper"} if paper else {}))
    return unit


def add_contest(
    by: AbstractBaseUser,
    election: Election,
    name: str,
    unit: Unit,
    seats: int = 1,
    *,
    chamber: str = "",
    rules: str = "",
    slug: str = "",
) -> Contest:
    """Add a contest: so many seats, filled by the electors of a place."""
    require(by, election, Role.SECRETARY)
    require_draft(election)
    taken = set(election.contests.values_list("slug", flat=True))
    slug = _checked(slug or identifier_from(name, taken, "contest"), "contest")
    if not name.strip() or slug in taken:
        raise refused("contest", "has no name" if not name.strip() else "stands there already", slug)
    if not 1 <= seats <= 10_000:
        raise refused("seats", "are not a number of seats", seats, "1 to 10,000")
    with drafting(election):
        contest = Contest.objects.create(
            election=election,
            slug=slug,
            name=name.strip(),
            unit=unit,
            seats=seats,
            chamber=chamber,
            rules=rules,
            position=len(taken),
        )
        record(by, "add a contest", election, contest=slug, name=name.strip(), unit=unit.slug, seats=seats)
    return contest


def add_candidate(
    by: AbstractBaseUser,
    contest: Contest,
    surname: str,
    names: str = "",
    supporters: Iterable[str] = (),
    *,
    occupation: str = "",
    party: str = "",
    birth_date: date | None = None,
    slug: str = "",
) -> Candidate:
    """Put a name on the ballot paper of a contest, below those that stand there."""
    election = contest.election
    require(by, election, Role.SECRETARY)
    require_draft(election)
    taken = set(contest.candidates.values_list("slug", flat=True))
    slug = _checked(slug or identifier_from(f"{surname} {names}", taken, "candidate"), "candidate")
    backing = [line.strip() for line in supporters if line.strip()]
    if not surname.strip() or slug in taken:
        raise refused("candidate", "has no surname" if not surname.strip() else "stands there already", slug)
    if any(";" in line for line in backing):
        raise refused("supporters", "have a semicolon in a name", "", "one supporter a line, without ;")
    with drafting(election):
        number = 1 + (contest.candidates.order_by("-number").values_list("number", flat=True).first() or 0)
        candidate = Candidate.objects.create(
            contest=contest,
            slug=slug,
            number=number,
            surname=surname.strip(),
            names=names.strip(),
            supporters="\n".join(backing),
            occupation=occupation.strip(),
            party=party.strip(),
            birth_date=birth_date,
        )
        record(by, "add a candidate", election, contest=contest.slug, candidate=slug, number=number)
    return candidate


def remove(by: AbstractBaseUser, item: Unit | Contest | Candidate) -> None:
    """Take a place, a contest or a candidate out of a draft again; numbers on the ballot paper close up."""
    election = item.contest.election if isinstance(item, Candidate) else item.election
    require(by, election, Role.SECRETARY)
    require_draft(election)
    what = type(item).__name__.lower()
    with drafting(election):
        record(by, f"remove a {'place' if isinstance(item, Unit) else what}", election, **{what: item.slug})
        try:
            contest = item.contest if isinstance(item, Candidate) else None
            item.delete()
        except IntegrityError:
            raise refused(str(item), "is still needed", "", "nothing that stands in it") from None
        if contest is not None:
            for number, candidate in enumerate(contest.candidates.all(), 1):
                if candidate.number != number:
                    Candidate.objects.filter(pk=candidate.pk).update(number=number)


def move_clock(by: AbstractBaseUser, election: Election, seconds: int) -> None:
    """Move the clock of a rehearsal or a demo by seconds, forward or back."""
    require(by, election, *MANAGERS)
    if election.kind == Kind.REAL:
        raise refused("clock", "cannot be moved", "a real election", "a rehearsal or a demo")
    if abs(election.clock_offset + seconds) > 400 * 86400:
        raise refused("clock", "would be moved too far", seconds, "at most 400 days in all")
    with transaction.atomic():
        Election.objects.filter(pk=election.pk).update(clock_offset=election.clock_offset + seconds)
        election.clock_offset += seconds
        record(by, "move the clock", election, seconds=seconds)
