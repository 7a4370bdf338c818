"""Read conversations with a definition: readers of the four kinds, previews, judges and credits."""
