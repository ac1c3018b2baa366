"""The example of `docs/import.md` gives what the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from suffrage.count.folder import count_folder

if TYPE_CHECKING:
    from tests.importing.conftest import Workshop

PAGE = Path(__file__).resolve().parents[2] / "docs" / "import.md"


def test_the_example_gives_what_the_page_says(workshop: Workshop) -> None:
    blocks = re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    workshop.write("oakham.csv", next(text for kind, text in blocks if kind == "csv"))
    workshop.recipe = next(text for kind, text in blocks if kind == "toml")
    report = workshop.run()
    console = next(text for kind, text in blocks if kind == "console")
    shown = [line.replace(str(workshop.out), "oakham-2024") for line in report.lines()]
    assert "\n".join(shown) in console
    (contest,) = count_folder(workshop.out).contests
    assert contest.outcome.elected == ("ada-young",)
    assert not contest.first.findings
