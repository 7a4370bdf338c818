"""Errors as problem details, and what the API says where it has no workspace."""

from __future__ import annotations

import re

import pytest

from tests.support.modules import every_module
from workbench.domain import errors
from workbench.domain.errors import WorkbenchError
from workbench.server.cursors import cursor_of, place_of
from workbench.server.handlers import ApiHandler
from workbench.server.problems import RequestRefused, refused_of
from workbench.server.service import Service


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.TrackerNotFound("x"), 404),
        (errors.ConversationNotFound("x"), 404),
        (errors.TrackerExists("x"), 409),
        (errors.WrongState("x"), 409),
        (errors.CorpusNotEncoded("x"), 409),
        (errors.EncoderUnavailable("x"), 503),
        (errors.InvalidFilters("x"), 422),
        (WorkbenchError("x"), 422),
    ],
)
def test_the_status_says_whose_fault_it_is(error, status):
    assert refused_of(error).status == status


def test_the_field_is_the_word_before_the_colon():
    problem = refused_of(errors.InvalidTracker("examples: 3 different sentences; give at least 5")).to_dict()
    assert problem["errors"] == [{"field": "examples", "message": "3 different sentences; give at least 5"}]
    assert (problem["title"], problem["code"]) == ("Unprocessable Entity", "invalid-tracker")
    assert refused_of(errors.InvalidTracker("Nothing of this: at all")).to_dict()["errors"] == []


CODES = [
    "alias-not-found",
    "cancelled",
    "cannot-judge",
    "cannot-write",
    "cluster-unavailable",
    "conversation-not-found",
    "corpus-not-encoded",
    "corpus-unavailable",
    "deal-not-found",
    "definition-not-found",
    "edited-meanwhile",
    "encoder-unavailable",
    "invalid-answer",
    "invalid-backup",
    "invalid-call",
    "invalid-credits",
    "invalid-definition",
    "invalid-filters",
    "invalid-metric",
    "invalid-model-file",
    "invalid-speed",
    "invalid-stream",
    "invalid-token",
    "invalid-tracker",
    "invalid-turn",
    "judge-unavailable",
    "metric-not-found",
    "newer-workspace",
    "not-enough-tags",
    "not-found",
    "not-replayable",
    "nothing-to-tag",
    "other-encoder",
    "out-of-credits",
    "read-only-workspace",
    "redaction-unavailable",
    "round-incomplete",
    "state-unavailable",
    "stream-not-found",
    "token-not-found",
    "too-many-reports",
    "tracker-exists",
    "tracker-not-found",
    "transcriber-unavailable",
    "unknown-candidate",
    "unreadable-item",
    "workbench-error",
    "workspace-damaged",
    "workspace-exists",
    "workspace-not-found",
    "workspace-not-trusted",
    "wrong-state",
]


def kinds(base: type[WorkbenchError]) -> set[type[WorkbenchError]]:
    return {base}.union(*(kinds(one) for one in base.__subclasses__()))


def test_the_codes_that_clients_go_by_stay():
    assert list(every_module())  # a kind of error is known once its module is imported
    sent = {refused_of(kind("x")).code for kind in kinds(WorkbenchError) if not kind.__module__.startswith(ELSEWHERE)}
    assert sorted(sent) == CODES
    assert refused_of(errors.InvalidArgument("by: must be team")).code == "workbench-error"
    assert refused_of(errors.InvalidArgument("by: must be team")).fields == [("by", "must be team")]


ELSEWHERE = (
    "workbench.widgets",
    "workbench.corpus",
    "workbench.transcription.sound",
    "tests",
)  # whose errors no request meets


@pytest.mark.parametrize("folder", ["", "/nowhere/at/all"])
def test_a_workspace_is_opened_and_never_made(folder):
    with pytest.raises(RequestRefused, match="WORKBENCH_WORKSPACE") as refused:
        Service(lambda: folder).workspace()
    assert refused.value.status == 503


def test_a_cursor_gives_back_what_it_was_made_of():
    assert place_of(cursor_of(3, "a/ü"), int, str) == [3, "a/ü"]
    assert place_of(None, int) is None
    for wrong in (cursor_of("3"), cursor_of(-1), cursor_of(2**60), cursor_of(1, 2), cursor_of("\0"), "€"):
        with pytest.raises(RequestRefused, match="cursor"):
            place_of(wrong, int)


@pytest.mark.parametrize(
    "error",
    [
        errors.WorkspaceDamaged("/srv/calls/state.db: damaged; restore a backup"),
        errors.StateUnavailable("state: postgresql://host/db cannot be used"),
        errors.CorpusUnavailable("s3://calls/team: access denied"),
        errors.EncoderUnavailable("encoder: /run/user/0/socket is answered by user 7"),
        errors.InvalidModelFile("/srv/calls/models/a/1.tracker: cut off"),
    ],
)
def test_what_only_the_operator_can_mend_stands_in_the_log(error, caplog):
    refused = refused_of(error)
    found = re.search(r"Report error ([0-9a-f]{8}) to the administrator of this server\.", refused.detail)
    assert found
    assert "/" not in refused.detail
    assert refused.fields == []
    (record,) = [one for one in caplog.records if found[1] in one.getMessage()]
    assert record.exc_info[1] is error


@pytest.mark.parametrize("error", [ValueError("SELECT x FROM y"), KeyError("/srv/calls"), RecursionError()])
def test_what_nobody_thought_of_is_told_by_an_id_alone(error, caplog):
    """By the handler's own answer: no request is known that brings it about."""
    handler = ApiHandler.__new__(ApiHandler)
    answers = []
    handler._refuse = answers.append
    handler.log_exception(type(error), error, None)
    handler.write_error(500, exc_info=(type(error), error, None))
    found = re.fullmatch(
        r"Something went wrong. Report error ([0-9a-f]{8}) to the administrator of this server\.", answers[0].detail
    )
    assert found
    assert answers[0].status == 500
    (record,) = [one for one in caplog.records if found[1] in one.getMessage()]
    assert record.exc_info[1] is error
