"""All measurements in the browser; see :mod:`benchmarks.browser.tagging_pace`."""

import sys

from benchmarks.browser.tagging_pace import main

if __name__ == "__main__":
    sys.exit(main())
