"""The client for an endpoint: what it is told, and what it sends of the environment."""

from __future__ import annotations

import pytest

from workbench.domain.errors import JudgeUnavailable
from workbench.judges.client import chat_client


def test_organisations_and_projects_of_another_service_are_not_sent(monkeypatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-elsewhere")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-elsewhere")
    client = chat_client("http://127.0.0.1:9/v1", "key", 1.0, 0)
    assert "elsewhere" not in str(client.default_headers)
    assert client.api_key == "key"


@pytest.mark.parametrize("key", ["schlüssel", "line\nbreak", "\x1b[1m"])
def test_a_key_that_cannot_be_one_is_refused(key):
    with pytest.raises(JudgeUnavailable, match="invalid characters"):
        chat_client("http://127.0.0.1:9/v1", key, 1.0, 0)
