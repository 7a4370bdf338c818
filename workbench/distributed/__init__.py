"""Work beyond one machine: encoding and reading on the workers of a Dask cluster, recorded by the caller alone.

Workers get pure tasks with everything these need, and return the results. They open no workspace and write nothing, so
nothing is lost if a worker ends: Dask gives its tasks to another one.
"""

from workbench.distributed.cluster import Cluster, check_reachable, cluster_of
from workbench.distributed.encoding import encode
from workbench.distributed.reading import AheadReader

__all__ = ["AheadReader", "Cluster", "check_reachable", "cluster_of", "encode"]
