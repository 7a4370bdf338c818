import pytest

from workbench.widgets.bundles import STATIC

MOST_BYTES = 120_000  # each instance of a widget carries its bundle in its state
BUNDLES = sorted(STATIC.glob("*.js"))


@pytest.mark.skipif(not BUNDLES, reason="the front end is not built")
@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.stem)
def test_a_bundle_stays_small_and_whole(bundle):
    assert bundle.stat().st_size <= MOST_BYTES
    assert bundle.with_suffix(".css").is_file()
