"""What the booth opens, `suffrage audit-ballot` reads: the same choice, whatever the election asks."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffrage._core import new_code
from suffrage.audit.opened import opened_ballot
from suffrage.errors import AuditError
from tests.belenios.made import every_choice, question
from tests.belenios.test_ballots import made
from tests.frontend.tools import Ballots, build, needs_frontend

pytestmark = needs_frontend

ASKED = (question(3, 0, 2, blank=True), question(2, 0, 1, text="«Кого?»"))


@pytest.fixture(scope="module")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ballots]:
    with Ballots(build(tmp_path_factory.mktemp("tools"), "--tools")) as process:
        yield process


@pytest.mark.slow
@settings(max_examples=max(5, settings().max_examples // 10))
@given(st.tuples(*(st.sampled_from(list(every_choice(item))) for item in ASKED)))
def test_what_the_booth_opens_is_read(typescript: Ballots, choices: tuple[list[int], ...]) -> None:
    text = made(*ASKED)
    found = typescript.seal(text, new_code(), choices)
    file = {
        "format": "suffrage-opened-ballot/1",
        "election": text.decode(),
        "ballot": found["ballot"],
        "openings": found["openings"],
    }
    answers = opened_ballot(json.dumps(file, ensure_ascii=False).encode(), "tested.json").answers
    assert [list(one.question.plain(tuple(map(one.question.answers.index, one.chosen)), blank=one.blank))
            for one in answers] == list(choices)  # fmt: skip
    opening = file["openings"][1][1]
    opening["value"] = 1 - opening["value"]
    with pytest.raises(AuditError, match="question 2, answer 2"):
        opened_ballot(json.dumps(file).encode(), "tested.json")
