"""A comparison as one picture: an SVG that needs no other file, for a page, a paper or a slide.

The sheet is 640 units wide and no text is below 15, so that it reads on a telephone as on a wall. Colour never speaks
alone: every result but "elected" bears a sign.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from html import escape
from math import sqrt

from suffrage.count.compare import ARITHMETIC, Comparison, ContestComparison, Fate, Result, Tally, Verdict
from suffrage.election.model import Candidate
from suffrage.words import grouped, listed, plural

WIDTH, MARGIN = 640, 32
INNER = WIDTH - 2 * MARGIN
MOST_TILES = 1_200  # with more contests there are no tiles, only bars
FEW = 6  # with no more contests than these, each is written out
DOT = "\N{BULLET}"
SIGNS = {  # the class and the sign of every result
    Result.ELECTED: ("el", ""),
    Result.SECOND_BALLOT: ("r2", "2"),
    Result.NEW_TURNOUT: ("no", "0"),
    Result.NEW_OTHER: ("no2", "0"),
    Result.VACANT: ("va", "\N{EN DASH}"),
    Result.UNDECIDED: ("in", "?"),
}
KEPT = "\N{THIN SPACE}\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"

SERIF = "'Source Serif 4','Noto Serif',Georgia,serif"
SANS = "Inter,'Noto Sans','Liberation Sans',system-ui,sans-serif"
STYLE = f"""
svg.suffrage text{{font:16px {SANS};fill:#1b1d21}} svg.suffrage .b{{font-weight:600}} svg.suffrage .m{{fill:#5a5f68}}
svg.suffrage .h1{{font:600 31px {SERIF}}} svg.suffrage .h2{{font:600 22px {SERIF}}}
svg.suffrage .says{{font:italic 18px {SERIF}}} svg.suffrage .w{{font-size:17px}} svg.suffrage .k{{letter-spacing:1.5px}}
svg.suffrage .s{{font-size:15px;fill:#5a5f68}} svg.suffrage .stamp{{font-weight:600;fill:#b3261e;text-anchor:end}}
svg.suffrage .g{{font-size:inherit;font-weight:600;fill:#fff;text-anchor:middle}}
svg.suffrage .el rect{{fill:#23633f}} svg.suffrage .r2 rect{{fill:#2f4b8f}} svg.suffrage .no rect{{fill:#b3261e}}
svg.suffrage .no2 rect{{fill:#f6e3e1;stroke:#b3261e}} svg.suffrage .no2 .g{{fill:#b3261e}}
svg.suffrage .va rect{{fill:#fbfaf6;stroke:#5a5f68}} svg.suffrage .in rect{{fill:#d8cfb8}}
svg.suffrage .va .g,svg.suffrage .in .g{{fill:#1b1d21}}
"""


def picture(comparison: Comparison) -> str:
    """The picture of a comparison, as the text of an SVG file."""
    sheet = _Sheet()
    _head(sheet, comparison)
    for position in range(len(comparison.laws)):
        _law(sheet, comparison, position)
    _foot(sheet, comparison)
    title = f"{comparison.election.title}: the same votes under {len(comparison.laws)} laws"
    parts = "\n".join(sheet.parts)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" class="suffrage" role="img" lang="en"\
 viewBox="0 0 {WIDTH} {_n(sheet.y)}" width="800" height="{_n(sheet.y * 800 / WIDTH)}"\
 style="display:block;margin:0 auto;max-width:100%;height:auto;background:#fbfaf6"\
 aria-labelledby="suffrage-title suffrage-desc">
<title id="suffrage-title">{_safe(title)}</title>
<desc id="suffrage-desc">{_safe(description(comparison))}</desc>
<style>{STYLE}</style>
<rect width="{WIDTH}" height="{_n(sheet.y)}" fill="#fbfaf6"/>
{parts}
</svg>
"""


def description(comparison: Comparison) -> str:
    """The picture in words."""
    said = [ARITHMETIC]
    for position, law in enumerate(comparison.laws):
        for when, tallies in (("first ballot", law.first), ("in the end", law.final)):
            numbers = (f"{grouped(tally.contests)} {tally.result}" for tally in tallies if tally.contests)
            said.append(f"{law.title}, {when}: {', '.join(numbers)}.")
        if position:
            said.append(_fates(comparison, position))
    return " ".join(said)


def _fates(comparison: Comparison, position: int) -> str:
    """What another law makes of those whom the first elects, in a sentence."""
    fates = comparison.contrasts[position - 1].fates
    said = "; ".join(f"{grouped(number)} {fate}" for fate, number in fates if number) or "nobody"
    return f"Of the {grouped(sum(n for _, n in fates))} elected under {comparison.laws[0].id}: {said}."


def _safe(text: str) -> str:
    """Text on one line, escaped, without what XML forbids; spaces that do not break are thin ones here."""
    thin = text.replace("\N{NO-BREAK SPACE}", "\N{THIN SPACE}")
    return escape("".join(letter if letter.isprintable() or letter in KEPT else " " for letter in thin))


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


@cache
def _em(letter: str) -> float:
    """About how wide a letter is, in ems: rather too much than too little."""
    if unicodedata.east_asian_width(letter) in "WF" or letter in "mwMW@%\N{EM DASH}":
        return 1
    if letter in "ijlI.,:;'|!()[]" or not letter.isprintable() or letter.isspace():
        return 0.32
    return 0.7 if letter.isupper() else 0.56


def _ems(text: str) -> float:
    return sum(map(_em, text))


def _wrapped(text: str, room: float, most: int) -> list[str]:
    """Text in lines of `room` ems, at most `most` of them; a word that is too long is broken."""
    lines = [""]
    for word in text.replace("\n", " ").split(" "):
        if lines[-1] and _ems(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and _ems(lines[-1] + letter) > room:
                lines.append("")
            lines[-1] += letter
    if len(lines) > most:
        last = lines[most - 1]
        while last and _ems(last) + 0.9 > room:
            last = last[:-1]
        lines[most - 1 :] = [f"{last.rstrip()}\N{HORIZONTAL ELLIPSIS}"]
    return lines


class _Sheet:
    """The parts drawn so far, and how far down they reach."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y: float = 0

    def text(self, x: float, text: str, style: str) -> None:
        self.parts.append(f'<text class="{style}" x="{_n(x)}" y="{_n(self.y)}">{_safe(text)}</text>')

    def lines(self, text: str, size: float, style: str, *, x: float = MARGIN, most: int = 3) -> None:
        """A paragraph; `y` moves to its last line."""
        wide = size * (1.06 if style in ("h1", "h2") else 1)
        for line in _wrapped(text, (WIDTH - MARGIN - x) / wide, most):
            self.y += size * 1.32
            self.text(x, line, style)

    def block(self, y: float, width: float, height: float, colour: str = "#1b1d21") -> None:
        self.parts.append(f'<rect x="{MARGIN}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{colour}"/>')

    def tile(self, kind: str, sign: str, box: tuple[float, float, float, float], size: float, title: str = "") -> None:
        """A tile, or a piece of a bar: a box (x, y, width, height) with its sign in letters of `size`."""
        x, y, width, height = box
        if kind in ("no2", "va"):  # the border lies inside
            x, y, width, height = x + 0.5, y + 0.5, width - 1, height - 1
        part = f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"/>'
        if sign and width >= size * 0.7:
            place = f'x="{_n(x + width / 2)}" y="{_n(y + height / 2 + size * 0.36)}"'
            part += f'<text class="g" {place}>{sign}</text>'
        named = f"<title>{_safe(title)}</title>" if title else ""
        self.parts.append(f'<g class="{kind}" font-size="{_n(size)}">{named}{part}</g>')


def _head(sheet: _Sheet, comparison: Comparison) -> None:
    election, number = comparison.election, len(comparison.contests)
    sheet.y = 48
    sheet.text(MARGIN, "THE SAME VOTES UNDER OTHER LAWS", "s k")
    if election.kind != "real":
        sheet.text(WIDTH - MARGIN, election.kind.upper(), "s k stamp")
    sheet.lines(election.title, 31, "h1", most=4)
    facts = [plural(number, "contest"), *([plural(comparison.seats, "seat")] if comparison.seats != number else [])]
    if (day := election.polling_day) is not None:
        facts.append(f"{day.day} {day:%B} {day.year}")
    sheet.y += 6
    sheet.lines(" \N{MIDDLE DOT} ".join(facts), 16, "m")
    top = sheet.y = sheet.y + 16
    sheet.lines(ARITHMETIC, 18, "says", x=MARGIN + 18, most=9)
    sheet.block(top, 3, sheet.y - top + 8)
    sheet.y += 34


def _law(sheet: _Sheet, comparison: Comparison, position: int) -> None:
    law, contests = comparison.laws[position], comparison.contests
    sheet.block(sheet.y, INNER, 2)
    sheet.y += 6
    sheet.lines(law.title, 22, "h2")
    sheet.lines(f"{law.id} \N{MIDDLE DOT} the law of this election" if law.own else law.id, 16, "m")
    sheet.y += 10
    if len(contests) <= FEW:
        for contest in contests:
            _written_out(sheet, contest, contest.verdicts[position])
    else:
        _tallies(sheet, "First ballot", law.first)
        if len(contests) <= MOST_TILES:
            _tiles(sheet, contests, position)
        due, used = law.second_due, law.second_used
        if used:
            number = f"{grouped(used)} of {grouped(due)}" if used < due else f"all {grouped(due)}"
            _tallies(sheet, f"In the end, with the figures of {number} second ballots", law.final)
        elif due:
            sheet.lines("No figures of second ballots between those whom this law sends there.", 16, "m")
        sheet.y += 4
        if position:
            sheet.lines(_fates(comparison, position), 16, "p", most=6)
    if comparison.seats != len(contests):
        sheet.lines(f"{plural(law.seats_open, 'seat')} of {grouped(comparison.seats)} not filled.", 16, "p")
    sheet.y += 30


def _tallies(sheet: _Sheet, heading: str, tallies: Sequence[Tally]) -> None:
    """The numbers with the signs they stand for, which is the legend, too; and a bar of them."""
    sheet.lines(heading, 16, "b")
    shown = [tally for tally in tallies if tally.contests]
    x = float(MARGIN)
    sheet.y += 28
    for tally in shown:
        number = grouped(tally.contests)
        wide = 32 + _ems(number) * 17 + _ems(tally.result) * 16
        if x > MARGIN and x + wide > WIDTH - MARGIN:
            x = MARGIN
            sheet.y += 26
        sheet.tile(*SIGNS[tally.result], (x, sheet.y - 14.5, 18, 18), 13)
        said = f'<tspan class="b">{_safe(number)}</tspan> {tally.result}'
        sheet.parts.append(f'<text x="{_n(x + 26)}" y="{_n(sheet.y)}">{said}</text>')
        x += wide + 14
    contests, room = sum(tally.contests for tally in shown), INNER - 2.0 * (len(shown) - 1)
    pieces = [max(3.0, room * tally.contests / contests) for tally in shown]  # what is there can be seen
    pieces[pieces.index(max(pieces))] -= sum(pieces) - room
    height, size = (22, 14) if contests <= MOST_TILES else (48, 22)
    x = MARGIN
    for tally, piece in zip(shown, pieces, strict=True):
        sheet.tile(*SIGNS[tally.result], (x, sheet.y + 12, piece, height), size, tally.result)
        x += piece + 2
    sheet.y += height + 22


def _tiles(sheet: _Sheet, contests: Sequence[ContestComparison], position: int) -> None:
    """A tile a contest, in the order of the election; a dot where another person is elected at once."""
    columns = int(INNER / min(36.0, max(11.52, sqrt(INNER * 220 / len(contests)))))
    pitch = INNER / (columns - 0.14)
    side, dotted = pitch * 0.86, False
    for number, contest in enumerate(contests):
        verdict = contest.verdicts[position]
        kind, sign = SIGNS[verdict.first]
        if position and not sign and any(p.elsewhere[position - 1].fate is Fate.LOST for p in contest.persons):
            sign, dotted = DOT, True
        box = (MARGIN + number % columns * pitch, sheet.y + number // columns * pitch, side, side)
        said = "; ".join(f"{when}: {said}" for _, when, said in _stages(verdict))
        sheet.tile(kind, sign, box, pitch * (0.95 if sign == DOT else 0.68), f"{contest.name}: {said}")
    sheet.y += -(-len(contests) // columns) * pitch + 6
    if dotted:
        sheet.lines("A dot: somebody else is elected than under the first law.", 15, "s")


def _written_out(sheet: _Sheet, comparison: ContestComparison, verdict: Verdict) -> None:
    """One contest in words, with its tiles."""
    sheet.lines(comparison.name, 16, "b")
    for result, when, said in _stages(verdict):
        top = sheet.y = sheet.y + 12
        sheet.tile(*SIGNS[result], (MARGIN, top, 34, 34), 22)
        sheet.lines(f"{when}: {said}", 17, "w", x=MARGIN + 48, most=5)
        sheet.y = max(sheet.y + 9, top + 34)
    sheet.y += 8


def _stages(verdict: Verdict) -> list[tuple[Result, str, str]]:
    """What the first ballot gave, and what stands in the end where that is known to differ; with the names."""
    at_once = () if verdict.second_used else verdict.elected
    first = (verdict.first, "First ballot", _with(verdict.first, verdict.finalists, at_once))
    final = (verdict.final, "In the end", _with(verdict.final, verdict.to_come, verdict.elected))
    return [first, final] if verdict.second_used else [first]


def _with(result: Result, meeting: Sequence[Candidate], elected: Sequence[Candidate]) -> str:
    """A result with those whom it concerns."""
    said = "" if result is Result.ELECTED else result.value
    if meeting:
        names = listed([candidate.full_name for candidate in meeting])
        said += f" between {names}" if len(meeting) > 1 else f" on {names} alone"
    if elected:
        said += f"{'; ' if said else ''}{listed([candidate.full_name for candidate in elected])} elected"
    return said


def _foot(sheet: _Sheet, comparison: Comparison) -> None:
    sheet.block(sheet.y, INNER, 1, "#d9d5cb")
    sheet.y += 6
    if FEW < len(comparison.contests) <= MOST_TILES:
        sheet.lines("One tile a contest, as its first ballot leaves it; at the same place under every law.", 15, "s")
        sheet.y += 4
    if comparison.election.sources:
        sheet.lines(f"Figures: {'; '.join(comparison.election.sources)}", 15, "s", most=5)
        sheet.y += 4
    sheet.lines(f"Counted with suffrage compare \N{MIDDLE DOT} {comparison.election.id}", 15, "s")
    sheet.y += 30
