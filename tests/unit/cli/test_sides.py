"""Who is the company, from the command line."""

from __future__ import annotations

import csv
import io
import json

import pytest

import workbench as wb
from workbench.engine.encoders import HashingEncoder


@pytest.fixture
def folder(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    parties = [{"id": "s1", "name": "Speaker 1"}, {"id": "b", "name": "Bo", "email": "bo@example.com"}]
    ws.ingest({"id": "site-a/c", "parties": parties, "turns": [{"party": one, "text": "=Hi."} for one in ("s1", "b")]})
    return ws.path


def test_the_company_is_told_shown_and_brought_to_calls(workbench, folder):
    told = ("--domain", "example.com", "--channel", "dialler/=left", "--label", "site-a/:Speaker 1=customer")
    assert workbench("company", *told, "-w", folder)[0] == 0
    code, out, _ = workbench("company", "-w", folder, "--json")
    assert (code, json.loads(out)) == (
        0,
        {
            "domains": ["example.com"],
            "colleagues": [],
            "channels": {"dialler/": "left"},
            "labels": {"site-a/": {"Speaker 1": "customer"}},
        },
    )
    code, out, _ = workbench("sides", "--apply", "-w", folder)
    assert (code, out.splitlines()[:2]) == (
        0,
        ["1 changed, 0 unchanged", "sides: 1 by e-mail domain, 1 by the source's labels"],
    )
    assert workbench("company", "--clear", "-w", folder)[1].strip() == "nothing"
    code, _, error = workbench("company", "--domain", "gmail.com", "-w", folder)
    assert code == 1
    assert "anyone can have an address at gmail.com" in error
    assert workbench("company", "--label", "Speaker 1=us", "-w", folder)[0] == 1


def test_unknown_sides_are_listed_and_set(workbench, folder, tmp_path):
    code, out, _ = workbench("sides", "-w", folder)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (code, [row["speaker"] for row in rows]) == (0, ["s1", "b"])
    assert rows[0]["first"] == "'=Hi."
    rows[0]["side"], rows[1]["side"] = "customer", ""
    with (tmp_path / "s.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    code, out, _ = workbench("sides", "--table", tmp_path / "s.csv", "-w", folder, "--json")
    assert (code, json.loads(out)["changed"]) == (0, 1)
    code, out, _ = workbench("sides", "site-a/c", "--company", "Bo", "-w", folder)
    assert (code, out.splitlines()) == (0, ["1 changed, 0 unchanged", "sides: 2 by hand"])
    assert json.loads(workbench("sides", "-w", folder, "--json")[1]) == []
    assert workbench("sides", "nobody", "--company", "Bo", "-w", folder)[0] == 1
    assert workbench("sides", "site-a/c", "-w", folder)[0] == 1


def test_a_dry_run_and_an_import_go_by_the_company(workbench, folder, tmp_path):
    file = tmp_path / "new.jsonl"
    told = {"id": "n", "parties": [{"id": "a", "email": "a@example.com"}], "turns": [{"party": "a", "text": "Hi."}]}
    file.write_text(json.dumps(told) + "\n")
    dry = ("ingest", file, "--dry-run", "--company-domain", "example.com")
    assert "1 by e-mail domain" in workbench(*dry, "-w", folder)[1]
    assert "1 by e-mail domain" in workbench(*dry, "-w", tmp_path / "none")[1]
    assert not (tmp_path / "none").exists()
    workbench("company", "--domain", "example.com", "-w", folder)
    assert "sides: 1 by e-mail domain" in workbench("ingest", file, "-w", folder)[1]
