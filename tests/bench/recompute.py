#!/usr/bin/env python3
"""How much longer a step takes with --recompute, and how much less memory, at long windows: rondo
train with and without, in turns.

    tests/bench/recompute.py [--steps 5000 10000 20000] [--json FILE]

Whole sequences of random numbers, two LSTM layers of 256 units, 16 lanes; the class of each
sequence. A window is one sequence in each lane. Needs NumPy and rondo (build/release/rondo, or
--rondo FILE). Memory is the process's most, from the system.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(words) -> int:
    """Runs a program to its end; the most memory that it had, in bytes."""
    process = subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)  # fmt: skip
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{said.decode()}exit code {process.returncode}: {words}")
    return usage.ru_maxrss * 1024


class Trainer:
    def __init__(self, given: argparse.Namespace, folder: pathlib.Path, steps: int):
        self.given, self.folder, self.steps = given, folder, steps
        draw = numpy.random.default_rng(1)
        arrays = folder / "steps.npz"
        numpy.savez(arrays, x=draw.standard_normal((given.lanes, steps, 4), numpy.float32),
                    kind=numpy.arange(given.lanes) % 2)  # fmt: skip
        self.data = folder / "steps.rondo"
        run([given.rondo, "prepare", "--task", "classify", "--input", arrays, "--source", "x",
             "--target", "kind:class", "--validation", 0, "--test", 0,
             "--output", self.data])  # fmt: skip

    def seconds(self, recompute: int):
        """Of an update, and the most memory."""
        folder = self.folder / "run"
        shutil.rmtree(folder, ignore_errors=True)
        given = self.given
        memory = run([given.rondo, "train", "--data", self.data, "--run", folder, "--cell", "lstm",
                      "--layers", 2, "--hidden", 256, "--lanes", given.lanes, "--window", self.steps,
                      "--recompute", recompute, "--threads", given.threads,
                      "--steps", given.updates + 1, "--report-every", 1,
                      "--checkpoint-minutes", 0])  # fmt: skip
        with open(folder / "metrics.jsonl", encoding="utf-8") as file:
            reports = [json.loads(line) for line in file]
        reports = [report for report in reports if report.get("split") == "train"]
        return (reports[-1]["seconds"] - reports[0]["seconds"]) / given.updates, memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    add = parser.add_argument
    add("--steps", type=int, nargs="+", default=[5000, 10000, 20000], help="of a window")
    add("--recompute", type=int, default=0, help="default: about the root of the steps")
    add("--updates", type=int, default=2, help="of a side in a turn (default: %(default)s)")
    add("--runs", type=int, default=3, help="turns (default: %(default)s)")
    add("--lanes", type=int, default=16)
    add("--threads", type=int, default=1)
    add("--rondo", type=pathlib.Path, default=ROOT / "build" / "release" / "rondo")
    add("--json", type=pathlib.Path, metavar="FILE", help="write the results there too")
    given = parser.parse_args()
    records = []
    for steps in given.steps:
        every = given.recompute or round(steps**0.5)
        with tempfile.TemporaryDirectory(prefix="rondo-recompute-") as folder:
            trainer = Trainer(given, pathlib.Path(folder), steps)
            turns = [(trainer.seconds(0), trainer.seconds(every)) for _ in range(given.runs)]
        ratios = [again[0] / plain[0] for plain, again in turns]
        record = {
            "steps": steps, "recompute": every, "ratio": statistics.median(ratios),
            "least": min(ratios), "most": max(ratios),
            "plain_seconds": statistics.median(plain[0] for plain, _ in turns),
            "recompute_seconds": statistics.median(again[0] for _, again in turns),
            "plain_bytes": max(plain[1] for plain, _ in turns),
            "recompute_bytes": max(again[1] for _, again in turns),
        }  # fmt: skip
        records.append(record)
        print(f"T = {steps:,}, --recompute {every}: {record['ratio']:.2f} times the time "
              f"({record['least']:.2f} .. {record['most']:.2f}), {record['recompute_seconds']:.2f} s "
              f"for {record['plain_seconds']:.2f} s an update; {record['recompute_bytes'] / 1e9:.2f} "
              f"GB for {record['plain_bytes'] / 1e9:.2f} GB", flush=True)  # fmt: skip
        if given.json:
            given.json.write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
