"""Conversations on disk: formats, sentences, and the lake that answers questions about them."""
