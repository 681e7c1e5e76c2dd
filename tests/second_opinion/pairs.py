#!/usr/bin/env python3
"""A second opinion on attention: PyTorch's encoder and decoder over the same pairs.

Made-up pairs of texts of different lengths, an encoder in both directions and a decoder of two layers
each, every kind of attention, with and without feeding, GRUs and a smoothed loss among them. All pairs
stand in one window, so that each update sees all of them and no order has a say. In float64 the losses
must agree to 1e-9 (relative) at every update, the parameters at the end to 1e-6 of each array's largest
value. There are 50 updates: behind them some of these trainings magnify a difference of the last bits
tenfold every four updates (two of PyTorch's do so, too). Exit code 0 when all agree, 1 when not.
"""

import argparse
import json
import pathlib
import random
import sys
import tempfile

import numpy
import torch

import compare
from pairs_data import Pairs
from pairs_model import PairModel, Shape

STEPS, RATE, CLIP_NORM, SEED, HIDDEN, EMBEDDING = 50, 0.003, 0.15, 7, 19, 11
CASES = (
    ("lstm", "general", True, 0.0), ("lstm", "general", False, 0.1), ("lstm", "dot", True, 0.0),
    ("lstm", "additive", True, 0.1), ("lstm", "additive", False, 0.0), ("lstm", "none", False, 0.0),
    ("gru", "general", True, 0.0), ("gru", "additive", False, 0.0),
)  # fmt: skip


def write_table(file: pathlib.Path) -> None:
    """What is said: what is read the other way round, twice in places."""
    draw = random.Random(5)
    lines = ["read,said"]
    for _ in range(60):
        read = draw.choices("abcdef", k=draw.randint(1, 9))
        said = [letter.upper() * draw.randint(1, 2) for letter in reversed(read)]
        lines.append("".join(read) + "," + "".join(said))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def agrees(rondo: pathlib.Path, data: pathlib.Path, run: pathlib.Path, case) -> bool:
    cell, attention, feeding, smoothing = case
    flags = ["--input-feeding"] if feeding else []
    # Products of states need them as wide as the decoder's: an encoder of one direction.
    both = attention != "dot"
    flags += ["--bidirectional"] if both else []
    pairs = Pairs(data, "train")
    steps, said = (sum(map(len, texts)) for texts in (pairs.read, pairs.said))
    compare.call(
        rondo, "train", "--data", data, "--run", run, "--cell", cell, "--layers", "2", "--hidden",
        str(HIDDEN), "--embedding", str(EMBEDDING), "--attention", attention, *flags,
        "--label-smoothing", str(smoothing), "--precision", "double", "--lanes", "4", "--block", "2",
        "--window", str(steps), "--target-window", str(said), "--optimizer", "adam", "--rate", str(RATE),
        "--clip-norm", str(CLIP_NORM), "--steps", str(STEPS), "--report-every", "1",
        "--checkpoint-every", str(STEPS), "--keep", "10", "--seed", str(SEED),
    )  # fmt: skip
    with open(run / "metrics.jsonl", encoding="utf-8") as file:
        reports = [json.loads(line) for line in file]
    ours = [report["loss"] for report in reports if report.get("split") == "train"]
    shape = Shape(cell, 2, HIDDEN, EMBEDDING, *pairs.symbols, attention, feeding, both)
    model = PairModel(shape).double()
    model.load(compare.read_parameters(run, 0))
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=RATE)
    batch = pairs.batch(range(len(pairs)))
    worst_loss, clipped = 0.0, 0
    for loss_of_rondo in ours:
        optimizer.zero_grad()
        loss = model.loss(batch, smoothing)
        loss.backward()
        clipped += float(torch.nn.utils.clip_grad_norm_(trained, CLIP_NORM)) > CLIP_NORM
        optimizer.step()
        worst_loss = max(worst_loss, abs(loss.item() / loss_of_rondo - 1))
    named, worst_parameter = model.as_rondo_names_them(), 0.0
    for name, own in compare.read_parameters(run, STEPS).items():
        off = numpy.abs(own - named[name].reshape(own.shape)).max() / numpy.abs(own).max()
        worst_parameter = max(worst_parameter, float(off))
    good = (len(ours) == STEPS and worst_loss < compare.LOSS_TOLERANCE
            and worst_parameter < compare.PARAMETER_TOLERANCE and clipped > 0
            and ours[-1] < ours[0])  # fmt: skip
    print(f"{cell:5} {attention:9}{'fed' if feeding else '':4} smoothing {smoothing}: {clipped} of {STEPS} "
          f"updates clipped, losses {ours[0]:.3f} .. {ours[-1]:.3f} differ by at most {worst_loss:.1e}, "
          f"parameters {worst_parameter:.1e}: {'agrees' if good else 'DIFFERS'}", flush=True)  # fmt: skip
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--rondo", type=pathlib.Path, default=compare.ROOT / "build/release/rondo")
    rondo = parser.parse_args().rondo.resolve()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="second-opinion-") as name:
        folder = pathlib.Path(name)
        write_table(folder / "pairs.csv")
        data = folder / "pairs.rondo"
        compare.call(rondo, "prepare", "--task", "transduce", "--input", folder / "pairs.csv", "--source",
                     "read:char", "--target", "said:char", "--validation", "0", "--test", "0",
                     "--output", data)  # fmt: skip
        agreed = [agrees(rondo, data, folder / f"run-{i}", case) for i, case in enumerate(CASES)]
    return 0 if all(agreed) else 1


if __name__ == "__main__":
    sys.exit(main())
