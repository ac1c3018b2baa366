"""The server's keys on paper: printed once, entered again from the letters on the paper."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from suffrage.errors import BeleniosError, ServiceError
from suffrage.service.acts.server_keys import enter_key, print_keys
from suffrage.service.demo.way import Played
from suffrage.service.log import entries
from suffrage.service.models import LogEntry
from suffrage.service.urns import server_key

pytestmark = pytest.mark.slow


def test_printed_once_and_entered_again(held: Callable[..., Played], tmp_path: Path) -> None:
    election, out = held().election, tmp_path / "keys.pdf"
    urns = print_keys(election, out)
    assert len(urns) == 3
    assert stat.S_IMODE(out.stat().st_mode) == 0o400
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(out).pages)
    keys = {urn.uuid: server_key.path_of(urn.uuid).read_text().strip() for urn in urns}
    for urn in urns:
        assert urn.uuid in text
        assert keys[urn.uuid] in text
    with pytest.raises(ServiceError, match="all are printed"):
        print_keys(election, tmp_path / "other.pdf")
    # Nothing is recorded that was not printed.
    acts = LogEntry.objects.count()
    with pytest.raises(BeleniosError, match="exists already"):
        print_keys(election, out, "The first paper is wet")
    assert LogEntry.objects.count() == acts
    assert print_keys(election, tmp_path / "again.pdf", "The first paper is wet") == urns
    assert (tmp_path / "again.pdf").read_bytes() == out.read_bytes()
    first = next(iter(entries(election)))
    assert (first["by"], first["reason"]) == ("the operator of the server", "The first paper is wet")
    assert not any(key in entry.record for entry in LogEntry.objects.all() for key in keys.values())

    lost, other = urns[0].uuid, urns[1].uuid
    with pytest.raises(BeleniosError, match="exists already"):
        enter_key(lost, keys[lost])
    server_key.remove(lost)
    for wrong in (keys[other], keys[lost][:-1], "", "not a key"):
        with pytest.raises(ServiceError, match="is not the server's key of this urn") as raised:
            enter_key(lost, wrong)
        assert keys[lost][:10] not in str(raised.value)
    assert not server_key.path_of(lost).exists()
    with pytest.raises(ServiceError, match="none of this name"):
        enter_key("nothing", keys[lost])
    typed = " ".join(keys[lost][place : place + 4] for place in range(0, 44, 4))
    assert enter_key(lost, typed) == urns[0]
    assert server_key.path_of(lost).read_text().strip() == keys[lost]
    assert stat.S_IMODE(server_key.path_of(lost).stat().st_mode) == 0o400
