"""The dashboards' server for readers: Voilà on a few pages and nothing else.

A reader's page talks to a kernel of its own, and only through the messages that widgets need; see
:mod:`workbench.serving.gate`. A page never sends code.
"""

from workbench.serving.quick_start import put_off_grammar

put_off_grammar()  # before any part of Jupyter is imported
