"""PyTorch's side of classes.py: the same classifier, in the better one of its two usual ways.

`buckets`: sequences of like length together (sorted within pools of 50 batches), padded to the
longest of the batch, the last state picked. `packed`: batches as they come, through
pack_padded_sequence, or sorted likewise where that is faster.
"""

from typing import List

import torch
from torch import nn

from torch_ways import LAYERS, Ways, cut


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


class Peer(Ways):
    def __init__(self, shape, symbols: int, examples: List, classes: int, batch: int):
        torch.manual_seed(1)
        model = Model(shape, symbols, classes)

        def by(forward):
            def loss_of(batch):
                steps, lengths, labels = batch
                return nn.functional.cross_entropy(forward(steps, lengths), labels), len(labels)

            return loss_of

        self.buckets = [_padded(each) for each in cut(examples, batch, True)]
        plain = [_padded(each) for each in cut(examples, batch, False)]
        super().__init__(model, {"buckets": (by(model.padded), self.buckets),
                                 "packed": (by(model.packed), plain),
                                 "packed, sorted": (by(model.packed), self.buckets)})  # fmt: skip

    def filled(self) -> float:
        """Share of the steps computed that belong to sequences."""
        if self.way != "buckets":
            return 1.0
        steps = sum(steps.numel() for steps, _, _ in self.buckets)
        return sum(int(lengths.sum()) for _, lengths, _ in self.buckets) / steps


def _padded(examples: List):
    """Steps [time, sequence], lengths, labels."""
    steps = [torch.tensor(example.steps) for example in examples]
    return (nn.utils.rnn.pad_sequence(steps), torch.tensor([len(each) for each in steps]),
            torch.tensor([example.label for example in examples]))  # fmt: skip
