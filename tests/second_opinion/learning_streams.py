#!/usr/bin/env python3
"""What PyTorch learns in as many updates: a recipe of forecasts with carried state, of one series, a step
ahead, as a mean and a deviation, with torch.nn.

Reads a recipe and a prepared data set, trains the same network with PyTorch's own initial weights, as
many updates of as many lanes and steps, the same optimizer, schedule, clipping and decay, keeps the
parameters whose validation loss was best, and prints on the test split the root of the mean squared
error, beside that of the last value, and how often its interval of 80 % holds the truth. The series is
cut into lanes elsewhere in each epoch, as rondo does by a rule of its own.

    learning_streams.py weather.rondo datasets/weather/weather.conf --sequences 8
"""

import copy
import json
import math

import h5py
import numpy
import torch

import sequences

HALF_OF_80 = 1.2815515655446004  # deviations of a normal distribution


class Series:
    """Of a split: rows of inputs, what is known of the next row among them, and of targets."""

    def __init__(self, file, name, columns):
        read, known = [], []
        for number, column in enumerate(columns):
            mean, deviation = (file[f"columns/{number}/{n}"][...] for n in ("mean", "deviation"))
            values = file[f"{name}/columns/{number}"][...].reshape(-1, len(mean))
            values = torch.from_numpy(((values - mean) / deviation).astype(numpy.float32))
            if column["role"] == "target":
                self.unit = float(deviation[0])
                self.target = values[:, 0]
            (known if column["role"] == "known" else read).append(values)
        known = torch.cat(known, 1)
        self.inputs = torch.cat([*read, known], 1)[:-1]
        self.inputs = torch.cat([self.inputs, known[1:]], 1)
        self.last, self.ahead = self.target[:-1], self.target[1:]
        context = int(file[f"{name}/context"][0]) if f"{name}/context" in file else 0
        self.first = max(context - 1, 0)  # origin whose forecast counts


class Forecaster(torch.nn.Module):
    def __init__(self, recipe, inputs):
        super().__init__()
        hidden = int(recipe["hidden"])
        self.rnn = sequences.LAYERS[recipe["cell"]](inputs, hidden, int(recipe["layers"]))
        self.after = torch.nn.Dropout(float(recipe.get("dropout-output", 0)))
        self.head = torch.nn.Linear(hidden, 2)
        if recipe["cell"] == "lstm":
            sequences.set_forget_bias(self.rnn, hidden)

    def forward(self, inputs, last, state=None):
        states, state = self.rnn(inputs, state)
        mean, log_deviation = self.head(self.after(states)).unbind(-1)
        return mean + last, log_deviation.clamp(-7, 7), state


def loss_of(mean, log_deviation, ahead):
    return (log_deviation + ((ahead - mean) / log_deviation.exp()) ** 2 / 2
            + math.log(2 * math.pi) / 2)  # fmt: skip


@torch.no_grad()
def told(model, series):
    model.eval()
    mean, log_deviation, _ = model(series.inputs[:, None], series.last[:, None])
    model.train()
    counted = slice(series.first, None)
    return mean[counted, 0], log_deviation[counted, 0], series.ahead[counted], series.last[counted]


def lanes_of(series, lanes, random):
    share = len(series.ahead) // lanes
    begin = int(random.integers(len(series.ahead) - share * lanes + 1))
    return [rows[begin : begin + lanes * share].unflatten(0, (lanes, share)).transpose(0, 1)
            for rows in (series.inputs, series.last, series.ahead)]  # fmt: skip


def main() -> None:
    arguments = sequences.parse_arguments(__doc__)
    recipe = sequences.recipe_of(arguments)
    asked = {"state": "carried", "horizon": "1", "subtract": "last", "loss": "gaussian"}
    if any(recipe.get(key) != value for key, value in asked.items()):
        raise SystemExit(f"this script trains recipes of {asked}")
    with h5py.File(arguments.data) as file:
        columns = json.loads(file["texts/columns"][()])
        splits = {name: Series(file, name, columns) for name in ("train", "validation", "test")}
    train = splits["train"]
    random = numpy.random.default_rng(arguments.seed)
    model = Forecaster(recipe, train.inputs.shape[1])
    window, state, at, best = int(recipe["window"]), None, 0, (math.inf, None)
    rows = lanes_of(train, arguments.sequences, random)

    def next_loss(_):
        nonlocal state, at, rows
        if at >= len(rows[0]):
            state, at, rows = None, 0, lanes_of(train, arguments.sequences, random)
        inputs, last, ahead = (each[at : at + window] for each in rows)
        mean, log_deviation, after = model(inputs, last, state)
        state = tuple(part.detach() for part in after) if isinstance(after, tuple) else after.detach()
        at += window
        return loss_of(mean, log_deviation, ahead).mean()

    def keep(step, seconds):
        nonlocal best
        mean, log_deviation, ahead, _ = told(model, splits["validation"])
        loss = float(loss_of(mean, log_deviation, ahead).mean())
        if loss < best[0]:
            best = (loss, copy.deepcopy(model.state_dict()))
        if step % 100 == 0:
            print(f"step {step}: validation loss {loss:.4f}, {seconds:.0f} s", flush=True)

    sequences.train(model, recipe, arguments, len(train.ahead), next_loss,
                    int(recipe["validate-every"]), keep)  # fmt: skip
    model.load_state_dict(best[1])
    mean, log_deviation, ahead, last = told(model, splits["test"])
    rmse, of_last = (train.unit * float(((ahead - each) ** 2).mean().sqrt()) for each in (mean, last))
    held = float(((ahead - mean).abs() <= HALF_OF_80 * log_deviation.exp()).float().mean())
    print(f"test: RMSE {rmse:.3f} of {len(ahead)} days, of the last value {of_last:.3f}; the interval of 80 % "
          f"holds {100 * held:.1f} %")  # fmt: skip


if __name__ == "__main__":
    main()
