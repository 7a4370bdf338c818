"""Redaction at import: card and phone numbers, IBANs, e-mail addresses and names become placeholders such as [CARD].

The kinds are redacted in a fixed order (:data:`~workbench.corpus.redaction.kinds.KINDS`). A placeholder is a barrier:
no finder looks past it, and none depends on what a later one removes. So redacting a text again changes nothing.
"""
