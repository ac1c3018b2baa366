"""Who may vote: reading a roll as an office has it, with a fate for every line of the file, and writing one.

Pure functions over bytes; nothing here knows a database.
"""

from suffrage.roll.columns import FIELDS
from suffrage.roll.email import is_email
from suffrage.roll.encoding import ENCODINGS
from suffrage.roll.export import roll_csv
from suffrage.roll.lines import DELIMITERS
from suffrage.roll.model import Column, Fate, FateKind, Reason, Remark, Roll, RollElector
from suffrage.roll.read import read_roll

__all__ = [
    "DELIMITERS",
    "ENCODINGS",
    "FIELDS",
    "Column",
    "Fate",
    "FateKind",
    "Reason",
    "Remark",
    "Roll",
    "RollElector",
    "is_email",
    "read_roll",
    "roll_csv",
]
