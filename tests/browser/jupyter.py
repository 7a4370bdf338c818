"""What a test does in JupyterLab and Voilà, in a test's own words.

Commands go to JupyterLab's application object (the server exposes it), not to menus: those move between versions,
and the tests are about the widgets. The kernel's state is read from the server, which knows it first hand.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import psutil
from playwright.sync_api import Page

from tests.browser.checks import PAINTED
from tests.browser.servers import Server
from tests.support.patience import PATIENCE_S, wait_for

SHOTS = Path(__file__).parent / "shots"
PICTURES = os.environ.get("WORKBENCH_SHOTS", "") not in ("", "0")
DIALOG = ".jp-Dialog button.jp-mod-accept"


def put_notebook(server: Server, source: Path | Sequence[str], name: str | None = None) -> str:
    """Copies a notebook into the server's root, or writes one of code cells; returns its path there."""
    if isinstance(source, Path):
        path = server.root / (name or source.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)
    else:
        path = server.root / (name or "test.ipynb")
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in source])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, path)
    return path.relative_to(server.root).as_posix()


def open_notebook(page: Page, server: Server, path: str) -> None:
    """Opens a notebook in JupyterLab, alone on the page, and waits for its kernel."""
    # A workspace named for the test's notebook, reset, opens no tab that another test left behind.
    name = path.replace("/", "-").removesuffix(".ipynb")
    page.goto(server.page(f"lab/workspaces/{name}/tree/{path}?reset"))
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell")
    page.wait_for_function("() => window.jupyterapp !== undefined")
    wait_for(lambda: kernel_state(server, path) == "idle", "the kernel to be idle")
    _wait_for_page(page)


def open_voila(page: Page, server: Server, path: str, *, dark: bool = False) -> None:
    """Opens a notebook in Voilà and waits until all cells have run."""
    page.goto(server.page(f"voila/render/{path}?theme={'dark' if dark else 'light'}"))
    page.wait_for_selector("#rendered_cells, .jp-Notebook", state="attached")


def command(page: Page, name: str, **arguments: Any) -> None:
    """Runs one of JupyterLab's commands; returns when it is done."""
    script = "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)"
    page.evaluate(script, [name, arguments])


def run_all(page: Page, *, wait: bool = True) -> None:
    """Runs all cells of the notebook that is shown.

    Raises:
        AssertionError: a cell raised, which is quoted. Only where ``wait`` is true.
    """
    if not wait:
        page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        return
    command(page, "notebook:run-all-cells")
    assert not errors(page), errors(page)


def errors(page: Page) -> list[str]:
    """Return the errors raised by cells of the page, as shown there."""
    return page.locator('[data-mime-type="application/vnd.jupyter.stderr"] pre, .jp-RenderedError').all_inner_texts()


def wait_for_idle(server: Server, path: str, seconds: float = PATIENCE_S) -> None:
    """Returns when the notebook's kernel has nothing to do."""
    wait_for(lambda: kernel_state(server, path) == "idle", f"the kernel of {path} to be idle", seconds)


def session(server: Server, path: str) -> dict[str, Any] | None:
    """The server's session of a notebook, None where it has none."""
    return next((item for item in server.api("sessions") if item["path"] == path), None)


def kernel_state(server: Server, path: str) -> str | None:
    """``idle``, ``busy``, ``starting`` …; None where the notebook has no kernel."""
    found = session(server, path)
    return None if found is None or found["kernel"] is None else str(found["kernel"]["execution_state"])


def kernel_pid(server: Server, path: str | None = None) -> int:
    """The process of a notebook's kernel; without ``path``, of the only one.

    Raises:
        LookupError: no such kernel runs.
    """
    wanted = None
    if path is not None:
        found = session(server, path)
        if found is None:
            raise LookupError(f"{path} has no kernel")
        wanted = found["kernel"]["id"]
    pids = [process.pid for process in _kernels(server) if wanted is None or wanted in " ".join(process.cmdline())]
    if len(pids) != 1:
        raise LookupError(f"{len(pids)} kernels of {path or 'any notebook'} run, not one")
    return pids[0]


def kernel_pids(server: Server) -> list[int]:
    """The processes of all kernels of the server."""
    return [process.pid for process in _kernels(server)]


def kernel_lines(server: Server) -> list[str]:
    """The command lines of all kernels of the server, which name them by their ids."""
    return [line for process in _kernels(server) if (line := _command_line(process))]


def end_kernels(server: Server) -> None:
    """Ends the kernels that earlier pages have left: stock Voilà's pages do not end their own when a browser closes."""
    for line in kernel_lines(server):
        if found := re.search(r"kernel-([0-9a-f-]{36})\.json", line):
            server.api(f"kernels/{found[1]}", "DELETE")


def _kernels(server: Server) -> list[psutil.Process]:
    children = psutil.Process(server.process.pid).children(recursive=True)
    # The connection file, which the command line names, carries the kernel's id.
    return [child for child in children if "ipykernel_launcher" in _command_line(child)]


def _command_line(process: psutil.Process) -> str:
    """Return the command line of a process; empty if it has ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def kill_kernel(server: Server, path: str) -> int:
    """Ends a notebook's kernel as a crash would, with SIGKILL; returns the process that it was."""
    pid = kernel_pid(server, path)
    os.kill(pid, 9)
    return pid


def lose_kernel(page: Page, server: Server, path: str) -> None:
    """Ends the notebook's kernel as a crash would, and waits until server *and* page have the new one in its place.

    The page is told of the loss over its own connection, after the server knows: what runs before it has heard
    loses its widgets, so the wait is for the page to have heard.
    """
    page.evaluate(
        """() => {
            window.kernelStates = [];
            const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            kernel.statusChanged.connect((_, status) => window.kernelStates.push(status));
        }"""
    )
    kill_kernel(server, path)
    page.wait_for_function("() => window.kernelStates.some((state) => state.endsWith('restarting'))")
    page.locator(DIALOG).wait_for()  # the page tells of it by a dialog
    dismiss_dialogs(page)
    _wait_for_page(page)
    wait_for_idle(server, path)


def restart_kernel(page: Page, server: Server, path: str) -> None:
    """Restarts the notebook's kernel as its menu does, and waits until page and server have it back."""
    dismiss_dialogs(page)
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    wait_for_idle(server, path)
    _wait_for_page(page)


def _wait_for_page(page: Page) -> None:
    """Wait until the page knows that the kernel is idle.

    JupyterLab takes the kernel's state from what it says to requests of some kinds alone, none of which the page need
    send when it has connected; it would not know before it is used next. So it is used, for nothing.
    """
    page.wait_for_function(
        """() => {
            const kernel = window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;
            if (kernel?.status === 'idle') return true;
            if (Date.now() - (window.askedKernel ??= Date.now()) > 5_000) {
                window.askedKernel = Date.now();
                (async () => kernel?.requestExecute({code: '', silent: true}).done)().catch(() => {});
            }
            return false;
        }""",
        polling=50,
    )


def dismiss_dialogs(page: Page) -> None:
    """Answers the dialogs that JupyterLab shows with their default button."""
    while page.locator(DIALOG).count():
        button = page.locator(DIALOG).first.element_handle()
        button.click()
        button.wait_for_element_state("hidden")


def told_by_kernel(page: Page, expression: str) -> str:
    """Return the ``repr`` of an expression, evaluated in the current notebook's kernel."""
    told: str = page.evaluate(
        """async (expression) => {
            const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const asked = kernel.requestExecute({code: '', silent: true, user_expressions: {it: expression}});
            const {it} = (await asked.done).content.user_expressions;
            return it.status === 'ok' ? it.data['text/plain'] : `${it.ename}: ${it.evalue}`;
        }""",
        expression,
    )
    return told


def set_theme(page: Page, *, dark: bool) -> None:
    """JupyterLab's own dark or light theme; for a page of Voilà see ``set_voila_theme``."""
    command(page, "apputils:change-theme", theme=f"JupyterLab {'Dark' if dark else 'Light'}")
    page.wait_for_selector(f'body[data-jp-theme-light="{"false" if dark else "true"}"]', state="attached")
    page.wait_for_selector("#jupyterlab-splash", state="detached")  # it covers the page until the theme is there


def set_voila_theme(page: Page, *, dark: bool) -> None:
    """Makes a page of Voilà what ``open_voila`` would have made it, without another kernel: sheet and attributes."""
    page.evaluate(
        """async ([from, to, title]) => {
            const sheet = document.querySelector(`link[rel=stylesheet][href*="theme-${from}.css"]`);
            const next = sheet.cloneNode();
            next.href = sheet.href.replace(`theme-${from}.css`, `theme-${to}.css`);
            await new Promise((done, fail) => { next.onload = done; next.onerror = fail; sheet.after(next); });
            sheet.remove();
            document.body.classList.replace(`theme-${from}`, `theme-${to}`);
            document.body.dataset.jpThemeName = `JupyterLab ${title}`;
            document.body.dataset.jpThemeLight = String(to === 'light');
        }""",
        ["light", "dark", "Dark"] if dark else ["dark", "light", "Light"],
    )


def screenshot(page: Page, name: str, selector: str | None = None) -> None:
    """With ``WORKBENCH_SHOTS=1`` a picture for looking at, of the page or of the first element that ``selector`` finds.

    Without, the element is only brought into view and the page painted, as for a picture: to take one costs far more.
    """
    if PICTURES:
        picture(page, name, selector)
        return
    if selector is not None:
        page.locator(selector).first.scroll_into_view_if_needed()
    page.evaluate(PAINTED)


def picture(page: Page, name: str, selector: str | None = None) -> Path:
    """A picture in ``shots/``, which git ignores."""
    SHOTS.mkdir(exist_ok=True)
    path = SHOTS / f"{name}.png"
    if selector is None:
        page.screenshot(path=path)
    else:
        page.locator(selector).first.screenshot(path=path)
    return path
