"""Figures, hashes and moments as the pages show them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from suffrage import words
from suffrage.protocols.typeset.language import language_of

register = template.Library()


@register.filter
def grouped(number: int | None) -> str:
    """A figure with its digits in groups of three."""
    return "" if number is None else words.grouped(int(number))


@register.filter
def fours(digits: str) -> str:
    """Hexadecimal digits in groups of four."""
    return words.in_fours(digits)


@register.filter
def moment(at: datetime | None, zone: str) -> str:
    """A moment as the clocks of a zone show it."""
    return "" if at is None else f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@register.filter
def clock(at: datetime, zone: str) -> str:
    """The time of a moment alone."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


@register.filter
def iso(at: datetime | date | None) -> str:
    """A moment or a day for machines."""
    return "" if at is None else at.isoformat()


@register.filter
def day(when: date | None, language: str = "en") -> str:
    """A day in words."""
    return "" if when is None else language_of(language).day(when.isoformat())


@register.filter
def local_day(at: datetime, zone: str) -> date:
    """The day of a moment by the clocks of a zone."""
    return at.astimezone(ZoneInfo(zone)).date()


@register.filter
def lines(text: str) -> list[str]:
    """The lines of a text."""
    return text.splitlines()


@register.simple_tag
def bar(part: int, whole: int, label: str = "") -> SafeString:
    """A bar that says how much of a whole something is; drawn by attributes, since no page has a style of its own."""
    width = 0 if whole <= 0 else max(0.0, min(100.0, 100 * part / whole))
    return mark_safe(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect class="of" width="100" height="8"/><rect width="{width:.1f}" height="8"/></svg>'
    )


@register.simple_tag
def say(sentence: str, **values: object) -> SafeString:
    """A sentence with its values put in."""
    return format_html(sentence, **values) if values else format_html("{}", sentence)


@register.filter
def percent(part: int, whole: int) -> str:
    """A share with one decimal, cut."""
    return words.percent(part, whole)


@register.filter
def of(key: Hashable, table: Mapping[Hashable, str]) -> str:
    """What a table has under a key."""
    return table.get(key, "")


@register.filter
def hour_later(hour: datetime) -> datetime:
    """The end of an hour."""
    return hour + timedelta(hours=1)
