"""What a dashboard's page may load and run."""

from __future__ import annotations

_ALL = {
    "default-src": "'self'",
    "connect-src": "'self'",  # the kernel's websocket included
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "style-src": "'self' 'unsafe-inline'",  # JupyterLab's widgets set styles
    "worker-src": "'self' blob:",
    "media-src": "'self' data: blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'self'",
}


def policy(nonce: str) -> str:
    """The Content-Security-Policy of a page whose inline scripts carry ``nonce``; widgets run from Blob URLs."""
    rules = _ALL | {"script-src": f"'self' blob: 'nonce-{nonce}'"}
    return "; ".join(f"{name} {value}" for name, value in rules.items())
