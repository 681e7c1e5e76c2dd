"""How both sides are started: on which cores, by which launcher."""

import pathlib
from typing import List, Sequence

import shapes

PROGRAM = "{program}"  # stands in a launcher for a program and its arguments
HOSTS = pathlib.Path(__file__).resolve().parents[1] / "network" / "hosts"
# Root may start ranks (containers). Other MPI libraries than Open MPI ignore these.
MPI_ENVIRONMENT = {
    "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "PRTE_ALLOW_RUN_AS_ROOT": "1", "PRTE_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
}  # fmt: skip


def words(mode: shapes.Mode, cores: Sequence[int], link: str) -> List[str]:
    """A command line with PROGRAM in it, once for each group of ranks.

    Each thread has a core of its own; hosts share all cores of the machine, and are joined by
    links of that rate.
    """
    if mode.hosts:
        return [str(HOSTS), str(mode.ranks), link, PROGRAM]
    pinned = []
    for rank in range(mode.ranks):
        own = cores[rank * mode.threads : (rank + 1) * mode.threads]
        pinned.append(["taskset", "-c", ",".join(map(str, own)), PROGRAM])
    if mode.ranks == 1:
        return pinned[0]
    line = ["mpirun", "--bind-to", "none"]
    for rank, one in enumerate(pinned):
        line += [*([":"] if rank > 0 else []), "-n", "1", *one]
    return line


def command(launcher: Sequence[str], program: Sequence[object]) -> List[str]:
    """The launcher with the program in its places."""
    line: List[str] = []
    for word in launcher:
        line += map(str, program) if word == PROGRAM else [word]
    return line
