"""Who imports whom, as pyproject.toml's contracts say, and what is not loaded until it is needed."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.unit.small import ROOT, PackagedName, run, trained

MAX_ENTRIES = 16  # in the project's folder, without hidden ones
MAX_LINES = 350
GENERATED = ("widgets/shared/protocol.ts",)
ABOVE = ("widgets", "dashboards", "server", "serving", "cli", "research")
WIDGET_TOOLKITS = {"ipywidgets", "traitlets", "anywidget"}
TORCH = {"torch", "sentence_transformers", "transformers", "openvino"}
PAGES = ("overview", "tracker", "search", "team", "initiative", "deal", "playbook", "metrics")
FILES = sorted((ROOT / "workbench").rglob("*.py"))


def imported(file: Path) -> Iterator[str]:
    """Every module that a file imports, at its top or within a function; of ``from a import b`` also ``a.b``."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}: say in full what is imported"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(file: Path) -> str:
    return file.relative_to(ROOT / "workbench").parts[0]


def tracked() -> list[str]:
    """The project's files; in an unpacked source archive, which has no history, whatever is there."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return listed.stdout.splitlines() or [str(one.relative_to(ROOT)) for one in ROOT.rglob("*")]


def test_rooms_use_only_those_below_them_and_nothing_goes_round_in_circles():
    """Imports for types count, too; the contracts stand in pyproject.toml."""
    done = run("-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 kept, 0 broken" in done.stdout


def test_every_room_stands_in_the_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    named = {one for layer in contracts[0]["layers"] for one in layer.split(" | ")}
    assert named == {room(file) for file in FILES} - {"__init__.py"}


def test_nothing_but_rooms_stands_at_the_top_of_the_package():
    names = {one.name for one in (ROOT / "workbench").iterdir() if one.is_file()}
    assert names <= {"__init__.py", "py.typed"}


def test_few_things_stand_in_the_projects_folder():
    entries = {one.split("/")[0] for one in tracked()}
    assert len([one for one in entries if not one.startswith(".")]) <= MAX_ENTRIES, sorted(entries)


def test_no_file_is_long():
    written = [one for one in tracked() if one.endswith((".py", ".ts", ".tsx", ".mjs", ".css"))]
    lines = {
        file: len((ROOT / file).read_text().splitlines())
        for file in written
        if file not in GENERATED and not file.startswith("tests/")
    }
    assert {file: count for file, count in lines.items() if count > MAX_LINES} == {}
    assert len(lines) > 500


def test_only_the_front_door_and_what_stands_above_it_know_the_workspace():
    """Lower rooms take ``Resources``, or what they need of it."""
    knowing = [
        str(file.relative_to(ROOT))
        for file in FILES
        if room(file) not in (*ABOVE, "workspace", "__init__.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if (isinstance(node, ast.Name) and node.id == "Workspace")
        or (isinstance(node, ast.alias) and node.name == "Workspace")
    ]
    assert not knowing


def test_nothing_up_to_the_workspace_knows_of_widgets():
    toolkits = {
        str(file.relative_to(ROOT)): WIDGET_TOOLKITS & {module.split(".")[0] for module in imported(file)}
        for file in FILES
        if room(file) not in ABOVE
    }
    assert {file: found for file, found in toolkits.items() if found} == {}
    assert len(toolkits) > 500


LOADED = "import sys, json; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"


def loaded(code: str, **environment: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after ``code``."""
    done = run("-c", f"{code}\n{LOADED}", **environment)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_workspace_is_had_from_the_package_and_from_its_room():
    same = "import workbench as wb; from workbench.workspace import Workspace, open_workspace"
    assert run("-c", f"{same}; assert wb.Workspace is Workspace and wb.open is open_workspace").returncode == 0


def test_importing_the_package_loads_nothing_but_itself():
    platform = loaded("import zoneinfo")  # which loads a module of the standard library that is named by the platform
    assert loaded("import workbench") - platform - sys.stdlib_module_names == {"workbench"}


def test_the_command_line_loads_a_command_when_it_is_used():
    assert not loaded("import workbench.cli.app") & (
        TORCH | WIDGET_TOOLKITS | {"numpy", "pandas", "duckdb", "sqlalchemy"}
    )


def test_opening_a_workspace_does_not_wait_for_statistics():
    """Most of scipy, and scikit-learn, take as long to import as all else together, and few need them at once."""
    opened = "import sys, workbench.workspace.workspace, workbench.dashboards.pages"
    done = run("-c", f"{opened}; print([one for one in ('scipy.stats', 'sklearn') if one in sys.modules])")
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


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
