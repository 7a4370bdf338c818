"""The description: the routes that there are, valid OpenAPI 3.1; the docs' page names them all."""

from __future__ import annotations

import json
import re

from tests.unit.small import ROOT, run
from workbench.domain.filters import Filters
from workbench.server.models.filters import FilterQuery, FiltersBody, PartBody
from workbench.server.models.metrics import MetricChange, MetricNew
from workbench.server.openapi import document
from workbench.server.routes import ROUTES
from workbench.widgets.protocol import FiltersForm, MetricForm, PartForm


def test_it_describes_every_route_and_no_other(api):
    told = api.get("openapi.json")
    assert told == json.loads(json.dumps(document(ROUTES, "1")))
    found = {(method.upper(), path[1:]) for path, methods in told["paths"].items() for method in methods}
    assert found == {(route.method, route.path) for route in ROUTES}
    assert len({one["operationId"] for methods in told["paths"].values() for one in methods.values()}) == len(ROUTES)


def test_all_that_it_refers_to_is_there():
    told = document(ROUTES, "1")
    wanted = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(told)))
    assert wanted <= set(told["components"]["schemas"])


def test_the_page_names_every_route():
    page = (ROOT / "docs" / "api.md").read_text()
    named = set(re.findall(r"^\| `([A-Z]+) ([^`]+)` \|", page, re.MULTILINE))
    assert named == {(route.method, route.path) for route in ROUTES}


def test_filters_have_the_fields_that_the_workbench_has():
    assert set(FiltersBody.model_fields) == set(Filters.__dataclass_fields__)
    assert FiltersBody().to_filters() == Filters()
    assert FilterQuery().to_filters() == Filters(scope="any")


def test_bodies_have_the_fields_that_forms_have():
    """A form carries what is typed, a body is checked; both are of the same thing."""
    for form, bodies in (
        (FiltersForm, (FiltersBody,)),
        (PartForm, (PartBody,)),
        (MetricForm, (MetricNew, MetricChange)),
    ):
        for body in bodies:
            assert set(form.__annotations__) == set(body.model_fields), (form, body)


def test_loading_the_extension_loads_nothing_heavy():
    heavy = {"pandas", "duckdb", "sklearn", "sqlalchemy", "numpy", "pyarrow", "torch", "pydantic"}
    code = (
        "import sys, jupyter_server.serverapp as j; before = set(sys.modules); import workbench.server.extension as e;"
        "import workbench.server.handlers; print(*{m.split('.')[0] for m in set(sys.modules) - before})"
    )
    done = run("-c", code)
    assert done.returncode == 0, done.stderr
    assert not heavy & set(done.stdout.split())
