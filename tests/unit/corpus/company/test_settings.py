import pytest

from workbench.corpus.company import settings
from workbench.corpus.company.settings import Company, company_of, with_domains
from workbench.domain import plain_json
from workbench.domain.errors import InvalidArgument


def test_what_is_kept_is_read_again():
    told = company_of(
        ["@Example.com", "example.com", "beispiel.de"],
        {"Ann Lee": "North", "山田 太郎": None},
        {"dialler/": "Left", "*": 1},
        {"zoom/": {"Speaker 1": "Company", "*": "customer"}},
    )
    assert told.domains == ("example.com", "beispiel.de")
    assert told.channels == {"dialler/": "left", "*": "1"}
    assert told.labels == {"zoom/": {"Speaker 1": "company", "*": "customer"}}
    assert company_of(**plain_json.loads(plain_json.dumps(told.to_dict()))) == told
    assert not told.is_empty
    assert Company().is_empty
    assert with_domains(told, "example.org").domains == ("example.com", "beispiel.de", "example.org")
    assert company_of("example.com", channels="left").channels == {"*": "left"}


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"channels": {"x": "middle"}}, "not a channel"),
        ({"channels": {"": "left"}}, "channels: must be text"),
        ({"labels": {"zoom/": {"Speaker 1": "us"}}}, "'Speaker 1' must be company or customer"),
        ({"labels": {"Speaker 1": "company"}}, "by source and label"),
        ({"labels": {"a\x1fb": {"x": "company"}}}, "labels: must be text"),
        ({"domains": ["gmail.com"]}, "anyone"),
    ],
)
def test_what_cannot_be_used_is_named(given, match):
    with pytest.raises(InvalidArgument, match=match):
        company_of(**given)


def test_there_is_a_bound(monkeypatch):
    monkeypatch.setattr(settings, "MAX_SOURCE_LABELS", 2)
    monkeypatch.setattr(settings, "MAX_DOMAINS", 2)
    with pytest.raises(InvalidArgument, match="labels: at most 2"):
        company_of(labels={"*": dict.fromkeys("abc", "company")})
    with pytest.raises(InvalidArgument, match="domains: at most 2"):
        company_of([f"{one}.example" for one in ("aa", "bb", "cc")])
