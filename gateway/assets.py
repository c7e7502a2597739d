"""Styles and scripts of the pages, read at the start. 静态文件。

Their address carries a digest of their content, so a browser keeps them for good and asks anew
when a new version is installed.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file."""

    content: bytes
    kind: str
    digest: str


class Assets:
    """The folder's files by name; nothing else can be asked for."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {
            path.name: _read(path) for path in sorted(folder.iterdir()) if path.suffix in _KINDS
        }

    def address(self, name: str) -> str:
        """Return where a page finds the file."""
        return f"/static/{name}?v={self._files[name].digest}"

    def serve(self, request: Request) -> Response:
        """Answer `/static/{name}`."""
        found = self._files.get(request.path_params["name"])
        if found is None:
            return Response(status_code=404)
        is_this_one = request.query_params.get("v") == found.digest
        return Response(
            found.content,
            media_type=found.kind,
            headers={"cache-control": _FOR_GOOD if is_this_one else "no-cache"},
        )


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(content, _KINDS[path.suffix], hashlib.sha256(content).hexdigest()[:12])
