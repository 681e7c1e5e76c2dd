#!/usr/bin/env python3
"""What `rondo train --tensorboard` writes, as TensorBoard itself reads it: metrics.jsonl, once each.

A run is stopped, resumed, killed between two checkpoints and resumed again; TensorBoard's own reader
must then hold, under each name, the steps and numbers of metrics.jsonl (as float32), no step twice.
Exit code 0 if it does, 1 if not. Needs tensorboard.
"""

import argparse
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

ROOT = pathlib.Path(__file__).resolve().parents[2]


def train(rondo, folder, *keys, code=0):
    command = [rondo, "train", "--data", folder / "text.rondo", "--run", folder / "run", "--hidden", 16, "--lanes", 8,
               "--window", 16, "--report-every", 3, "--validate-every", 10, "--checkpoint-every", 20, "--threads", 1,
               "--tensorboard", folder / "events", *keys]  # fmt: skip
    if code is not None:
        result = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        if result.returncode != code:
            raise SystemExit(f"{result.stderr}exit code {result.returncode}")
        return
    running = subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True)
    for line in running.stderr:  # killed behind a checkpoint, with reports in the files that are done again
        if line.startswith("step 75"):
            break
    running.send_signal(signal.SIGKILL)
    running.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--rondo", type=pathlib.Path, default=ROOT / "build/release/rondo")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="second-opinion-") as name:
        folder = pathlib.Path(name)
        subprocess.run([options.rondo, "prepare", "--task", "text", "--level", "char", "--input", ROOT / "LICENSE",
                        "--output", folder / "text.rondo"], check=True, capture_output=True)  # fmt: skip
        train(options.rondo, folder, "--steps", 2000, "--max-steps", 45, code=75)
        train(options.rondo, folder, "--steps", 2000, "--resume", code=None)
        time.sleep(0.1)
        train(options.rondo, folder, "--steps", 100, "--resume")

        expected = {}
        for line in (folder / "run/metrics.jsonl").read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            for key, value in said.items():
                if "split" in said and key not in ("step", "split") and isinstance(value, (int, float)):
                    expected.setdefault(f"{said['split']}/{key}", []).append((said["step"], value))
        seen = EventAccumulator(str(folder / "events"), size_guidance={"scalars": 0})
        seen.Reload()
        files = len(list((folder / "events").iterdir()))
        names = set(seen.Tags()["scalars"])
        wrong = [f"other names: {names ^ set(expected)}"] if names != set(expected) else []
        for tag in names & set(expected):
            points = [(event.step, np.float32(event.value)) for event in seen.Scalars(tag)]
            told = [(step, np.float32(value)) for step, value in expected[tag]]
            if tag == "validation/seconds":  # of a validation that is done again each file has its own
                points, told = ([step for step, _ in of] for of in (points, told))
            if points != told:
                wrong.append(f"{tag}: {points} and {told}")
        print(f"{files} files, {len(names)} names, {sum(map(len, expected.values()))} points: "
              f"{'agree' if not wrong else 'DIFFER'}")  # fmt: skip
        print("\n".join(wrong[:3]), end="\n" if wrong else "")
        return 1 if wrong or files != 3 else 0


if __name__ == "__main__":
    sys.exit(main())
