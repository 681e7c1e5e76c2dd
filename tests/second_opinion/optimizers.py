#!/usr/bin/env python3
"""A second opinion on rondo's optimizers: PyTorch's own, from the same weights.

For each optimizer an LSTM in float64, 100 updates with clipping and weight decay. The losses must
agree to 1e-9 (relative) at every update, the parameters at the end to 1e-9 of each array's largest
value. See README.md in this folder. Exit code 0 when all agree, 1 when not.
"""

import argparse
import functools
import pathlib
import sys
import tempfile

import numpy
import torch

import compare
import packed_lanes
import twin

STEPS = 100
CLIP_NORM = 0.5
DECAY = 0.01
TOLERANCE = 1e-9  # relative

# rondo's name, its rate, its other keys; PyTorch's.
OPTIMIZERS = {
    "sgd": (0.3, ["--momentum", "0.9"], functools.partial(torch.optim.SGD, momentum=0.9)),
    "nesterov": (
        0.3,
        ["--momentum", "0.9"],
        functools.partial(torch.optim.SGD, momentum=0.9, nesterov=True),
    ),
    "adam": (0.003, [], torch.optim.Adam),
    "adamw": (0.003, [], torch.optim.AdamW),
    "rmsprop": (0.001, ["--smoothing", "0.98"], functools.partial(torch.optim.RMSprop, alpha=0.98)),
    "adagrad": (0.02, ["--epsilon", "1e-10"], torch.optim.Adagrad),
}


def agrees(rondo: pathlib.Path, data: pathlib.Path, run: pathlib.Path, name: str) -> bool:
    """Trains by one optimizer in both; prints a line; True if the two agree."""
    rate, keys, theirs_of = OPTIMIZERS[name]
    compare.call(
        rondo, "train", "--data", data, "--run", run, "--cell", "lstm", "--layers", "2",
        "--hidden", "37", "--embedding", "23", "--precision", "double",
        "--lanes", str(compare.LANES), "--block", "4", "--window", str(compare.WINDOW),
        "--optimizer", name, "--rate", str(rate), "--clip-norm", str(CLIP_NORM),
        "--weight-decay", str(DECAY), *keys,
        "--steps", str(STEPS), "--report-every", "1",
        "--checkpoint-every", str(STEPS), "--keep", "10", "--seed", "7",
    )  # fmt: skip
    model = twin.Twin("lstm", compare.read_parameters(run, 0))
    windows = packed_lanes.windows(compare.read_tokens(data), compare.LANES, compare.WINDOW)
    optimizer_of = functools.partial(theirs_of, weight_decay=DECAY)
    theirs = list(twin.train(model, windows, STEPS, rate, CLIP_NORM, optimizer_of))
    ours = compare.read_steps(run, STEPS)
    clipped = sum(step.gradient_norm > CLIP_NORM for step in theirs)

    largest = max(abs(a.loss - b.loss) / b.loss for a, b in zip(ours, theirs))
    final = model.parameters_as_rondo_names_them()
    drift = max(
        numpy.abs(array - final[key]).max() / numpy.abs(final[key]).max()
        for key, array in compare.read_parameters(run, STEPS).items()
    )
    learnt = ours[-1].loss < ours[0].loss - 0.3
    agree = largest <= TOLERANCE and drift <= TOLERANCE and 0 < clipped and learnt
    print(
        f"{name:8} loss {ours[0].loss:.4f} -> {ours[-1].loss:.4f}, {clipped} updates clipped; "
        f"largest relative difference {largest:.1e}, parameters at the end {drift:.1e}: "
        f"{'agree' if agree else 'DIFFER'}",
        flush=True,
    )
    return agree


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    arguments.add_argument("--rondo", type=pathlib.Path, default=compare.ROOT / "build/release/rondo")
    options = arguments.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="second-opinion-") as folder:
        data = pathlib.Path(folder) / "text.h5"
        compare.call(
            options.rondo, "prepare", "--task", "text", "--level", "char",
            "--input", compare.ROOT / "LICENSE", "--output", data,
        )  # fmt: skip
        agreed = [
            agrees(options.rondo, data, pathlib.Path(folder) / name, name) for name in OPTIMIZERS
        ]
    return 0 if all(agreed) else 1


if __name__ == "__main__":
    sys.exit(main())
