"""Ids of records as Salesforce writes them: 15 case-sensitive characters, or 18 with a checksum at the end."""

from __future__ import annotations

import re

_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?")
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def forms_of(record_id: str) -> tuple[str, ...]:
    """Return the ids of the same record, this one first: a Salesforce id with and without its last three characters.

    An id of 18 characters whose last three don't match is another system's, and has only one form.
    """
    if not _ID.fullmatch(record_id) or record_id.isalpha() or not any(sign.isdigit() for sign in record_id[:3]):
        return (record_id,)
    short = record_id[:15]
    whole = short + _checks(short)
    if record_id == short:
        return (short, whole)
    return (whole, short) if record_id == whole else (record_id,)


def _checks(short: str) -> str:
    """Return the three check characters, which encode which of the fifteen are capitals."""
    parts = (short[:5], short[5:10], short[10:])
    return "".join(_CHECK[sum(1 << at for at, sign in enumerate(part) if "A" <= sign <= "Z")] for part in parts)
