"""Work beyond one machine: encoding and reading on the workers of a Dask cluster, recorded by the caller alone.

Workers get pure tasks with all that these need, and give back what they come to. They open no workspace and write
nothing, so a worker that ends loses nothing: Dask gives its tasks to another one.
"""

from workbench.distributed.cluster import Cluster, check_reachable, cluster_of
from workbench.distributed.encoding import encode
from workbench.distributed.reading import AheadReader

__all__ = ["AheadReader", "Cluster", "check_reachable", "cluster_of", "encode"]
