"""The calendar of an election: dates counted from polling day, and the same as iCalendar."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from suffrage.errors import LawError
from suffrage.law import (
    Certainty,
    Deadline,
    Entry,
    Gap,
    Statute,
    built_in,
    built_in_ids,
    entries,
    icalendar,
    parse_statute,
)

POLLING_DAY = date(1937, 12, 12)
USSR_1937 = built_in("ussr-1937")

DATED = {
    "district_committees_formed": date(1937, 10, 18),
    "precincts_formed": date(1937, 10, 28),
    "precinct_committees_formed": date(1937, 11, 2),
    "roll_displayed": date(1937, 11, 12),
    "nominations_close": date(1937, 11, 12),
    "candidates_published": date(1937, 11, 17),
    "ballots_printed": date(1937, 11, 27),
    "polling_day": date(1937, 12, 12),
    "protocols_sent_up": date(1937, 12, 13),
    "second_ballot": date(1937, 12, 26),
    "new_election": date(1937, 12, 26),
    "new_election_turnout": date(1937, 12, 26),
}
TERMS = {
    "complaints_decided": "within 3 days of a complaint about the list",
    "appeals_decided": "within 3 days of an appeal to the people's court",
    "refusals_appealed": "within 2 days of the refusal to register a candidate",
    "vacancies_filled": "within 60 days of a seat falling vacant",
}


def with_deadlines(**deadlines: Deadline) -> Statute:
    return replace(built_in("plurality"), calendar=deadlines)


def by_key(statute: Statute, polling_day: date) -> dict[str, Entry]:
    found = entries(statute, polling_day)
    assert len({entry.key for entry in found}) == len(found)
    return {entry.key: entry for entry in found}


def unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n")
    return text.removesuffix("\r\n").replace("\r\n ", "").split("\r\n")


def events(text: str) -> list[dict[str, str]]:
    """The events of an iCalendar file, property by property, with the texts as they were before escaping."""
    found: list[dict[str, str]] = []
    for line in unfolded(text):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and name != "END":
            assert name not in found[-1]
            plain = re.sub(r"\\(.)", lambda match: {"n": "\n", "N": "\n"}.get(match[1], match[1]), value)
            found[-1][name] = plain
    return found


def test_the_dates_of_1937() -> None:
    found = by_key(USSR_1937, POLLING_DAY)
    assert {key: entry.day for key, entry in found.items() if entry.day} == DATED
    assert {key: entry.term for key, entry in found.items() if not entry.day} == TERMS


def test_entries_come_in_the_order_of_their_dates_and_terms_last() -> None:
    days = [entry.day for entry in entries(USSR_1937, POLLING_DAY)]
    dated = [day for day in days if day]
    assert dated == sorted(dated)
    assert days == [*dated, *[None] * len(TERMS)]


def test_an_entry_carries_its_article_and_certainty() -> None:
    found = by_key(USSR_1937, POLLING_DAY)
    published, second = found["candidates_published"], found["second_ballot"]
    assert (published.article, published.certainty) == ("65", Certainty.SECONDARY)
    assert (second.article, second.certainty) == ("107", Certainty.READ)
    assert found["new_election_turnout"].article == "106"
    assert found["polling_day"].title == "Polling day, 06:00 to 24:00"
    assert found["roll_displayed"].term == "30 days before"
    assert found["protocols_sent_up"].term == "1 day after"


def test_a_deadline_without_a_title_is_named_by_its_key() -> None:
    assert by_key(with_deadlines(lists_close=Deadline(before=3)), POLLING_DAY)["lists_close"].title == "Lists close"


def test_a_law_that_states_no_hours_has_a_polling_day_all_the_same() -> None:
    assert by_key(built_in("plurality"), POLLING_DAY)["polling_day"].title == "Polling day"


def test_a_deadline_that_the_law_is_silent_on_is_no_entry() -> None:
    assert "roll" not in by_key(with_deadlines(roll=Deadline(value=Gap.SILENT)), POLLING_DAY)


def test_a_second_ballot_that_is_never_held_has_no_date() -> None:
    assert "second_ballot" not in by_key(built_in("plurality"), POLLING_DAY)
    assert "second_ballot" in by_key(built_in("majority-two-ballots"), POLLING_DAY)


@pytest.mark.parametrize(
    ("polling_day", "before", "day"),
    [
        (date(2024, 3, 1), 1, date(2024, 2, 29)),
        (date(2023, 3, 1), 1, date(2023, 2, 28)),
        (date(2000, 3, 1), 1, date(2000, 2, 29)),
        (date(1900, 3, 1), 1, date(1900, 2, 28)),
        (date(2024, 12, 31), 366, date(2023, 12, 31)),
        (date(2024, 2, 29), 366, date(2023, 2, 28)),
        (date(2024, 2, 29), 0, date(2024, 2, 29)),
    ],
)
def test_leap_years(polling_day: date, before: int, day: date) -> None:
    assert by_key(with_deadlines(x=Deadline(before=before)), polling_day)["x"].day == day


@pytest.mark.parametrize("polling_day", [date.min, date.min + timedelta(54), date.max, date.max - timedelta(13)])
def test_a_date_that_leaves_the_calendar_is_an_error(polling_day: date) -> None:
    for lay_out in (entries, icalendar):
        with pytest.raises(LawError) as caught:
            lay_out(USSR_1937, polling_day)
        assert caught.value.exit_code == 2
        assert str(polling_day) in str(caught.value)


@pytest.mark.parametrize("polling_day", [date.min + timedelta(55), date.max - timedelta(14)])
def test_the_first_and_last_days_that_stay_within_the_calendar(polling_day: date) -> None:
    assert by_key(USSR_1937, polling_day)["polling_day"].day == polling_day


@pytest.mark.parametrize("days", [10**9, 2**63 - 1])
def test_a_term_of_very_many_days_is_an_error(days: int) -> None:
    for deadline in (Deadline(before=days), Deadline(after=days)):
        with pytest.raises(LawError):
            entries(with_deadlines(x=deadline), POLLING_DAY)


@given(st.dates(), st.integers(0, 4_000), st.integers(0, 4_000))
def test_any_day_has_a_calendar_or_a_law_error(polling_day: date, before: int, after: int) -> None:
    statute = with_deadlines(first=Deadline(before=before), last=Deadline(after=after))
    within = polling_day.toordinal() - before >= 1 and polling_day.toordinal() + max(after, 60) <= date.max.toordinal()
    if not within:
        with pytest.raises(LawError):
            entries(statute, polling_day)
        return
    found = by_key(statute, polling_day)
    first, last = found["first"].day, found["last"].day
    assert first
    assert last
    assert (polling_day - first, last - polling_day) == (timedelta(before), timedelta(after))


def test_the_ics_file_holds_every_dated_entry() -> None:
    found = events(icalendar(USSR_1937, POLLING_DAY))
    expected = [(f"{entry.day:%Y%m%d}", entry.title) for entry in entries(USSR_1937, POLLING_DAY) if entry.day]
    assert [(event["DTSTART;VALUE=DATE"], event["SUMMARY"]) for event in found] == expected
    assert len({event["UID"] for event in found}) == len(found) == len(DATED)
    published = next(event for event in found if event["SUMMARY"] == "Candidates published")
    assert published["DESCRIPTION"] == f"{USSR_1937.title}. 25 days before; article 65"


def test_the_ics_file_is_the_same_every_time() -> None:
    assert icalendar(USSR_1937, POLLING_DAY) == icalendar(USSR_1937, POLLING_DAY)


@pytest.mark.parametrize("identifier", built_in_ids())
def test_the_ics_file_of_every_law_is_well_formed(identifier: str) -> None:
    well_formed(icalendar(built_in(identifier), POLLING_DAY))


def well_formed(text: str) -> None:
    """CRLF and nothing else between lines, at most 75 octets a line, each block closed, every property required."""
    assert "\n" not in text.replace("\r\n", "")
    assert "\r" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    logical = unfolded(text)
    assert logical[0] == "BEGIN:VCALENDAR"
    assert logical[-1] == "END:VCALENDAR"
    assert logical.count("BEGIN:VCALENDAR") == logical.count("END:VCALENDAR") == 1
    assert logical.count("BEGIN:VEVENT") == logical.count("END:VEVENT")
    assert all(re.match(r"[A-Z-]+(;[A-Z]+=[A-Z]+)?:", line) for line in logical)
    assert not any(re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line) for line in logical)
    for event in events(text):
        assert {"UID", "DTSTAMP", "DTSTART;VALUE=DATE", "SUMMARY"} <= set(event)
        assert re.fullmatch(r"\d{8}T000000Z", event["DTSTAMP"])
        assert re.fullmatch(r"\d{8}", event["DTSTART;VALUE=DATE"])


@given(st.text(min_size=1, max_size=200), st.text(max_size=60), st.text(max_size=200))
@example("a" * 75, "key", "\N{CYRILLIC SMALL LETTER ZHE}" * 80)
@example("one\r\ntwo\rthree\nfour\\n;,\t", "a\nb", "\N{BALLOT BOX WITH BALLOT}" * 40)
@example("BEGIN:VEVENT\r\nEND:VCALENDAR", "x\r\nEND:VEVENT", " ")
def test_the_ics_file_is_well_formed_whatever_the_titles(title: str, key: str, law_title: str) -> None:
    statute = replace(built_in("plurality"), title=law_title, calendar={key: Deadline(before=1, title=title)})
    text = icalendar(statute, POLLING_DAY)
    well_formed(text)
    shown = [event["SUMMARY"] for event in events(text) if event["DTSTART;VALUE=DATE"] == "19371211"]
    wanted = "".join(c for c in "\n".join(title.splitlines()) if c.isprintable() or c in "\n\t")
    assert shown == [wanted]


@given(st.dates(min_value=date(2, 1, 1), max_value=date(9998, 12, 31)))
@example(date(2, 1, 1))
@example(date(999, 12, 31))
def test_the_ics_file_is_well_formed_whatever_the_day(polling_day: date) -> None:
    text = icalendar(USSR_1937, polling_day)
    well_formed(text)
    assert polling_day.isoformat().replace("-", "") in {event["DTSTART;VALUE=DATE"] for event in events(text)}


def test_a_supplementary_election_is_no_new_election() -> None:
    found = by_key(built_in("vietnam-2015"), date(2016, 5, 22))
    assert found["new_election_turnout"].day == date(2016, 6, 6)
    assert "new_election" not in found
    assert found["candidates_published"].day == date(2016, 4, 27)


def test_a_calendar_read_from_a_file() -> None:
    text = """
id = "x"
title = "x"
extends = "plurality"
sources = ["x"]
[calendar]
roll_displayed = { before = 21, title = "Roll displayed", article = "32" }
complaints_decided = { within = 1 }
"""
    found = by_key(parse_statute(text, "x.toml"), date(2026, 3, 14))
    assert found["roll_displayed"].day == date(2026, 2, 21)
    assert found["complaints_decided"].term == "within 1 day"
