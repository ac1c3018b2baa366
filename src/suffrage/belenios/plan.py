"""An election before it begins: its roles, a folder for each, and in each folder what that role types."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from suffrage.belenios import instructions
from suffrage.belenios.credentials import Elector
from suffrage.belenios.files import Output
from suffrage.belenios.question import Template, write_template
from suffrage.belenios.refusal import misused
from suffrage.belenios.trustees import context_text

ADMINISTRATOR, AUTHORITY, ELECTORS = "administrator", "authority", "electors"
QUESTIONS, CONTEXT, README = "questions.toml", "threshold_context.json", "README.txt"


@dataclass(frozen=True, slots=True)
class Plan:
    """Who does what. The keys of all trustees `alone` are needed, and those of `threshold` in the `group`."""

    uuid: str
    template: Template
    electors: tuple[Elector, ...]
    alone: tuple[str, ...]
    group: tuple[str, ...] = ()
    threshold: int = 0
    numbered: bool = False
    """Whether the electors are known by numbers only, so that there is no table of them."""

    def __post_init__(self) -> None:
        names = (*self.alone, *self.group)
        if not names:
            raise misused("--trustee", "no trustees", "", "at least one; three or more are better")
        if len(set(names)) < len(names) or not all(name.strip() and name.isprintable() for name in names):
            raise misused("--trustee", "the names are not different texts", ", ".join(names), "each trustee once")
        if self.group:
            context_text(self.group, self.threshold)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folder of each trustee, those of the group after the others."""
        return tuple(f"trustee-{number}" for number in range(1, len(self.alone) + len(self.group) + 1))


def outputs(plan: Plan, folder: Path) -> list[Output]:
    """The folders of all roles, with a README.txt in each. Nothing in them is secret yet."""
    made = [
        Output(folder / ADMINISTRATOR / QUESTIONS, write_template(plan.template).encode()),
        Output(folder / ADMINISTRATOR / README, instructions.administrator(plan).encode()),
        Output(folder / AUTHORITY / README, instructions.authority(plan).encode()),
        Output(folder / ELECTORS / README, instructions.electors(plan).encode()),
    ]
    if not plan.numbered:
        made.append(Output(folder / AUTHORITY / "electors.csv", _table(plan.electors)))
    if plan.group:
        context = context_text(plan.group, plan.threshold)
        made.append(Output(folder / ADMINISTRATOR / CONTEXT, context))
        places = plan.folders[len(plan.alone) :]
        made += [Output(folder / place / CONTEXT, context) for place in places]
    for number, place in enumerate(plan.folders):
        made.append(Output(folder / place / README, instructions.trustee(plan, number).encode()))
    return made


def _table(electors: Sequence[Elector]) -> bytes:
    """The electors as `read_electors` reads them."""
    weighted = any(elector.weight is not None for elector in electors)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["id", "weight"] if weighted else ["id"])
    rows.writerows([elector.id, elector.weight] if weighted else [elector.id] for elector in electors)
    return text.getvalue().encode()
