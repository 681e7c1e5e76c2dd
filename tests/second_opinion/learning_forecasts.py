#!/usr/bin/env python3
"""What PyTorch learns in as many updates: a recipe of forecasts from windows with torch.nn.

Reads a recipe of `--state fresh` and a prepared data set, trains the same network with PyTorch's own
initial weights, as many updates of as many windows, the same optimizer, schedule and clipping, and
prints the squared error, in deviations of the train split, on validation and test. Only the random
numbers, and so the windows' order, differ from rondo's run.

    learning_forecasts.py etth1.rondo datasets/etth1/day.conf --sequences 64
"""

import json

import h5py
import numpy
import torch

import sequences


class Split:
    """Windows of one split: those of a variable, then the next one's."""

    def __init__(self, file, name, number, look_back, horizon):
        mean, deviation = (file[f"columns/{number}/{n}"][...] for n in ("mean", "deviation"))
        rows = file[f"{name}/columns/{number}"][...].reshape(-1, len(mean))
        if len(file[f"{name}/starts"]) != 2:
            raise SystemExit("this script reads one series of several variables")
        self.rows = torch.from_numpy(((rows - mean) / deviation).T.astype(numpy.float32))
        context = int(file[f"{name}/context"][0]) if f"{name}/context" in file else 0
        first = max(context, look_back)  # the row behind the first origin
        self.look_back, self.horizon = look_back, horizon
        self.begins = numpy.arange(first - look_back, self.rows.shape[1] - look_back - horizon + 1)

    def __len__(self):
        return len(self.rows) * len(self.begins)

    def batch(self, numbers):
        """Windows [window, row], and the rows behind them."""
        at = torch.from_numpy(self.begins[numbers % len(self.begins)])[:, None]
        variable = torch.from_numpy(numbers // len(self.begins))[:, None]
        back, ahead = torch.arange(self.look_back), torch.arange(self.horizon) + self.look_back
        return self.rows[variable, at + back], self.rows[variable, at + ahead]


class Forecaster(torch.nn.Module):
    def __init__(self, recipe):
        super().__init__()
        hidden, self.segment = int(recipe["hidden"]), int(recipe.get("segment", 1))
        self.last = recipe.get("subtract", "none") == "last"
        self.rnn = sequences.LAYERS[recipe["cell"]](self.segment, hidden, int(recipe["layers"]))
        self.head = torch.nn.Linear(hidden, int(recipe["horizon"]))
        if recipe["cell"] == "lstm":
            sequences.set_forget_bias(self.rnn, hidden)

    def forward(self, windows):
        base = windows[:, -1:] if self.last else 0
        steps = (windows - base).unflatten(1, (-1, self.segment)).transpose(0, 1)
        return self.head(self.rnn(steps)[0][-1]) + base


def error_of(model, split):
    squares = 0.0
    with torch.no_grad():
        for numbers in numpy.array_split(numpy.arange(len(split)), -(-len(split) // 2000)):
            windows, ahead = split.batch(numbers)
            squares += float(((model(windows) - ahead).double() ** 2).sum())
    return squares / len(split) / split.horizon


def main() -> None:
    arguments = sequences.parse_arguments(__doc__)
    recipe = sequences.recipe_of(arguments)
    asked = {"state": "fresh", "channels": "apart"}
    if any(recipe.get(key) != value for key, value in asked.items()):
        raise SystemExit(f"this script trains recipes of {asked}")
    with h5py.File(arguments.data) as file:
        columns = json.loads(file["texts/columns"][()])
        if len(columns) != 1:
            raise SystemExit("this script reads series of targets alone")
        splits = {name: Split(file, name, 0, int(recipe["look-back"]), int(recipe["horizon"]))
                  for name in ("train", "validation", "test")}  # fmt: skip
    model = Forecaster(recipe)
    train = splits["train"]

    def loss_of(numbers):
        windows, ahead = train.batch(numbers)
        return torch.nn.functional.mse_loss(model(windows), ahead)

    def tell(step, seconds):
        print(f"step {step}: validation {error_of(model, splits['validation']):.4f}, "
              f"{seconds:.0f} s", flush=True)  # fmt: skip

    sequences.train(model, recipe, arguments, len(train), loss_of, 200, tell)
    print(f"test {error_of(model, splits['test']):.4f}, {len(splits['test'])} windows")


if __name__ == "__main__":
    main()
