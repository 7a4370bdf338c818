"""Bundles that pages share, at ``workbench/static/``, so that the browser keeps one copy for any number of widgets.

They are public, like Jupyter's own static files: they contain this package's code and nothing from a workspace.
"""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any

from jupyter_server.base.handlers import PublicStaticFileHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError

STATIC = Path(__file__).parent / "static"
A_YEAR = 365 * 24 * 3600
# Fixed here, because the system's table may have been changed.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}


class BundleHandler(PublicStaticFileHandler):
    """A file below ``STATIC``, with an ETag of its content.

    Browsers keep a file for a year if its address has ``?v=…``, which must change with the file. Otherwise they ask
    each time, and get a short answer if it has not changed.
    """

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """Check the name; raises ``HTTPError`` 404 if no file can have it."""
        if "\0" in absolute_path:
            raise HTTPError(404)
        return super().validate_absolute_path(root, absolute_path)

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002, the signature is Tornado's
        kept = f"public, max-age={A_YEAR}, immutable"
        self.set_header("Cache-Control", kept if self.get_query_argument("v", "") else "no-cache")
        self.set_header("X-Content-Type-Options", "nosniff")

    def get_content_type(self) -> str:
        return TYPES.get(PurePath(self.absolute_path or "").suffix.lower(), "application/octet-stream")


def static_handlers(base_url: str, folder: Path = STATIC) -> list[tuple[str, Any, dict[str, str]]]:
    """Return what a tornado application adds to serve the bundles below its ``base_url``."""
    return [(url_path_join(base_url, "workbench", "static", "(.*)"), BundleHandler, {"path": str(folder)})]
