"""What an e-mail address is: stricter than RFC 5321 allows, as wide as the mail that people really have."""

from __future__ import annotations

import re

LONGEST = 254
_LONGEST_LOCAL = 64

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
# No quoted local parts and no address literals: nobody's mailbox has them. Domains may be in any script.
_ADDRESS = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+{_LABEL})")


def is_email(text: str) -> bool:
    """Whether a text is one e-mail address."""
    found = _ADDRESS.fullmatch(text)
    return found is not None and len(found[1]) <= _LONGEST_LOCAL and len(text) <= LONGEST and "_" not in found[2]


def email_key(text: str) -> str:
    """What two spellings of one address have in common."""
    return text.casefold()
