"""Downloads a file to import from an address, within limits, and keeps it until it is imported."""

from __future__ import annotations

import posixpath
import time
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from typing import Any, BinaryIO
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from workbench.domain.errors import WorkbenchError
from workbench.widgets.import_files import MAX_FILE

_TIMEOUT_S = 30.0
_MAX_S = 300.0
_CHUNK = 1_000_000
_SCHEMES = ("http", "https")

OnFetched = Callable[[float], bool]
"""Takes the fraction that has arrived, 0 if the total is unknown; returns whether to continue."""


class _WebOnly(HTTPRedirectHandler):
    """Refuses redirects out of the web, such as to a file or to FTP."""

    def http_error_302(self, req: Request, fp: Any, code: int, msg: str, headers: Any) -> Any:
        """Follow a redirect within the web."""
        scheme = urlsplit(headers.get("location") or "").scheme.lower()
        if scheme not in ("", *_SCHEMES):
            raise WorkbenchError("The address leads to something that is not on the web; give the file's own address.")
        return super().http_error_302(req, fp, code, msg, headers)

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def is_address(place: str) -> bool:
    """Return whether a text is an address, not a path."""
    return "://" in place.strip()[:40]


def fetch(address: str, place: Callable[[str], Path], go_on: OnFetched) -> tuple[Path, str]:
    """Download the file at a web address; return its path and its name.

    Args:
        address: with http or https.
        place: returns a path to write to, by the file's name.
        go_on: see :data:`OnFetched`.

    Raises:
        WorkbenchError: it is unavailable, is too large, or was stopped; says why.
    """
    address = address.strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme.lower() not in _SCHEMES or not host:
        raise WorkbenchError("Give a path, or an address that begins with https://, s3://, gs:// or the like.")
    request = Request(address, headers={"User-Agent": "tracker-workbench"})
    try:
        with build_opener(_WebOnly).open(request, timeout=_TIMEOUT_S) as reply:
            name = _name(reply.headers, reply.geturl())
            target = place(name)
            _save(reply, target, int(reply.headers.get("Content-Length") or 0), go_on)
    except HTTPError as error:
        why = (
            " It may need a login: download it in your browser, then drop it here." if error.code in (401, 403) else ""
        )
        raise WorkbenchError(f"{host} answers {error.code} ({error.reason}).{why}") from None
    except (URLError, OSError, ValueError) as error:
        raise WorkbenchError(
            f"{host} cannot be reached: {getattr(error, 'reason', error)}. Check the address."
        ) from None
    return target, name


def _save(reply: BinaryIO, target: Path, size: int, go_on: OnFetched) -> None:
    begun, held = time.monotonic(), 0
    try:
        with target.open("xb") as out:
            while content := reply.read(_CHUNK):
                held += len(content)
                if max(held, size) > MAX_FILE:
                    raise WorkbenchError(
                        f"The file is larger than {MAX_FILE // 1_000_000} MB. Download it, and import it by path."
                    )
                if time.monotonic() - begun > _MAX_S:
                    raise WorkbenchError("The file comes too slowly. Download it in your browser, then drop it here.")
                out.write(content)
                if not go_on(held / size if size else 0.0):
                    raise WorkbenchError("Stopped; nothing was added.")
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _name(headers: Message, address: str) -> str:
    """Return a downloaded file's name: from its server, else from the end of its address."""
    told = headers.get_filename() if isinstance(headers, Message) else None
    name = posixpath.basename((told or unquote(urlsplit(address).path)).replace("\\", "/"))
    return name or "download"
