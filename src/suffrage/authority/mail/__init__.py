"""The mail that hands each elector their code: sent by the authority's own account, with an account of every one."""

from suffrage.authority.mail.account import Account, Security
from suffrage.authority.mail.bounces import Bounce, mark_bounces, read_bounce
from suffrage.authority.mail.journal import Entry, Journal, State
from suffrage.authority.mail.message import mail_bytes
from suffrage.authority.mail.sending import Sending, Sent

__all__ = [
    "Account",
    "Bounce",
    "Entry",
    "Journal",
    "Security",
    "Sending",
    "Sent",
    "State",
    "mail_bytes",
    "mark_bounces",
    "read_bounce",
]
