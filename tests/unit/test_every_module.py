"""Every module has a test that covers it.

A test imports it, patches it or has its name; or uses what only it defines; or imports a module that is made of it.
"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"

ELSEWHERE = {
    **{
        f"workbench.dashboards.pages.{name}": "tests/unit/dashboards/test_pages.py builds every page by its name"
        for name in ("initiative", "playbook", "team", "tracker")
    },
    "workbench.metrics.all_definitions": "tests/unit/metrics use it as ws.metrics, which is made of it",
    "workbench.metrics.logged": "tests/unit/metrics/test_values.py uses it as ws.metrics, which is made of it",
    "workbench.server": "tests/unit/server start a Jupyter server with this extension",
    "workbench.server.extension": "tests/unit/server start a Jupyter server with it",
    "workbench.store.migrations.env": "Alembic runs it; tests/unit/store/test_upgrades.py upgrades by it",
}
"""What tests reach by another way than a name, and where."""


@dataclass(frozen=True)
class Module:
    """What a module imports, and the public names that it defines: functions, classes and their methods."""

    file: Path
    imports: frozenset[str]
    defined: frozenset[str]


def module_of(file: Path) -> Module | None:
    """Read a module; None where it has a docstring, imports and lists of names only."""
    tree = ast.parse(file.read_text())
    if all(isinstance(one, ast.Expr | ast.Import | ast.ImportFrom | ast.Assign) for one in tree.body):
        return None
    classes = [one for one in tree.body if isinstance(one, ast.ClassDef)]
    statements = [*tree.body, *(one for kind in classes for one in kind.body)]
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    names = [one.name for one in statements if isinstance(one, kinds)]
    return Module(file, frozenset(imported(tree)), frozenset(name for name in names if not name.startswith("_")))


def imported(tree: ast.AST) -> set[str]:
    out: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            out.update(one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            out.update({node.module, *(f"{node.module}.{one.name}" for one in node.names)})
    return out


@cache
def modules() -> dict[str, Module]:
    files = (file for file in sorted((ROOT / "workbench").rglob("*.py")) if "versions" not in file.parts)
    found = {".".join(file.relative_to(ROOT).with_suffix("").parts): module_of(file) for file in files}
    return {name.removesuffix(".__init__"): module for name, module in found.items() if module is not None}


@cache
def said_in_tests() -> tuple[set[str], set[str]]:
    """Return the modules that tests import or patch, and all names that they use."""
    mentioned: set[str] = set()
    used: set[str] = set()
    for file in set(TESTS.rglob("*.py")) - {Path(__file__)}:
        tree = ast.parse(file.read_text())
        mentioned |= imported(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                while text.startswith("workbench."):
                    mentioned.add(text)
                    text = text.rpartition(".")[0]
            elif isinstance(node, ast.Attribute):
                used.add(node.attr)
            elif isinstance(node, ast.Name | ast.alias):
                used.add(node.id if isinstance(node, ast.Name) else node.name)
    return mentioned, used


@cache
def untested() -> frozenset[str]:
    mentioned, used = said_in_tests()
    known = modules()
    often = Counter(name for module in known.values() for name in module.defined)
    covered = {name for name, module in known.items() if name in mentioned or _test_of(module.file).exists()}
    parts = {part for name in covered for part in known[name].imports}
    named = {name for name, one in known.items() if any(often[it] == 1 and it in used for it in one.defined)}
    return frozenset(known.keys() - covered - parts - named)


def _test_of(file: Path) -> Path:
    place = file.relative_to(ROOT / "workbench")
    return TESTS / "unit" / place.parent / f"test_{place.name}"


def test_every_module_has_a_test():
    missing = untested() - ELSEWHERE.keys()
    assert not missing, f"No test covers these; write one, or say in ELSEWHERE where they are tested: {sorted(missing)}"


def test_no_module_is_excepted_that_need_not_be():
    gone = ELSEWHERE.keys() - untested()
    assert not gone, f"These are covered by now, or are gone; take them out of ELSEWHERE: {sorted(gone)}"


def test_a_module_that_no_test_knows_is_seen(tmp_path):
    file = tmp_path / "new.py"
    name = "_".join(("of", "which", "no", "test", "has", "heard"))
    file.write_text(f"from a import b\n\nclass C:\n    def {name}(self): ...\n\ndef _hidden(): ...\n")
    found = module_of(file)
    assert found == Module(file, frozenset({"a", "a.b"}), frozenset({"C", name}))
    assert name not in said_in_tests()[1]
    file.write_text('"""Says what there is."""\nfrom a import b\n__all__ = ["b"]\n')
    assert module_of(file) is None
