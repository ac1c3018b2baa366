"""The charts: their bars and lines are the figures of the contests, said again as rows and as a sentence."""

from __future__ import annotations

import re

import pytest

from suffrage.protocols.site.charts import BOTTOM, LEFT, RIGHT, TOP, Chart, charts
from tests.protocols.site.made import CASES, case, counting, land, returns_of

NAMES = ["two-chambers", "second-ballot", "zero", "several-seats", "many", "cyrillic"]


def of(name: str) -> tuple[Chart, ...]:
    counted = case(name)
    return charts(counted.contests, counted.statute)


@pytest.mark.parametrize("name", NAMES)
def test_a_histogram_holds_every_contest_once(name: str) -> None:
    counted = case(name)
    for ballot, chart in enumerate((c for c in of(name) if c.bars), 1):
        held = [b for c in counted.contests for b in c.ballots if b.ballot == ballot]
        assert sum(number for _, number in chart.rows) == len(held)
        assert len(chart.bars) == len(chart.rows) <= 20
        for words, number in chart.rows:
            low, high = map(int, re.findall(r"\d+", words))
            shares = [(b.totals.figures["took_part"], b.totals.figures["registered"]) for b in held]
            inside = sum(low * whole <= 100 * part < high * whole + (high == 100) for part, whole in shares)
            assert inside == number, words


@pytest.mark.parametrize("name", NAMES)
def test_bars_are_as_high_as_their_numbers_and_stay_in_the_picture(name: str) -> None:
    for chart in (c for c in of(name) if c.bars):
        highest = max(number for _, number in chart.rows)
        tallest = max(bar.height for bar in chart.bars)
        for bar, (_, number) in zip(chart.bars, chart.rows, strict=True):
            assert bar.height == pytest.approx(tallest * number / highest)
            assert bar.y + bar.height == pytest.approx(BOTTOM)
            assert bar.y >= TOP
            assert LEFT <= bar.x <= bar.x + bar.width <= RIGHT
        assert all(TOP <= mark.at <= BOTTOM for mark in chart.up)
        assert all(LEFT <= mark.at <= RIGHT for mark in chart.across)


@pytest.mark.parametrize("name", ["two-chambers", "second-ballot", "several-seats", "many"])
def test_the_chart_of_majorities_counts_who_has_more_than_half(name: str) -> None:
    counted = case(name)
    chart = of(name)[-1]
    totals = [contest.first.totals for contest in counted.contests]
    more = sum(2 * max(t.votes) > t.figures["valid"] for t in totals)
    assert chart.text.replace("\N{NO-BREAK SPACE}", "").startswith(
        f"In {more} of {len(totals)} contests somebody had more than half of the valid ballots (the line)."
    )
    assert sum(number for _, number in chart.rows) == len(totals)
    assert chart.line == pytest.approx((TOP + BOTTOM) / 2)
    heights = [float(y) for y in re.findall(r"V([\d.]+)", chart.area)]
    assert heights[:-1] == sorted(heights[:-1], reverse=True)
    assert all(TOP <= y <= BOTTOM for y in heights)


def test_few_contests_have_no_charts() -> None:
    for name in CASES:
        assert bool(of(name)) == (len(case(name).contests) >= 7), name


def test_a_law_with_another_base_and_one_without_a_majority() -> None:
    made = land(8, 2, law="party-1937")
    counted = counting(made, returns_of(made))
    assert "more than half of the ballots found in the box" in charts(counted.contests, counted.statute)[-1].text
    made = land(8, 2, law="plurality")
    counted = counting(made, returns_of(made))
    assert "more than half of the valid ballots" in charts(counted.contests, counted.statute)[-1].text
