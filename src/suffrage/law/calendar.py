"""The calendar of an election: every deadline of a law for one polling day, with its article; also as iCalendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from suffrage.errors import WRONG_USE, LawError, Problem
from suffrage.law.rules import Certainty, Deadline
from suffrage.law.statute import Statute


@dataclass(frozen=True, slots=True)
class Entry:
    """One deadline. `day` is None for a term that starts with another event; `term` says it in words."""

    key: str
    title: str
    day: date | None
    term: str
    article: str
    certainty: Certainty


def entries(statute: Statute, polling_day: date) -> tuple[Entry, ...]:
    """Every deadline in the order of its date; terms that start with other events come last.

    LawError (exit code 2) where a date would leave the calendar (before year 1, after year 9999).
    """
    deadlines = {**statute.calendar, **_from_rules(statute)}
    try:
        found = [_entry(key, deadline, polling_day) for key, deadline in deadlines.items() if deadline.value is None]
    except OverflowError:
        raise LawError(
            Problem(
                "--polling-day",
                "a deadline leaves the calendar",
                str(polling_day),
                "a day in the years 2 to 9998",
            ),
            exit_code=WRONG_USE,
        ) from None
    opens, closes = statute.voting.opens, statute.voting.closes
    hours = f", {opens.known} to {closes.known}" if opens.known and closes.known else ""
    found.append(Entry("polling_day", f"Polling day{hours}", polling_day, "", opens.article, opens.certainty))
    return tuple(sorted(found, key=lambda entry: (entry.day is None, entry.day or date.max)))


def _from_rules(statute: Statute) -> dict[str, Deadline]:
    """Deadlines that other sections state: the second ballot and new elections."""
    found: dict[str, Deadline] = {}
    second = statute.second_ballot.within_days
    if second.known is not None:
        found["second_ballot"] = Deadline(
            after=second.known,
            title="Second ballot, at the latest",
            article=second.article,
            certainty=second.certainty,
        )
    for key, title, rule in (
        (
            "new_election",
            "New election where nobody can be elected, at the latest",
            statute.new_election.no_majority,
        ),
        (
            "new_election_turnout",
            "New election for lack of turnout, at the latest",
            statute.turnout.otherwise,
        ),
    ):
        if rule.value == "new-election" and rule.within_days is not None:
            found[key] = Deadline(after=rule.within_days, title=title, article=rule.article, certainty=rule.certainty)
    return found


def _entry(key: str, deadline: Deadline, polling_day: date) -> Entry:
    title = deadline.title or key.replace("_", " ").capitalize()
    if deadline.before is not None:
        day, term = polling_day - timedelta(days=deadline.before), f"{_days(deadline.before)} before"
    elif deadline.after is not None:
        day, term = polling_day + timedelta(days=deadline.after), f"{_days(deadline.after)} after"
    else:
        day, term = (
            None,
            f"within {_days(deadline.within or 0)}" + (f" of {deadline.of}" if deadline.of else ""),
        )
    return Entry(key, title, day, term, deadline.article, deadline.certainty)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def icalendar(statute: Statute, polling_day: date) -> str:
    """The dated entries as an iCalendar file (RFC 5545): whole days, stable identifiers, no time of making."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//suffrage//calendar//EN", "CALSCALE:GREGORIAN"]
    for entry in entries(statute, polling_day):
        if entry.day is None:
            continue
        note = "; ".join(filter(None, (entry.term, f"article {entry.article}" if entry.article else "")))
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escaped(f'{statute.id}-{_digits(polling_day)}-{entry.key}@suffrage')}",
            f"DTSTAMP:{_digits(polling_day)}T000000Z",
            f"DTSTART;VALUE=DATE:{_digits(entry.day)}",
            f"SUMMARY:{_escaped(entry.title)}",
            f"DESCRIPTION:{_escaped(f'{statute.title}. {note}')}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "\r\n".join(map(_folded, [*lines, "END:VCALENDAR"])) + "\r\n"


def _digits(day: date) -> str:
    """Eight digits: `strftime` leaves out the zeros of a year before 1000."""
    return day.isoformat().replace("-", "")


def _escaped(text: str) -> str:
    """Text as RFC 5545, 3.3.11, wants it; it knows no control characters but the line break and the tab."""
    text = "".join(c for c in "\n".join(text.splitlines()) if c.isprintable() or c in "\n\t")
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return text


def _folded(line: str) -> str:
    """Lines of at most 75 octets (RFC 5545, 3.1), never cut inside a character."""
    folded, width = "", 0
    for character in line:
        size = len(character.encode())
        if width + size > 75:
            folded, width = folded + "\r\n ", 1
        folded, width = folded + character, width + size
    return folded
