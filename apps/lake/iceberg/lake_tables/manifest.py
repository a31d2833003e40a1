"""The files that make up a lake, as its manifest tells: the fold of its changes."""

import json
from pathlib import Path
from typing import NamedTuple


class LakeFile(NamedTuple):
    path: str
    """Relative to the lake's folder, with slashes."""
    rows: int
    bytes: int


class LakeUnreadable(Exception):
    """Says in a sentence what is wrong with a lake and what to do."""


def read_manifest(lake: Path) -> dict[str, LakeFile]:
    """The files by path. A last line that is still being written does not count, as for every reader of the manifest."""
    manifest = lake / "manifest.ndjson"
    if not manifest.exists():
        raise LakeUnreadable(f"{lake} is no lake, it has no manifest.ndjson: make one with npm run lake -- export")
    files: dict[str, LakeFile] = {}
    *lines, _unfinished = manifest.read_text("utf8").split("\n")
    for number, line in enumerate(lines, 1):
        try:
            change = json.loads(line)
            for path in change["retired"]:
                del files[path]
            files.update((each["path"], LakeFile(each["path"], each["rows"], each["bytes"])) for each in change["added"])
        except (ValueError, KeyError) as cause:
            raise LakeUnreadable(
                f"line {number} of {manifest} can't be read: npm run lake -- verify says what is wrong"
            ) from cause
    return files
