#!/usr/bin/env python3
"""A second opinion on rondo's training: PyTorch from the same weights, over the same windows.

For each model (twin.py), two layers, 200 updates with clipping and Adam. In float64 the losses must
agree to 1e-9 (relative) at every update, and so must the validation loss and the parameters at the
end (these to 1e-6 of each array's largest value: Adam divides by small numbers); in float32 the mean difference of the losses
must stay below 1e-3. See README.md in this folder. Exit code 0 when all agree, 1 when not.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
from typing import Dict, List

import h5py
import numpy
import torch

import packed_lanes
import twin
from checkpoints import read_parameters

ROOT = pathlib.Path(__file__).resolve().parents[2]
LANES, WINDOW, STEPS = 8, 16, 200
RATE, CLIP_NORM = 0.003, 0.5
LOSS_TOLERANCE = 1e-9  # float64, relative, every update
PARAMETER_TOLERANCE = 1e-6  # float64, relative to an array's largest value, at the end
MEAN_LOSS_TOLERANCE = 1e-3  # float32, nats


def call(*command) -> None:
    """Runs a program; its output is shown when it fails."""
    result = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if result.returncode != 0:
        line = " ".join(map(str, command))
        raise SystemExit(f"{result.stdout}exit code {result.returncode}: {line}")


def rondo_train(rondo: pathlib.Path, data: pathlib.Path, run: pathlib.Path, model: str,
                precision: str) -> None:
    """Trains with a report at every step and checkpoints at the first and the last."""
    cell, flags = twin.MODELS[model]
    width = flags[flags.index("--projection") + 1] if "--projection" in flags else "37"
    call(
        rondo, "train", "--data", data, "--run", run, "--cell", cell, "--layers", "2",
        "--hidden", "37", "--embedding", width if "--tied" in flags else "23", *flags,
        "--precision", precision,
        "--lanes", str(LANES), "--block", "4", "--window", str(WINDOW),
        "--optimizer", "adam", "--rate", str(RATE), "--clip-norm", str(CLIP_NORM),
        "--steps", str(STEPS), "--report-every", "1",
        "--checkpoint-every", str(STEPS), "--keep", "10", "--seed", str(twin.SEED), "--validate-every", str(STEPS),
    )  # fmt: skip


def read_tokens(data: pathlib.Path, split: str = "train") -> numpy.ndarray:
    with h5py.File(data) as file:
        if len(file[f"{split}/documents"]) != 2:
            raise SystemExit(f"{data}: the comparison needs a split {split} of one document")
        return file[f"{split}/tokens"][...].astype(numpy.int64)


def read_steps(run: pathlib.Path, updates: int) -> List[twin.Step]:
    steps = []
    with open(run / "metrics.jsonl", encoding="utf-8") as file:
        for line in map(json.loads, file):
            if line.get("split") == "train":
                steps.append(twin.Step(line["loss"], line["gradient_norm"]))
    if len(steps) != updates:
        raise SystemExit(f"{run}/metrics.jsonl: {len(steps)} reports of {updates} updates")
    return steps


def read_validation(run: pathlib.Path) -> float:
    with open(run / "metrics.jsonl", encoding="utf-8") as file:
        losses = [line["loss"] for line in map(json.loads, file) if line.get("split") == "validation"]
    if len(losses) != 1:
        raise SystemExit(f"{run}/metrics.jsonl: {len(losses)} validations")
    return losses[0]


def compare(run: pathlib.Path, data: pathlib.Path, name: str, precision: str) -> bool:
    """Repeats a run of rondo's in PyTorch; prints a line; True if the two agree."""
    model = twin.Twin(name, read_parameters(run, 0))
    windows = packed_lanes.windows(read_tokens(data), LANES, WINDOW)
    theirs = list(twin.train(model, windows, STEPS, RATE, twin.Rules(CLIP_NORM)))
    ours = read_steps(run, STEPS)
    clipped = sum(step.gradient_norm > CLIP_NORM for step in theirs)

    differences = [abs(a.loss - b.loss) for a, b in zip(ours, theirs)]
    largest = max(difference / b.loss for difference, b in zip(differences, theirs))
    mean = sum(differences) / STEPS
    walk = packed_lanes.windows(read_tokens(data, "validation"), LANES, WINDOW)
    validation = twin.evaluate(model, walk)
    held_out = abs(read_validation(run) - validation) / validation
    final = model.parameters_as_rondo_names_them()
    drift = max(
        numpy.abs(array - final[name]).max() / numpy.abs(final[name]).max()
        for name, array in read_parameters(run, STEPS).items()
    )
    if precision == "double":
        # A comparison in which nothing, or everything, was clipped would have shown half.
        agree = (largest <= LOSS_TOLERANCE and held_out <= LOSS_TOLERANCE
                 and drift <= PARAMETER_TOLERANCE and 0 < clipped < STEPS)  # fmt: skip
    else:
        agree = mean <= MEAN_LOSS_TOLERANCE
    print(
        f"{name:19} {precision:7} loss {ours[0].loss:.4f} -> {ours[-1].loss:.4f}, "
        f"{clipped} updates clipped; largest relative difference {largest:.1e}, "
        f"mean difference {mean:.1e}, validation {held_out:.1e}, parameters at the end {drift:.1e}: "
        f"{'agree' if agree else 'DIFFER'}",
        flush=True,
    )
    return agree


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    arguments.add_argument("--rondo", type=pathlib.Path, default=ROOT / "build/release/rondo")
    arguments.add_argument("--models", nargs="+", choices=twin.MODELS, default=list(twin.MODELS))
    options = arguments.parse_args()
    torch.set_num_threads(1)

    agreed = []
    with tempfile.TemporaryDirectory(prefix="second-opinion-") as folder:
        data = pathlib.Path(folder) / "text.h5"
        call(
            options.rondo, "prepare", "--task", "text", "--level", "char",
            "--input", ROOT / "LICENSE", "--output", data,
        )  # fmt: skip
        for number, model in enumerate(options.models):
            for precision in ("double", "float"):
                run = pathlib.Path(folder) / f"{number}-{precision}"
                rondo_train(options.rondo, data, run, model, precision)
                agreed.append(compare(run, data, model, precision))
    return 0 if all(agreed) else 1


if __name__ == "__main__":
    sys.exit(main())
