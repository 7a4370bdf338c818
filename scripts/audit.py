"""Asks the advisory databases whether a locked version, of Python or of npm, has a known vulnerability.

Exit code 1: one has, and it is not among ``[tool.audit] accepted`` of pyproject.toml; or the audit itself is broken. A
database that cannot be reached is said to be so, and fails nothing: builds also run where there is no network.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scripts.lock import CUDA, MAIN, ROOT, TORCH

LIMIT_S = 300
_NETWORK = (
    "ConnectionError",
    "HTTPSConnectionPool",
    "could not connect",
    "not redirecting",
    "ServiceError",
    "timed out",
)
_NPM_NETWORK = ("audit endpoint", "ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN", "network")


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of an audit: how many packages were looked up, what was found, and why nothing was, if so."""

    of: str
    checked: int = 0
    found: tuple[str, ...] = ()
    unreachable: str = ""
    broken: str = ""

    @property
    def fails(self) -> bool:
        return bool(self.found or self.broken)

    def __str__(self) -> str:
        if self.broken:
            return f"{self.of}: the audit failed: {self.broken}"
        if self.unreachable:
            return f"{self.of}: NOT CHECKED: the advisory database can't be reached from here ({self.unreachable})"
        if self.found:
            return "\n".join(
                [f"{self.of}: {len(self.found)} known vulnerabilities", *(f"  {one}" for one in self.found)]
            )
        return f"{self.of}: {self.checked} packages, no known vulnerability"


def accepted() -> Mapping[str, str]:
    """Return the advisories that were judged, each with the reason why it does no harm here."""
    reasons: Mapping[str, str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["audit"]["accepted"]
    return reasons


def python(command: Sequence[str] = (sys.executable, "-m", "pip_audit")) -> Result:
    """Audit the lock with pip-audit, by PyPI's database, else by that of OSV."""
    asked = [*command, "--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    asked += [part for name in (MAIN, TORCH, CUDA) for part in ("--requirement", str(ROOT / name))]
    asked += [part for name in accepted() for part in ("--ignore-vuln", name)]
    result = _python(asked)
    if not result.unreachable:
        return result
    other = _python([*asked, "--vulnerability-service", "osv"])
    both = f"PyPI: {result.unreachable}; OSV: {other.unreachable}" if other.unreachable else ""
    return replace(other, unreachable=both)


def _python(command: Sequence[str]) -> Result:
    done = _run(command, ROOT)
    if isinstance(done, str):
        return Result("pip-audit", unreachable=done)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return _failed("pip-audit", done.stderr, _NETWORK)
    looked_up = [one for one in packages if "skip_reason" not in one]
    if not looked_up:
        return Result("pip-audit", unreachable="it knows none of the packages")
    found = [f"{one['name']} {one['version']}: {_told(vuln)}" for one in looked_up for vuln in one["vulns"]]
    if done.returncode and not found:
        return Result("pip-audit", broken=_last_line(done.stderr))
    return Result("pip-audit", len(looked_up), tuple(found))


def npm(command: Sequence[str] = ("npm", "audit", "--json"), folder: Path = ROOT / "widgets") -> Result:
    """Audit the front end's lock with npm."""
    done = _run(command, folder)
    if isinstance(done, str):
        return Result("npm audit", unreachable=done)
    try:
        said = json.loads(done.stdout)
        counts, packages = said["metadata"]["vulnerabilities"], said["metadata"]["dependencies"]["total"]
    except (ValueError, KeyError, TypeError):
        return _failed("npm audit", done.stderr + done.stdout, _NPM_NETWORK)
    found = [f"{name}: {one['severity']}, {one['range']}" for name, one in said["vulnerabilities"].items()]
    if counts["total"] and not found:
        return Result("npm audit", broken=f"{counts['total']} are counted, and none is named")
    return Result("npm audit", packages, tuple(found))


def _run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str] | str:
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return f"no answer within {LIMIT_S} s"


def _failed(of: str, said: str, network: Sequence[str]) -> Result:
    """Tell a network that is not there from an audit that does not work."""
    why = next((line for line in said.splitlines() if any(sign in line for sign in network)), "")
    return Result(of, unreachable=_short(why)) if why else Result(of, broken=_last_line(said))


def _told(vulnerability: Mapping[str, Any]) -> str:
    mended = ", ".join(vulnerability.get("fix_versions", ())) or "no version yet"
    return f"{vulnerability['id']}, mended in {mended}: {_short(vulnerability.get('description', ''))}"


def _last_line(text: str) -> str:
    return _short((text.strip().splitlines() or ["it said nothing"])[-1])


def _short(text: str) -> str:
    return " ".join(text.split())[:200]


def main() -> int:
    results = [python(), npm()]
    for one in results:
        print(one)
    return int(any(one.fails for one in results))


if __name__ == "__main__":
    sys.exit(main())
