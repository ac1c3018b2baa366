"""Filling the templates: escaping, the content security policy, and what no page may contain."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from suffrage.words import in_fours
from suffrage.protocols.site.contest import awaits_second, certainty, electors_out
from suffrage.protocols.site.evidence import size_words
from suffrage.protocols.site.links import link
from suffrage.protocols.site.standings import ballot_words, day_words, name_of
from suffrage.words import grouped, percent, plural

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Controls that HTML forbids, and those that turn the direction of the text after them: a name must not do that."""


@cache
def _environment() -> Environment:
    """The templates with their filters; compiled once a process, the same for every site."""
    environment = Environment(
        loader=PackageLoader("suffrage.protocols.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "grouped": grouped,
        "day": day_words,
        "ballot": ballot_words,
        "name": name_of,
        "fours": in_fours,
        "size": size_words,
        "link": link,
        "cells": _cells,
    }
    environment.globals |= {
        "percent": percent,
        "plural": plural,
        "certainty": certainty,
        "electors_out": electors_out,
        "awaits_second": awaits_second,
    }
    return environment


def _cells(texts: Sequence[str]) -> Markup:
    """Texts as cells of a table row. Escaped all at once: there are millions of them."""
    whole = str(escape("\0".join(texts)))
    return Markup(f"<td>{whole}</td>".replace("\0", "</td><td>")) if texts else Markup("")


@cache
def _file(name: str) -> str:
    return (files("suffrage.protocols.site") / "templates" / name).read_text("utf-8")


def render(template: str, language: str, *, script: bool, **context: object) -> str:
    """One page; `language` is that of the names in it, `script` says whether it holds the script.

    Text is escaped wherever a template prints it.
    """
    style, embedded = _file("style.css"), _file("script.js") if script else ""
    text = (
        _environment()
        .get_template(template)
        .render(
            policy=policy(style, embedded),
            style=Markup(style),
            script=Markup(embedded),
            lang=Markup(f' lang="{escape(language)}"') if language != "en" else "",
            **context,
        )
    )
    return _UNWANTED.sub("\N{REPLACEMENT CHARACTER}", text)


def policy(style: str, script: str) -> str:
    """The content security policy of a page: its own style and script by their hashes, and nothing else."""
    allowed = [f"style-src {_hash(style)}", *([f"script-src {_hash(script)}"] if script else [])]
    return "; ".join(["default-src 'none'", *allowed, "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
