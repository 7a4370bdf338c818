"""Jupyter's server starts without a grammar that it does not need, and has it where it is asked for."""

from __future__ import annotations

from tests.unit.small import run

CODE = """
import sys
import workbench.serving.app
from jsonschema import Draft202012Validator
assert "jsonschema" in sys.modules
assert "lark" not in sys.modules, "the grammar was read"
checked = Draft202012Validator.FORMAT_CHECKER
assert checked.conforms("https://example.org/größe", "iri")
assert "lark" in sys.modules
assert checked.conforms("größe?a=b", "iri-reference")
assert not checked.conforms("no address", "iri")
"""


def test_addresses_are_checked_as_ever_and_their_grammar_is_read_only_then() -> None:
    done = run("-c", CODE)
    assert done.returncode == 0, done.stderr
