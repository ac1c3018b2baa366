"""Protocols as official papers: PDF set by Typst, in the language of the record, the same bytes for the same data."""

from suffrage.protocols.typeset.press import Press, Signed
from suffrage.protocols.typeset.printing import Paper, print_papers, print_summary

__all__ = ["Paper", "Press", "Signed", "print_papers", "print_summary"]
