"""The authority's mail account: no code goes over a line that others can read, or to a server that is another."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from suffrage.authority.mail import Account, Security
from suffrage.errors import WRONG_USE, AuthorityError
from tests.authority.server import PASSWORD, USER, Server

SENDER = Address(addr_spec="authority@example.org")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine that no browser knows, and its key, in one file."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def secured(certificate: Path) -> Iterator[Server]:
    """A server that wants encryption and a password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Server(context) as made:
        yield made


def account(server: Server, **changed: object) -> Account:
    values = {"sender": SENDER, "host": "127.0.0.1", "port": server.port, "user": USER, "password": PASSWORD, **changed}
    return Account(**values)  # type: ignore[arg-type]


def test_the_line_is_encrypted_and_the_account_signed_in(secured: Server, certificate: Path) -> None:
    connection = account(secured, ca_file=certificate).connected()
    assert isinstance(connection.sock, ssl.SSLSocket)
    assert connection.mail("authority@example.org")[0] == 250
    connection.quit()


def test_a_server_with_another_certificate_is_refused(secured: Server) -> None:
    with pytest.raises(AuthorityError, match="does not prove who it is") as error:
        account(secured).connected()
    assert error.value.exit_code == WRONG_USE


def test_a_wrong_password_is_said_and_not_repeated(secured: Server, certificate: Path) -> None:
    with pytest.raises(AuthorityError, match="does not let this account in") as error:
        account(secured, ca_file=certificate, password="the wrong one").connected()
    assert "the wrong one" not in str(error.value)
    assert "password" not in repr(account(secured)).replace("Account", "")


def test_a_server_that_cannot_encrypt_gets_no_password(server: Server) -> None:
    with pytest.raises(AuthorityError, match="cannot be used"):
        account(server).connected()


def test_a_server_that_is_not_there(server: Server) -> None:
    with pytest.raises(AuthorityError, match="cannot be reached") as error:
        account(server, port=1).connected()
    assert error.value.exit_code == WRONG_USE


@pytest.mark.parametrize("host", ["mail.example.org", "192.0.2.1", "localhost.example.org", ""])
def test_no_open_line_to_another_machine(host: str) -> None:
    with pytest.raises(AuthorityError, match="others can read") as error:
        Account(SENDER, host, Security.NONE)
    assert error.value.exit_code == WRONG_USE


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_an_open_line_inside_this_machine(host: str) -> None:
    assert Account(SENDER, host, Security.NONE).host == host
