"""What all forms have in common: an act that refuses is shown beside the field that it speaks of, in its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from suffrage.errors import SuffrageError


class PlainForm(forms.Form):
    """A form whose act may refuse. `places` says which field a problem belongs to, by the place that it names."""

    places: ClassVar[Mapping[str, str]] = {}
    template_name = "service/parts/fields.html"

    def done(self, act: Callable[[], object]) -> bool:
        """Do an act with what was typed; gives whether it was done. What was wrong stands in the form then."""
        if not self.is_valid():
            return False
        try:
            act()
        except SuffrageError as error:
            self.refuse(error)
            return False
        return True

    def refuse(self, error: SuffrageError, field: str | None = None) -> None:
        """Show the problems of an act: beside their fields, or all of them beside one."""
        for problem in error.problems:
            place = field or self.places.get(problem.place)
            self.add_error(place if place in self.fields else None, str(problem))


class ReasonForm(PlainForm):
    """Why something is done."""

    places: ClassVar[Mapping[str, str]] = {"reason": "reason"}

    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands in the log, which is published. Name nobody who is not an official.",
    )


class ZonedMoment(forms.DateTimeField):
    """A moment as the clocks of the election show it. A moment that they skip, or show twice, is not taken."""

    widget = forms.DateTimeInput

    def __init__(self, zone: str, **more: Any) -> None:
        self.zone = ZoneInfo(zone)
        more.setdefault("help_text", f"By the clocks of {zone}.")
        # A browser sends seconds only where there are some.
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        super().__init__(input_formats=formats, widget=widget, **more)

    def prepare_value(self, value: Any) -> Any:
        """A moment as the clocks of the election show it."""
        return value.astimezone(self.zone).replace(tzinfo=None) if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        """The moment in UTC."""
        if value in self.empty_values:
            return None
        typed = None
        for form in self.input_formats or ():
            try:
                typed = datetime.strptime(str(value).strip(), form)
            except ValueError:
                continue
            break
        if typed is None or not 1900 <= typed.year <= 2200:
            raise ValidationError("This is no date with a time, such as 2027-03-14 08:00.")
        there = typed.replace(tzinfo=self.zone)
        if there.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) != typed:
            raise ValidationError("The clocks skip this hour on that day: choose another one.")
        if there.utcoffset() != there.replace(fold=1).utcoffset():
            raise ValidationError("The clocks show this hour twice on that day: choose another one.")
        return there.astimezone(UTC)
