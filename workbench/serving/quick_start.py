"""Starts Jupyter's server a second sooner, by reading what it hardly ever needs only when it does."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

_GRAMMAR = "rfc3987_syntax"


def put_off_grammar() -> None:
    """Have the grammar of addresses in any script read when one is first checked, and not when jsonschema is imported.

    Jupyter imports jsonschema; reading the grammar is most of what that takes.
    """
    if _GRAMMAR in sys.modules:
        return
    later = ModuleType(_GRAMMAR)

    def is_valid_syntax(term: str, value: str) -> bool:
        if sys.modules.get(_GRAMMAR) is later:
            del sys.modules[_GRAMMAR]
        return bool(import_module(_GRAMMAR).is_valid_syntax(term, value))

    later.__dict__["is_valid_syntax"] = is_valid_syntax
    sys.modules[_GRAMMAR] = later
