"""One server for all tests of the API: it takes seconds to start."""

from __future__ import annotations

import pytest

from tests.support.api_server import Client, api_server


@pytest.fixture(scope="package")
def api(tmp_path_factory) -> Client:
    with api_server(tmp_path_factory.mktemp("api")) as client:
        yield client
