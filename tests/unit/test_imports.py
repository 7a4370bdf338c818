"""Who imports whom, as CONTRIBUTING.md draws it, and what is not loaded until it is needed."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.small import ROOT, PackagedName, run, trained

# Modules that the diagram does not name, and whose layer each belongs to.
PART_OF = {
    "agreement": "session",
    "guidance": "session",
    "learning": "session",
    "round_drawing": "session",
    "scope": "session",
    "standing": "session",
    "kind_previews": "workspace",
    "live": "workspace",
    "jobs": "session",
    "metrics": "workspace",
    "pools": "session",
    "credits": "session",
    "judging": "session",
    "records": "session",
    "second_stage": "session",
    "patient_encoder": "workspace",
    "publication": "workspace",
    "publish_planning": "workspace",
    "publishing": "workspace",
    "question_reading": "workspace",
    "question_sample": "workspace",
    "questions": "workspace",
    "readers": "workspace",
    "ready_made": "trackers",
    "all_trackers": "workspace",
    "queries": "workspace",
    "wrong_hits": "session",
    "repeats": "session",
    "replay": "workspace",
    "past": "workspace",
    "scope_opening": "workspace",
    "tracker": "workspace",
    "tracker_cells": "workspace",
    "tracker_contents": "workspace",
    "tracker_files": "workspace",
    "tracker_lists": "workspace",
    "simulation": "workspace",
    "suggestions": "workspace",
    "cli_access": "cli",
    "cli_live": "cli",
    "cli_backups": "cli",
    "cli_output": "cli",
    "cli_notify": "cli",
    "cli_tokens": "cli",
    "cli_trackers": "cli",
    "cli_trust": "cli",
    "cli_workspace": "cli",
    "comparison": "workspace",
    "tracker_comparison": "workspace",
    "serving": "server",
    "trusting": "workspace",
    "watching": "workspace",
    "opening": "workspace",
    "workspace_access": "workspace",
    "backups": "workspace",
    "checking": "workspace",
}
STRANGERS = {"corpus", "store", "engine"}
WIDGET_TOOLKITS = {"ipywidgets", "traitlets", "anywidget"}
TORCH = {"torch", "sentence_transformers", "transformers", "openvino"}
PAGES = ("overview", "tracker", "search", "team", "initiative", "deal", "playbook", "metrics")
FILES = sorted((ROOT / "workbench").rglob("*.py"))


def layers() -> dict[str, int]:
    """Each name of the diagram with its column, from the left."""
    line = next(line for line in (ROOT / "CONTRIBUTING.md").read_text().splitlines() if line.startswith("domain ←"))
    columns = [re.findall(r"\w+", column) for column in line.split("←")]
    named = {name: place for place, column in enumerate(columns) for name in column}
    return named | {name: named[other] for name, other in PART_OF.items()}


LAYERS = layers()


def imported(file: Path) -> Iterator[str]:
    """Every module that a file imports, at its top or within a function; of ``from a import b`` also ``a.b``."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}: say in full what is imported"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(module: str) -> str:
    """``engine`` of ``workbench.engine.heads``; empty for the package itself and for foreign modules."""
    names = module.split(".")
    return names[1] if names[0] == "workbench" and len(names) > 1 and names[1] in LAYERS else ""


def own_part(file: Path) -> str:
    return file.relative_to(ROOT / "workbench").parts[0].removesuffix(".py")


MODULES = [file for file in FILES if own_part(file) != "__init__"]


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_imports_from_its_own_layer_or_from_those_left_of_it(file):
    own = own_part(file)
    assert own in LAYERS, f"CONTRIBUTING.md draws no {own}; name it there or in PART_OF"
    for other in set(map(part, imported(file))) - {"", own}:
        assert LAYERS[other] <= LAYERS[own], f"{own} imports {other}, which lies right of it"
        assert not {own, other} <= STRANGERS, f"{own} and {other} do not know each other"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_nothing_up_to_the_workspace_knows_of_widgets(file):
    if LAYERS.get(own_part(file), 0) <= LAYERS["workspace"]:
        assert not WIDGET_TOOLKITS & {module.split(".")[0] for module in imported(file)}


def test_judges_know_neither_corpus_nor_store():
    files = [file for file in MODULES if own_part(file) == "judges"]
    assert len(files) > 5
    for file in files:
        assert set(map(part, imported(file))) <= {"", "judges", "domain", "engine"}, file.name


def test_the_diagram_names_what_there_is():
    for name in ("domain", "corpus", "store", "engine", "trackers", "session", "workspace", "widgets", "cli"):
        assert name in LAYERS
        assert (ROOT / "workbench" / name).is_dir() or (ROOT / "workbench" / f"{name}.py").is_file()


LOADED = "import sys, json; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"


def loaded(code: str, **environment: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after ``code``."""
    done = run("-c", f"{code}\n{LOADED}", **environment)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_the_package_loads_nothing_but_itself():
    assert loaded("import workbench") - loaded("pass") - sys.stdlib_module_names == {"workbench"}


def test_the_command_line_loads_a_command_when_it_is_used():
    assert not loaded("import workbench.cli.app") & (TORCH | WIDGET_TOOLKITS | {"numpy", "pandas", "duckdb", "sqlalchemy"})


def test_opening_a_dashboard_loads_no_torch_and_starts_no_encoder(tmp_path):
    """All cells of the notebooks, a tracker's estimates and what it finds: only new text needs the model."""
    trained(tmp_path / "w", encoder=PackagedName())
    files = sorted((ROOT / "notebooks").rglob("*.ipynb"))
    # One needs the sample corpus's labels; the other hears new text, and awaits what only a notebook can.
    cells = [code(file) for file in files if not file.name.endswith(("compare_models.ipynb", "06_live.ipynb"))]
    opened = "import os, workbench.dashboards as d\ndashboard = d.tracker_dashboard(os.environ['WORKBENCH_WORKSPACE'])"
    pages = [f"page = d.{name}(); assert page.view and not page.error, page.error" for name in PAGES]
    watched = "monitor = d.live(); assert not monitor.error, monitor.error"
    plots = "plots = dashboard.children[-1]"
    asked = "for kind in ('open', 'surface'): plots._handle_custom_msg({'id': kind, 'kind': kind}, [])"
    shown = "assert plots.state['rounds'] and plots.surfaced and not plots.error, plots.error"
    (tmp_path / "run").mkdir()
    found = loaded(
        "\n".join([*cells, opened, *pages, watched, plots, asked, shown]),
        WORKBENCH_WORKSPACE=str(tmp_path / "w"),
        WORKBENCH_RUNTIME_DIR=str(tmp_path / "run"),
    )
    assert "anywidget" in found
    assert not TORCH & found
    assert list((tmp_path / "run").iterdir()) == []


def code(notebook: Path) -> str:
    cells = json.loads(notebook.read_text())["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
