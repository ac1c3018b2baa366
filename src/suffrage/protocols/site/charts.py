"""The two charts of a chamber: how the turnout is distributed, and the share of the leader against one half.

Only geometry and words are made here, in units of a picture 360 wide; the templates draw it. Each chart has its figures
as rows of a table and its meaning in a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from suffrage.count import BallotCount, ContestCount
from suffrage.count.sentences import BASE_WORDS
from suffrage.law import Statute
from suffrage.protocols.site.standings import ballot_words, label_of, leader, turnout
from suffrage.words import grouped, percent, plural, share_words

LEFT, RIGHT, TOP, BOTTOM = 44.0, 340.0, 10.0, 172.0
FEWEST = 7  # with fewer contests a table says more than a chart
_MOST_BARS = 16


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on an axis with its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a histogram."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: what it shows, in a heading and a sentence; its axes; its figures as rows.

    A histogram has `bars`; the chart of majorities has the path `area` and the height `line` of the share that elects.
    """

    title: str
    text: str
    across: tuple[Mark, ...]
    up: tuple[Mark, ...]
    heads: tuple[str, str]
    rows: tuple[tuple[str, int], ...]
    bars: tuple[Bar, ...] = ()
    area: str = ""
    line: float | None = None


def charts(contests: Sequence[ContestCount], statute: Statute) -> tuple[Chart, ...]:
    """The charts of some contests: turnout of every ballot that was held, then majorities of the first."""
    if len(contests) < FEWEST:
        return ()
    made = [_turnout(contests, ballot) for ballot in (1, 2)]
    return tuple(chart for chart in (*made, _majorities(contests, statute)) if chart is not None)


def _turnout(contests: Sequence[ContestCount], ballot: int) -> Chart | None:
    shares = []
    for contest in contests:
        for count in contest.ballots:
            pair = turnout(count) if count.ballot == ballot else None
            if pair is not None:
                shares.append((Fraction(*pair), label_of(contest)))
    if len(shares) < FEWEST:
        return None
    shares.sort()
    low, high = shares[0][0], min(shares[-1][0], Fraction(1))
    step = next((s for s in (1, 2, 5) if (high - low) * 100 < s * (_MOST_BARS - 2)), 10)
    first = min(int(low * 100), 99) // step
    last = min(int(high * 100), 99) // step
    numbers = [0] * (last - first + 1)
    for share, _ in shares:
        numbers[min(max(int(share * 100) // step - first, 0), last - first)] += 1
    top, up = _upwards(max(numbers))
    width = (RIGHT - LEFT) / len(numbers)
    bars = [
        Bar(LEFT + n * width + 1, BOTTOM - (BOTTOM - TOP) * number / top, width - 2, (BOTTOM - TOP) * number / top)
        for n, number in enumerate(numbers)
    ]
    every = -(-(len(numbers) + 1) // 6)
    across = [Mark(LEFT + n * width, f"{(first + n) * step} %") for n in range(0, len(numbers) + 1, every)]
    middle = shares[len(shares) // 2][0]
    text = (
        f"From {_percent(shares[0])} to {_percent(shares[-1])}; in half of the {plural(len(shares), 'contest')} "
        f"{percent(middle.numerator, middle.denominator)} or less."
    )
    rows = [(f"{(first + n) * step} to {(first + n + 1) * step} %", number) for n, number in enumerate(numbers)]
    heads = ("Turnout", "Contests")
    return Chart(f"Turnout, {ballot_words(ballot)}", text, tuple(across), up, heads, tuple(rows), tuple(bars))


def _percent(named: tuple[Fraction, str]) -> str:
    share, name = named
    return f"{percent(share.numerator, share.denominator)} ({name})"


def _upwards(most: int) -> tuple[int, tuple[Mark, ...]]:
    """How far an axis of numbers reaches, and its marks."""
    step = 1
    while most > 4 * step:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    top = -(-most // step) * step
    marks = [Mark(BOTTOM - (BOTTOM - TOP) * n / top, grouped(n)) for n in range(0, top + 1, step)]
    return top, tuple(marks)


def majority_of(statute: Statute, variant: str = "") -> tuple[Fraction, str]:
    """The share that elects in the first ballot and the figure it is a share of; else one half of the valid ballots.

    The figure is named as in the totals.
    """
    rules = statute.rules_under(variant)
    known = rules.majority.more_than.known
    share, base = known if known is not None else (Fraction(1, 2), "valid_ballots")
    return share, "valid" if base == "valid_ballots" else base


def lead_of(ballot: BallotCount, base: str) -> tuple[int, int] | None:
    """The votes of whoever is ahead, and the figure they are a share of; None where there is none."""
    best, whole = leader(ballot), ballot.totals.figures.get(base, 0)
    return None if best is None or whole <= 0 else (ballot.totals.votes[best], whole)


def _majorities(contests: Sequence[ContestCount], statute: Statute) -> Chart | None:
    share, base = majority_of(statute)
    leads = []
    for contest in contests:
        if majority_of(statute, contest.contest.rules) == (share, base):
            pair = lead_of(contest.first, base)
            if pair is not None:
                leads.append((Fraction(*pair), label_of(contest)))
    if len(leads) < FEWEST:
        return None
    leads.sort()
    have = sum(lead > share for lead, _ in leads)
    width = (RIGHT - LEFT) / len(leads)
    path, before = [f"M{LEFT} {BOTTOM}"], -1.0
    for n, (lead, _) in enumerate(leads):
        y = round(BOTTOM - (BOTTOM - TOP) * float(min(lead, Fraction(1))), 1)
        if y != before:
            path.append(f"H{LEFT + n * width:.1f}V{y:g}")
            before = y
    path.append(f"H{RIGHT:g}V{BOTTOM:g}Z")
    words = f"{share_words(share)} of the {BASE_WORDS[base]}"
    text = (
        f"In {grouped(have)} of {plural(len(leads), 'contest')} somebody had more than {words} (the line). "
        f"The leader's share reaches from {_percent(leads[0])} to {_percent(leads[-1])}."
    )
    rows = [0] * 10
    for lead, _ in leads:
        rows[min(int(lead * 10), 9)] += 1
    return Chart(
        "The leader's share, first ballot",
        text,
        (Mark(LEFT, "lowest"), Mark(RIGHT, "highest")),
        tuple(Mark(BOTTOM - (BOTTOM - TOP) * n / 4, f"{25 * n} %") for n in range(5)),
        (f"Share of the {BASE_WORDS[base]}", "Contests"),
        tuple((f"{10 * n} to {10 * n + 10} %", number) for n, number in enumerate(rows)),
        area="".join(path),
        line=BOTTOM - (BOTTOM - TOP) * float(share),
    )
