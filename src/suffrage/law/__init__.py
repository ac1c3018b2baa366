"""The law as data: statutes as TOML files, typed, checked, compared, and laid on a calendar."""

from suffrage.law.calendar import Entry, entries, icalendar
from suffrage.law.differences import Difference, Line, differences, lines
from suffrage.law.file import (
    built_in,
    built_in_ids,
    extended_file,
    find_statute,
    parse_statute,
    read_statute,
    statute_text,
    write_statute,
)
from suffrage.law.rules import Certainty, Deadline, Gap, Provision, Rule, ShareRule, TermRule, WithdrawalRule
from suffrage.law.statute import Rules, Statute
from suffrage.law.sums import Equation, Sum

__all__ = [
    "Certainty",
    "Deadline",
    "Difference",
    "Entry",
    "Equation",
    "Gap",
    "Line",
    "Provision",
    "Rule",
    "Rules",
    "ShareRule",
    "Statute",
    "Sum",
    "TermRule",
    "WithdrawalRule",
    "built_in",
    "built_in_ids",
    "differences",
    "entries",
    "extended_file",
    "find_statute",
    "icalendar",
    "lines",
    "parse_statute",
    "read_statute",
    "statute_text",
    "write_statute",
]
