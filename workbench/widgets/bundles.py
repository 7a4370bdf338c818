"""Locates the built pages, and returns a message if they were not built."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"

_NOT_BUILT = """
export default { render({ el }) {
  el.textContent = "This widget is not built yet. Run `npm ci && npm run build` in the folder widgets.";
} };
"""


def esm(name: str) -> Path | str:
    """Return the module of widget ``name``, or one that says how to build it."""
    path = STATIC / f"{name}.js"
    return path if path.is_file() else _NOT_BUILT


def css(name: str) -> Path | str:
    """Return the style sheet of widget ``name``; empty if it was not built."""
    path = STATIC / f"{name}.css"
    return path if path.is_file() else ""
