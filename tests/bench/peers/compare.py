#!/usr/bin/env python3
"""rondo's training loop against PyTorch's, alternately in one run on the same cores.

    build/torch/bin/python tests/bench/peers/compare.py --shape lstm-2x512-32-65 --mode one-core
    python3 tests/bench/peers/compare.py --table build/peers/*.json

See README.md in this folder for what is measured and how to install PyTorch.
"""

import argparse
import os
import pathlib
import sys
import tempfile
from typing import Dict, List

import measure
import results
import shapes
from rondo_program import Rondo

ROOT = pathlib.Path(__file__).resolve().parents[3]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--shape", action="append", type=shapes.parse, metavar="NAME",
        help="CELL-LAYERSxHIDDEN-LANES-VOCABULARY[-WINDOW]; may be repeated; default: all of "
        + " ".join(shape.name for shape in shapes.ALL))  # fmt: skip
    add("--mode", action="append", choices=shapes.MODES,
        help="may be repeated; default: all but four-hosts, which needs root")  # fmt: skip
    add("--runs", type=int, default=5, help="turns of each side (default: %(default)s)")
    add("--seconds", type=float, default=2.5, help="of a turn, about (default: %(default)s)")
    add("--no-compile", action="store_true", help="leave torch.compile out, to save minutes")
    add("--cores", default="0,1", help="one for each thread (default: %(default)s)")
    add("--link", default="1gbit", metavar="RATE",
        help="of the links between hosts, as tc writes it (default: %(default)s)")  # fmt: skip
    add("--hold", default="", metavar="COMMAND",
        help="run every timed piece under this command, a lock for instance")  # fmt: skip
    add("--build", type=pathlib.Path, default=ROOT / "build" / "release",
        help="folder of the programs rondo and peers_peak")  # fmt: skip
    add("--python", type=pathlib.Path, default=pathlib.Path(sys.executable),
        help="a Python that has PyTorch (default: this one)")  # fmt: skip
    add("--json", type=pathlib.Path, metavar="FILE", help="write the results there too")
    add("--table", nargs="+", type=pathlib.Path, metavar="FILE",
        help="measure nothing; print the table of these results")  # fmt: skip
    return parser.parse_args()


def main() -> None:
    given = parse_arguments()
    if given.table:
        print(results.table(results.read(given.table)), end="")
        return
    given.build = given.build.absolute()
    missing = [name for name in ("rondo", "peers_peak") if not (given.build / name).exists()]
    if missing:
        raise SystemExit(f"{given.build} has no {' and no '.join(missing)}: "
                         "cmake --build --preset release --target rondo peers_peak")  # fmt: skip
    program = given.build / "rondo"
    about = results.machine(program)
    records: List[Dict] = []
    with tempfile.TemporaryDirectory(prefix="rondo-peers-") as folder:
        rondo = Rondo(program, pathlib.Path(folder))
        comparison = measure.Comparison(rondo, given.python.absolute(), given.runs, given.seconds,
                                        not given.no_compile, given.hold, given.link)  # fmt: skip
        for mode_name in given.mode or [name for name in shapes.MODES if name != "four-hosts"]:
            mode = shapes.MODES[mode_name]
            peak = measure.Peak(given.build / "peers_peak", cores_of(mode, given.cores))
            for shape in given.shape or shapes.ALL:
                record = comparison.measure(peak, shape, mode)
                records.append({"shape": shape.name, "mode": mode_name, **record})
                print(f"{mode_name} {shape.name}: {record['ratio']:.2f}", file=sys.stderr)
                if given.json:
                    results.write(given.json, about, records)
    print(results.table([{**record, "machine": about} for record in records]), end="")


def cores_of(mode: shapes.Mode, named: str) -> List[int]:
    """Of the cores named on the command line, as many as the mode has use for; hosts use all."""
    cores = [int(core) for core in named.split(",")]
    if not mode.hosts:
        cores = cores[: mode.ranks * mode.threads]
        if len(cores) < mode.ranks * mode.threads:
            raise SystemExit(f"--cores {named}: {mode.ranks * mode.threads} are needed")
    if not set(cores) <= os.sched_getaffinity(0):
        raise SystemExit(f"--cores {named}: this process may not use them all")
    return cores


if __name__ == "__main__":
    main()
