"""What the documents say can be done can be done: commands, targets, the example, links."""

from __future__ import annotations

import ast
import asyncio
import re
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

import workbench as wb
from tests.unit import small
from tests.unit.small import ROOT
from workbench.cli.app import app
from workbench.engine.encoders import HashingEncoder

README = (ROOT / "README.md").read_text()


def documents() -> list[Path]:
    """The Markdown files that git knows, or all of them where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    known = [ROOT / line for line in listed.stdout.splitlines()] or ROOT.glob("*.md")
    return [file for file in known if file.is_file()]


def test_the_readme_names_every_command_and_no_other():
    told = re.findall(r"^\| `workbench ([\w-]+)` \|", README, re.MULTILINE)
    assert sorted(told) == sorted(get_command(app).commands)


def test_every_command_says_what_it_does():
    for name, command in get_command(app).commands.items():
        assert command.help, name


def test_the_page_on_the_environment_names_every_variable_and_no_other():
    used = {
        name
        for file in (ROOT / "workbench").rglob("*.py")
        for name in re.findall(r"(?<![A-Z_])WORKBENCH_[A-Z_]*[A-Z]", file.read_text())
    }
    told = set()
    for row in re.findall(r"^\| (`WORKBENCH_.*?) \|", (ROOT / "docs/environment.md").read_text(), re.MULTILINE):
        first, *others = re.findall(r"`([A-Z_]+)`", row)
        told |= {first, *(first.rpartition("_")[0] + other for other in others)}
    assert told == used


@pytest.mark.parametrize("file", documents(), ids=lambda file: str(file.relative_to(ROOT)))
def test_make_targets_that_are_named_exist(file):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = file.read_text()
    named = re.findall(r"`make ([a-z-]+)`", text)
    for block in re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        named += re.findall(r"^\s*make ([a-z-]+)", block, re.MULTILINE)
    assert set(named) <= targets


@pytest.mark.parametrize("file", documents(), ids=lambda file: str(file.relative_to(ROOT)))
def test_links_lead_somewhere(file):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", file.read_text()):
        if "://" not in target and not target.startswith("mailto:"):
            assert (file.parent / target).exists(), target


def test_the_readmes_example_runs(tmp_path, monkeypatch):
    """As it stands, in a folder with a small corpus; words are hashed in place of the model."""
    block = "\n".join(re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL))
    (tmp_path / "sample_corpus").mkdir()
    calls = [call | {"id": f"call-{n:04d}"} for n, call in enumerate(small.conversations(30))]
    small.write(tmp_path / "sample_corpus" / "calls.jsonl", calls)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("workbench.workspace.opened.SharedEncoder", HashingEncoder)
    monkeypatch.setattr("secrets.randbelow", lambda _: 1)  # the seed: some rounds of so few calls hold no YES
    names: dict[str, object] = {}
    running = eval(compile(block, "README.md", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), names)  # as a notebook does
    asyncio.run(running)
    session = wb.open(tmp_path / "demo.workspace").trackers.get("Pricing objections").train()
    assert [(r.number, r.answered, r.complete) for r in session.rounds()] == [(1, 25, True)]


def test_all_decisions_are_listed():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\[(\d{4}) (.+)\]\((.+)\)", (folder / "README.md").read_text())
    assert [name for *_, name in listed] == sorted(f.name for f in folder.glob("[0-9]*.md"))
    for number, title, name in listed:
        assert name.startswith(number)
        assert (folder / name).read_text().startswith(f"# {title}\n")
