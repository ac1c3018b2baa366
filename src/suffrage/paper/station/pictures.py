"""Which pictures tell an elector what to do, and the sentence beneath each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from suffrage.paper.form import Form
from suffrage.typeset.language import Language

_MOST_DRAWN = 5


def pictures(forms: Sequence[Form], instructions: Sequence[str], language: Language) -> list[dict[str, Any]]:
    """The pictures in their order. Ballot papers that are filled in the same way share one."""
    say = language.say
    ways = {
        (form.marking, _drawn(form), _left(form), instruction): None
        for form, instruction in zip(forms, instructions, strict=True)
    }
    return [
        {"kind": "take", "text": say("station.pictures.take")},
        {"kind": "alone", "text": say("station.pictures.alone")},
        *(
            {"kind": "fill", "marking": marking, "names": names, "left": left, "text": text}
            for marking, names, left, text in ways
        ),
        {"kind": "fold", "text": say("station.pictures.fold")},
        {"kind": "box", "text": say("station.pictures.box")},
    ]


def _drawn(form: Form) -> int:
    return min(len(form.candidates), _MOST_DRAWN)


def _left(form: Form) -> int:
    """How many names the picture leaves: as many as the law allows, but never all of several."""
    drawn = _drawn(form)
    return 1 if drawn == 1 else min(form.most, drawn - 1)
