"""The whole campaign: ``python -m benchmarks.faults [--kills 1000] [--only tagging …]``; a table, and failures."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.faults.campaign import NewState, Result, as_json, run, table
from benchmarks.faults.trials import TRIALS
from scripts.programs import POSTGRESQL
from tests.support.databases import Server

ON_SQLITE = {
    "tagging": 0.12,
    "import": 0.12,
    "live": 0.12,
    "publish": 0.1,
    "backfill": 0.1,
    "upgrade": 0.1,
    "backup": 0.06,
}
ON_SERVER = {
    "tagging": 0.05,
    "import": 0.05,
    "live": 0.04,
    "publish": 0.04,
    "backfill": 0.04,
    "upgrade": 0.04,
    "backup": 0.02,
}


@contextmanager
def databases() -> Iterator[dict[str, NewState]]:
    """Return how to get a new state on each database."""
    programs = POSTGRESQL.find_or_install()
    if programs is None:
        raise SystemExit(POSTGRESQL.missing)
    server = Server(Path(programs))
    try:
        yield {"SQLite": lambda: None, "PostgreSQL": server.new}
    finally:
        server.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1_000, help="in all")
    parser.add_argument("--only", nargs="*", choices=[*TRIALS], default=[*TRIALS])
    parser.add_argument("--database", choices=["SQLite", "PostgreSQL"], help="one only; both otherwise")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    results: list[Result] = []
    with databases() as states:
        for database, shares in (("SQLite", ON_SQLITE), ("PostgreSQL", ON_SERVER)):
            if given.database not in (None, database):
                continue
            for name in given.only:
                kills = max(1, round(given.kills * shares[name]))
                results.append(run(name, database, kills, states[database], given.seed))
                print(table(results[-1:]).splitlines()[-1], flush=True)
                for failure in results[-1].failures:
                    print(failure, file=sys.stderr, flush=True)
    print()
    print(table(results))
    print(f"\n{sum(one.kills for one in results):,} kills")
    if any(one.failures for one in results):
        print(as_json([one for one in results if one.failures]))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
