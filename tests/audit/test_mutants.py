"""A thousand changes to published bundles: every one is rejected, and the right record is named.

Each is hidden in four ways, one better than the other: see `Seal`. Chance is seeded by the name of the change, so
that a run can be repeated; HYPOTHESIS_PROFILE=soak makes ten times as many.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import settings

from suffrage.audit import Report, verify_bundle
from tests.audit import correction_mutants, input_mutants, record_mutants, roster_mutants, signature_mutants
from tests.audit.bundles import Bundle, Original, Seal
from tests.audit.mutants import MUTANTS, SEALS, Mutant, expected_first, is_named

FAMILIES = record_mutants, correction_mutants, signature_mutants, roster_mutants, input_mutants
AT_LEAST = 1000
EACH = -(-AT_LEAST // len(MUTANTS)) * (10 if settings.get_current_profile_name() == "soak" else 1)


@pytest.fixture
def originals(original: Original, replayed: Original) -> tuple[Original, Original]:
    """What is changed: a demo election, and a replay."""
    return original, replayed


def made(original: Original, mutation: Mutant, chance: Random, folder: Path) -> tuple[Bundle, tuple[str, ...]]:
    """A changed bundle. A change that changes nothing is drawn again."""
    for attempt in range(100):
        bundle = original.bundle.copy()
        place = folder / str(attempt)
        place.mkdir()
        names = mutation.change(original, bundle, chance, place)
        if bundle.files != original.bundle.files:
            return bundle, names
    raise AssertionError("nothing was ever changed")


def said(report: Report) -> str:
    return "\n".join(map(str, report.failures)) or "holds"


@pytest.mark.slow
@pytest.mark.parametrize("mutation", MUTANTS, ids=lambda mutation: mutation.name)
def test_every_change_is_rejected_and_named(
    mutation: Mutant, originals: tuple[Original, Original], tmp_path: Path
) -> None:
    for number in range(EACH):
        chance = Random(f"{mutation.name} {number}")
        original = originals[number % 2 if mutation.replays else 0]
        seal = list(Seal)[number // 2 % 4]
        (tmp_path / str(number)).mkdir()
        bundle, names = made(original, mutation, chance, tmp_path / str(number))
        expected = expected_first(original, bundle, seal, names)
        bundle.sealed(seal)
        path = bundle.zipped(tmp_path / "changed.zip")
        where = f"{number}, {seal}: {names}"
        with_root = verify_bundle(path, original.fingerprint)
        if seal is Seal.ANEW:
            # Whoever signs everything anew has another root key, and that is said before all else.
            assert with_root.failures, where
            assert with_root.failures[0].record == "root key", where
            report = verify_bundle(path)
            assert set(report.failures) == set(with_root.failures[1:]), where
        else:
            report = with_root
        if expected:
            assert report.failures, where
            first = report.failures[0]
            assert "*" in expected or any(is_named(first.record, name) for name in expected), f"{where}\n{said(report)}"
        elif seal is not Seal.ANEW and SEALS not in names:
            raise AssertionError(where)
