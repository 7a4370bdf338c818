"""What processes have at once that tests fork from a server: it imports this and does nothing else.

Most of it the package imports only where it is needed, which each of a hundred processes would do anew: to import
scikit-learn takes longer than to train on what tests have.
"""

from __future__ import annotations

import gc
from importlib import import_module

from workbench.corpus.languages import detected
from workbench.trackers.words import stem

NAMES = (
    "workbench.workspace.workspace",
    "workbench.widgets",
    "workbench.backups.restoring",
    "tests.unit.small",
    "benchmarks.faults.trials",
    "alembic.command",
    "alembic.config",
    "babel.core",
    "sqlalchemy.ext.compiler",
    "sqlalchemy.dialects.postgresql.psycopg",
    "pyarrow.dataset",
    "sklearn.feature_extraction.text",
    "sklearn.linear_model",
    "sklearn.model_selection",
    "sklearn.svm",
)

for _name in NAMES:
    import_module(_name)
detected("Which language is this?")  # reads its model
stem("stems", "en")

# Collections in a child would go through all of it, and so copy it.
gc.collect()
gc.freeze()
