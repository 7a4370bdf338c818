"""Conversations on disk: file formats, sentences, and the lake that queries them."""
