"""The libraries of the extra "redact", imported when they are needed."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from workbench.domain.errors import RedactionUnavailable

_INSTALL = "pip install 'tracker-workbench[redact]'"


def phone_library() -> Any:
    """Return ``phonenumbers``; raises ``RedactionUnavailable`` if it isn't installed."""
    try:
        import phonenumbers
    except ImportError as error:
        raise _missing(error) from error
    return phonenumbers


def number_library(name: str) -> Any:
    """Return a module of ``stdnum``; raises ``RedactionUnavailable`` if it isn't installed."""
    try:
        from stdnum import iban, luhn
    except ImportError as error:
        raise _missing(error) from error
    modules: dict[str, ModuleType] = {"iban": iban, "luhn": luhn}
    return modules[name]


def check_libraries() -> None:
    """Raise ``RedactionUnavailable`` if the extra isn't installed; before anything is read."""
    phone_library()
    number_library("luhn")


def _missing(error: ImportError) -> RedactionUnavailable:
    return RedactionUnavailable(f"Redaction needs {error.name or 'its libraries'}. Install it: {_INSTALL}")
