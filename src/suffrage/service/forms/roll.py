"""A file of electors: what is uploaded, and how it is to be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from suffrage.roll import DELIMITERS, ENCODINGS, FIELDS, Column
from suffrage.service.forms.base import PlainForm

LARGEST = 128 << 20
_NAMES = {"\t": "a tab", ";": "a semicolon", "|": "a bar", ",": "a comma"}


class UploadForm(PlainForm):
    """A file of electors."""

    file = forms.FileField(
        label="File of electors",
        help_text="CSV as a spreadsheet saves it, in any usual encoding, with or without headings. Nothing is kept "
        "before you have seen what becomes of every line.",
    )
    anew = forms.BooleanField(
        required=False,
        label="Replace the whole roll",
        help_text="Whoever is on the roll now and not in the file is off it then. Otherwise the file adds and changes.",
    )

    def clean_file(self) -> bytes:
        """The bytes of the file."""
        file = self.cleaned_data["file"]
        assert isinstance(file, UploadedFile)
        if (file.size or 0) > LARGEST:
            raise ValidationError(f"This file is larger than {LARGEST >> 20} MiB: send it in parts.")
        data: bytes = file.read()
        return data


class ReadingForm(forms.Form):
    """How a file is to be read, where what it shows of itself is wrong."""

    template_name = PlainForm.template_name

    encoding = forms.ChoiceField(
        required=False, choices=[("", "as it seems"), *((name, name) for name in ENCODINGS)]
    )  # fmt: skip
    delimiter = forms.ChoiceField(
        required=False,
        label="Between fields stands",
        choices=[("", "as it seems"), *((one, _NAMES[one]) for one in DELIMITERS)],
    )
    header = forms.ChoiceField(
        required=False, choices=[("", "as it seems"), ("yes", "has headings"), ("no", "is an elector")],
        label="The first line",
    )  # fmt: skip
    anew = forms.BooleanField(required=False, label="Replace the whole roll")

    def options(self) -> dict[str, Any]:
        """What the reading is told; what makes no sense is left to the file."""
        said = self.cleaned_data if self.is_valid() else {}
        header = {"yes": True, "no": False}.get(said.get("header", ""))
        return {
            "encoding": said.get("encoding", ""),
            "delimiter": said.get("delimiter", ""),
            "header": header,
            "anew": bool(said.get("anew")),
        }


class ColumnsForm(forms.Form):
    """Which column of a file is which."""

    template_name = PlainForm.template_name

    def __init__(self, columns: Sequence[Column], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        choices = [("", "not read"), *((field, field) for field in FIELDS)]
        for place, column in enumerate(columns):
            label = column.heading or f"Column {place + 1}"
            self.fields[f"c{place}"] = forms.ChoiceField(
                required=False, choices=choices, initial=column.field, label=label
            )
