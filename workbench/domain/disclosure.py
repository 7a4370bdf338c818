"""What people who only read may be told of an error: what they can act on, and nothing of the machine.

Errors of ours say what is wrong and what to do. Those about the machine name files, hosts and programs: they are for
whoever runs it. So is whatever nobody has foreseen: SQL, plans, tracebacks, Python's own words.
"""

from __future__ import annotations

import re

from workbench.domain import errors
from workbench.domain.errors import WorkbenchError

WRONG = "Something went wrong."
_WORDS: tuple[tuple[type[WorkbenchError], str], ...] = (
    (errors.EncoderUnavailable, "Search by meaning is currently unavailable."),
    (errors.JudgeUnavailable, "Questions cannot be answered right now."),
    (errors.CannotJudge, "This call could not be judged."),
    (errors.OtherEncoder, "This tracker has to be published again before it can read calls."),
    (errors.InvalidModelFile, "This tracker's model cannot be read."),
    (errors.StateUnavailable, "The workspace cannot be opened right now."),
    (errors.CorpusUnavailable, "The calls cannot be read right now."),
    (errors.NewerWorkspace, "The workspace cannot be opened: it was written by a newer version of this program."),
    (errors.WorkspaceNotFound, "There is no workspace yet."),
    (errors.WorkspaceDamaged, "A part of the workspace is damaged and cannot be read."),
    (errors.CannotWrite, "This could not be saved: the workspace cannot be written to."),
    (errors.InvalidBackup, WRONG),
)
_TELLTALE = re.compile(
    r"""
    [\r\n]                                              # plans, tracebacks
    | (?:^|[\s'"(=,:])(?:/|~/|\\\\|[A-Za-z]:\\)[\w.~-]+  # paths
    | \w://                                             # addresses
    | \b(?:SELECT|INSERT|UPDATE|DELETE|PRAGMA|CREATE|ALTER|DROP)\b.*\b(?:FROM|INTO|SET|TABLE|WHERE|VALUES)\b
    | \[SQL | \(\w+\.\w*(?:Error|Exception)\) | \bTraceback\b | \.py\b | \b0x[0-9a-f]{6,}
    | \b\w+\(\)\ (?:missing|takes|got)\b                # Python's words for wrong arguments
    """,
    re.VERBOSE,
)


def discloses(text: str) -> bool:
    """Return whether a text names files, hosts, SQL or code."""
    return bool(_TELLTALE.search(text))


def about_machine(error: WorkbenchError) -> str:
    """Return an error about the machine in words that name nothing of it; empty for other errors."""
    return next((words for kind, words in _WORDS if isinstance(error, kind)), "")


def told_to_readers(error: Exception) -> str:
    """Return the error in words for people who only read; ``WRONG`` where it says nothing that is for them."""
    if not isinstance(error, WorkbenchError):
        return WRONG
    words = about_machine(error) or str(error)
    return WRONG if discloses(words) else words


def shown_to_readers(text: str) -> str:
    """Return a text that was kept of an earlier error, as far as it is for them."""
    return WRONG if discloses(text) else text
