"""The whole way of an election in browsers: every official with a window of their own, electors on a phone.

Nothing is prepared but the secretary's account. The codes are made by the command of the credential authority, and all
electors but three cast over HTTP, sealed by the Rust core; everything else is done by clicking and typing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from suffrage import _core
from suffrage.audit import verify_bundle
from suffrage.authority.codes import read_codes
from suffrage.cli import suffrage
from suffrage.protocols.keys import fingerprint
from suffrage.protocols.publish import BUNDLE
from suffrage.service import clock, folders
from suffrage.service.acts import officials, poll
from suffrage.service.demo.public import Choice, Public
from suffrage.service.demo.society import LAW, members, roll_file
from suffrage.service.models import Election, Stage
from suffrage.service.urns.hall import hall
from tests.frontend.browsing import launched, needs_browser

pytestmark = [pytest.mark.slow, needs_browser]

PASSWORD, PASSPHRASE = "correct horse battery", "a few words that nobody knows"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
ELECTORS = 60


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright runs a loop in this thread; Django is called beside it, never within it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with launched() as browser:
        yield browser


class Window:
    """A browser of somebody's own, in which nothing may be complained of."""

    def __init__(self, browser: Browser, url: str, size: dict[str, int] = DESK) -> None:
        self.url = url
        self.context = browser.new_context(viewport=size, locale="en-GB", timezone_id="UTC")  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.said: list[str] = []
        self.page.on("console", lambda message: self._hear(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def _hear(self, text: str) -> None:
        if not text.startswith("Failed to load resource"):
            self.said.append(text)

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def fill(self, **fields: str) -> None:
        """Fill the fields of the form, by their names."""
        for name, value in fields.items():
            field = self.page.locator(f"form.sheet [name={name}]")
            if field.first.evaluate("element => element.tagName") == "SELECT":
                field.select_option(value)
            elif field.first.get_attribute("type") == "radio":
                self.page.locator(f"form.sheet [name={name}][value={value}]").check()
            else:
                field.fill(value)

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=False).first.click()

    def says(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def close(self) -> None:
        assert self.said == []
        self.context.close()


@contextmanager
def windows(browser: Browser, url: str) -> Iterator[Callable[..., Window]]:
    opened: list[Window] = []

    def window(size: dict[str, int] = DESK) -> Window:
        opened.append(Window(browser, url, size))
        return opened[-1]

    yield window
    for item in opened:
        item.close()


def sign_in(window: Window, email: str) -> None:
    window.go("/account/login/?next=/desk/")
    window.page.locator("[name=login]").fill(email)
    window.page.locator("[name=password]").fill(PASSWORD)
    window.page.locator("main form button[type=submit], main form button:not([type])").first.click()
    expect(window.page.get_by_role("heading", level=1)).to_be_visible()


def set_up(office: Window, opens: datetime, closes: datetime, tmp_path: Path) -> None:
    """The secretary sets the election up, as typed."""
    (tmp_path / "rules.toml").write_text(LAW)
    office.go("/begin/")
    office.fill(title="Board of the Riverside Society", slug="riverside", name="Secretary", kind="rehearsal")
    office.fill(threshold="2", contact="office@example.org")
    office.page.locator("[name=law_file]").set_input_files(tmp_path / "rules.toml")
    office.press("Begin")
    office.says("Board of the Riverside Society")
    office.go("/desk/riverside/setup/hours/")
    office.fill(opens=f"{opens:%Y-%m-%dT%H:%M}", closes=f"{closes:%Y-%m-%dT%H:%M}")
    office.press("Set the hours")
    for name, kind in (("Riverside Society", "society"), ("North", "district"), ("South", "district")):
        office.go("/desk/riverside/setup/place/")
        office.fill(name=name, kind=kind)
        office.press("Add")
        office.says(name)
    office.go("/desk/riverside/setup/contest/")
    office.fill(name="Chair of the society")
    office.page.locator("[name=unit]").select_option(label="Riverside Society")
    office.press("Add")
    contest = Election.objects.get(slug="riverside").contests.get()
    for surname, names, supporters in (
        ("ORLOVA", "Anna", "The workshop council"),
        ("DUPONT", "René", "The garden committee\nThe choir"),
        ("KOVAL", "Mykola", "Twelve members"),
    ):
        office.go(f"/desk/riverside/setup/contest/{contest.pk}/candidate/")
        office.fill(surname=surname, names=names, supporters=supporters)
        office.press("Add")
        office.says(surname)


def upload_roll(office: Window, tmp_path: Path) -> None:
    (tmp_path / "roll.csv").write_bytes(roll_file(list(members(ELECTORS))) + b"9999;;nobody@example.org;;north;en\r\n")
    office.go("/desk/riverside/roll/upload/")
    office.page.locator("input[type=file]").set_input_files(tmp_path / "roll.csv")
    office.press("See what becomes of every line")
    office.says("1 line will not be taken")
    office.says("no name")
    assert not Election.objects.get(slug="riverside").electors.exists()
    office.press(f"Keep {ELECTORS} electors")
    office.says(str(ELECTORS))


def invite(office: Window, name: str, email: str, role: str, duty: str = "") -> str:
    """Invite somebody; gives the link that is shown."""
    office.go("/desk/riverside/people/invite/")
    office.fill(name=name, email=email, role=role, office=duty)
    office.press("Invite")
    office.says(f"{name} is invited")
    return office.page.locator("main pre").inner_text().strip()


def come(window: Window, link: str) -> None:
    """Take an invitation up with a new account."""
    window.page.goto(link)
    window.says("you are asked to serve")
    window.fill(password=PASSWORD, again=PASSWORD)
    window.press("Make the account")
    expect(window.page.get_by_role("heading", name="Board of the Riverside Society")).to_be_visible()


def make_signing_key(window: Window, tmp_path: Path, name: str) -> Path:
    window.go("/desk/riverside/signing/")
    window.page.locator("#new-passphrase").fill(PASSPHRASE)
    window.page.locator("#new-passphrase-again").fill(PASSPHRASE)
    with window.page.expect_download(timeout=60_000) as download:
        window.press("Make and save")
    path = tmp_path / f"{name}.key"
    download.value.save_as(path)
    # The key is registered once it was opened again.
    window.page.get_by_label("Your key file").set_input_files(path)
    window.page.get_by_label("Passphrase", exact=True).last.fill(PASSPHRASE)
    window.press("Register")
    expect(window.page.get_by_role("status")).to_contain_text("registered", timeout=60_000)
    return path


def sign(window: Window, key: Path) -> None:
    """Sign everything that waits for a key."""
    window.go("/desk/riverside/signing/")
    boxes = window.page.get_by_label("I have read this and sign it")
    expect(boxes.first).to_be_visible()
    for box in boxes.all():
        box.check()
    window.page.get_by_label("Your key file").set_input_files(key)
    window.page.get_by_label("Passphrase", exact=True).last.fill(PASSPHRASE)
    window.press("Sign what is marked")
    expect(window.page.get_by_role("status")).to_contain_text("confirmed your signature", timeout=60_000)


def make_trustee_key(window: Window, tmp_path: Path, name: str) -> Path:
    window.go("/desk/riverside/trustee/")
    window.press("Make my key")
    with window.page.expect_download() as download:
        window.press("Save the file")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    window.press("I have kept it")
    load(window, path)
    expect(window.page.get_by_role("status")).to_contain_text("has arrived")
    return path


def load(window: Window, key: Path) -> None:
    window.page.get_by_label("Key file").set_input_files(key)
    window.press("Use this key")


def turn(window: Window, key: Path) -> None:
    window.go("/desk/riverside/trustee/")
    load(window, key)
    window.press("Turn my key")
    expect(window.page.get_by_role("status")).to_contain_text("The server has confirmed your key")


def two_persons(first: Window, second: Window, key: str, page: str, title: str) -> None:
    """An act that takes two persons: proposed by one, confirmed by the other."""
    first.go(f"/desk/riverside/propose/{key}/")
    first.fill(reason="Everything was read aloud and is right")
    first.press("Propose")
    second.go(f"/desk/riverside/{page}/")
    second.press(f"Confirm: {title}")
    expect(second.page.locator("main")).not_to_contain_text("waiting for a second person")


def vote(window: Window, code: str, leave: int, of: int) -> None:
    """An elector votes by the keyboard alone, and sees the receipt."""
    page = window.page
    window.go("/e/riverside/vote/")
    page.locator("#code").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_selector("#seal")
    for number in range(1, of + 1):
        if number != leave:
            page.locator(f"#candidate-{number}").focus()
            page.keyboard.press("Space")
    page.locator("#seal").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#cast")
    expect(page.locator(".stand")).to_contain_text("NOT")
    page.locator("#cast").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#next")
    window.says("receipt")


def codes_of(office: Window, tmp_path: Path) -> dict[str, str]:
    """The file goes to the authority, whose command makes the codes; the public lists come back."""
    office.go("/desk/riverside/codes/")
    with office.page.expect_download() as download:
        office.press("Download authority.json")
    download.value.save_as(tmp_path / "authority.json")
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    made = tmp_path / "authority"
    arguments = ["authority", "codes", str(tmp_path / "authority.json"), "--out", str(made)]
    ran = CliRunner().invoke(suffrage, [*arguments, "--passphrase-file", str(tmp_path / "passphrase")])
    assert ran.exit_code == 0, ran.output
    office.go("/desk/riverside/codes/")
    office.page.locator("input[type=file]").set_input_files(made / "public.json")
    office.press("Take the lists")
    office.says("Public credentials by urn")
    return dict(read_codes(made / "codes.json", PASSPHRASE).codes)


def the_others(url: str, codes: dict[str, str], left_out: set[str]) -> None:
    """Forty other electors cast over HTTP; the first candidate is ahead, and has no majority."""
    public = Public(url, "riverside", codes)
    (uuid,) = public.read_papers()
    names = sorted(set(codes) - left_out)
    plain = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 0), (0, 1, 0)]
    public.vote([Choice(name, uuid, plain[place % 5]) for place, name in enumerate(names[:40])])
    public.close()


def close(office: Window) -> None:
    """The clock of the rehearsal is moved to the closing; the worker then closes the poll."""
    office.go("/desk/riverside/poll/")
    office.page.locator("button[name=to][value=closing]").click()
    election = Election.objects.get(slug="riverside")
    hall.hours_changed()
    found = election.polls.select_related("election").get(stage=Stage.READY)
    assert clock.now(election) >= found.closes
    poll.close(found)


def published(office: Window, chair: Window, members_: list[tuple[Window, Path]]) -> None:
    """The protocols are drawn and signed, the manifest too, and the results are published."""
    office.go("/desk/riverside/results/")
    office.press("Draw the")
    for window, key in members_:
        sign(window, key)
    office.go("/desk/riverside/results/")
    office.press("Prepare the publication")
    sign(chair, members_[0][1])
    office.go("/desk/riverside/results/")
    office.press("Publish")
    office.says("Published.")


def test_the_whole_way(
    browser: Browser, live_server: LiveServer, data: Path, tmp_path: Path, settings: Settings
) -> None:
    settings.PUBLIC_URL = live_server.url
    officials.account("secretary@example.org", PASSWORD)
    now = datetime.now(UTC)
    opens, closes = now - timedelta(minutes=5), now + timedelta(hours=3)
    with windows(browser, live_server.url) as window:
        office = window()
        sign_in(office, "secretary@example.org")
        set_up(office, opens, closes, tmp_path)
        upload_roll(office, tmp_path)
        # The committee: chair and secretary, each with a key of their own.
        chair, scribe, trustees = window(), window(), [window(PHONE), window(), window()]
        come(chair, invite(office, "B. Sokolova", "chair@example.org", "committee", "chair"))
        come(scribe, invite(office, "C. Meyer", "scribe@example.org", "committee", "secretary"))
        keys = [make_signing_key(chair, tmp_path, "chair"), make_signing_key(scribe, tmp_path, "scribe")]
        office.go("/desk/riverside/people/")
        office.press("Draw the roster")
        sign(chair, keys[0])
        # The trustees: two of three.
        for number, one in enumerate(trustees, 1):
            come(one, invite(office, f"Trustee {number}", f"trustee{number}@example.org", "trustee"))
        office.go("/desk/riverside/trustees/")
        office.press("Begin the ceremony with 3 trustees")
        seeds = [make_trustee_key(one, tmp_path, str(number)) for number, one in enumerate(trustees, 1)]
        for one in trustees:
            expect(one.page.get_by_role("heading", level=1)).to_have_text(
                "Your key is part of this election", timeout=60_000
            )
        two_persons(office, chair, "fix", "codes", "Fix the roll and the ballot papers")
        codes = codes_of(office, tmp_path)
        office.go("/desk/riverside/trustees/")
        office.press("Begin")
        for one, seed in zip(trustees[:2], seeds[:2], strict=True):
            turn(one, seed)
        office.go("/desk/riverside/trustees/")
        office.says("succeeded")
        two_persons(office, chair, "make-urns", "poll", "Make the urns of the first ballot")
        # Electors on a phone and at a desk; the second of them votes again.
        numbers = sorted(codes)
        phone, desk = window(PHONE), window()
        vote(phone, codes[numbers[0]], 1, 3)
        vote(desk, codes[numbers[1]], 2, 3)
        vote(desk, codes[numbers[1]], 1, 3)
        the_others(live_server.url, codes, {numbers[0], numbers[1]})
        close(office)
        for one, seed in zip(trustees[1:], seeds[1:], strict=True):
            turn(one, seed)
        published(office, chair, [(chair, keys[0]), (scribe, keys[1])])
        election = Election.objects.get(slug="riverside")
        bundle = folders.published("riverside") / BUNDLE
        assert verify_bundle(bundle, fingerprint(election.root_key)).holds
        audited = _core.audit_archive(folders.urns() / election.urns.get(ballot=1).file)
        assert audited.result == [[18, 16, 8]]
        assert (audited.ballots, audited.revotes) == (43, 1)
        # Nobody has a majority: the second ballot is one act.
        at = clock.now(election)
        chair.go("/desk/riverside/results/second-ballot/")
        chair.fill(
            opens=f"{at - timedelta(minutes=2):%Y-%m-%dT%H:%M}", closes=f"{at + timedelta(days=2):%Y-%m-%dT%H:%M}"
        )
        chair.press("Call")
        chair.says("second ballot")
        hall.hours_changed()
        vote(phone, codes[numbers[2]], 2, 2)
        for file in (*keys, *seeds):
            assert file.exists()
        assert json.loads((tmp_path / "authority.json").read_text())["election"]["id"] == "riverside"
