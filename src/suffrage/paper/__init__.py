"""Ballot papers: what stands on them, set as PDF with the place of everything on the page."""

from suffrage.paper.form import Form, form_of
from suffrage.paper.press import Paper, PaperPress
from suffrage.paper.sheet import Missing
from suffrage.paper.style import Size, Style
from suffrage.paper.words import paper_languages

__all__ = ["Form", "Missing", "Paper", "PaperPress", "Size", "Style", "form_of", "paper_languages"]
