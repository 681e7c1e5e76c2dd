#!/usr/bin/env python3
"""A second opinion on rondo's optimizers and on what else changes an update: PyTorch's own, from the
same weights.

For each case an LSTM in float64, 100 updates with clipping and weight decay. The losses must agree
to 1e-9 (relative) at every update, the parameters at the end, and their average where there is one,
to 1e-9 of each array's largest value. See README.md in this folder. Exit code 0 when all agree, 1
when not.
"""

import argparse
import functools
import json
import pathlib
import sys
import tempfile
from typing import Callable, Dict, List, NamedTuple, Tuple

import h5py
import numpy
import torch

import compare
import lamb
import packed_lanes
import twin

STEPS = 100
CLIP_NORM = 0.5
DECAY = 0.01
TOLERANCE = 1e-9  # relative
AVERAGE = 0.95  # decay of the moving one
VALIDATE_EVERY, AVERAGE_PATIENCE = 5, 2  # of averaged SGD


class Case(NamedTuple):
    optimizer: str  # rondo's name
    rate: float
    keys: Tuple[str, ...]  # rondo's others
    theirs: Callable[..., torch.optim.Optimizer]
    rules: twin.Rules = twin.Rules(CLIP_NORM)


SGD = functools.partial(torch.optim.SGD, momentum=0.9)
CASES = {
    "sgd": Case("sgd", 0.3, (), SGD),
    "nesterov": Case("nesterov", 0.3, (), functools.partial(SGD, nesterov=True)),
    "adam": Case("adam", 0.003, (), torch.optim.Adam),
    "adamw": Case("adamw", 0.003, (), torch.optim.AdamW),
    "rmsprop": Case(
        "rmsprop", 0.001, ("--smoothing", "0.98"),
        functools.partial(torch.optim.RMSprop, alpha=0.98),
    ),
    "adagrad": Case("adagrad", 0.02, ("--epsilon", "1e-10"), torch.optim.Adagrad),
    "lamb": Case("lamb", 0.01, (), lamb.Lamb),
    "asgd": Case(
        "asgd", 4.0,
        ("--validate-every", str(VALIDATE_EVERY), "--average-patience", str(AVERAGE_PATIENCE)),
        functools.partial(torch.optim.ASGD, lambd=0.0),
    ),
    "clip-value": Case(
        "sgd", 0.3, ("--clip-value", "0.01"), SGD, twin.Rules(CLIP_NORM, clip_value=0.01)
    ),
    "label-smoothing": Case(
        "adam", 0.003, ("--label-smoothing", "0.1"), torch.optim.Adam,
        twin.Rules(CLIP_NORM, label_smoothing=0.1),
    ),
    "average": Case(
        "adam", 0.003, ("--average", str(AVERAGE)), torch.optim.Adam
    ),
    "window-varies": Case(
        "sgd", 0.3, ("--window-varies",), SGD, twin.Rules(CLIP_NORM, window=compare.WINDOW)
    ),
}  # fmt: skip


def read_metrics(run: pathlib.Path, split: str) -> List[dict]:
    with open(run / "metrics.jsonl", encoding="utf-8") as file:
        return [line for line in map(json.loads, file) if line.get("split") == split]


def averaging_begins(run: pathlib.Path) -> int:
    """The step of the validation that begins averaging, by the rule of the paper."""
    losses: List[float] = []
    for line in read_metrics(run, "validation"):
        if len(losses) > AVERAGE_PATIENCE and line["loss"] > min(losses[:-AVERAGE_PATIENCE]):
            return line["step"]
        losses.append(line["loss"])
    raise SystemExit(f"{run}: no validation begins averaging, and the case shows nothing")


def read_average(run: pathlib.Path, step: int) -> Dict[str, numpy.ndarray]:
    with h5py.File(run / f"checkpoint-{step:012d}.h5") as file:
        return {name: array[...] for name, array in file.get("average", {}).items()}


def drift(ours: Dict[str, numpy.ndarray], theirs: Dict[str, numpy.ndarray]) -> float:
    """The largest difference, relative to its array's largest value."""
    return max(
        numpy.abs(array - theirs[key]).max() / numpy.abs(theirs[key]).max()
        for key, array in ours.items()
    )


class Averages:
    """PyTorch's averages of a twin's weights: of torch.optim.ASGD or of a moving AveragedModel."""

    def __init__(self, case: str, run: pathlib.Path, model: twin.Twin):
        self.model, self.averaged = model, None
        self.optimizer_of = functools.partial(CASES[case].theirs, weight_decay=DECAY)
        if case == "average":
            self.averaged = torch.optim.swa_utils.AveragedModel(
                model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE)
            )
        if case == "asgd":
            # In PyTorch's counting, the first weights that the mean takes in are those of t0 + 2.
            self.of_sgd = functools.partial(self.optimizer_of, t0=averaging_begins(run) - 1)
            self.optimizer_of = self._make

    def _make(self, trained, lr):
        self.optimizer = self.of_sgd(trained, lr=lr)
        return self.optimizer

    def after_update(self, model: twin.Twin) -> None:
        if self.averaged is not None:
            self.averaged.update_parameters(model)

    def as_rondo_names_them(self) -> Dict[str, numpy.ndarray]:
        """Empty where there are none. The twin is spoilt: its parameters become ASGD's averages."""
        if self.averaged is not None:
            return self.averaged.module.parameters_as_rondo_names_them()
        if not hasattr(self, "optimizer"):
            return {}
        with torch.no_grad():
            for parameter, state in self.optimizer.state.items():
                parameter.copy_(state["ax"])
        return self.model.parameters_as_rondo_names_them()


def agrees(rondo: pathlib.Path, data: pathlib.Path, run: pathlib.Path, name: str) -> bool:
    """Trains a case in both; prints a line; True if the two agree."""
    case = CASES[name]
    compare.call(
        rondo, "train", "--data", data, "--run", run, "--cell", "lstm", "--layers", "2",
        "--hidden", "37", "--embedding", "23", "--precision", "double",
        "--lanes", str(compare.LANES), "--block", "4", "--window", str(compare.WINDOW),
        "--optimizer", case.optimizer, "--rate", str(case.rate), "--clip-norm", str(CLIP_NORM),
        "--weight-decay", str(DECAY), *case.keys,
        "--steps", str(STEPS), "--report-every", "1",
        "--checkpoint-every", str(STEPS), "--keep", "100", "--seed", "7",
    )  # fmt: skip
    model = twin.Twin("lstm", compare.read_parameters(run, 0))
    lengths = None
    if case.rules.window > 0:  # a window's length is told by its targets; only lanes' ends are masked
        lengths = [-(-line["targets"] // compare.LANES) for line in read_metrics(run, "train")]
    windows = packed_lanes.windows(
        compare.read_tokens(data), compare.LANES, compare.WINDOW, lengths
    )
    averages = Averages(name, run, model)
    theirs = list(
        twin.train(
            model, windows, STEPS, case.rate, case.rules, averages.optimizer_of,
            averages.after_update,
        )
    )  # fmt: skip
    ours = compare.read_steps(run, STEPS)
    clipped = sum(step.gradient_norm > CLIP_NORM for step in theirs)

    largest = max(abs(a.loss - b.loss) / b.loss for a, b in zip(ours, theirs))
    apart = drift(compare.read_parameters(run, STEPS), model.parameters_as_rondo_names_them())
    average, of_theirs = read_average(run, STEPS), averages.as_rondo_names_them()
    if average.keys() != of_theirs.keys():
        raise SystemExit(f"{run}: averages {average.keys()} where PyTorch has {of_theirs.keys()}")
    if average:
        apart = max(apart, drift(average, of_theirs))
    learnt = ours[-1].loss < ours[0].loss - 0.3
    agree = largest <= TOLERANCE and apart <= TOLERANCE and 0 < clipped and learnt
    print(
        f"{name:15} loss {ours[0].loss:.4f} -> {ours[-1].loss:.4f}, {clipped} updates clipped; "
        f"largest relative difference {largest:.1e}, parameters at the end {apart:.1e}: "
        f"{'agree' if agree else 'DIFFER'}",
        flush=True,
    )
    return agree


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    arguments.add_argument("--rondo", type=pathlib.Path, default=compare.ROOT / "build/release/rondo")
    arguments.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES))
    options = arguments.parse_args()
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)  # of ASGD's rates and weights of the mean, too
    with tempfile.TemporaryDirectory(prefix="second-opinion-") as folder:
        data = pathlib.Path(folder) / "text.h5"
        compare.call(
            options.rondo, "prepare", "--task", "text", "--level", "char",
            "--input", compare.ROOT / "LICENSE", "--output", data,
        )  # fmt: skip
        agreed = [
            agrees(options.rondo, data, pathlib.Path(folder) / name, name)
            for name in options.cases
        ]
    return 0 if all(agreed) else 1


if __name__ == "__main__":
    sys.exit(main())
