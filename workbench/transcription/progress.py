"""The progress of a run, as a bar or for a callback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from workbench.domain.names import printable
from workbench.domain.progress import ReportProgress

_FORM = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"
_MAX_NAME = 40


@contextmanager
def reporting(progress: ReportProgress | bool | None) -> Iterator[ReportProgress]:
    """Yield a function that reports progress: with a bar for True, not at all for None and False, else ``progress``."""
    if callable(progress):
        yield progress
        return
    with tqdm(total=1.0, desc="Transcribing", bar_format=_FORM, disable=not progress) as bar:

        def report(done: float, name: str) -> bool:
            bar.set_postfix_str(printable(name, lines=False)[-_MAX_NAME:], refresh=False)
            bar.update(max(done - bar.n, 0.0))
            return True

        yield report
        report(1.0, "")
