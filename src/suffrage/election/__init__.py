"""The one model of an election and its folder."""

from suffrage.election.folder import read_folder, write_folder
from suffrage.election.model import Candidate, Contest, Decision, DecisionKind, Election, Kind, Unit

__all__ = [
    "Candidate",
    "Contest",
    "Decision",
    "DecisionKind",
    "Election",
    "Kind",
    "Unit",
    "read_folder",
    "write_folder",
]
