"""PyTorch's side of classes.py: the same classifier, in the better one of its two usual ways.

`buckets`: sequences of like length together (sorted within pools of 50 batches), padded to the
longest of the batch, the last state picked. `packed`: batches as they come, through
pack_padded_sequence, or sorted likewise where that is faster.
"""

import random
import time
from typing import List

import torch
from torch import nn

CLIP_NORM = 1.0
POOL = 50  # batches whose sequences are sorted by length
LAYERS = {"tanh": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class Model(nn.Module):
    """Embedding (or the numbers themselves), recurrent layers, a linear layer on the last state."""

    def __init__(self, shape, symbols: int, classes: int):
        super().__init__()
        self.embedding = nn.Embedding(symbols, shape.hidden) if symbols else None
        width = shape.hidden if symbols else 1
        self.recurrent = LAYERS[shape.cell](width, shape.hidden, shape.layers)
        self.head = nn.Linear(shape.hidden, classes)

    def inputs(self, steps):
        return steps.unsqueeze(-1) if self.embedding is None else self.embedding(steps)

    def padded(self, steps, lengths):
        outputs, _ = self.recurrent(self.inputs(steps))
        return self.head(outputs[lengths - 1, torch.arange(steps.shape[1])])

    def packed(self, steps, lengths):
        together = nn.utils.rnn.pack_padded_sequence(steps, lengths, enforce_sorted=False)
        _, state = self.recurrent(together._replace(data=self.inputs(together.data)))
        hidden = state[0] if isinstance(state, tuple) else state
        return self.head(hidden[-1])


class Peer:
    def __init__(self, shape, symbols: int, examples: List, classes: int, batch: int):
        torch.manual_seed(1)
        self.model = Model(shape, symbols, classes)
        self.optimizers = {
            name: torch.optim.Adam(self.model.parameters(), lr=0.002, **{name: True})
            for name in ("fused", "foreach")
        }
        self.way, self.optimizer, self.trials = "", "fused", {}
        self.batches = {
            "buckets": [_padded(each) for each in _cut(examples, batch, True)],
            "packed": [_padded(each) for each in _cut(examples, batch, False)],
        }
        self.at = 0

    def filled(self) -> float:
        """Share of the steps computed that belong to sequences."""
        if self.way != "buckets":
            return 1.0
        steps = sum(steps.numel() for steps, _, _ in self.batches["buckets"])
        return sum(int(lengths.sum()) for _, lengths, _ in self.batches["buckets"]) / steps

    def step(self, way: str, batches: List) -> int:
        steps, lengths, labels = batches[self.at % len(batches)]
        self.at += 1
        optimizer = self.optimizers[self.optimizer]
        optimizer.zero_grad(set_to_none=True)
        forward = self.model.padded if way == "buckets" else self.model.packed
        nn.functional.cross_entropy(forward(steps, lengths), labels).backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), CLIP_NORM, foreach=True)
        optimizer.step()
        return len(labels)

    def ways(self):
        return {"buckets": ("buckets", "buckets"), "packed": ("packed", "packed"),
                "packed, sorted": ("packed", "buckets")}  # fmt: skip

    def choose(self, seconds: float) -> None:
        """Keeps the fastest way and form of Adam, each tried for so long."""
        for optimizer in self.optimizers:
            for way in self.ways():
                self.optimizer, self.way = optimizer, way
                self.run(seconds / 4)
                self.trials[f"{way}, {optimizer}"] = self.run(seconds)
        best = max(self.trials, key=self.trials.get)
        self.way, self.optimizer = best.rsplit(", ", 1)

    def run(self, seconds: float) -> float:
        """Sequences a second."""
        way, source = self.ways()[self.way]
        batches, count = self.batches[source], 0
        start = time.perf_counter()
        while time.perf_counter() - start < seconds:
            count += self.step(way, batches)
        return count / (time.perf_counter() - start)


def _cut(examples: List, batch: int, by_length: bool) -> List[List]:
    """All examples in batches, in an order of chance."""
    draw = random.Random(3)
    order = draw.sample(examples, len(examples))
    if by_length:
        pool = POOL * batch
        order = [
            example
            for begin in range(0, len(order), pool)
            for example in sorted(order[begin : begin + pool], key=lambda one: len(one.steps))
        ]
    batches = [order[at : at + batch] for at in range(0, len(order) - batch + 1, batch)]
    draw.shuffle(batches)
    return batches


def _padded(examples: List):
    """Steps [time, sequence], lengths, labels."""
    steps = [torch.tensor(example.steps) for example in examples]
    return (nn.utils.rnn.pad_sequence(steps), torch.tensor([len(each) for each in steps]),
            torch.tensor([example.label for example in examples]))  # fmt: skip
