"""Opens the dashboards in the browser of whoever starts them, without putting the link on a command line."""

from __future__ import annotations

import html
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from jupyter_core.paths import jupyter_runtime_dir

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="referrer" content="no-referrer">
  <meta http-equiv="refresh" content="0; url={link}">
  <title>Dashboards</title>
</head>
<body><p><a href="{link}">Open the dashboards</a></p></body>
</html>
"""


@contextmanager
def leading_file(link: str) -> Iterator[Path]:
    """Write a page that leads to ``link``, with its token; only this user can read it. It is deleted on exit."""
    folder = Path(jupyter_runtime_dir())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix="dashboards-", suffix="-open.html", dir=folder)  # 0600
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(PAGE.format(link=html.escape(link)))
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def open_in_browser(page: Path, environment: Mapping[str, str]) -> None:
    """Show ``page`` in the browser that ``environment`` leads to; does nothing if there is none.

    A separate process looks for the browser, because this one's environment no longer names displays and browsers.
    """
    opener = subprocess.Popen(
        [sys.executable, "-m", "webbrowser", "-t", page.as_uri()],
        env={name: value for name, value in environment.items() if not name.startswith("WORKBENCH_")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=opener.wait, daemon=True).start()
