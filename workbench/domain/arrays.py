"""Types of arrays, each under one name; shapes stand where they are used."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
SmallFloats = NDArray[np.float32]
Ints = NDArray[np.int64]
Vectors = NDArray[np.float32]
"""Embeddings, one per row."""
