#!/usr/bin/env python3
"""What PyTorch learns in as many updates: the recipe of datasets/kjv/train.conf with torch.nn.

Reads a recipe and a prepared data set, trains embedding, LSTM and softmax with PyTorch's own
initial weights, Adam, clipping and the same schedule over packed lanes (states are carried from
window to window and start afresh with each document), and prints bits per character on the
validation and test splits. Only the random numbers differ from rondo's run.
"""

import argparse
import math
import pathlib
import time

import h5py
import numpy
import torch


def read_recipe(path: pathlib.Path) -> dict:
    recipe = {}
    for line in path.read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            key, value = (part.strip() for part in line.split("=", 1))
            recipe[key] = value
    return recipe


class Lanes:
    """One pass over a split: inputs, targets (-1: masked) and resets, all [lanes, positions]."""

    def __init__(self, tokens, documents, lanes, order):
        pieces = [tokens[documents[d]:documents[d + 1]] for d in order]
        stream = numpy.concatenate(pieces)
        targets = numpy.append(stream[1:], -1)
        resets = numpy.zeros(len(stream), bool)
        ends = numpy.cumsum([len(piece) for piece in pieces])
        targets[ends - 1] = -1
        resets[numpy.concatenate([[0], ends[:-1]])] = True
        length = -(-len(stream) // lanes)

        def shaped(values, fill):
            padded = numpy.full(lanes * length, fill, values.dtype)
            padded[:len(values)] = values
            return torch.from_numpy(padded.reshape(lanes, length))

        self.inputs, self.targets = shaped(stream, 0), shaped(targets, -1)
        self.resets = shaped(resets, False)
        self.resets[:, 0] = True
        self.length = length


class Model(torch.nn.Module):
    def __init__(self, vocabulary, embedding, hidden):
        super().__init__()
        self.embedding = torch.nn.Embedding(vocabulary, embedding)
        self.rnn = torch.nn.LSTM(embedding, hidden, batch_first=True)
        self.output = torch.nn.Linear(hidden, vocabulary)
        with torch.no_grad():  # the forget gate's bias, as rondo's default
            self.rnn.bias_ih_l0[hidden:2 * hidden] = 1

    def forward(self, inputs, resets, state):
        """The window in pieces, cut where a lane starts afresh; returns logits and state."""
        embedded = self.embedding(inputs)
        cuts = sorted({0, inputs.shape[1], *torch.nonzero(resets.any(0)).flatten().tolist()})
        outputs = []
        for begin, end in zip(cuts, cuts[1:]):
            keep = (~resets[:, begin]).float()[None, :, None]
            state = tuple(part * keep for part in state)
            output, state = self.rnn(embedded[:, begin:end], state)
            outputs.append(output)
        return self.output(torch.cat(outputs, 1)), tuple(part.detach() for part in state)


def rate_at(step, steps, warmup, rate, final_rate) -> float:
    """Of the cosine schedule; steps are counted from 0."""
    if step < warmup:
        return rate * (step + 1) / warmup
    x = (step - warmup) / max(steps - warmup, 1)
    return final_rate + (rate - final_rate) * (1 + math.cos(math.pi * x)) / 2


def loss_of(logits, targets):
    return torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), targets.flatten().long(), ignore_index=-1, reduction="sum")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("recipe", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    random = numpy.random.default_rng(1)
    recipe = read_recipe(arguments.recipe)
    lanes, window, steps = (int(recipe[key]) for key in ("lanes", "window", "steps"))
    rate, final_rate = float(recipe["rate"]), float(recipe["final-rate"])
    warmup, hidden = int(recipe["warmup-steps"]), int(recipe["hidden"])

    with h5py.File(arguments.data) as file:
        vocabulary = len(file["vocabulary/code_points"])
        splits = {name: (file[f"{name}/tokens"][...].astype(numpy.int64),
                         file[f"{name}/documents"][...]) for name in ("train", "validation", "test")}
    model = Model(vocabulary, int(recipe["embedding"]), hidden)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, fused=True)

    def fresh():
        return (torch.zeros(1, lanes, hidden), torch.zeros(1, lanes, hidden))

    def evaluate(name):
        tokens, documents = splits[name]
        data = Lanes(tokens, documents, lanes, range(len(documents) - 1))
        state, total, count = fresh(), 0.0, 0
        with torch.no_grad():
            for at in range(0, data.length, window):
                part = slice(at, at + window)
                logits, state = model(data.inputs[:, part], data.resets[:, part], state)
                total += float(loss_of(logits, data.targets[:, part]))
                count += int((data.targets[:, part] >= 0).sum())
        return total / count / math.log(2)

    tokens, documents = splits["train"]
    data, at, state, started = None, 0, fresh(), time.time()
    for step in range(steps):
        if data is None or at >= data.length:
            data, at = Lanes(tokens, documents, lanes, random.permutation(len(documents) - 1)), 0
        part = slice(at, at + window)
        at += window
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, steps, warmup, rate, final_rate)
        logits, state = model(data.inputs[:, part], data.resets[:, part], state)
        targets = data.targets[:, part]
        loss = loss_of(logits, targets) / (targets >= 0).sum()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), float(recipe["clip-norm"]))
        optimizer.step()
        if (step + 1) % 500 == 0:
            speed = (step + 1) * lanes * window / (time.time() - started)
            print(f"step {step + 1}/{steps}  {float(loss) / math.log(2):.3f} bits/char  "
                  f"{speed:.0f} tokens/s", flush=True)
        if (step + 1) % 2000 == 0 or step + 1 == steps:
            print(f"step {step + 1}  validation {evaluate('validation'):.4f}  "
                  f"test {evaluate('test'):.4f} bits per character", flush=True)


if __name__ == "__main__":
    main()
