"""Starting the server: what is refused before it listens, and the browser that it opens."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import psutil
import pytest

from tests.browser.jupyter import wait_for
from tests.browser.servers import dashboards
from tests.unit.serving.readers import notebooks
from workbench.domain.errors import WorkbenchError
from workbench.serving.browser import leading_file
from workbench.serving.serve import MIN_TOKEN, given_token, serve

# Writes down what it was called with and what it sees, and stays until it is told to go.
BROWSER = """#!/bin/sh
{ echo "$@"; env; cat "$(echo "$1" | sed 's#^file://##')"; } > "$SEEN.part"
mv "$SEEN.part" "$SEEN"
while [ ! -e "$SEEN.go" ]; do sleep 0.1; done
"""


@pytest.mark.parametrize(
    "token", ["a", "short", "x" * (MIN_TOKEN - 1), " " * 40, "sixteen letters x", "sechzehn-und-mäh", "x" * 20 + "\n"]
)
def test_a_token_that_can_be_guessed_or_garbled_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("WORKBENCH_TOKEN", token)
    with pytest.raises(
        WorkbenchError, match=f"WORKBENCH_TOKEN must have at least {MIN_TOKEN} characters.*Leave it unset"
    ):
        serve(notebooks(tmp_path) / "dashboards", tmp_path / "w")


def test_a_long_token_is_taken_and_none_is_none() -> None:
    assert MIN_TOKEN >= 16
    assert given_token({"WORKBENCH_TOKEN": "x" * MIN_TOKEN}) == "x" * MIN_TOKEN
    assert given_token({"WORKBENCH_TOKEN": ""}) == given_token({}) == ""


@pytest.mark.parametrize("name", ["https://calls.example.org", "calls example", "-x", "calls.example.org/a", "a" * 300])
def test_what_is_no_host_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(WorkbenchError, match=r"not a host name\. Give one such as calls\.example\.org"):
        serve(notebooks(tmp_path) / "dashboards", tmp_path / "w", behind_https=name)


def test_more_that_stand_by_than_there_are_places_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match=r"--warm 2 keeps 2 kernels ready for 1 dashboards.*raise --max-kernels"):
        serve(notebooks(tmp_path) / "dashboards", tmp_path / "w", warm=2, max_kernels=2)


def command_lines() -> str:
    """Return those of all processes, as visible to anyone on this machine."""
    return "\n".join(" ".join(one.info["cmdline"] or ()) for one in psutil.process_iter(["cmdline"]))


@pytest.mark.parametrize("way", ["BROWSER", "PATH"])
def test_a_browser_opens_with_the_link_in_a_private_file(tmp_path: Path, way: str) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    browser = folder / "www-browser"
    browser.write_text(BROWSER)
    browser.chmod(0o755)
    seen = tmp_path / "seen"
    path = f"{folder}:/usr/bin:/bin"
    ways = {"BROWSER": {"BROWSER": str(browser)}, "PATH": {"PATH": path, "TERM": "xterm", "DISPLAY": "", "BROWSER": ""}}
    extra = {**ways[way], "SEEN": str(seen), "WORKBENCH_SMTP_URL": "smtp://secret", "MY_OWN": "kept"}
    with dashboards(notebooks(tmp_path), tmp_path / "w", tmp_path, "--browser", "--warm", "0", extra=extra) as server:
        wait_for(seen.exists, "the browser to be opened", 60)
        told = seen.read_text()
        address = told.splitlines()[0].split()[-1]
        file = Path(address.removeprefix("file://"))
        assert file.parent == tmp_path / "runtime"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert f'content="0; url={server.url}/?token={server.token}"' in told
        assert told.count(server.token) == 2  # the file's; not the environment's
        assert "WORKBENCH_" not in told
        assert "MY_OWN=kept" in told
        everything = command_lines()
        assert str(browser) in everything
        assert server.token not in everything
        (tmp_path / "seen.go").touch()
        wait_for(lambda: not psutil.Process(server.process.pid).children(), "what opened it to be gone, and no zombie")
    assert not file.exists()


def test_the_file_says_its_link_as_text_and_goes() -> None:
    with leading_file("http://127.0.0.1/?token=a&b=\"><script>'") as file:
        page = file.read_text()
        assert "<script" not in page
        assert re.findall(r'href="([^"]*)"', page) == ["http://127.0.0.1/?token=a&amp;b=&quot;&gt;&lt;script&gt;&#x27;"]
        assert 'name="referrer" content="no-referrer"' in page
    assert not file.exists()
