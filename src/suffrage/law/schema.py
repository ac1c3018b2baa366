"""The JSON Schema of statute files, generated from the typed statute."""

from __future__ import annotations

from typing import Any

from suffrage.law.file import adapter


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a whole statute file; with `extends`, only what is changed need be said.

    A rule may also stand as its bare value, a section as `"silent"` or `"not_applicable"`.
    """
    schema = adapter().json_schema(by_alias=True, mode="validation")
    definitions = schema.pop("$defs")
    for definition in definitions.values():
        _allow_short_forms(definition)
    whole = {key: value for key, value in schema.items() if key != "required"}
    whole["properties"] = {
        "extends": {"type": "string", "description": "the law that this one changes"},
        **schema["properties"],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A statute of suffrage",
        **whole,
        "anyOf": [{"required": ["extends"]}, {"required": schema["required"]}],
        "$defs": definitions,
    }


_GAP = {"enum": ["silent", "not_applicable"]}
_GAP_AS_RULE = {
    "type": "object",
    "properties": {
        "value": _GAP,
        "article": {"type": "string"},
        "certainty": {"$ref": "#/$defs/Certainty"},
        "note": {"type": "string"},
    },
    "required": ["value"],
    "additionalProperties": False,
}
"""A whole section that is a gap, with its article, certainty or note."""


def _allow_short_forms(definition: dict[str, Any]) -> None:
    """A table may stand as its value alone (rules), or as a gap (sections); partial sections serve `extends`."""
    if definition.get("type") != "object":
        return
    properties = definition.get("properties", {})
    table = dict(definition)
    definition.clear()
    if "value" in properties and "article" in properties:
        definition["anyOf"] = [table, properties["value"]]
    else:
        table.pop("required", None)
        definition["anyOf"] = [table, _GAP, _GAP_AS_RULE]
