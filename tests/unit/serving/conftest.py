from collections.abc import Iterator

import pytest

from tests.browser.servers import Server, dashboards
from tests.unit.serving.readers import STARTS, notebooks


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``workbench dashboards`` on one of them, started from an environment with secrets."""
    home = tmp_path_factory.mktemp("dashboards")
    with dashboards(notebooks(home), home / "none.workspace", home, "--warm", "0", extra=STARTS) as running:
        yield running
