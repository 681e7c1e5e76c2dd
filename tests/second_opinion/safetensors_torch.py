#!/usr/bin/env python3
"""A model that rondo exported as safetensors, in PyTorch: the same numbers, within 1e-5.

How a program of yours loads one:

    from safetensors_torch import Model
    model = Model.load("book.safetensors")
    logits = model.text("To be or not")[-1]       # a language model: what comes next
    odds = model.answer({"text": "To be or not"})  # a classifier: the probability of each class

Run as a script it trains small models by rondo, exports them, and compares what PyTorch says with
`rondo eval` and `rondo predict`. Exit code 0 when all agree, 1 when not. Needs torch, safetensors.
"""

import argparse
import csv
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import torch
from safetensors import safe_open
from safetensors.torch import load_file

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOLERANCE = 1e-5

LAYERS = {
    "tanh": (torch.nn.RNN, {"nonlinearity": "tanh"}),
    "relu": (torch.nn.RNN, {"nonlinearity": "relu"}),
    "lstm": (torch.nn.LSTM, {}),
    "gru": (torch.nn.GRU, {}),
    "lstm-projected": (torch.nn.LSTM, {}),
}


class Model(torch.nn.Module):
    """Embeddings, recurrent layers, a linear output, named as in the file."""

    @classmethod
    def load(cls, path):
        with safe_open(path, framework="pt") as file:
            about = file.metadata()
        model = cls(about["task"], json.loads(about["configuration"]), json.loads(about["columns"]))
        tensors = load_file(path)
        if model.settings["tied"]:
            tensors["output.weight"] = tensors["embedding.weight"]
        model.load_state_dict(tensors)  # strict: every name and shape has to fit
        return model.eval()

    def __init__(self, task, settings, columns):
        super().__init__()
        self.settings, self.task = settings, task
        self.read = [c for c in columns if c["role"] != "target"]
        self.said = next((c for c in columns if c["role"] == "target"), columns[0])
        hidden, projected = settings["hidden"], settings["projection"]
        width = tables = 0
        for column in self.read:
            if "symbols" not in column:
                width += len(column["mean"])
                continue
            column["table"] = "embedding" if tables == 0 else f"embedding_{tables}"
            table = torch.nn.Embedding(len(column["symbols"]), settings["embedding"])
            setattr(self, column["table"], table)
            width += settings["embedding"]
            tables += 1
        kind, more = LAYERS[settings["cell"]]
        if projected:
            more = {**more, "proj_size": projected}
        both = settings["bidirectional"]
        self.rnn = kind(width, hidden, num_layers=settings["layers"], batch_first=True, bidirectional=both, **more)
        outputs = len(self.said["symbols"]) if "symbols" in self.said else len(self.said["mean"])
        self.output = torch.nn.Linear((projected or hidden) * (2 if both else 1), outputs)

    def states(self, values):
        """Of one sequence: {column: a list of symbols' names, a text, or rows of numbers}."""
        inputs = []
        for column in self.read:
            own = values[column["name"]]
            if "symbols" in column:
                numbers = {symbol: i for i, symbol in enumerate(column["symbols"])}
                tokens = torch.tensor([numbers[symbol] for symbol in own])
                inputs.append(getattr(self, column["table"])(tokens))
            else:
                rows = torch.tensor(own, dtype=torch.float64)
                scaled = (rows - torch.tensor(column["mean"])) / torch.tensor(column["deviation"])
                inputs.append(scaled.to(torch.float32))
        return self.rnn(torch.cat(inputs, dim=1)[None])[0][0]

    @torch.no_grad()
    def text(self, text):
        """A language model's logits behind each symbol."""
        return self.output(self.states({"text": text}))

    @torch.no_grad()
    def answer(self, values):
        """Of one sequence, or of each of its steps: probabilities of classes, or numbers in units."""
        states = self.states(values)
        if self.said["scope"] == "sequence":
            states = self.pooled(states)
        said = self.output(states).to(torch.float64)
        if "symbols" in self.said:
            return torch.softmax(said, dim=-1)
        return torch.tensor(self.said["mean"]) + said * torch.tensor(self.said["deviation"])

    def pooled(self, states):
        pool = self.settings["pool"]
        if pool == "mean":
            return states.mean(dim=0)
        if pool == "max":
            return states.max(dim=0).values
        if not self.settings["bidirectional"]:
            return states[-1]
        half = states.shape[1] // 2  # the reversed direction ends at the first step
        return torch.cat([states[-1, :half], states[0, half:]])


def call(*command):
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise SystemExit(f"{result.stderr}exit code {result.returncode}: {' '.join(map(str, command))}")
    return result.stdout


def agree(name, ours, theirs):
    """Prints a line; whether the largest difference, relative where numbers are large, is small."""
    ours, theirs = torch.tensor(ours, dtype=torch.float64), theirs.to(torch.float64)
    off = ((ours - theirs).abs() / theirs.abs().clamp(min=1)).max().item()
    print(f"{name:44}{off:10.1e}  {'agree' if off <= TOLERANCE else 'DIFFER'}", flush=True)
    return off <= TOLERANCE


class Runs:
    """Models of rondo's in a folder, trained for some updates and exported."""

    def __init__(self, rondo, folder):
        self.rondo, self.folder, self.number = rondo, folder, 0

    def train(self, data, *keys):
        self.number += 1
        run, file = self.folder / f"run-{self.number}", self.folder / f"{self.number}.safetensors"
        call(self.rondo, "train", "--data", data, "--run", run, "--steps", 30, "--lanes", 8, "--block", 1, "--hidden", 19,
             "--rate", 0.01, "--threads", 1, *keys)  # fmt: skip
        call(self.rondo, "export", run, "--to", "safetensors", "--output", file)
        return run, Model.load(file)


def texts(runs, folder):
    data = folder / "text.rondo"
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    (folder / "one.txt").write_text(text, encoding="utf-8")
    call(runs.rondo, "prepare", "--task", "text", "--level", "char", "--input", folder / "one.txt", "--output", data)
    import h5py  # a data set is HDF5, too

    with h5py.File(data) as file:
        tokens = torch.tensor(file["test/tokens"][...].astype("int64"))
    kinds = [("lstm", "--layers", 2, "--embedding", 7), ("gru", "--embedding", 19, "--tied"), ("tanh",),
             ("relu", "--layers", 3), ("lstm-projected", "--projection", 5, "--layers", 2)]  # fmt: skip
    for cell, *keys in kinds:
        run, model = runs.train(data, "--cell", cell, "--eval-lanes", 1, *keys)
        told = json.loads(call(runs.rondo, "eval", "--checkpoint", run, "--data", data, "--split", "test", "--json"))
        logits = model.text([model.said["symbols"][i] for i in tokens[:-1]])
        loss = torch.nn.functional.cross_entropy(logits.to(torch.float64), tokens[1:])
        yield agree(f"text {' '.join(map(str, (cell, *keys)))}: loss", [told["loss"]], loss[None])


def classes(runs, folder):
    draw = random.Random(1)
    table = folder / "classes.csv"
    lines = ["".join(draw.choice("abcd") for _ in range(draw.randint(2, 12))) for _ in range(200)]
    with open(table, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("word", "kind"), *((line, line[0] + line[-1]) for line in lines)])
    data = folder / "classes.rondo"
    call(runs.rondo, "prepare", "--task", "classify", "--input", table, "--source", "word:char", "--target", "kind",
         "--output", data)  # fmt: skip
    for keys in (("--cell", "lstm", "--layers", 2), ("--cell", "gru", "--bidirectional"),
                 ("--cell", "gru", "--bidirectional", "--pool", "max"), ("--cell", "tanh", "--pool", "mean")):  # fmt: skip
        run, model = runs.train(data, *keys)
        told = call(runs.rondo, "predict", "--checkpoint", run, "--input", table, "--json").splitlines()
        ours = [[json.loads(line)["probabilities"][name] for name in model.said["symbols"]] for line in told]
        theirs = torch.stack([model.answer({"word": line}) for line in lines])
        yield agree(f"classify {' '.join(map(str, keys))}", ours, theirs)


def numbers(runs, folder):
    draw = random.Random(2)
    table, rows = folder / "series.csv", {}
    with open(table, "w", encoding="utf-8", newline="") as file:
        write = csv.writer(file).writerow
        write(("id", "second", "x", "z", "y"))
        for name in range(60):
            own = rows[name] = [(draw.randint(-99, 99) / 8, draw.random()) for _ in range(draw.randint(2, 9))]
            for second, (x, z) in enumerate(own):
                write((name, second, x, repr(z), 100 + x - own[max(second - 1, 0)][1]))
    data = folder / "series.rondo"
    call(runs.rondo, "prepare", "--task", "regress", "--input", table, "--group", "id", "--time", "second", "--source",
         "x", "z", "--target", "y", "--output", data)  # fmt: skip
    run, model = runs.train(data, "--cell", "gru", "--layers", 2)
    told = call(runs.rondo, "predict", "--checkpoint", run, "--input", table, "--json").splitlines()
    ours = [number for line in told for number in json.loads(line)["answer"]]

    def column(own, read):
        places = {"x": (0,), "z": (1,)}.get(read["name"], (0, 1))
        return [[row[i] for i in places] for row in own]

    theirs = [model.answer({c["name"]: column(own, c) for c in model.read})[:, 0] for own in rows.values()]
    yield agree("regress, numbers of each step", ours, torch.cat(theirs))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--rondo", type=pathlib.Path, default=ROOT / "build/release/rondo")
    options = parser.parse_args()
    torch.set_num_threads(1)
    agreed = []
    with tempfile.TemporaryDirectory(prefix="second-opinion-") as name:
        folder = pathlib.Path(name)
        runs = Runs(options.rondo, folder)
        for check in (texts, classes, numbers):
            agreed += check(runs, folder)
    return 0 if agreed and all(agreed) else 1


if __name__ == "__main__":
    sys.exit(main())
