#!/usr/bin/env python3
"""What PyTorch learns in as many updates: a recipe of classes or numbers, of sequences or of their steps,
from datasets/ with torch.nn.

Reads a recipe and a prepared data set, trains the same network with PyTorch's own initial weights,
as many updates of as many sequences, the same optimizer, schedule, clipping and dropouts, and
prints the accuracy, of numbers the squared error in deviations of the train split, on validation and test. Batches are drawn and padded, not packed. Only the random
numbers and what stands together in a batch differ from rondo's run.

    learning_classes.py languages.rondo datasets/languages/languages.conf --sequences 189
"""

import json

import h5py
import numpy
import torch

import sequences


class Split:
    """Sequences of one split: columns of steps, and classes."""

    def __init__(self, file, name, columns):
        self.starts = file[f"{name}/starts"][...]
        self.columns = []
        for number, column in enumerate(columns):
            values = file[f"{name}/columns/{number}"][...]
            if column["kind"] == "real":
                mean, deviation = (file[f"columns/{number}/{n}"][...] for n in ("mean", "deviation"))
                values = (values.reshape(-1, len(mean)) - mean) / deviation
                values = torch.from_numpy(values.astype(numpy.float32))
            else:
                symbols = len(file[f"columns/{number}/ends"])
                values = torch.from_numpy(values.astype(numpy.int64))
                values[values == symbols] = -1  # none is given
            if column["role"] == "target":
                self.said, self.by_steps = values, column["scope"] == "steps"
            else:
                self.columns.append(values)

    def __len__(self):
        return len(self.starts) - 1

    def batch(self, numbers):
        """Each column's steps [time, sequence], padded; lengths; what is to be said: classes, -1 where
        there is none, or numbers."""
        lengths = torch.from_numpy(self.starts[numbers + 1] - self.starts[numbers])
        columns = [
            torch.nn.utils.rnn.pad_sequence(
                [column[self.starts[n]:self.starts[n + 1]] for n in numbers])
            for column in self.columns
        ]
        if not self.by_steps:
            return columns, lengths, self.said[torch.from_numpy(numbers)]
        return columns, lengths, torch.nn.utils.rnn.pad_sequence(
            [self.said[self.starts[n]:self.starts[n + 1]] for n in numbers], padding_value=-1)

    def targets(self):
        return len(self.said) if self.said.is_floating_point() else int((self.said >= 0).sum())


class Dropout(torch.nn.Module):
    """Of [time, sequence, unit]; locked: the same units at all steps of a sequence."""

    def __init__(self, share, locked):
        super().__init__()
        self.share, self.locked = share, locked

    def forward(self, values):
        if not self.training or self.share == 0:
            return values
        shape = (1, *values.shape[1:]) if self.locked else values.shape
        return values * (torch.rand(shape) >= self.share) / (1 - self.share)


class Embedding(torch.nn.Embedding):
    """Of [time, sequence]; a sequence does without each row with some probability."""

    dropped = 0.0

    def forward(self, tokens):
        rows = super().forward(tokens)
        if not self.training or self.dropped == 0:
            return rows
        kept = torch.rand(tokens.shape[1], self.num_embeddings) >= self.dropped
        return rows * kept.gather(1, tokens.T).T[..., None] / (1 - self.dropped)


class Classifier(torch.nn.Module):
    def __init__(self, recipe, columns, symbols, widths, classes):
        super().__init__()
        def share(name):
            return float(recipe.get(name, 0))

        hidden, layers = int(recipe["hidden"]), int(recipe["layers"])
        embedding = int(recipe.get("embedding", hidden))
        self.embeddings = torch.nn.ModuleList(
            [Embedding(count, embedding) for count in symbols])
        for table in self.embeddings:
            table.dropped = share("dropout-embedding")
        width = embedding * len(symbols) + sum(widths)
        self.real = [column["kind"] == "real" for column in columns if column["role"] != "target"]
        self.both = "bidirectional" in recipe
        self.hidden = hidden
        self.rnn = sequences.LAYERS[recipe["cell"]](width, hidden, layers, dropout=share("dropout"),
                                          bidirectional=self.both)  # fmt: skip
        self.head = torch.nn.Linear((1 + self.both) * hidden, classes)
        by_steps = any(c["role"] == "target" and c["scope"] == "steps" for c in columns)
        self.pool = None if by_steps else recipe.get("pool", "last")
        locked = "dropout-locked" in recipe
        self.before = Dropout(share("dropout-input"), locked)
        self.after = Dropout(share("dropout-output"), locked)
        self.weights = share("dropout-weights")
        if "chrono-span" in recipe:
            sequences.set_chrono(self.rnn, hidden, int(recipe["chrono-span"]))
        elif recipe["cell"] == "lstm":
            sequences.set_forget_bias(self.rnn, hidden)

    def recurrent(self, values, lengths):
        if not self.both:  # what follows a sequence's end has no say
            return self.layers(values)
        packed = torch.nn.utils.rnn.pack_padded_sequence(values, lengths, enforce_sorted=False)
        return torch.nn.utils.rnn.pad_packed_sequence(self.layers(packed))[0]

    def layers(self, values):
        if not self.training or self.weights == 0:
            return self.rnn(values)[0]
        dropped = {
            name: torch.nn.functional.dropout(weight, self.weights) if "weight_hh" in name
            else weight for name, weight in self.rnn.named_parameters()
        }  # fmt: skip
        return torch.func.functional_call(self.rnn, dropped, (values,))[0]

    def forward(self, columns, lengths):
        tables = iter(self.embeddings)
        inputs = [values if real else next(tables)(values)
                  for values, real in zip(columns, self.real)]  # fmt: skip
        states = self.recurrent(self.before(torch.cat(inputs, -1)), lengths)
        states = self.after(states)
        own = torch.arange(len(states))[:, None] < lengths[None]
        if self.pool is None:
            return self.head(states)
        if self.pool == "last":
            pooled = states[lengths - 1, torch.arange(len(lengths))]
            if self.both:
                pooled = torch.cat([pooled[:, :self.hidden], states[0, :, self.hidden:]], -1)
        elif self.pool == "mean":
            pooled = (states * own[..., None]).sum(0) / lengths[:, None]
        else:
            pooled = states.masked_fill(~own[..., None], -torch.inf).amax(0)
        return self.head(pooled)


def figure_of(model, split):
    model.eval()
    right = 0.0
    with torch.no_grad():
        for numbers in numpy.array_split(numpy.arange(len(split)), -(-len(split) // 1000)):
            columns, lengths, given = split.batch(numbers)
            said = model(columns, lengths)
            right += float(((said - given) ** 2).sum() if given.is_floating_point()
                           else (said.argmax(-1) == given).sum())  # fmt: skip
    model.train()
    share = right / split.targets()
    return f"squared error {share:.3g}" if split.said.is_floating_point() else f"{100 * share:.2f} %"


def main() -> None:
    arguments = sequences.parse_arguments(__doc__)
    recipe = sequences.recipe_of(arguments)
    with h5py.File(arguments.data) as file:
        columns = json.loads(file["texts/columns"][()])
        splits = {name: Split(file, name, columns) for name in ("train", "validation", "test")}
        tables = [len(file[f"columns/{i}/ends"]) for i, column in enumerate(columns)
                  if column["role"] != "target" and column["kind"] != "real"]  # fmt: skip
        widths = [len(file[f"columns/{i}/mean"]) for i, column in enumerate(columns)
                  if column["role"] != "target" and column["kind"] == "real"]  # fmt: skip
        target = next(i for i, column in enumerate(columns) if column["role"] == "target")
        outputs = len(file[f"columns/{target}/"
                           f"{'mean' if columns[target]['kind'] == 'real' else 'ends'}"])  # fmt: skip
    model = Classifier(recipe, columns, tables, widths, outputs)
    train = splits["train"]

    def loss_of(numbers):
        batch, lengths, given = train.batch(numbers)
        said = model(batch, lengths).flatten(0, -2)
        if given.is_floating_point():
            return torch.nn.functional.mse_loss(said, given.flatten(0, -2))
        return torch.nn.functional.cross_entropy(said, given.flatten(), ignore_index=-1)

    def tell(step, seconds):
        print(f"step {step}: validation {figure_of(model, splits['validation'])}, "
              f"{seconds:.0f} s", flush=True)  # fmt: skip

    sequences.train(model, recipe, arguments, len(train), loss_of, 500, tell)
    print(f"test {figure_of(model, splits['test'])}")


if __name__ == "__main__":
    main()
