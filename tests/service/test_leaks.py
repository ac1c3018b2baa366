"""A whole election whose every secret is known to the test: none of them is found anywhere it must not be."""

from __future__ import annotations

import base64
import json
import logging
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf
from django.core import mail as outbox
from django.core.cache import cache
from django.db import connection
from django.db.utils import ConnectionHandler
from django.test import Client

from suffrage.protocols.keys import SigningKey
from suffrage.service import database, mailing
from suffrage.service.acts import results
from suffrage.service.acts.officials import invite
from suffrage.service.clockwork import Clockwork
from suffrage.service.demo.officials import open_urns, sign_everything
from suffrage.service.demo.way import Played
from suffrage.service.models import Credential, Election, Mail, MailStatus
from suffrage.service.urns.hall import hall
from tests.service.voting import Booth, over, said

pytestmark = pytest.mark.slow


class Recorder(Client):
    """A client that keeps everything that it was told."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.told: list[tuple[str, bytes]] = []

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        body = b"".join(answer) if answer.streaming else answer.content
        head = "\n".join(f"{name}: {value}" for name, value in answer.items())
        self.told.append((str(request["PATH_INFO"]), head.encode() + b"\n" + body))
        return answer


@dataclass
class Held:
    """An election that is over, with its secrets by what they are."""

    election: Election
    secrets: dict[str, list[str]]
    told: list[tuple[str, bytes]]
    tokens: list[str] = field(default_factory=list)


def forms(secret: str) -> Iterator[bytes]:
    """How a secret might be written."""
    raw = secret.encode()
    yield raw
    if len(raw) < 12:
        # Six digits in another writing are anything.
        return
    yield secret.replace("-", "").encode()
    yield raw.hex().encode()
    yield base64.b64encode(raw).rstrip(b"=")
    yield base64.b64encode(b"x" + raw)[4:-4]
    yield base64.b64encode(b"xx" + raw)[4:-4]


def found(data: bytes, secrets: Mapping[str, list[str]]) -> list[str]:
    """Which kinds of secrets are in some bytes."""
    return [
        kind for kind, values in secrets.items() if any(form in data for value in values for form in forms(value))
    ]  # fmt: skip


def signing_secret(key: SigningKey) -> str:
    return key._secret.private_bytes_raw().hex()


@pytest.fixture
def over_and_published(held: Callable[..., Played], settings: Any, caplog: pytest.LogCaptureFixture) -> Held:
    """Everything happens once: the door with its second factor, ballots, refusals, closing, opening, publication."""
    caplog.set_level(logging.DEBUG)
    settings.MAIL_ENABLED = True
    mailing.PER_SECOND, before = 1000, mailing.PER_SECOND
    played = held(second_factor=True)
    election = played.election
    client = Recorder(raise_request_exception=False)
    booth = Booth(played, client)
    _, link = invite(played.secretary.user, election, "X. Novy", "x@riverside.example", "observer")
    one_time, tokens = [], []
    work = Clockwork()
    for contest in ("chair", "north-seat", "south-seat"):
        urn = booth.urn(contest)
        for number, elector in enumerate(booth.electors(urn)[:12]):
            mine = booth.credentials(elector, urn)
            if said(booth.door(mine)).get("factor"):
                mail = Mail.objects.filter(purpose="factor", status=MailStatus.QUEUED).latest("id")
                one_time.append(next(word.strip(".") for word in mail.body.split() if word.strip(".").isdigit()))
                tokens.append(said(booth.factor(mine, one_time[-1]))["token"])
            else:
                tokens.append(door_token(mine))
            ballot = booth.seal(urn, elector, number % 2)
            assert booth.cast(urn, ballot, **{"X-Door-Token": tokens[-1]}).status_code == 200
            booth.cast(urn, ballot, **{"X-Door-Token": tokens[-1]})
            booth.cast(urn, ballot[:-3], **{"X-Door-Token": tokens[-1]})
    work.publish()
    mailing.send_due()
    mailing.PER_SECOND = before
    pages(client, booth)
    over(played)
    election = Election.objects.get(pk=election.pk)
    open_urns(election, played.trustees, 1)
    results.draw(played.secretary.user, election)
    sign_everything(election, played.committee)
    results.prepare_publication(played.secretary.user, election)
    sign_everything(election, played.committee)
    results.publish_results(played.secretary.user, election)
    pages(client, booth)
    for user in (played.secretary.user, played.committee.chair.user, played.trustees[0].person.user):
        official = Recorder(raise_request_exception=False)
        official.force_login(user)
        for path in ("", "log/", "mail/", "people/", "trustees/", "poll/", "results/", "codes/", "signing/", "trustee/",
                     "signing/state/", "trustee/state/", "setup/papers/"):  # fmt: skip
            official.get(f"/desk/{election.slug}/{path}")
        client.told += official.told
    hall.leave_all()
    kept = {
        "a voting code": list(played.codes.values()),
        "a trustee's seed": [key.seed for key in played.trustees],
        "a signing key": [signing_secret(key) for _, key in played.committee.members.values()],
        "a password": [played.secretary.password, *(one.password for one, _ in played.committee.members.values())],
        "a link": [link.rpartition("#")[2]],
        "a one-time code": [f" {code}" for code in one_time] + [f'"{code}"' for code in one_time],
        "a choice": ["[[1,0,0]]", "[[0,1,0]]", "[[1,0]]", "[[0,1]]", "[1, 0, 0]", "[0, 1, 0]"],
        "the service's key": [conf.SECRET_KEY],
    }
    assert one_time
    return Held(election, kept, client.told, tokens)


def door_token(mine: dict[str, str]) -> str:
    from suffrage.service import door

    return door.token(mine)


def pages(client: Client, booth: Booth) -> None:
    slug = booth.election.slug
    for path in ("/", f"/e/{slug}/", f"/e/{slug}/vote/", f"/e/{slug}/law/", f"/e/{slug}/heads.json", "/health/",
                 f"/e/{slug}/urns/{booth.urn().file}", f"/e/{slug}/results/results.html", "/nothing/"):  # fmt: skip
        client.get(path)


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, and what is packed in it."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        name = str(path.relative_to(folder))
        yield name, path.read_bytes()
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as packed:
                for item in packed.namelist():
                    yield f"{name}/{item}", packed.read(item)


def tables() -> Iterator[tuple[str, str, str]]:
    """Every value of every column of every table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    if value is not None:
                        text = bytes(value).decode("latin-1") if isinstance(value, (bytes, memoryview)) else str(value)
                        yield table, column, text


def test_no_secret_is_anywhere(
    over_and_published: Held, data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    pages_say_something(over_and_published)
    who_has_which_credential_stands_in_one_table(over_and_published, data)
    secrets = over_and_published.secrets
    # The test finds what is there: a secret in any of its forms.
    for kind, values in secrets.items():
        assert found(f"x{values[0]}y".encode(), secrets) == [kind]
        assert len(values[0]) < 12 or found(base64.b64encode(values[0].encode()), secrets) == [kind]
    assert [(name, kinds) for name, text in files(data) if (kinds := found(text, secrets))] == []
    # The server's own keys lie where only the service reads them, and nowhere else.
    server = {path.name: path.read_text().strip() for path in (data / "keys").iterdir()}
    assert len(server) >= 3
    assert all((data / "keys" / name).stat().st_mode & 0o077 == 0 for name in server)
    own = {"a server key": list(server.values())}
    assert [name for name, text in files(data) if not name.startswith("keys/") and found(text, own)] == []
    everywhere = {**secrets, **own, "a token": over_and_published.tokens}
    leaks = {(table, column, kind) for table, column, text in tables() for kind in found(text.encode(), everywhere)}
    assert leaks == set()
    copy = tmp_path / "copy.sqlite3"
    with closing(sqlite3.connect(copy)) as target:
        connection.connection.backup(target)
    # The pages of the file too: what was wiped is not left in those that are free.
    assert found(copy.read_bytes(), everywhere) == []
    written = caplog.text + "".join(f"{record.__dict__}" for record in caplog.records)
    out, err = capfd.readouterr()
    assert found((written + out + err).encode(), everywhere) == []
    assert found(repr(vars(cache)).encode(), everywhere) == []
    assert not Mail.objects.filter(status=MailStatus.SENT).exclude(body="").exists()
    told = {key: value for key, value in everywhere.items() if key != "a token"}
    assert [(path, kinds) for path, text in over_and_published.told if (kinds := found(text, told))] == []
    # A token is told to whoever has just shown the one-time code, and to nobody else.
    spread = {path for path, text in over_and_published.told if found(text, {"t": over_and_published.tokens})}
    assert spread <= {f"/e/{over_and_published.election.slug}/door/factor/"}


def who_has_which_credential_stands_in_one_table(over_and_published: Held, data: Path) -> None:
    publics = list(Credential.objects.values_list("public", flat=True))
    people: dict[str, list[str]] = {"name": [], "e-mail": []}
    for name, email in over_and_published.election.electors.values_list("name", "email"):
        people["name"].append(name)
        people["e-mail"].append(email)
    holders = {(table, column) for table, column, text in tables() if any(public in text for public in publics)}
    assert holders == {("service_credential", "public")}
    with connection.cursor() as cursor:
        columns = {
            column.name for column in connection.introspection.get_table_description(cursor, "service_credential")
        }
    assert columns == {"id", "urn_id", "elector_id", "public"}
    # No order of coming: rows were written in the order of the credentials, which are as good as random.
    for urn in over_and_published.election.urns.all():
        listed = list(Credential.objects.filter(urn=urn).order_by("pk").values_list("public", flat=True))
        assert listed == sorted(listed)
    # Files: the archives have the credentials, and no file says whose they are.
    with_credentials = {name for name, text in files(data) if any(public.encode() in text for public in publics)}
    assert with_credentials
    assert all(name.endswith((".bel", ".zip")) for name in with_credentials), with_credentials
    for name, text in files(data):
        assert not any(email.encode() in text for email in people["e-mail"]), name
        if name in with_credentials:
            assert not any(f'"{one}"'.encode() in text for one in people["name"]), name
    log = "\n".join(text for table, _, text in tables() if table == "service_logentry")
    assert not any(public in log for public in publics)
    assert not any(email in log for email in people["e-mail"])
    heads = next(text for path, text in over_and_published.told if path.endswith("/heads.json"))
    assert not any(public.encode() in heads for public in publics)
    # What the public may read names no elector.
    for path, text in over_and_published.told:
        if not path.startswith("/desk/"):
            assert not any(email.encode() in text for email in people["e-mail"]), path


@pytest.mark.django_db
def test_what_is_wiped_is_gone_from_the_file(tmp_path: Path) -> None:
    handler = ConnectionHandler({"default": database.configuration("", tmp_path)})
    one = handler["default"]
    secret = "SECRET-" * 40
    with one.cursor() as cursor:
        cursor.execute("CREATE TABLE mail (id integer primary key, body text)")
        for number in range(200):
            cursor.execute("INSERT INTO mail (body) VALUES (%s)", [f"{secret}{number}"])
        cursor.execute("UPDATE mail SET body = '' WHERE id > 100")
        cursor.execute("DELETE FROM mail WHERE id <= 100")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    left = {path.name for path in tmp_path.iterdir() if b"SECRET-SECRET" in path.read_bytes()}
    one.close()
    assert left == set()


def pages_say_something(over_and_published: Held) -> None:
    """The pages that were read say something: an empty scan would find nothing either."""
    told = dict(over_and_published.told)
    slug = over_and_published.election.slug
    assert b"ORLOVA" in told[f"/e/{slug}/vote/"]
    assert b"begin the election" in told[f"/desk/{slug}/log/"]
    assert json.loads(told[f"/e/{slug}/heads.json"].partition(b"\n{")[2].join([b"{", b""]))["urns"]
    assert len(outbox.outbox) >= 10
