"""What is shipped: the wheel made from the sdist, installed in an empty environment without Node, shows each widget."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import jupyter, servers
from tests.browser.servers import Server
from tests.support.installed import link_needed

ROOT = Path(__file__).resolve().parent.parent.parent
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
LABEXTENSION = f"tracker_workbench-{VERSION}.data/data/share/jupyter/labextensions/tracker-workbench"
SET_UP = """import workbench as wb
from workbench.domain.errors import TrackerExists
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import QualityPlots, TaggingCarousel, TrackerBuilder
ws = wb.open("w", encoder=HashingEncoder())
ws.ingest("part.jsonl")
ws.encode()
examples = [f"The price is {word}." for word in ("high", "odd", "low", "fine", "up")]
try:
    tracker = ws.trackers.create("Money", examples=examples)
except TrackerExists:
    tracker = ws.trackers.get("Money")
"""
WIDGETS = {
    "TrackerBuilder(ws)": ".wb-builder button:has-text('Save changes')",
    "TaggingCarousel(ws, tracker)": ".wb-carousel .wb-sentence",
    "QualityPlots(ws, tracker)": ".wb-plots h2",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the sdist, where no Node can be found."""
    out = tmp_path_factory.mktemp("dist")
    run = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(run, check=True, capture_output=True, env=without_node())
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel and its locked dependencies, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    link_needed(wheel, folder)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    install = ["install", "--quiet", "--no-compile", "--no-index", "--no-deps", str(wheel)]
    for arguments in (install, ["check"]):
        subprocess.run([*pip, *arguments], check=True, env=without_node())
    yield python
    shutil.rmtree(folder)


def without_node() -> dict[str, str]:
    """This environment with a PATH on which neither node nor npm lies."""
    folders = os.environ["PATH"].split(os.pathsep)
    kept = [folder for folder in folders if not any((Path(folder) / name).exists() for name in ("node", "npm"))]
    return {**os.environ, "PATH": os.pathsep.join(kept)}


@pytest.fixture(scope="module")
def lab_of_wheel(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("root")
    with open(ROOT / "sample_corpus/calls-2026-h1.jsonl", encoding="utf-8") as lines:
        (root / "part.jsonl").write_text("".join(itertools.islice(lines, 30)), encoding="utf-8")
    with servers.jupyter_lab(root, tmp_path_factory.mktemp("home"), str(installed), without_node()) as server:
        yield server


def test_the_wheel_holds_what_people_need_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for widget in ("builder", "carousel", "plots"):
        assert {f"workbench/widgets/static/{widget}.{kind}" for kind in ("js", "css")} <= names
    assert "workbench/notebooks/01_build_a_tracker.ipynb" in names
    assert "workbench/notebooks/dashboards/tracker.ipynb" in names
    assert "workbench/store/migrations/versions/0001_first_tables.py" in names
    assert any(name.startswith("workbench/sample_corpus/") for name in names)
    (enabled,) = [
        n for n in names if n.endswith(".data/data/etc/jupyter/jupyter_server_config.d/tracker_workbench.json")
    ]
    (script,) = [n for n in names if n.startswith(f"{LABEXTENSION}/static/remoteEntry.")]
    extension = {f"{LABEXTENSION}/package.json", script}
    strange = [n for n in names - {enabled} - extension if not n.startswith("workbench/") and ".dist-info/" not in n]
    assert not strange
    assert not [n for n in names if n.endswith((".pyc", ".tsx", ".ts", ".map")) or "node_modules" in n]


def test_jupyterlab_takes_the_extension_of_the_wheel(installed: Path) -> None:
    command = [str(installed), "-m", "jupyterlab.labextensions", "list"]  # what `jupyter labextension` runs
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**without_node(), "NO_COLOR": "1"})
    said = re.sub(r"\x1b\[\d*m", "", done.stdout + done.stderr)
    assert re.search(r"^\s*tracker-workbench v[\d.]+ enabled +OK", said, re.MULTILINE), said


@pytest.mark.slow
@pytest.mark.parametrize("widget", WIDGETS)
def test_each_widget_shows(page: Page, lab_of_wheel: Server, widget: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    name = widget.split("(")[0]
    path = jupyter.put_notebook(lab_of_wheel, [SET_UP, widget], f"{name}.ipynb")
    jupyter.open_notebook(page, lab_of_wheel, path)
    jupyter.run_all(page)
    expect(page.locator(WIDGETS[widget])).to_be_visible()
    jupyter.screenshot(page, f"wheel-{name}")
    assert not [text for text in said if "anywidget" in text or "wb-" in text or "static/" in text]
