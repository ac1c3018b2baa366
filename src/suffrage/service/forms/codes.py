"""What the credential authority gives back."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from suffrage.service.forms.base import PlainForm

LARGEST = 512 << 20


class ListsForm(PlainForm):
    """The public lists of the authority."""

    file = forms.FileField(
        label="public.json",
        help_text="What the credential authority made: public credentials alone. The codes never come here.",
    )

    def clean_file(self) -> bytes:
        """The bytes of the file."""
        file = self.cleaned_data["file"]
        assert isinstance(file, UploadedFile)
        if (file.size or 0) > LARGEST:
            raise ValidationError(f"This file is larger than {LARGEST >> 20} MiB.")
        data: bytes = file.read()
        return data
