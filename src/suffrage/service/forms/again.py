"""When a second ballot or a new election is held: proposed within the days that the law leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms

from suffrage.service.acts.again import Due
from suffrage.service.forms.setup import HoursForm
from suffrage.service.models import Election, Poll


def proposed_hours(before: Poll, last: date | None, now: datetime) -> tuple[datetime, datetime]:
    """Hours like those of the ballot before, on the last day that the law allows, or in two weeks; never in the past.

    They open and close at the same times of the day, so many days later.
    """
    zone = ZoneInfo(before.election.time_zone)
    opens, closes = before.opens.astimezone(zone), before.closes.astimezone(zone)
    day = last or now.astimezone(zone).date() + timedelta(days=14)
    # A poll that closes at midnight closes on the day that begins then.
    shift = timedelta(days=(day - (closes - timedelta(microseconds=1)).date()).days)
    made = _moved(opens, shift, zone), _moved(closes, shift, zone)
    if made[0] > now:
        return made
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    begin = datetime.combine(tomorrow, time(opens.hour, opens.minute), zone)
    return begin, max(made[1], begin + (before.closes - before.opens)) if last is None else made[1]


def _moved(moment: datetime, by: timedelta, zone: ZoneInfo) -> datetime:
    return (moment.replace(tzinfo=None) + by).replace(tzinfo=zone)


class AgainForm(HoursForm):
    """The hours of a second ballot, or of a new election in some contests."""

    places: ClassVar[Mapping[str, str]] = {**HoursForm.places, "new election": "contests"}

    def __init__(self, election: Election, contests: Sequence[Due], *arguments: Any, **more: Any) -> None:
        super().__init__(election, *arguments, **more)
        if contests:
            choices = [(item.contest.slug, item.contest.name) for item in contests]
            self.fields["contests"] = forms.MultipleChoiceField(
                choices=choices, initial=[slug for slug, _ in choices], widget=forms.CheckboxSelectMultiple
            )
            self.order_fields(["contests"])
