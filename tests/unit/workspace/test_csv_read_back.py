"""Every CSV that the workbench writes can be read again, with the same texts: each place that writes one is listed."""

from __future__ import annotations

import io
import re
from types import SimpleNamespace

import pandas as pd
import pytest
from typer.testing import CliRunner

import workbench as wb
from tests.unit.dashboards.shop import block
from tests.unit.results.sales import call
from tests.unit.small import EXAMPLES, ROOT
from workbench.cli.app import app
from workbench.dashboards.pages import build
from workbench.engine.encoders import HashingEncoder
from workbench.server.models.conversations import CallsQuery
from workbench.server.models.definitions import DefinitionsQuery
from workbench.server.operations.conversations import get_table
from workbench.server.operations.definitions import export_definitions
from workbench.widgets.dashboard_tables import csv as block_csv

HOSTILE = "=cmd|' /C calc'!A0; \"a\"\n@b, 'c"
SAID = "=The price; is too high, for us"


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    ws = wb.open(tmp_path_factory.mktemp("w"), encoder=HashingEncoder())
    ws.ingest([call(n, [("cy", f"{SAID} {n}"), ("ann", f"-{n} offices")], title="=1+1") for n in range(4)])
    ws.encode()
    ws.trackers.create("Price", kind="keyword", words=["price"], filters=wb.Filters(scope="any")).publish("all").wait()
    taught = ws.trackers.create("Taught", description=HOSTILE, examples=EXAMPLES, filters=wb.Filters(scope="any"))
    ids = ws.lake.pool()["id"].to_pylist()
    taught.import_answers([{"sentence_id": name, "answer": "no"} for name in ids], annotator="@ann")
    return ws


def printed(ws, *arguments):
    done = CliRunner().invoke(app, [*arguments, "-w", str(ws.path)])
    assert done.exit_code == 0, done.output
    return done.output


WRITERS = {
    "workbench/workspace/definitions.py": lambda ws, _: ws.trackers.to_csv(),
    "workbench/workspace/trackers.py": lambda ws, _: ws.trackers.to_csv(bom=True),
    "workbench/cli/trackers.py": lambda ws, folder: (
        printed(ws, "trackers", "export", str(folder / "t.csv")) and (folder / "t.csv").read_text("utf-8")
    ),
    "workbench/server/operations/definitions.py": lambda ws, _: (
        export_definitions(SimpleNamespace(workspace=ws, query=DefinitionsQuery(format="csv"))).text
    ),
    "workbench/cli/app.py": lambda ws, _: printed(ws, "detections", "Price"),
    "workbench/results/table_files.py": lambda ws, folder: ws.export_detections("Price", folder / "d.csv").read_text(
        "utf-8"
    ),
    "workbench/training/answer_tables.py": lambda ws, folder: (
        ws.trackers.get("Taught").export_answers(folder / "a.csv").read_text("utf-8")
    ),
    "workbench/cli/answers.py": lambda ws, _: printed(ws, "answers", "Taught"),
    "workbench/cli/calls.py": lambda ws, _: printed(ws, "calls"),
    "workbench/server/operations/conversations.py": lambda ws, _: (
        get_table(SimpleNamespace(workspace=ws, query=CallsQuery())).text
    ),
    "workbench/widgets/dashboard_tables.py": lambda ws, _: block_csv([block(build("overview")(ws, {}), "calls")]),
}
TESTED_ELSEWHERE = {
    "workbench/results/csv_export.py": "tests/unit/results/test_csv_export.py, which writes and reads any table",
    "workbench/research/comparison.py": "figures of simulations, written by the same function; no text of calls",
    "workbench/cli/sides.py": "addresses and counts, written by the same function",
    "workbench/workspace/conversations.py": "rows that were not matched, written by the same function",
    "workbench/widgets/exchange.py": "passes on what ws.trackers.to_csv gives",
}
HOLDS = {
    "workbench/workspace/definitions.py": HOSTILE,
    "workbench/cli/app.py": f"{SAID} 0",
    "workbench/results/table_files.py": f"{SAID} 0",
    "workbench/training/answer_tables.py": f"{SAID} 0",
    "workbench/cli/answers.py": f"{SAID} 0",
    "workbench/cli/calls.py": "=1+1",
    "workbench/server/operations/conversations.py": "=1+1",
    "workbench/widgets/dashboard_tables.py": "=1+1",
}


def test_every_place_that_writes_csv_is_listed():
    writes = re.compile(r"(?<!pq\.)\b(?:to_csv|write_csv|guarded_csv|text_or_file|write_table)\(")
    files = sorted((ROOT / "workbench").rglob("*.py"))
    found = {str(file.relative_to(ROOT)) for file in files if writes.search(file.read_text("utf-8"))}
    found -= {"workbench/workspace/results.py", "workbench/corpus/committing.py"}  # pass on; write Parquet
    assert found == WRITERS.keys() | TESTED_ELSEWHERE.keys()


@pytest.mark.parametrize("place", WRITERS)
def test_what_is_written_is_read_again_with_the_same_texts(ws, tmp_path, place):
    text = WRITERS[place](ws, tmp_path)
    assert text.count("\n") > 1
    file = tmp_path / "read.csv"
    file.write_text(text, encoding="utf-8", newline="")
    found = wb.read_csv(file)
    assert len(found) > 0
    assert found.equals(wb.read_csv(wb.to_csv(found, tmp_path / "again.csv")))
    if place in HOLDS:
        assert HOLDS[place] in found.to_numpy().ravel().tolist()
        cells = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False).to_numpy().ravel().tolist()
        assert HOLDS[place] not in cells


def test_what_has_an_import_comes_in_again_unchanged(ws, tmp_path):
    answers = ws.trackers.get("Taught").export_answers(tmp_path / "a.csv")
    report = ws.trackers.get("Taught").import_answers(answers)
    assert (report.taken, report.known, report.problems) == (0, 8, ())
    calls = ws.calls_table()[["conversation_id", "title", "account"]]
    wb.to_csv(calls, tmp_path / "c.csv")
    report = ws.conversations.update(wb.read_csv(tmp_path / "c.csv"))
    assert (report.changed, report.unchanged, report.rejected) == (0, 4, ())
    other = wb.open(tmp_path / "other").trackers
    other.from_csv(text=ws.trackers.to_csv())
    assert other.to_csv() == ws.trackers.to_csv()
