"""The booth for everybody: keyboard, small and large windows, three languages, axe, paper, and its own policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.accessible import violations
from tests.frontend.service import POLICY, urn
from tests.frontend.visit import Open, Visit, marks

pytestmark = marks


def look(booth: Visit, width: int) -> None:
    """What holds on every screen: axe finds nothing, nothing is wider than the window, nothing too small to touch."""
    page: Page = booth.page
    # An animation that is under way has colours of its own.
    page.wait_for_timeout(50)
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, a, input, summary")].filter(e => e.checkVisibility())
            .filter(e => { const box = e.getBoundingClientRect(); return box.width < 24 || box.height < 24 })
            .map(e => e.outerHTML)"""
    )
    assert not small
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.querySelectorAll('[style]').length") == 0


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 390), ("ru", 390)])
def test_every_screen_in_every_language(opened: Open, tmp_path: Path, language: str, width: int) -> None:
    one = urn(tmp_path, 10, name="The district of Dnepropetrovsk and of the lands beyond the river")
    codes = one.made.codes
    two = urn(tmp_path, 2, blank=True, low=1, marking="mark", name="Kryvyi Rih", codes=codes)
    booth = opened(one, two, width=width, kind="rehearsal", reduced_motion="reduce")
    page = booth.page
    page.click(f"#language-{language}")
    assert page.evaluate("document.documentElement.lang") == language
    assert booth.focused() == f"language-{language}"
    look(booth, width)
    booth.enter("wrong", then="#problem")
    look(booth, width)
    booth.enter(codes[0])
    look(booth, width)
    booth.touch(*range(2, 11))
    look(booth, width)
    booth.seal()
    look(booth, width)
    page.click("#test")
    page.locator("summary").first.click()
    look(booth, width)
    page.click("#again")
    booth.touch(*range(2, 11))
    booth.seal()
    booth.service.lose = 1
    booth.cast(then="#problem")
    look(booth, width)
    booth.cast()
    look(booth, width)
    page.click("#next")
    booth.touch(1)
    look(booth, width)
    booth.seal()
    booth.cast()
    page.click("#next")
    look(booth, width)


def test_the_second_factor_and_a_closed_poll_for_axe(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    booth = opened(one, factor=True, width=390)
    booth.enter(one.made.codes[0], then="#factor")
    look(booth, 390)
    shut = urn(tmp_path)
    shut.state = "closed"
    booth = opened(shut, width=390)
    booth.enter(shut.made.codes[0], then="#home")
    look(booth, 390)


def test_the_language_changes_and_the_marks_stay(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    booth = opened(one)
    booth.page.fill("#code", one.made.codes[0])
    booth.page.click("#language-fr")
    assert booth.page.input_value("#code") == one.made.codes[0]
    booth.page.click("#enter")
    booth.page.wait_for_selector("#seal")
    booth.touch(1, 3)
    assert booth.words() == ["rayé", "laissé", "rayé"]
    booth.page.click("#language-ru")
    assert booth.words() == ["зачёркнута", "оставлена", "зачёркнута"]
    assert booth.says == "Вы оставляете: SEMENOV. Бюллетень действителен."
    tracking = booth.seal()
    booth.page.click("#language-en")
    assert (booth.heading, booth.tracking) == ("Test or cast", tracking)
    booth.page.click("#language-fr")
    booth.cast()
    assert (booth.stand, booth.page.title()) == (
        "Vous avez voté.",
        "Vous avez voté · Elections to the Supreme Soviet of the USSR",
    )
    # What the election itself wrote is read out in its own language.
    assert booth.page.locator(".slip dd[lang=en]").inner_text() == "Elections to the Supreme Soviet of the USSR"


def press(booth: Visit, wanted: str, key: str = "Enter") -> None:
    """Go to an element with the Tab key alone, and press a key there."""
    for _ in range(40):
        booth.page.keyboard.press("Tab")
        if booth.focused() == wanted:
            hidden = booth.page.evaluate(
                """() => { const box = document.activeElement.getBoundingClientRect();
                    const middle = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                    return !document.activeElement.contains(middle) }"""
            )
            assert not hidden, f"{wanted} has the focus under something else"
            booth.page.keyboard.press(key)
            return
    pytest.fail(f"{wanted} was not reached by the Tab key")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_vote_by_keyboard_alone(opened: Open, tmp_path: Path, width: int) -> None:
    one = urn(tmp_path, 10)
    booth = opened(one, width=width, height=700)
    page = booth.page
    press(booth, "code", "Shift")
    page.keyboard.type(one.made.codes[0])
    page.keyboard.press("Enter")
    page.wait_for_selector("#seal")
    for number in range(1, 10):
        press(booth, f"candidate-{number}", "Space")
        assert booth.focused() == f"candidate-{number}"
    assert booth.words() == ["struck"] * 9 + ["left"]
    assert page.get_attribute("#candidate-9", "aria-pressed") == "true"
    press(booth, "seal")
    page.wait_for_selector("#cast")
    press(booth, "test")
    page.wait_for_selector("#again")
    press(booth, "again")
    page.wait_for_selector("#seal")
    for number in range(2, 11):
        press(booth, f"candidate-{number}")
    press(booth, "seal")
    page.wait_for_selector("#cast")
    press(booth, "cast")
    page.wait_for_selector("#next")
    assert booth.focused() == "H1"
    assert len(one.cast) == 1


def test_names_are_buttons_that_say_what_they_are(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    booth = opened(one)
    booth.enter(one.made.codes[0])
    booth.touch(2)
    struck = booth.page.get_by_role("button", pressed=True)
    assert struck.count() == 4 - 2  # the name, and the language that is chosen
    name = booth.page.get_by_role("button", name="2 SEMENOV Pyotr Ivanovich", pressed=True)
    assert name.inner_text().replace("\n", " ").endswith("struck")
    assert booth.page.get_by_role("button", name="1 PETROV", pressed=False).inner_text().endswith("left")
    assert booth.page.locator("[role=status]").first.inner_text() == "You have NOT voted yet."


def test_the_receipt_is_copied_saved_and_printed(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    booth = opened(one, accept_downloads=True, permissions=["clipboard-read", "clipboard-write"])
    booth.enter(one.made.codes[0])
    booth.touch(1, 2)
    booth.seal()
    booth.cast()
    page = booth.page
    page.click("#copy")
    page.wait_for_selector("text=The receipt was copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as download:
        page.click("#download")
    saved = download.value.path().read_text("utf-8")
    assert saved == copied
    receipt = one.receipts[one.cast[0]]
    for value in (receipt["tracking"], receipt["sha256"], receipt["event"], one.uuid, "/e/x/urns/"):
        assert str(value) in saved
    for secret in (one.made.codes[0], "SIVAKOV", "struck"):
        assert secret not in saved
    page.evaluate("() => { window.print = () => { window.printed = true } }")
    page.click("#print")
    assert page.evaluate("window.printed") is True
    page.emulate_media(media="print")
    for shown, hidden in ((".slip", ".steps"), (".qr", ".tools"), (".tracking", "#next")):
        assert page.locator(shown).is_visible()
        assert not page.locator(hidden).is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_the_policy_is_strict_and_nothing_is_asked_of_others(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path)
    booth = opened(one)
    asked: list[str] = []
    booth.page.on("request", lambda request: asked.append(request.url))
    assert "default-src 'none'" in POLICY
    assert "unsafe" not in POLICY
    booth.page.reload()
    booth.enter(one.made.codes[0])
    booth.touch(1, 2)
    booth.seal()
    booth.cast()
    home = booth.service.url.removesuffix("e/x/vote/")
    assert {url.removeprefix(home) for url in asked} - {"favicon.ico"} == {
        "e/x/vote/",
        "built/booth.js",
        "built/booth.css",
        "e/x/door/",
        f"e/x/urns/{one.uuid}/cast/",
    }


def test_names_that_look_like_markup_are_text(opened: Open, tmp_path: Path) -> None:
    one = urn(tmp_path, people=[("<img src=x onerror=alert(1)>", "</script>", "<b>bold</b>"), ("B", "", "")])
    booth = opened(one)
    booth.enter(one.made.codes[0])
    assert booth.page.locator("#candidate-1 .s").inner_text().startswith("<img src=x onerror=alert(1)>")
    assert booth.page.locator("img, .paper b").count() == 0
    booth.touch(2)
    assert booth.says == "You leave <img src=x onerror=alert(1)>. The ballot is valid."
    booth.seal()
    booth.cast()
    assert len(one.cast) == 1
