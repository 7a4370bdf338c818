import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.corpus.company.domains import FREE_MAIL, checked_domain, domain_of, is_free_mail, is_within
from workbench.domain.errors import InvalidArgument


@pytest.mark.parametrize(
    ("given_domain", "kept"),
    [
        ("example.com", "example.com"),
        (" @Example.COM. ", "example.com"),
        ("https://www.example.com/about", "www.example.com"),
        ("ann@sales.example.co.uk", "sales.example.co.uk"),
        ("*.example.com", "example.com"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("例え.jp", "xn--r8jz45g.jp"),
    ],
)
def test_domains_are_kept_as_they_are_compared(given_domain, kept):
    assert checked_domain(given_domain) == kept


@pytest.mark.parametrize("domain", sorted(FREE_MAIL))
def test_no_free_mail_is_a_company(domain):
    with pytest.raises(InvalidArgument, match="anyone can have an address"):
        checked_domain(domain.upper())
    assert is_free_mail(domain)


@pytest.mark.parametrize("domain", ["", "com", "co.uk", "or.jp", "localhost", "a b.com", "-.com", "x" * 300, None, 7])
def test_what_is_no_domain_of_one_company_is_refused(domain):
    with pytest.raises(InvalidArgument, match="domains"):
        checked_domain(domain)


def test_domains_below_count_and_those_that_only_end_alike_do_not():
    assert is_within("eu.sales.example.com", {"example.com"})
    assert not is_within("badexample.com", {"example.com"})
    assert not is_within("example.com.evil.org", {"example.com"})


@given(st.text(max_size=60))
def test_no_text_fails(text):
    found = domain_of(text)
    assert found is None or "@" in text
    assert domain_of(f"x {text} <a@b>") is None


def test_addresses_tell_their_domain():
    assert domain_of("Ann@Example.com") == "example.com"
    assert domain_of("<ann@example.com>") == "example.com"
    assert domain_of("mailto:ann@bücher.example") == "xn--bcher-kva.example"
    assert domain_of("Ann") is None
    assert domain_of(None) is None
