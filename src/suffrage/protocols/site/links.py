"""Where each page lies: file names that every system can hold, and the links to them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from hashlib import sha256
from urllib.parse import quote

from suffrage.election import Election

RESULTS = "results.html"
FOLDER = "contests"

_MOST_BYTES = (
    180  # of a file name without its ending: every file system takes it, in an archive with a folder before it
)
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}


def contest_paths(election: Election) -> dict[str, str]:
    """The path of every contest's page, relative to the site, by the id of the contest.

    A name is the id as far as every system can hold it: Windows knows no colon and keeps names such as `con` for
    devices, and some systems tell neither small letters from large nor an accent from its combining form. Where that
    changes an id, or makes two the same, a piece of its hash follows a tilde, which no id contains.
    """
    folded = {contest.id: _folded(contest.id) for contest in election.contests}
    common = Counter(folded.values())
    return {
        identifier: f"{FOLDER}/{_file_name(identifier, alone=common[same] == 1)}.html"
        for identifier, same in folded.items()
    }


def _folded(identifier: str) -> str:
    """What two ids have in common whose file names some system takes for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", identifier).casefold()).replace(":", "-")


def _file_name(identifier: str, *, alone: bool) -> str:
    name = unicodedata.normalize("NFC", identifier)
    plain = name.replace(":", "-").encode()[:_MOST_BYTES].decode(errors="ignore")
    device = _folded(identifier).split(".")[0] in _DEVICES
    if alone and plain == name and not device:
        return name
    return f"{plain}~{sha256(identifier.encode()).hexdigest()[:12]}"


def link(path: str, here: str) -> str:
    """A path of the site as a link on the page at `here`, percent-encoded; always relative."""
    return "../" * here.count("/") + quote(path.lstrip("/"))
