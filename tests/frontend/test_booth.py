"""A vote in a real browser, from the code to the receipt, against urns that check it and keep it in their archive."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from suffrage._core import audit_archive
from tests.belenios.model import G, add, digits, point_of, power
from tests.frontend.service import FACTOR, Urn, urn
from tests.frontend.visit import NOT_YET, Open, marks

pytestmark = marks


def result(one: Urn) -> list[list[int]]:
    """What the urn holds, opened with its trustees; nothing of its archive may fail."""
    found = one.made.decrypt(one.path)
    assert audit_archive(one.path).failures == []
    return found


def test_a_vote_is_cast_and_counted(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    code = one.made.codes[0]
    booth = opened(one)
    assert (booth.stand, booth.heading, booth.focused()) == (NOT_YET, "Enter your code", "BODY")
    booth.enter(code)
    assert booth.focused() == "H1"
    assert booth.words() == ["left", "left", "left"]
    assert booth.says.startswith("3 names are left. Strike out 2 more")
    assert booth.page.locator("#seal").is_disabled()
    booth.touch(1)
    assert booth.says.startswith("2 names are left. Strike out 1 more")
    booth.touch(3)
    assert booth.words() == ["struck", "left", "struck"]
    assert booth.says == "You leave SEMENOV. The ballot is valid."
    tracking = booth.seal()
    assert (booth.heading, booth.stand, booth.focused()) == ("Test or cast", NOT_YET, "H1")
    assert one.cast == []
    booth.cast()
    [ballot] = one.cast
    assert one.receipts[ballot]["tracking"] == tracking == booth.tracking
    assert (booth.heading, booth.stand, booth.focused()) == ("You have voted", "You have voted.", "H1")
    booth.shown([one.uuid, str(one.receipts[ballot]["event"]), "March 8, 2026 at 8:00"])
    assert result(one) == [[0, 1, 0]]
    sent = b"".join(body for _, body in booth.service.asked)
    assert code.encode() not in sent
    assert code.replace("-", "").encode() not in sent


def test_the_code_is_kept_nowhere(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    code = one.made.codes[0]
    booth = opened(one)
    booth.enter(code)
    page = booth.page
    for then in ("mark", "cast"):
        if then == "cast":
            booth.touch(1, 2)
            booth.seal()
            booth.cast()
        kept = page.evaluate(
            "JSON.stringify([location.href, document.cookie, {...localStorage}, {...sessionStorage}, history.state,"
            " document.documentElement.outerHTML, [...document.querySelectorAll('input')].map(e => e.value)])"
        )
        assert code not in kept
        assert code.replace("-", "") not in kept
    assert page.evaluate("indexedDB.databases().then(found => found.length)") == 0


@pytest.mark.parametrize("slip", ["{} ", "bare", "spaces", "dashes"])
def test_small_slips_in_the_code_do_not_matter(opened: Open, tmp_path: Path, slip: str) -> None:
    one = urn(tmp_path)
    code = one.made.codes[1]
    slips = {"bare": code.replace("-", ""), "spaces": code.replace("-", " "), "dashes": code.replace("-", " – ")}
    opened(one).enter(slips.get(slip, slip.format(code)))


def test_what_is_no_code_is_said_and_not_sent(opened: Open, tmp_path: Path) -> None:
    one, other = urn(tmp_path), urn(tmp_path)
    booth = opened(one)
    booth.enter("abc def", then="#problem")
    assert "A code has 22 characters" in booth.problem
    booth.shown(["You have typed 6 characters."])
    assert booth.page.input_value("#code") == "abc def"
    assert booth.page.get_attribute("#code", "aria-invalid") == "true"
    assert booth.service.asked == []
    booth.enter(other.made.codes[0], then="#problem:has-text('on no list')")
    assert booth.stand == NOT_YET


def test_a_tested_ballot_is_opened_and_never_sent(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    booth = opened(one, accept_downloads=True)
    booth.enter(one.made.codes[0])
    booth.touch(2, 3)
    tracking = booth.seal()
    booth.page.click("#test")
    booth.page.wait_for_selector("#again")
    assert (booth.heading, booth.stand, booth.tracking) == ("The ballot, opened", NOT_YET, tracking)
    assert booth.page.locator(".marked .word").all_inner_texts() == ["left", "struck", "struck"]
    assert booth.page.locator("#cast").count() == 0
    with booth.page.expect_download() as download:
        booth.page.click("#file")
    booth.shown([f"suffrage audit-ballot {download.value.suggested_filename}"])
    file = json.loads(download.value.path().read_text("utf-8"))
    assert set(file) == {"format", "election", "ballot", "openings"}
    assert file["format"] == "suffrage-opened-ballot/1"
    assert file["election"].encode() == one.made.text
    assert one.made.sealed.check(file["ballot"].encode()) == one.made.public[0]
    key = point_of(one.made.sealed.public_key)
    [answer], [openings] = json.loads(file["ballot"])["message"]["answers"], file["openings"]
    assert [opening["value"] for opening in openings] == [1, 0, 0]
    for choice, opening in zip(answer["choices"], openings, strict=True):
        randomness = int(opening["randomness"])
        assert choice["alpha"] == digits(power(G, randomness))
        assert choice["beta"] == digits(add(power(key, randomness), power(G, opening["value"])))
    booth.page.click("#again")
    booth.page.wait_for_selector("#seal")
    assert booth.words() == ["left", "left", "left"]
    booth.touch(1, 2)
    assert booth.seal() != tracking
    assert one.cast == []
    booth.cast()
    assert result(one) == [[0, 0, 1]]


def test_marks_can_be_changed_before_the_ballot_is_cast(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    booth = opened(one)
    booth.enter(one.made.codes[0])
    booth.touch(1, 2)
    booth.seal()
    booth.page.click("#back")
    assert booth.words() == ["struck", "struck", "left"]
    booth.touch(2, 3)
    booth.page.click("#reset")
    assert booth.words() == ["left", "left", "left"]
    assert booth.page.locator("#reset").is_hidden()
    booth.touch(1, 3)
    booth.seal()
    booth.cast()
    assert result(one) == [[0, 1, 0]]


def test_the_last_ballot_counts_and_the_booth_says_so(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    booth = opened(one)
    for number, others in ((1, (2, 3)), (3, (1, 2))):
        booth.enter(one.made.codes[0])
        if number == 3:
            assert booth.stand == "Your earlier ballot is in the archive. This new one is NOT cast yet."
            booth.shown(["You have voted in this contest already. You may vote again: the last ballot counts."])
        booth.touch(*others)
        booth.seal()
        booth.cast()
        replaced = booth.page.get_by_text("This ballot replaces the one that you cast before")
        assert replaced.count() == (1 if number == 3 else 0)
        booth.page.click("#next")
        booth.page.click("#vote-again")
        booth.page.wait_for_selector("#code")
    assert len(one.cast) == 2
    assert result(one) == [[0, 0, 1]]


def test_two_contests_in_a_row_and_none_that_is_not_the_electors(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    codes = one.made.codes
    two = urn(tmp_path, 4, name="Kryvyi Rih", marking="mark", codes=codes)
    other = urn(tmp_path, name="Elsewhere")
    shut = urn(tmp_path, name="Not yet", codes=codes)
    shut.state = "before"
    booth = opened(one, other, two, shut)
    booth.enter(codes[0])
    contest = booth.page.locator(".contest")
    assert contest.inner_text() == "Contest 1 of 2"
    booth.touch(2, 3)
    booth.seal()
    booth.cast()
    assert (booth.heading, booth.stand) == ("You have voted in this contest", "You have voted in 1 of 2 contests.")
    assert booth.page.locator("#next").inner_text() == "Next contest: Kryvyi Rih"
    booth.page.click("#next")
    assert contest.inner_text() == "Contest 2 of 2"
    assert booth.stand == "You have voted in 1 of 2 contests. In this contest you have NOT voted yet."
    assert booth.words() == ["not marked"] * 4
    booth.touch(2, 4)
    assert booth.says == "2 names are marked. Take back one mark."
    booth.touch(2)
    assert booth.says == "You mark KOVALENKO. The ballot is valid."
    booth.seal()
    booth.cast()
    assert booth.stand == "You have voted in all 2 contests."
    booth.page.click("#next")
    assert booth.page.locator(".slip").count() == 2
    assert (result(one), result(two), other.cast, shut.cast) == ([[1, 0, 0]], [[0, 0, 0, 1]], [], [])


@pytest.mark.parametrize("shut", ["before", "closed"])
def test_a_poll_that_is_not_open_is_named_with_its_time(opened: Open, tmp_path: Path, shut: str) -> None:
    one = urn(tmp_path)
    one.state = shut
    booth = opened(one)
    booth.enter(one.made.codes[0], then="#home")
    said = "voting begins on March 1, 2026 at 8:00" if shut == "before" else "voting ended on March 8, 2026 at 8:00"
    booth.shown([said])
    assert booth.stand == NOT_YET


def test_the_second_factor_stands_before_the_paper(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    booth = opened(one, factor=True)
    booth.enter(one.made.codes[0], then="#factor")
    booth.shown(["A one-time number of six digits was sent to a…@example.org."])
    page = booth.page
    page.fill("#factor", "12")
    page.click("#enter")
    assert booth.problem.endswith("The number has six digits.")
    page.fill("#factor", "000000")
    page.click("#enter")
    page.wait_for_selector("#problem:has-text('You have 2 tries left.')")
    page.click("#resend")
    page.wait_for_selector("text=A new number was sent.")
    page.fill("#factor", "123 456")
    page.click("#enter")
    page.wait_for_selector("#seal")
    booth.touch(1, 2)
    tracking = booth.seal()
    # The token runs out while the elector thinks: the sealed ballot waits for a new one.
    booth.service.refuse = [(403, {"error": "factor-needed"})]
    booth.cast(then="#factor")
    assert "no longer valid" in booth.problem
    page.fill("#factor", FACTOR)
    page.click("#enter")
    page.wait_for_selector("#cast")
    assert booth.tracking == tracking
    booth.cast()
    assert booth.tracking == tracking
    assert result(one) == [[0, 0, 1]]


@pytest.mark.parametrize(
    ("low", "blank", "says", "can"),
    [
        (0, False, "You have struck out every name: the ballot counts, for nobody.", True),
        (1, True, "You have struck out every name: the ballot counts, for nobody.", True),
        (1, False, "You have struck out every name. Such a ballot would be invalid", False),
    ],
    ids=["nobody", "blank", "invalid"],
)
def test_every_name_may_be_struck_out_where_the_law_allows_it(
    opened: Open, tmp_path: Path, low: int, blank: bool, says: str, can: bool
) -> None:
    one = urn(tmp_path, 3, low, 2 if blank else 1, blank)
    booth = opened(one)
    booth.enter(one.made.codes[0])
    booth.touch(1, 2, 3)
    assert booth.says.startswith(says)
    assert booth.page.locator("#seal").is_enabled() == can
    if not can:
        booth.touch(2)
    booth.seal()
    booth.cast()
    assert result(one) == [[1, 0, 0, 0] if blank else [0, 0, 0] if can else [0, 1, 0]]


def test_ten_names_are_sealed_quickly_on_a_slow_device(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path, 10)
    booth = opened(one, width=390)
    session = booth.context.new_cdp_session(booth.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    # What else runs on the machine does not count: the time is that of the page's own thread.
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        found = {item["name"]: item["value"] for item in session.send("Performance.getMetrics")["metrics"]}
        return float(found["TaskDuration"])

    booth.enter(one.made.codes[0])
    booth.touch(*range(2, 11))
    # A timer of the page sees whether anything else can happen meanwhile.
    booth.page.evaluate("() => { window.ticks = 0; setInterval(() => { window.ticks += 1 }, 1) }")
    before, ticks, start = spent(), booth.page.evaluate("window.ticks"), time.monotonic()
    booth.seal()
    took, passed = spent() - before, time.monotonic() - start
    ticks = booth.page.evaluate("window.ticks") - ticks
    print(f"ten names at a quarter of the speed: {took:.2f} s of work, {passed:.2f} s passed, {ticks} ticks")
    assert took < 1.5
    assert ticks > 10
    booth.cast()
    assert len(one.cast) == 1
