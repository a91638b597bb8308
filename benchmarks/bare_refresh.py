"""The work of a first refresh as a bare script: each step called one after the other, no run.

Run: YEARBOOK_HOME=FOLDER python -m benchmarks.bare_refresh, where FOLDER has a `landing/` and
nothing else. It imports and computes what `yearbook refresh` does, and publishes; what it leaves
out is Dagster's part: plan, instance on disk, events, progress. So the seconds of both say what
running under Dagster costs (`benchmarks/refresh.py` prints the ratio).
"""

import inspect
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

from assets.warehouse.connection import kept_open
from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock

if TYPE_CHECKING:
    import dagster as dg

    from assets.warehouse.resource import Warehouse


@dataclass(frozen=True, slots=True)
class BareContext:
    """What the steps ask of Dagster's context."""

    warehouse: "Warehouse"
    instance: "dg.DagsterInstance"
    log: logging.Logger

    @property
    def resources(self) -> SimpleNamespace:
        """The warehouse, as checks ask for it."""
        return SimpleNamespace(warehouse=self.warehouse)

    def log_event(self, event: object) -> None:
        """Told to nobody."""


def main() -> None:
    """Make every step of the job `refresh` once, in the order of the graph."""
    import dagster as dg

    from assets.warehouse.resource import Warehouse
    from orchestration.definitions import defs

    home = Home.from_environment().prepare()
    warehouse = Warehouse(root=str(home.root))
    with (
        dg.DagsterInstance.ephemeral() as instance,
        writer_lock(home, "a bare script", wait_seconds=0),
        kept_open(),
    ):
        context = BareContext(warehouse, instance, logging.getLogger("bare"))
        given = {"context": context, "warehouse": warehouse}
        for node in defs.resolve_job_def("refresh").graph.nodes_in_topological_order:
            assert isinstance(node.definition, dg.OpDefinition)
            step = node.definition.compute_fn.decorated_fn  # type: ignore[union-attr]
            taken = inspect.signature(step).parameters
            made = step(**{name: value for name, value in given.items() if name in taken})
            if isinstance(made, Iterator):
                list(made)


if __name__ == "__main__":
    main()
