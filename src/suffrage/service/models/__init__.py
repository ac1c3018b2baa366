"""What the service stores. The archive of an urn and the signed protocols are the truth; rows are the workflow."""

from suffrage.service.models.election import Candidate, Contest, Decision, Election, Poll, Stage, Unit
from suffrage.service.models.jobs import UNFINISHED, Job, JobState
from suffrage.service.models.people import Elector, Invitation, Membership, Role
from suffrage.service.models.records import DoorCode, LogEntry, Mail, MailStatus, Proposal
from suffrage.service.models.returns import PaperEntry, PaperReturn
from suffrage.service.models.trustees import Ceremony, Trustee
from suffrage.service.models.urn import RESERVE, Credential, Head, RehearsalUrn, Turnout, Urn

__all__ = [
    "RESERVE",
    "UNFINISHED",
    "Candidate",
    "Ceremony",
    "Contest",
    "Credential",
    "Decision",
    "DoorCode",
    "Election",
    "Elector",
    "Head",
    "Invitation",
    "Job",
    "JobState",
    "LogEntry",
    "Mail",
    "MailStatus",
    "Membership",
    "PaperEntry",
    "PaperReturn",
    "Poll",
    "Proposal",
    "RehearsalUrn",
    "Role",
    "Stage",
    "Trustee",
    "Turnout",
    "Unit",
    "Urn",
]
