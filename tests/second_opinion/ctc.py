#!/usr/bin/env python3
"""A second opinion on what steps spell (CTC): PyTorch from the same weights, over the same sequences.

Made-up recordings, all in each update's window, by gradient descent without momentum in float64, so that
a parameter's change is its gradient times a constant: the loss of each update and all parameters behind
it must agree to 1e-9 (losses relative, parameters to their array's largest value) with those of
torch.nn.CTCLoss behind the same layers: one, and a pyramid of three, each of which reads two steps of the
one below as one. Hostile sequences are among them: equal neighbours, as many steps
as are needed, one step, and targets too long for their steps, which
weigh nothing. Exit code 0 when all agree, 1 when not.
"""

import argparse
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import h5py
import numpy
import torch

import checkpoints
import pairs_data

ROOT = pathlib.Path(__file__).resolve().parents[2]
LETTERS, WIDTH, HIDDEN, UPDATES, RATE = "abcde", 3, 7, 12, 0.5
TOLERANCE = 1e-9


def made_up(count, seed):
    """Recordings: frames [steps, WIDTH], and a text that need not have to do with them."""
    draw = random.Random(seed)
    sequences = []
    for number in range(count):
        text = "".join(draw.choice(LETTERS[:2] if number % 3 == 0 else LETTERS)
                       for _ in range(draw.randint(1, 6)))
        repeats = sum(a == b for a, b in zip(text, text[1:]))
        steps = len(text) + repeats + draw.choice([0, 0, 1, 5, 12])
        if number % 11 == 5:
            steps = max(1, len(text) + repeats - 1)  # too few, unless it is one letter
        sequences.append(([[draw.gauss(0, 1) for _ in range(WIDTH)] for _ in range(steps)], text))
    sequences.append(([[0.5] * WIDTH], "c"))
    return sequences


def write_table(path, sequences):
    with open(path, "w", encoding="utf-8") as file:
        file.write("recording," + ",".join(f"x{i}" for i in range(WIDTH)) + ",text\n")
        for number, (frames, text) in enumerate(sequences):
            for frame in frames:
                file.write(f"r{number}," + ",".join(repr(x) for x in frame) + f",{text}\n")


def call(*command):
    result = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, check=False)
    if result.returncode != 0:
        raise SystemExit(f"{result.stdout}exit code {result.returncode}: {command}")
    return result.stdout


def parameters_at(run, step):
    return {name: torch.tensor(array) for name, array in checkpoints.read_parameters(run, step).items()}


def name_of(parameter):
    """ "rnn.1.weight_ih_l0" is "rnn.weight_ih_l1"."""
    name = re.sub(r"^rnn\.(\d+)\.(\w+)_l0", r"rnn.\2_l\1", parameter)
    return name.replace("bias_ih", "bias")


def thinned(steps, layers, pyramid):
    """What so many steps are for the last layer."""
    for _ in range(layers - 1):
        steps = -(-steps // pyramid)
    return steps


class Twin(torch.nn.Module):
    """Layers that each read `pyramid` steps of the one below side by side, a sequence's last filled up by 0."""

    def __init__(self, classes, parameters, layers, pyramid):
        super().__init__()
        self.pyramid = pyramid
        self.rnn = torch.nn.ModuleList(
            torch.nn.LSTM(WIDTH if k == 0 else 2 * HIDDEN * pyramid, HIDDEN, bidirectional=True).double()
            for k in range(layers))
        self.output = torch.nn.Linear(2 * HIDDEN, classes).double()
        with torch.no_grad():
            for name, value in self.named_parameters():
                if "bias_hh" in name:
                    value.zero_()  # rondo has one bias a gate
                    value.requires_grad_(False)
                else:
                    value.copy_(parameters[name_of(name)].reshape(value.shape))

    def loss(self, frames, labels):
        said = frames
        for number, layer in enumerate(self.rnn):
            if number > 0:
                said = torch.nn.functional.pad(said, (0, 0, 0, -len(said) % self.pyramid))
                said = said.reshape(-1, said.shape[1] * self.pyramid)
            said = layer(said[:, None])[0][:, 0]
        logs = torch.log_softmax(self.output(said), dim=1)[:, None]
        return torch.nn.functional.ctc_loss(
            logs, labels[None], [len(said)], [len(labels)], blank=logs.shape[2] - 1, reduction="sum")


def compare(rondo, folder, layers, pyramid):
    """Whether all agree, after a line of how far."""
    sequences = made_up(40, 3)
    data, run = folder / "t.rondo", folder / f"run-{pyramid}"
    steps = sum(len(frames) + 4 for frames, _ in sequences)
    call(rondo, "train", "--data", data, "--run", run, "--hidden", HIDDEN, "--bidirectional",
         "--layers", layers, "--pyramid", pyramid,
         "--precision", "double", "--lanes", 8, "--block", 4, "--window", steps, "--optimizer", "sgd",
         "--momentum", 0, "--rate", RATE, "--clip-norm", 0, "--weight-decay", 0, "--steps", UPDATES,
         "--report-every", 1, "--checkpoint-every", 1, "--keep", UPDATES + 1)  # fmt: skip
    with h5py.File(data) as file:
        symbols = pairs_data.names_of(file["columns/1"])
        mean, deviation = (file[f"columns/0/{name}"][...] for name in ("mean", "deviation"))
    losses = [json.loads(line)["loss"] for line in open(run / "metrics.jsonl", encoding="utf-8")
              if json.loads(line).get("split") == "train"]
    given = []
    for frames, text in sequences:
        numbers = ((numpy.array(frames) - mean) * (1 / deviation)).astype(numpy.float32)
        labels = torch.tensor([symbols.index(letter) for letter in text])
        needed = len(text) + sum(a == b for a, b in zip(text, text[1:]))
        if needed <= thinned(len(frames), layers, pyramid):
            given.append((torch.tensor(numpy.where(abs(numbers) < 2.0**-60, 0, numbers)).double(), labels))
    twin = Twin(len(symbols) + 1, parameters_at(run, 1), layers, pyramid)
    worst_loss = worst_parameter = 0.0
    for update in range(2, UPDATES + 1):
        twin.zero_grad()
        loss = sum(twin.loss(*each) for each in given) / len(given)
        loss.backward()
        worst_loss = max(worst_loss, abs(loss.item() / losses[update - 1] - 1))
        after = parameters_at(run, update)
        with torch.no_grad():
            for name, value in twin.named_parameters():
                if "bias_hh" in name:
                    continue
                value -= RATE * value.grad
                own = after[name_of(name)].reshape(value.shape)
                worst_parameter = max(worst_parameter, ((value - own).abs().max() / own.abs().max()).item())
    left_out = len(sequences) - len(given)
    print(f"{layers} layers, pyramid {pyramid}: {len(sequences)} sequences, {left_out} of them too short, "
          f"{UPDATES - 1} updates: losses agree to {worst_loss:.1e}, parameters to {worst_parameter:.1e}")
    return left_out > 0 and worst_loss < TOLERANCE and worst_parameter < TOLERANCE


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--rondo", type=pathlib.Path, default=ROOT / "build/release/rondo")
    rondo = parser.parse_args().rondo.resolve()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        write_table(folder / "t.csv", made_up(40, 3))
        call(rondo, "prepare", "--task", "transcribe", "--input", folder / "t.csv", "--group", "recording",
             "--source", "x*", "--target", "text:char", "--validation", 0, "--test", 0, "--output",
             folder / "t.rondo")
        agree = [compare(rondo, folder, layers, pyramid) for layers, pyramid in ((1, 1), (3, 2))]
    print("agrees" if all(agree) else "DIFFERS")
    return 0 if all(agree) else 1


if __name__ == "__main__":
    sys.exit(main())
