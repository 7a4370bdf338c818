"""What a page of the dashboards' server may load and run, and the other headers of every answer."""

from __future__ import annotations

from workbench.domain.media_hosts import allowed_hosts

_ALL = {
    "default-src": "'self'",
    "script-src": "'self' blob:",  # the server's files, and widgets, which run from Blob URLs; no inline scripts
    "connect-src": "'self'",  # includes the kernel's websocket
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "style-src": "'self' 'unsafe-inline'",  # JupyterLab's widgets set inline styles
    "worker-src": "'self' blob:",
    "media-src": "'self' data: blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def policy(form_action: str = "'none'") -> str:
    """Return the Content-Security-Policy of a page whose forms, if any, are sent to ``form_action``."""
    media = " ".join([_ALL["media-src"], *(one.source for one in allowed_hosts())])
    parts = _ALL | {"media-src": media, "form-action": form_action}
    return "; ".join(f"{name} {value}" for name, value in parts.items())
