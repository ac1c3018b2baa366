"""Every pair of colours that meet is far enough apart, in the light and in the dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

STYLE = (files("suffrage.protocols.site") / "templates" / "style.css").read_text("utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+):(#[0-9a-f]+)", block)) for block in re.findall(r":root\{(.*?)\}", STYLE, re.DOTALL)[:2]
)
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "act", "wait", "round2") for ground in ("paper", "desk")),
    ("ok", "ok-soft"), ("act", "act-soft"), ("wait", "wait-soft"), ("round2", "round2-soft"), ("ink", "track"),
    ("t-sign", "t-r2"), ("t-sign", "t-no"), ("t-in-sign", "t-in"),
]  # fmt: skip
SIGNS = [
    *(("t-" + name, "desk") for name in ("el", "r2", "no")),
    ("ok", "desk"), ("act", "desk"), ("edge", "desk"), ("edge", "paper"), ("round2", "paper"), ("lead", "track"),
    ("ok", "track"), ("act", "track"),
]  # fmt: skip


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(colours: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), SIGNS)
def test_marks_can_be_seen(colours: dict[str, str], mark: str, ground: str) -> None:
    assert contrast(colours[mark], colours[ground]) >= 3


def test_the_formula() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)
