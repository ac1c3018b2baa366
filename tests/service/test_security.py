"""What is held against browsers and networks that mean no good: forms, headers, addresses, names, files, mails."""

from __future__ import annotations

import csv
import io
import logging
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail as outbox
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import get_resolver

from suffrage.roll import read_roll
from suffrage.service import folders, mailing
from suffrage.service.acts import roll as rolls
from suffrage.service.acts import setup
from suffrage.service.acts.officials import account, invite
from suffrage.service.demo.officials import SECRETARY, person
from suffrage.service.demo.society import LAW
from suffrage.service.demo.way import Played
from suffrage.service.log_lines import WithoutWords
from suffrage.service.models import Election, Elector, Mail, MailStatus
from suffrage.service.views.access import PAGES
from tests.service.test_matrix import OURS, Hall
from tests.service.test_matrix import hall as hall
from tests.service.voting import Booth, fetched

pytestmark = pytest.mark.slow

XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def booth(held: Callable[..., Played]) -> Booth:
    return Booth(held())


def signed_in(booth: Booth, **more: Any) -> Client:
    client = Client(**more)
    client.force_login(booth.played.secretary.user)
    return client


def test_every_form_of_officials_wants_its_token(hall: Hall) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(hall.election.memberships.get(role="secretary").user)
    tried = 0
    for page in OURS:
        if page.view not in PAGES:
            continue
        answer = client.post(hall.address(page), {})
        # A page for reading alone says so before it looks at the form.
        assert answer.status_code in (403, 405), (page, answer.status_code)
        tried += answer.status_code == 403
        assert answer.status_code == 405 or b"was not sent from a page of this service" in answer.content
    assert tried > 15
    for path in ("/account/login/", "/account/logout/", "/account/password/reset/", "/invitation/"):
        assert Client(enforce_csrf_checks=True).post(path, {}).status_code == 403, path


def test_a_form_with_its_token_is_taken_from_here_alone(booth: Booth) -> None:
    client = signed_in(booth, enforce_csrf_checks=True)
    token = client.get(f"/desk/{booth.election.slug}/poll/").cookies["csrftoken"].value
    address = f"/desk/{booth.election.slug}/poll/clock/"
    said = {"to": "", "minutes": "1"}
    assert client.post(address, {**said, "csrfmiddlewaretoken": token}, headers={"Origin": "https://evil.example"}
                       ).status_code == 403  # fmt: skip
    assert client.post(address, {**said, "csrfmiddlewaretoken": token}, headers={"Origin": "http://testserver"}
                       ).status_code == 302  # fmt: skip


def test_every_answer_has_its_headers(hall: Hall) -> None:
    for page in OURS:
        for role in ("anonymous", "secretary"):
            answer = hall.clients[role].get(hall.address(page))
            answer.close()
            policy = answer["Content-Security-Policy"]
            assert "default-src 'none'" in policy, page
            assert "frame-ancestors 'none'" in policy, page
            assert page.name == "published" or "unsafe" not in policy, page
            assert answer["X-Content-Type-Options"] == "nosniff", page
            assert answer["X-Frame-Options"] == "DENY", page
            assert answer["Referrer-Policy"] == "same-origin", page
            assert answer["Cross-Origin-Opener-Policy"] == "same-origin", page
            assert answer["Cross-Origin-Resource-Policy"] == "same-origin", page
            assert "camera=()" in answer["Permissions-Policy"], page
            assert "Access-Control-Allow-Origin" not in answer, page
    for path in ("/account/login/", "/nothing/", "/static/service.css", "/e/none/", "/\0"):
        answer = Client().get(path)
        answer.close()
        assert "Content-Security-Policy" in answer, path


def test_pages_have_nothing_inline(hall: Hall) -> None:
    for page in OURS:
        answer = hall.clients["secretary"].get(hall.address(page))
        if answer.streaming:
            answer.close()
            continue
        text = answer.content.decode("utf-8", "replace").lower()
        for piece in (" style=", "<style", " onclick=", " onload=", "javascript:", "http-equiv"):
            assert piece not in text, (page, piece)
        for tag in text.split("<script")[1:]:
            assert 'src="/static/' in tag.split(">")[0] or 'type="application/json"' in tag.split(">")[0], page


def test_another_host_is_not_answered(booth: Booth) -> None:
    for host in ("evil.example", "testserver.evil.example", "testserver:80@evil.example", "a b", ""):
        answer = booth.client.get("/", headers={"Host": host})
        assert answer.status_code == 400, host
        assert host == "" or host.encode() not in answer.content
    # Behind no proxy the headers of one are nothing.
    answer = booth.client.get("/", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert answer.status_code == 200
    assert b"evil.example" not in answer.content


def test_signing_in_leads_nowhere_else(booth: Booth) -> None:
    secretary = booth.played.secretary
    said = {"login": secretary.user.email, "password": secretary.password}
    for there in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil"):
        answer = Client().post("/account/login/", {**said, "next": there})
        assert (answer.status_code, answer["Location"]) == (302, "/desk/"), there
        cache.clear()
    here = f"/desk/{booth.election.slug}/log/"
    assert Client().post("/account/login/", {**said, "next": here})["Location"] == here
    away = signed_in(booth).post("/account/logout/", {"next": "//evil.example"})
    assert away["Location"] == "/"


def test_cookies_are_for_this_site_alone(booth: Booth) -> None:
    secretary = booth.played.secretary
    client = Client()
    answer = client.post("/account/login/", {"login": secretary.user.email, "password": secretary.password})
    session = answer.cookies["sessionid"]
    assert (session["httponly"], session["samesite"], session["path"]) == (True, "Strict", "/")
    assert session["domain"] == ""
    assert session["max-age"] == ""
    assert client.get("/desk/").cookies.get("csrftoken", session)["samesite"] == "Strict"
    with override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True):
        cache.clear()
        answer = Client().post("/account/login/", {"login": secretary.user.email, "password": secretary.password})
        assert answer.cookies["sessionid"]["secure"] is True
    # The public and the booth set none.
    for path in ("/", f"/e/{booth.election.slug}/", f"/e/{booth.election.slug}/vote/"):
        assert not Client().get(path).cookies, path


def test_a_session_ends_with_signing_out_and_is_new_with_signing_in(booth: Booth) -> None:
    secretary = booth.played.secretary
    client = Client()
    client.get("/account/login/")
    before = client.session.session_key
    client.post("/account/login/", {"login": secretary.user.email, "password": secretary.password})
    assert client.session.session_key != before
    key = client.cookies["sessionid"].value
    client.post("/account/logout/")
    thief = Client()
    thief.cookies["sessionid"] = key
    assert thief.get("/desk/").status_code == 302


def test_guessing_passwords_has_to_wait(booth: Booth) -> None:
    secretary = booth.played.secretary
    client = Client()
    for _ in range(6):
        client.post("/account/login/", {"login": secretary.user.email, "password": secrets.token_hex()})
    right = client.post("/account/login/", {"login": secretary.user.email, "password": secretary.password})
    assert right.status_code != 302
    # From another address too: what is guessed at is the account.
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    answer = elsewhere.post("/account/login/", {"login": secretary.user.email, "password": secretary.password})
    assert answer.status_code != 302


def test_nobody_signs_up_and_nobody_learns_who_has_an_account(booth: Booth) -> None:
    asked = {"email": "x@y.example", "password1": secrets.token_hex()}
    assert Client().post("/account/signup/", asked).status_code != 302
    known, unknown = (
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/account/password/reset/", {"email": email})
        for number, email in ((1, booth.played.secretary.user.email), (2, "nobody@riverside.example"))
    )
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    # It waits in the outbox of the service like every mail; a server that is away is no error of the page.
    assert [item.to for item in Mail.objects.filter(purpose="account")] == [booth.played.secretary.user.email]
    assert outbox.outbox == []


def test_the_text_of_a_mail_with_a_link_is_wiped_once_it_was_sent(booth: Booth, settings: Any) -> None:
    settings.MAIL_ENABLED = True
    Client().post("/account/password/reset/", {"email": booth.played.secretary.user.email})
    _, link = invite(booth.played.secretary.user, booth.election, "X. Novy", "x@riverside.example", "observer")
    assert mailing.send_due() == 2
    assert {(item.status, item.body) for item in Mail.objects.filter(purpose__in=["account", "invitation"])} == {
        (MailStatus.SENT, "")
    }
    assert any(link in str(item.body) for item in outbox.outbox)


def test_a_line_break_makes_no_header_of_a_mail(booth: Booth, settings: Any) -> None:
    settings.MAIL_ENABLED = True
    settings.DEFAULT_FROM_EMAIL = "service@riverside.example"
    evil = "x@riverside.example\r\nBcc: all@evil.example"
    mailing.queue(evil, "Subject\r\nBcc: all@evil.example", "Text", "notice", booth.election)
    mailing.queue("y@riverside.example", "Subject\r\nBcc: all@evil.example", "Text", "notice", booth.election)
    mailing.send_due()
    [sent] = outbox.outbox
    assert sent.recipients() == ["y@riverside.example"]
    assert sent.message()["Bcc"] is None
    assert "\n" not in str(sent.subject)
    assert Mail.objects.get(to=evil).status == MailStatus.QUEUED
    for name, email in (("A\r\nBcc: z@evil.example", "a@riverside.example"), ("A", evil)):
        with pytest.raises(Exception, match=r"name: is missing|e-mail: is no address"):
            invite(booth.played.secretary.user, booth.election, name, email, "observer")


def test_names_are_shown_as_text(data: object, transactional_db: None) -> None:
    secretary = person(SECRETARY)
    head = setup.Head(title=XSS, kind="demo", law="law.toml", law_text=LAW, contact=XSS)
    election = setup.create(secretary.user, "evil", head, XSS)
    unit = setup.add_unit(secretary.user, election, XSS, XSS[:40], None, "whole")
    contest = setup.add_contest(secretary.user, election, XSS, unit, slug="contest")
    setup.add_candidate(secretary.user, contest, XSS, XSS, [XSS], occupation=XSS, party=XSS, slug="candidate")
    for number in range(30):
        Elector.objects.create(election=election, number=f"{XSS}{number}", name=XSS, email=XSS, address=XSS, unit=unit)
    client = Client(raise_request_exception=False)
    client.force_login(secretary.user)
    seen = 0
    for page in OURS:
        if "<slug:slug>" in page.route and page.route.count("<") == 1:
            address = "/" + page.route.replace("<slug:slug>", "evil")
            for query in ("", f"?q={quote(XSS)}", "?lang=%3Cscript%3E", "?page=%3Cscript%3E", "?status=%3C"):
                answer = client.get(address + query)
                if answer.streaming or answer.headers["Content-Type"].startswith(("text/csv", "application/")):
                    answer.close()
                    continue
                assert answer.status_code < 500, (address, query)
                text = answer.content.decode()
                assert "<script>alert" not in text, (address, query)
                assert "<img src=x" not in text, (address, query)
                seen += "&lt;script&gt;alert" in text
    assert seen > 20
    Election.objects.filter(pk=election.pk).update(frozen=True)
    for path in ("/", "/e/evil/", "/e/evil/law/", "/e/evil/vote/"):
        text = Client().get(path).content.decode()
        assert "<script>alert" not in text, path
        assert "&lt;script&gt;alert" in text, path


def test_the_config_of_a_page_ends_no_script(booth: Booth) -> None:
    Election.objects.filter(pk=booth.election.pk).update(title=f"</script>{XSS}")
    text = booth.client.get(f"/e/{booth.election.slug}/vote/").content.decode()
    assert "<script>alert" not in text
    assert "\\u003C/script\\u003E" in text


def test_a_spreadsheet_computes_nothing(booth: Booth) -> None:
    elector = booth.election.electors.get(number="0001")
    evil = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1")
    Elector.objects.filter(pk=elector.pk).update(
        name="=cmd|' /C calc'!A0", address="\n".join(evil), email="+x@riverside.example"
    )
    answer = signed_in(booth).get(f"/desk/{booth.election.slug}/roll.csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"] == f'attachment; filename="roll-{booth.election.slug}.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
    # And it is read back as it was.
    units = {unit.slug: unit.name for unit in booth.election.units.filter(children=None)}
    back = read_roll(answer.content, units=units, languages=("en", "fr", "ru")).electors[0]
    assert back.id == "0001"
    assert back.name == "=cmd|' /C calc'!A0"
    assert rolls.read(booth.election, answer.content).electors is not None


def test_no_path_leads_out_of_the_published_site(booth: Booth) -> None:
    root = folders.published(booth.election.slug)
    root.mkdir(parents=True)
    (root / "index.html").write_text("here")
    (folders.data() / "outside.html").write_text("outside")
    sibling = root.with_name(f"{booth.election.slug}-2")
    sibling.mkdir()
    (sibling / "index.html").write_text("sibling")
    (root / "link.html").symlink_to(folders.data() / "outside.html")
    base = f"/e/{booth.election.slug}/results/"
    client = Client(raise_request_exception=False)
    assert fetched(client, base + "index.html") == b"here"
    for name in (
        "../../outside.html", "..%2f..%2foutside.html", "%2e%2e/%2e%2e/outside.html", "/etc/passwd", "%2fetc%2fpasswd",
        f"../{sibling.name}/index.html", "link.html", "nothing.html", ".",
        "x" * 300, "a/" * 2000, "..\\..\\outside.html",
        "~root",
    ):  # fmt: skip
        assert client.get(base + name).status_code in (404, 301), name
    assert client.get(base + "index.html%00.html").status_code == 400
    for uuid in ("..%2f..%2fdb", "%2e%2e", "x" * 5000, "secret_key", "é"):
        assert client.get(f"/e/{booth.election.slug}/urns/{uuid}.bel").status_code == 404, uuid
    assert client.get(f"/e/{booth.election.slug}/urns/%00.bel").status_code == 400
    assert client.get("/desk/?page=%00").status_code == 400


def test_an_urn_of_another_election_is_not_served_under_this_one(booth: Booth) -> None:
    Election.objects.create(slug="other", title="Other", kind="demo", law="ussr-1937", frozen=True)
    assert Client().get(f"/e/other/urns/{booth.urn().file}").status_code == 404
    # Nor one that is not made, whose list is the office's.
    assert Client().get(f"/e/{booth.election.slug}/urns/{booth.urn(ballot=2).file}").status_code == 404


def test_methods_that_no_page_has(booth: Booth) -> None:
    for path in ("/", f"/e/{booth.election.slug}/", f"/e/{booth.election.slug}/heads.json",
                 f"/e/{booth.election.slug}/vote/", f"/e/{booth.election.slug}/urns/{booth.urn().file}"):  # fmt: skip
        for method in ("post", "put", "delete", "patch"):
            assert getattr(Client(), method)(path).status_code == 405, (method, path)
    for path in (f"/e/{booth.election.slug}/door/", f"/e/{booth.election.slug}/door/factor/"):
        for method in ("get", "put", "delete", "patch"):
            assert getattr(Client(), method)(path).status_code == 405, (method, path)


def test_an_error_is_written_down_without_what_was_said() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(WithoutWords("{levelname} {message}", style="{"))
    logger = logging.Logger("trial")
    logger.addHandler(handler)
    code = "SECRET-CODE"
    try:
        try:
            int(code)
        except ValueError as error:
            raise RuntimeError(f"read {code}") from error
    except RuntimeError:
        logger.exception("it failed")
    shown = stream.getvalue()
    assert code not in shown
    assert "ERROR it failed" in shown
    assert "builtins.RuntimeError" in shown
    assert "builtins.ValueError" in shown
    assert "test_security.py" in shown


def test_what_is_too_large_is_refused_before_it_is_read(booth: Booth) -> None:
    client = signed_in(booth, raise_request_exception=False)
    body = b"x" * ((64 << 20) + 1)
    address = f"/desk/{booth.election.slug}/trustee/submit/"
    trustee = Client(raise_request_exception=False)
    trustee.force_login(booth.played.trustees[0].person.user)
    for one, path in ((trustee, address), (client, f"/desk/{booth.election.slug}/setup/head/")):
        assert one.post(path, body, content_type="application/json").status_code in (400, 413), path


def test_an_account_is_known_by_its_address_in_any_letters(booth: Booth) -> None:
    with pytest.raises(Exception, match="has an account already"):
        account(booth.played.secretary.user.email.upper(), secrets.token_hex())
    assert get_resolver().resolve("/account/login/").func is not None
