"""The audit: a finding fails, a network that is not there does not but is told, and nothing else passes for either."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from scripts import audit

CLEAN = {"dependencies": [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not on PyPI"}]}
HOLE = {"id": "PYSEC-1", "fix_versions": ["2"], "description": "a\nhole"}
FOUND = {"dependencies": [{"name": "a", "version": "1", "vulns": [HOLE]}]}
NOTHING_KNOWN = {"dependencies": [{"name": "a", "skip_reason": "not on PyPI"}]}
NPM = {"vulnerabilities": {}, "metadata": {"vulnerabilities": {"total": 0}, "dependencies": {"total": 7}}}
NPM_FOUND = {
    "vulnerabilities": {"x": {"severity": "high", "range": "<2"}},
    "metadata": {"vulnerabilities": {"total": 1}, "dependencies": {"total": 7}},
}


@pytest.fixture
def program(tmp_path: Path):
    """The command of a program that prints this, complains so and ends with this code."""

    def made(out: object = "", complaint: str = "", code: int = 0) -> tuple[str, str]:
        file = tmp_path / "program.py"
        text = out if isinstance(out, str) else json.dumps(out)
        file.write_text(f"import sys\nprint({text!r})\nsys.stderr.write({complaint!r})\nsys.exit({code})\n")
        return sys.executable, str(file)

    return made


def test_a_known_vulnerability_fails(program):
    result = audit.python(program(FOUND, "Found 1 known vulnerability", 1))
    assert result.fails
    assert str(result) == "pip-audit: 1 known vulnerabilities\n  a 1: PYSEC-1, mended in 2: a hole"


def test_none_passes(program):
    result = audit.python(program(CLEAN))
    assert not result.fails
    assert str(result) == "pip-audit: 1 packages, no known vulnerability"


@pytest.mark.parametrize(
    ("out", "complaint", "code"),
    [
        ("", "ERROR: Could not connect to OSV's vulnerability feed: could not connect", 1),
        ("", "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='x'): Max retries exceeded", 1),
        (NOTHING_KNOWN, "", 0),
    ],
)
def test_without_a_network_it_says_so_and_fails_nothing(program, out, complaint, code):
    result = audit.python(program(out, complaint, code))
    assert not result.fails
    assert "NOT CHECKED: the advisory database can't be reached" in str(result)


def test_one_that_hangs_is_given_up(program, tmp_path, monkeypatch):
    monkeypatch.setattr(audit, "LIMIT_S", 0.2)
    (tmp_path / "hangs.py").write_text("import sys\nsys.stdin.read()\nimport time\ntime.sleep(3600)\n")
    assert "no answer within 0.2 s" in str(audit.npm((sys.executable, str(tmp_path / "hangs.py")), tmp_path))


@pytest.mark.parametrize(
    ("out", "complaint", "code"), [("", "error: no such option", 2), ("", "", 1), (CLEAN, "odd", 1)]
)
def test_an_audit_that_does_not_work_fails(program, out, complaint, code):
    result = audit.python(program(out, complaint, code))
    assert result.fails
    assert "the audit failed" in str(result)


def test_what_npm_finds_fails(program, tmp_path):
    assert str(audit.npm(program(NPM_FOUND, "", 1), tmp_path)) == "npm audit: 1 known vulnerabilities\n  x: high, <2"
    assert str(audit.npm(program(NPM), tmp_path)) == "npm audit: 7 packages, no known vulnerability"
    assert not audit.npm(program({"error": {}}, "npm error audit endpoint returned an error", 1), tmp_path).fails
    assert audit.npm(program({"error": {}}, "npm error code EUSAGE", 1), tmp_path).fails


def test_the_real_programs_without_a_network(monkeypatch):
    """They read our locks, and it is noticed that no database answers."""
    for name in ("HTTPS_PROXY", "https_proxy", "npm_config_https_proxy", "npm_config_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    for result in (audit.python(), audit.npm()):
        assert result.unreachable, result
        assert not result.fails


def test_each_accepted_advisory_has_its_reason():
    assert all(reason.strip() for reason in audit.accepted().values())
