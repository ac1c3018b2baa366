"""Sealed ballots after the Belenios specification 4.0 (data version 2, Ed25519): what each role does with its files.

The cryptography is in `suffrage._core`; here are the questions, the credentials, the trustees, the ballots and the urn,
in the files that the official tool reads and writes. Nothing here knows a statute.
"""

from suffrage.belenios.ballot import named_choices, parsed_choices, sealed, tracking_number
from suffrage.belenios.credentials import Credentials, Elector, new_credentials
from suffrage.belenios.decryption import Decrypted, Partial, add_partials, decrypt, read_partial
from suffrage.belenios.fingerprint import Fingerprint
from suffrage.belenios.question import Question, Template, question_of, read_template
from suffrage.belenios.trustees import Trustee, Trustees, parse_trustees, trustees_text
from suffrage.belenios.urn import Cast, Casting, Urn, cast, checked_audit, close, named_result, open_urn, set_up

__all__ = [
    "Cast",
    "Casting",
    "Credentials",
    "Decrypted",
    "Elector",
    "Fingerprint",
    "Partial",
    "Question",
    "Template",
    "Trustee",
    "Trustees",
    "Urn",
    "add_partials",
    "cast",
    "checked_audit",
    "close",
    "decrypt",
    "named_choices",
    "named_result",
    "new_credentials",
    "open_urn",
    "parse_trustees",
    "parsed_choices",
    "question_of",
    "read_partial",
    "read_template",
    "sealed",
    "set_up",
    "tracking_number",
    "trustees_text",
]
