"""What a run of letters says, as plain data: what they have in common, and what is each elector's own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Literal

import segno

from suffrage.authority.codes import Codes
from suffrage.authority.language import contact, contests, language_for, language_of, moment, second_factor
from suffrage.authority.order import Elector, Order
from suffrage.protocols.typeset.sheet import MARKS
from suffrage.typeset.clean import clean, shortened
from suffrage.typeset.language import Language

Window = Literal["left", "right"]
"""Where the envelope has its window: left as in most of Europe, right as in France."""

_LONGEST_TITLE, _LONGEST_SENDER, _LONGEST_CONTEST, _LONGEST_CONTACT = 160, 70, 120, 200
_ADDRESS_LINES, _LONGEST_LINE = 7, 90
# Any of the eight masks can be read; a fixed one gives the same drawing always.
_MASK = 3

Sheet = dict[str, Any]


def letters_sheet(order: Order, codes: Codes, electors: Sequence[Elector], window: Window) -> Sheet:
    """The sheet of a run of letters. KeyError where an elector has no code."""
    head = order.election
    languages = {language.code: language for language in (language_for(order, one) for one in electors)}
    own = language_of(head.language)
    return {
        "lang": own.code,
        "title": own.say("letter.title", election=clean(head.title)),
        "sender": shortened(clean(head.title), _LONGEST_SENDER),
        "election": shortened(clean(head.title), _LONGEST_TITLE),
        "mark": MARKS.get(head.kind.value, ""),
        "window": window,
        "url": head.url,
        "drawing": address_drawing(head.url),
        "languages": {code: _common(order, language) for code, language in languages.items()},
        "letters": [_letter(order, codes, one) for one in electors],
    }


def address_drawing(url: str) -> str:
    """The QR code of the booth's address, as SVG; the code of an elector is never in it."""
    made = segno.make_qr(url, error="m", mask=_MASK, boost_error=False)
    drawing = io.BytesIO()
    made.save(drawing, kind="svg", border=2, light="#fff", xmldecl=False, svgns=True, svgclass=None, lineclass=None)
    return drawing.getvalue().decode()


def _common(order: Order, language: Language) -> Sheet:
    head = order.election
    period = language.say(
        "letter.period", opens=moment(language, head.local_opens), closes=moment(language, head.local_closes)
    )
    texts = ("heading", "elected", "when", "where", "code", "alphabet", "how", "know", "replaces", "keep", "secret")
    return {
        "region": language.region,
        "mark_words": language.find(f"kinds.{head.kind.value}") or "",
        "period": period,
        "zone": language.say("letter.zone", zone=head.time_zone.replace("_", " ")),
        "steps": list(language.words["letter"]["steps"]),
        "contact": shortened(contact(order, language), _LONGEST_CONTACT),
        "drawing": language.say("letter.drawing", url=head.url),
        **{text: language.say(f"letter.{text}") for text in texts},
    }


def _letter(order: Order, codes: Codes, elector: Elector) -> Sheet:
    language = language_for(order, elector)
    name = shortened(clean(elector.name), _LONGEST_LINE)
    address = [shortened(line, _LONGEST_LINE) for line in map(clean, elector.address) if line]
    if not address or address[0] != name:
        address.insert(0, name)
    return {
        "lang": language.code,
        # The last lines say where: of an address that is too long the middle is left out, and the line counts stay.
        "address": address if len(address) <= _ADDRESS_LINES else [*address[:3], *address[3 - _ADDRESS_LINES :]],
        "name": name,
        "number": language.say("letter.number", id=clean(elector.id)),
        "unit": clean(elector.unit),
        "contests": [shortened(contest, _LONGEST_CONTEST) for contest in contests(order, elector, language)],
        "factor": second_factor(order, elector, language).replace("@", "\N{WORD JOINER}@"),
        "code": codes.codes[elector.id].split("-"),
    }
