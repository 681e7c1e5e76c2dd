#!/usr/bin/env python3
"""A second opinion on both directions: PyTorch's bidirectional layers over the same sequences.

Two layers that read words letter by letter, whose classes hang on both their ends, with each
pooling that reads states as they are. All sequences stand in one window, so that each update sees
all of them and no order has a say. In float64 the losses must agree to 1e-9 (relative) at every
update, the parameters at the end to 1e-6 of each array's largest value. Exit code 0 when all agree,
1 when not.
"""

import argparse
import json
import pathlib
import sys
import tempfile
from typing import Dict

import h5py
import numpy
import torch

import compare
import twin

STEPS, RATE, CLIP_NORM, SEED, HIDDEN, EMBEDDING = 100, 0.003, 0.1, 7, 37, 23
CASES = (
    ("lstm", "last", ()), ("gru", "last", ()), ("tanh", "last", ()), ("relu", "max", ()),
    ("gru", "mean", ()), ("lstm", "max", ()), ("lstm-projected", "last", ("--projection", "19")),
)  # fmt: skip
LAYERS = {"lstm": torch.nn.LSTM, "lstm-projected": torch.nn.LSTM, "gru": torch.nn.GRU}


def write_table(file: pathlib.Path) -> None:
    random = numpy.random.default_rng(5)
    lines = ["word,kind"]
    for _ in range(90):
        word = "".join(random.choice(list("abcd"), random.integers(1, 12)))
        lines.append(f"{word},{'early' if word[-1] in 'ab' else 'late'}-{word[0] in 'ab'}")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Sequences:
    """A data set's only split: letters [time, sequence], padded; lengths; classes."""

    def __init__(self, data: pathlib.Path):
        with h5py.File(data) as file:
            roles = [column["role"] for column in json.loads(file["texts/columns"][()])]
            starts = file["train/starts"][...]
            letters, classes = (
                torch.from_numpy(file[f"train/columns/{roles.index(role)}"][...].astype(numpy.int64))
                for role in ("source", "target")
            )
        self.letters = torch.nn.utils.rnn.pad_sequence(
            [letters[begin:end] for begin, end in zip(starts, starts[1:])]
        )
        self.lengths, self.classes = torch.from_numpy(numpy.diff(starts)), classes


class Classifier(torch.nn.Module):
    """Built from a checkpoint's parameters, as rondo names and lays them out."""

    def __init__(self, cell: str, pool: str, parameters: Dict[str, numpy.ndarray]):
        super().__init__()
        tensors = {name: torch.from_numpy(value.copy()) for name, value in parameters.items()}
        outputs = tensors["rnn.weight_hh_l0"].shape[1]
        more = {"proj_size": outputs} if cell == "lstm-projected" else {}
        if cell in ("tanh", "relu"):
            more["nonlinearity"] = cell
        self.cell, self.pool = cell, pool
        self.embedding = torch.nn.Embedding(*tensors["embedding.weight"].shape)
        self.rnn = LAYERS.get(cell, torch.nn.RNN)(EMBEDDING, HIDDEN, 2, bidirectional=True, **more)
        self.output = torch.nn.Linear(2 * outputs, len(tensors["output.bias"]))
        self.double()
        own = dict(self.named_parameters())
        for name in [name for name in tensors if name.startswith("rnn.bias_l")]:
            place = name[len("rnn.bias_") :]
            first, second = own.pop(f"rnn.bias_ih_{place}"), own.pop(f"rnn.bias_hh_{place}")
            twin.set_biases(first, second, tensors.pop(name), cell, HIDDEN)
        if own.keys() != tensors.keys():
            raise ValueError(f"parameters differ by name: {own.keys() ^ tensors.keys()}")
        with torch.no_grad():
            for name, parameter in own.items():
                parameter.copy_(tensors[name])

    def parameters_as_rondo_names_them(self) -> Dict[str, numpy.ndarray]:
        named = {name: value.detach().numpy().copy() for name, value in self.named_parameters()}
        for name in [name for name in named if name.startswith("rnn.bias_ih_")]:
            place = name[len("rnn.bias_ih_") :]
            first, second = named.pop(name), named.pop(f"rnn.bias_hh_{place}")
            named[f"rnn.bias_{place}"] = twin.joined_biases(first, second, self.cell, HIDDEN)
        return named

    def loss(self, sequences: Sequences) -> torch.Tensor:
        lengths = sequences.lengths
        packed = torch.nn.utils.rnn.pack_padded_sequence(
            self.embedding(sequences.letters), lengths, enforce_sorted=False
        )
        states, last = self.rnn(packed)
        last = last[0] if isinstance(last, tuple) else last  # h_n of an LSTM
        states, _ = torch.nn.utils.rnn.pad_packed_sequence(states)
        own = (torch.arange(len(states))[:, None] < lengths[None])[..., None]
        if self.pool == "last":
            pooled = torch.cat([last[-2], last[-1]], -1)
        elif self.pool == "mean":
            pooled = (states * own).sum(0) / lengths[:, None]
        else:
            pooled = states.masked_fill(~own, -torch.inf).amax(0)
        return torch.nn.functional.cross_entropy(self.output(pooled), sequences.classes)


def agrees(rondo: pathlib.Path, data: pathlib.Path, run: pathlib.Path, case) -> bool:
    cell, pool, flags = case
    compare.call(
        rondo, "train", "--data", data, "--run", run, "--cell", cell, "--layers", "2", "--hidden",
        str(HIDDEN), "--embedding", str(EMBEDDING), "--bidirectional", "--pool", pool, *flags,
        "--precision", "double", "--lanes", "8", "--block", "4", "--window", "120", "--optimizer",
        "adam", "--rate", str(RATE), "--clip-norm", str(CLIP_NORM), "--steps", str(STEPS),
        "--report-every", "1", "--checkpoint-every", str(STEPS), "--keep", "10", "--seed", str(SEED),
        "--validate-every", "0",
    )  # fmt: skip
    model, sequences = Classifier(cell, pool, compare.read_parameters(run, 0)), Sequences(data)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=RATE)
    largest, clipped = 0.0, 0
    ours = compare.read_steps(run, STEPS)
    for step in ours:
        loss = model.loss(sequences)
        optimizer.zero_grad()
        loss.backward()
        clipped += float(torch.nn.utils.clip_grad_norm_(trained, CLIP_NORM)) > CLIP_NORM
        optimizer.step()
        largest = max(largest, abs(step.loss - loss.item()) / loss.item())
    final = model.parameters_as_rondo_names_them()
    drift = max(
        numpy.abs(array - final[name]).max() / numpy.abs(final[name]).max()
        for name, array in compare.read_parameters(run, STEPS).items()
    )
    agree = (largest <= compare.LOSS_TOLERANCE and drift <= compare.PARAMETER_TOLERANCE
             and 0 < clipped < STEPS)  # fmt: skip
    print(
        f"{cell:14} {pool:4} loss {ours[0].loss:.4f} -> {ours[-1].loss:.4f}, {clipped} updates "
        f"clipped; largest relative difference {largest:.1e}, parameters at the end {drift:.1e}: "
        f"{'agree' if agree else 'DIFFER'}",
        flush=True,
    )
    return agree


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    arguments.add_argument("--rondo", type=pathlib.Path, default=compare.ROOT / "build/release/rondo")
    options = arguments.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="second-opinion-") as name:
        folder = pathlib.Path(name)
        write_table(folder / "words.csv")
        compare.call(
            options.rondo, "prepare", "--task", "classify", "--input", folder / "words.csv",
            "--source", "word:char", "--target", "kind", "--validation", "0", "--test", "0",
            "--output", folder / "words.h5",
        )  # fmt: skip
        agreed = [agrees(options.rondo, folder / "words.h5", folder / str(number), case)
                  for number, case in enumerate(CASES)]  # fmt: skip
    return 0 if all(agreed) else 1


if __name__ == "__main__":
    sys.exit(main())
