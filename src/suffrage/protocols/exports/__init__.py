"""The results of an election in the formats that others read: a NIST report, tables as CSV and as Parquet."""

from suffrage.protocols.exports.nist import write_report
from suffrage.protocols.exports.write import FILES, write_exports

__all__ = ["FILES", "write_exports", "write_report"]
