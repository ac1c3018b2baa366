"""What the booth says where something does not work, and what it then lets the elector do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.frontend.service import Urn, urn
from tests.frontend.visit import NOT_YET, Open, Visit, marks

pytestmark = marks

UNSURE = "It is NOT confirmed that your ballot has arrived."


def sealed(opened: Open, one: Urn, *others: Urn) -> Visit:
    """A booth with a sealed ballot."""
    booth = opened(one, *others)
    booth.enter(one.made.codes[0])
    booth.touch(1, 2)
    booth.seal()
    return booth


REFUSALS: list[tuple[str, str, str, str]] = [
    ("malformed", "could not read the ballot", NOT_YET, "back"),
    ("wrong-ballot", "the ballot does not hold", NOT_YET, "back"),
    ("unknown-credential", "not on the list of electors", NOT_YET, "next"),
    ("closed", "Voting in this contest is over", NOT_YET, "next"),
    ("not-open", "has not begun yet", NOT_YET, "next"),
    ("too-many", "Too many tries", NOT_YET, "cast"),
    ("unavailable", "cannot take ballots at the moment", NOT_YET, "cast"),
    ("already-cast", "gives no receipt", UNSURE, "cast"),
    ("something-new", "does not understand", UNSURE, "cast"),
]


@pytest.mark.parametrize(("code", "sentence", "stand", "way"), REFUSALS, ids=[item[0] for item in REFUSALS])
def test_every_refusal_has_its_sentence_and_one_way_on(
    opened: Open, tmp_path: Path, code: str, sentence: str, stand: str, way: str
) -> None:
    one = urn(tmp_path)
    booth = sealed(opened, one)
    tracking = booth.tracking
    booth.service.refuse = [(403, {"error": code, "message": "not shown"})]
    booth.cast(then="#problem")
    assert sentence in booth.problem
    assert booth.stand == stand
    assert booth.page.locator(".screen button").evaluate_all("all => all.map(button => button.id)") == [way]
    booth.page.click(f"#{way}")
    if way == "cast":
        booth.page.wait_for_selector(".slip")
        assert booth.tracking == tracking
        assert len(one.cast) == 1
    elif way == "back":
        booth.page.wait_for_selector("#seal")
        assert booth.words() == ["struck", "struck", "left"]
        assert booth.seal() != tracking
        assert booth.page.locator("#test").is_visible()
    else:
        booth.page.wait_for_selector("#home")
        assert (booth.heading, booth.stand) == ("You are done", NOT_YET)


def test_a_refusal_in_one_contest_leads_to_the_next(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    two = urn(tmp_path, name="Kryvyi Rih", codes=one.made.codes)
    booth = sealed(opened, one, two)
    one.state = "closed"
    booth.cast(then="#problem")
    booth.page.click("#next")
    booth.touch(2, 3)
    booth.seal()
    booth.cast()
    assert booth.stand == "You have voted in 1 of 2 contests."
    assert (len(one.cast), len(two.cast)) == (0, 1)


def test_after_a_lost_answer_the_same_bytes_are_sent_again(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    booth = sealed(opened, one)
    booth.service.lose = 1
    booth.cast(then="#problem")
    # It has arrived, but nobody could know.
    assert len(one.cast) == 1
    assert "There was no answer" in booth.problem
    assert booth.stand == UNSURE
    # A ballot that may be in the archive is not opened any more.
    assert booth.page.locator("#test").count() == 0
    booth.cast()
    bodies = [body for path, body in booth.service.asked if path.endswith("/cast/")]
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]
    assert len(one.cast) == 1
    assert booth.tracking == one.receipts[one.cast[0]]["tracking"]
    assert booth.stand == "You have voted."
    assert booth.page.get_by_text("replaces the one").count() == 0


def test_without_a_network_nothing_is_lost(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    booth = opened(one)
    booth.context.set_offline(True)
    booth.enter(one.made.codes[0], then="#problem")
    assert booth.problem.endswith("Your connection may be interrupted. Try again.")
    booth.context.set_offline(False)
    booth.page.click("#enter")
    booth.page.wait_for_selector("#seal")
    booth.touch(1, 2)
    booth.seal()
    booth.context.set_offline(True)
    booth.cast(then="#problem")
    booth.cast(then="#problem")
    assert (booth.stand, one.cast) == (UNSURE, [])
    booth.context.set_offline(False)
    booth.cast()
    assert len(one.cast) == 1


@pytest.mark.parametrize("field", ["tracking", "sha256"])
def test_a_receipt_of_another_ballot_is_none(opened: Open, tmp_path: Path, field: str) -> None:
    one = urn(tmp_path)
    booth = sealed(opened, one)
    right = {"tracking": booth.tracking, "sha256": "0" * 64, "height": 1, "event": "0" * 64, "replaces": False}
    if field == "tracking":
        right["tracking"] = "A" * 43
    booth.service.refuse = [(200, right)]
    booth.cast(then="#problem")
    assert "is not that of your ballot" in booth.problem
    assert booth.stand == UNSURE
    assert booth.page.locator(".slip").count() == 0


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((429, {"error": "too-many"}), "Too many tries"),
        ((503, {"error": "unavailable"}), "cannot take ballots"),
        ((200, {"urns": "all"}), "does not understand"),
        ((404, {"error": "unknown-code"}), "on no list"),
    ],
    ids=["too many", "unavailable", "no answer", "unknown"],
)
def test_a_refusal_at_the_door_keeps_what_was_typed(
    opened: Open, tmp_path: Path, answer: tuple[int, dict[str, object]], sentence: str
) -> None:
    one = urn(tmp_path)
    booth = opened(one)
    booth.service.refuse = [answer]
    booth.enter(one.made.codes[0], then="#problem")
    assert sentence in booth.problem
    assert booth.stand == NOT_YET
    booth.page.click("#enter")
    booth.page.wait_for_selector("#seal")


@pytest.mark.parametrize("change", ["names", "order", "text"])
def test_a_paper_that_is_not_that_of_the_urn_is_not_shown(opened: Open, tmp_path: Path, change: str) -> None:
    one = urn(tmp_path)
    code = one.made.codes[0]
    if change == "names":
        one.people = [("PETROVA", *one.people[0][1:]), *one.people[1:]]
    elif change == "order":
        one.people = [*one.people[1:], one.people[0]]

    def config(found: str) -> str:
        data = json.loads(found)
        if change == "text":
            data["urns"][0]["text"] = data["urns"][0]["text"].replace('"min":0', '"min": 0')
        return json.dumps(data)

    booth = opened(one)
    found = booth.page.evaluate("document.getElementById('config').textContent")
    body = booth.service.page().decode().replace(found, config(found))
    booth.page.route("**/vote/", lambda route: route.fulfill(body=body, content_type="text/html"))
    booth.page.reload()
    booth.enter(code, then="#problem")
    assert "damaged" in booth.problem


def test_leaving_before_the_ballot_is_cast_warns(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    booth = opened(one)
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    booth.page.on("dialog", answer)
    booth.page.reload()
    assert asked == []
    booth.enter(one.made.codes[0])
    booth.touch(1, 2)
    booth.page.reload()
    booth.page.wait_for_selector("#code")
    assert asked == ["beforeunload"]
    booth.enter(one.made.codes[0])
    booth.touch(1, 2)
    booth.seal()
    booth.cast()
    booth.page.reload()
    assert asked == ["beforeunload"]
