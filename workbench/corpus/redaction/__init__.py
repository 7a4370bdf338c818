"""Redaction at import: card and phone numbers, IBANs, e-mail addresses and names become placeholders such as [CARD].

Texts go through the kinds in one order (:data:`~workbench.corpus.redaction.kinds.KINDS`). A placeholder is a wall: no
finder looks past it, and none depends on what a later one takes away. So a text that was redacted stays as it is.
"""
