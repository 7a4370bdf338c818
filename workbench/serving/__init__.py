"""The dashboards' server: Voilà on a few pages and nothing else, for people who read.

A reader's page talks to a kernel of its own, and only in the messages that widgets need; see
:mod:`workbench.serving.gate`. No code comes from a page.
"""

from workbench.serving.quick_start import put_off_grammar

put_off_grammar()  # before anything of Jupyter is imported
