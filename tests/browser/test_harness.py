"""The harness itself: a plain slider and a small anywidget work in JupyterLab and in Voilà, so a widget of ours can."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import jupyter
from tests.browser.servers import Server

CELLS = [
    "import ipywidgets, anywidget, traitlets\nslider = ipywidgets.IntSlider(value=3, max=9)\nslider",
    '''class Counter(anywidget.AnyWidget):
    _esm = """export default { render({ model, el }) {
      const button = document.createElement("button");
      const show = () => { button.textContent = `count ${model.get("value")}`; };
      button.className = "test-counter";
      button.onclick = () => { model.set("value", model.get("value") + 1); model.save_changes(); };
      model.on("change:value", show); show(); el.append(button);
    } };"""
    value = traitlets.Int(0).tag(sync=True)
counter = Counter()
text = ipywidgets.Label("")
# Through the kernel and back: the label shows that Python saw the click.
counter.observe(lambda change: setattr(text, "value", f"Python saw {change.new}"), "value")
ipywidgets.VBox([counter, text])''',
]


def click_through(page: Page) -> None:
    expect(page.locator(".widget-slider").first).to_be_visible()
    button = page.locator(".test-counter")
    button.click()
    button.click()
    expect(button).to_have_text("count 2")
    expect(page.get_by_text("Python saw 2")).to_be_visible()


@pytest.fixture(scope="module")
def notebook(lab: Server) -> str:
    return jupyter.put_notebook(lab, CELLS, "harness.ipynb")


def test_widgets_work_in_jupyterlab(page: Page, lab: Server, notebook: str) -> None:
    jupyter.open_notebook(page, lab, notebook)
    jupyter.run_all(page)
    click_through(page)
    assert not jupyter.errors(page)
    expect(page.locator(".jp-Dialog, .Toastify__toast")).to_have_count(0)
    # By which pages that are opened later have all widgets at once.
    assert "'jupyter.widget.control'" in jupyter.told_by_kernel(page, "[*get_ipython().kernel.comm_manager.targets]")


def test_themes_change(page: Page, lab: Server, notebook: str) -> None:
    jupyter.open_notebook(page, lab, notebook)
    for dark in (True, False):
        jupyter.set_theme(page, dark=dark)
        assert jupyter.picture(page, f"harness-{'dark' if dark else 'light'}").stat().st_size > 10_000


def test_a_killed_kernel_comes_back(page: Page, lab: Server, notebook: str) -> None:
    jupyter.open_notebook(page, lab, notebook)
    killed = jupyter.kernel_pid(lab, notebook)
    jupyter.lose_kernel(page, lab, notebook)
    assert jupyter.kernel_pid(lab, notebook) != killed
    jupyter.run_all(page)
    click_through(page)


def test_a_kernel_restarts(page: Page, lab: Server, notebook: str) -> None:
    jupyter.open_notebook(page, lab, notebook)
    before = jupyter.kernel_pid(lab, notebook)
    jupyter.restart_kernel(page, lab, notebook)
    assert jupyter.kernel_pid(lab, notebook) != before
    jupyter.run_all(page)
    click_through(page)


def test_a_raising_cell_is_reported(page: Page, lab: Server) -> None:
    path = jupyter.put_notebook(lab, ["1 / 0"], "raises.ipynb")
    jupyter.open_notebook(page, lab, path)
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        jupyter.run_all(page)


@pytest.mark.parametrize("dark", [False, True])
def test_widgets_work_in_voila(page: Page, voila_server: Server, notebook: str, dark: bool) -> None:
    jupyter.open_voila(page, voila_server, notebook, dark=dark)
    click_through(page)
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false" if dark else "true")


# What a theme sets: the attributes of the page's body, and each variable of its style sheets.
THEME = """() => {
    const sheets = [...document.styleSheets].filter(({href}) => !href || href.startsWith(location.origin));
    const names = sheets.flatMap((sheet) => [...sheet.cssRules])
        .flatMap((rule) => [...rule.style ?? []]).filter((name) => name.startsWith('--'));
    const {className, dataset} = document.body;
    const style = getComputedStyle(document.body);
    const variables = [...new Set(names)].sort().map((name) => [name, style.getPropertyValue(name)]);
    const files = sheets.flatMap(({href}) => href ? [href.split('?')[0]] : []);
    return [className, {...dataset}, files, variables];
}"""


def test_a_theme_that_is_set_in_voila_is_the_one_that_is_opened(
    page: Page, voila_server: Server, notebook: str
) -> None:
    jupyter.open_voila(page, voila_server, notebook)
    click_through(page)
    light = page.evaluate(THEME)
    jupyter.set_voila_theme(page, dark=True)
    dark = page.evaluate(THEME)
    jupyter.set_voila_theme(page, dark=False)
    assert page.evaluate(THEME) == light != dark
    jupyter.open_voila(page, voila_server, notebook, dark=True)
    click_through(page)
    assert page.evaluate(THEME) == dark


def test_jupyterlab_serves_voila_too(page: Page, lab: Server, notebook: str) -> None:
    jupyter.open_voila(page, lab, notebook)
    click_through(page)
