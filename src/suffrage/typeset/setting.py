"""Sheets set by Typst into PDF: no fonts of the system, no clock, so that the same sheet gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

import suffrage

PACKAGE = Path(suffrage.__file__).parent
"""Where the templates of every package can be reached from: papers share their look."""

_REMEMBERED = 10


def new_compiler(root: Path = PACKAGE) -> typst.Compiler:
    """A compiler with the fonts that come with Typst; no template outside `root` is read. For one thread at a time."""
    return typst.Compiler(root=root, font_paths=typst.Fonts(include_system_fonts=False), ignore_system_fonts=True)


def set_pdf(
    compiler: typst.Compiler, template: Path, sheet: Mapping[str, Any], standard: Literal["a-2u"] | None = None
) -> bytes:
    """A sheet as PDF, which its template reads from `sys.inputs.sheet`. TypstError where it cannot be set."""
    made = compiler.compile(
        template,
        format="pdf",
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
        pdf_standards=[standard] if standard else [],
        timestamp=0,
    )
    assert isinstance(made, bytes)
    return made


def forget(compiler: typst.Compiler) -> None:
    """Let Typst drop what it has set: it keeps that for ten more runs, which is memory where no sheet comes twice."""
    for _ in range(_REMEMBERED + 1):
        compiler.compile(b"", format="svg")
