"""The training engine: pure functions over arrays. Knows neither the store nor the corpus."""
