"""From tables of figures, as offices publish them, to an election folder: a recipe says which column is what."""

from suffrage.importing.report import ImportReport, SourceReport
from suffrage.importing.run import import_election
from suffrage.importing.source import Progress

__all__ = ["ImportReport", "Progress", "SourceReport", "import_election"]
