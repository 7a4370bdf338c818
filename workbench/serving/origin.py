"""Detects requests from other sites' pages, which must not start kernels through an image or a frame."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

OWN = ("same-origin", "none")  # "none": typed in, or opened from a bookmark or a file


def is_foreign(method: str, headers: Mapping[str, str]) -> bool:
    """Return whether to refuse a request because of where the browser says that it comes from.

    A link clicked on another site passes, as does any request from a program. Browsers send ``Sec-Fetch-*`` only to
    https and loopback addresses; elsewhere there are only ``Origin`` and ``Referer``, which a page can withhold.
    """
    if "prefetch" in headers.get("Sec-Purpose", "") + headers.get("Purpose", ""):
        return True  # the browser prefetches what might be clicked
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in OWN and not (method in ("GET", "HEAD") and _is_navigation(headers))
    host = headers.get("Host", "")
    if "Origin" in headers and _host(headers["Origin"]) != host:
        return True
    is_sub_resource = "text/html" not in headers.get("Accept", "text/html")
    return is_sub_resource and "Referer" in headers and _host(headers["Referer"]) != host


def _is_navigation(headers: Mapping[str, str]) -> bool:
    """Return whether the answer will fill a tab; frames and objects are as foreign as images."""
    mode, target = headers.get("Sec-Fetch-Mode", "navigate"), headers.get("Sec-Fetch-Dest")
    return mode == "navigate" and target == "document"


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
