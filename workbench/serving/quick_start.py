"""Starts Jupyter's server a second sooner by loading what it hardly ever needs only on first use."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

_GRAMMAR = "rfc3987_syntax"


def put_off_grammar() -> None:
    """Load the grammar of internationalised addresses on first use instead of when jsonschema is imported.

    Jupyter imports jsonschema, and loading the grammar takes most of the import's time.
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
