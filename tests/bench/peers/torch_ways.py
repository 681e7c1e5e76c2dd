"""PyTorch's side of classes.py and steps.py: a model that is trained in the fastest of several ways."""

import random
import time
from typing import Callable, Dict, List, Tuple

import torch
from torch import nn

CLIP_NORM = 1.0
POOL = 50  # batches whose sequences are sorted by length
LAYERS = {"tanh": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class Ways:
    """Adam and clipping over a model's losses.

    `ways`: of each name a function of a batch, that gives the loss and how many items it is of, and
    the batches, which are taken in turn.
    """

    def __init__(self, model: nn.Module, ways: Dict[str, Tuple[Callable, List]]):
        self.model, self.ways = model, ways
        self.optimizers = {
            name: torch.optim.Adam(model.parameters(), lr=0.002, **{name: True})
            for name in ("fused", "foreach")
        }
        self.way, self.optimizer, self.trials = "", "fused", {}
        self.at = 0

    def step(self) -> int:
        loss_of, batches = self.ways[self.way]
        batch = batches[self.at % len(batches)]
        self.at += 1
        optimizer = self.optimizers[self.optimizer]
        optimizer.zero_grad(set_to_none=True)
        loss, items = loss_of(batch)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), CLIP_NORM, foreach=True)
        optimizer.step()
        return items

    def choose(self, seconds: float) -> None:
        """Keeps the fastest way and form of Adam, each tried for so long."""
        for optimizer in self.optimizers:
            for way in self.ways:
                self.optimizer, self.way = optimizer, way
                self.run(seconds / 4)
                self.trials[f"{way}, {optimizer}"] = self.run(seconds)
        best = max(self.trials, key=self.trials.get)
        self.way, self.optimizer = best.rsplit(", ", 1)

    def run(self, seconds: float) -> float:
        """Items a second."""
        count = 0
        start = time.perf_counter()
        while time.perf_counter() - start < seconds:
            count += self.step()
        return count / (time.perf_counter() - start)


def cut(examples: List, batch: int, by_length: bool) -> List[List]:
    """All examples, which have `steps`, in batches, in an order of chance."""
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
