"""MkDocs hook: the JSON Schema of statute files is generated beside the pages, never committed."""

import json

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from suffrage.law.schema import json_schema


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add `statute.schema.json` to the site."""
    text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    files.append(File.generated(config, "statute.schema.json", content=text))
    return files
