"""PyTorch's side of steps.py: taggers of words and their letters, forecasters of windows and of
streams."""

from typing import List

import torch
from torch import nn

from torch_ways import LAYERS, Ways, cut


BATCHES = 200  # of windows, ready made
PACKED = 40  # batches of sentences, likewise


class Tagger(nn.Module):
    """Embeddings of words, beside them both last states of a layer over their letters in both
    directions; a recurrent layer in both directions; a linear layer at each step."""

    def __init__(self, shape, words: int, letters: int, classes: int, keys):
        super().__init__()
        layer = LAYERS[shape.cell]
        self.words = nn.Embedding(words, shape.hidden)
        self.letters = nn.Embedding(letters, keys.letters_embedding)
        self.spelling = layer(keys.letters_embedding, keys.letters_hidden, bidirectional=True)
        self.recurrent = layer(shape.hidden + 2 * keys.letters_hidden, shape.hidden, shape.layers,
                               bidirectional=True)  # fmt: skip
        self.head = nn.Linear(2 * shape.hidden, classes)

    def forward(self, batch):
        """What is said of each word of a packed batch."""
        letters = batch.letters._replace(data=self.letters(batch.letters.data))
        _, state = self.spelling(letters)
        ends = (state[0] if isinstance(state, tuple) else state).transpose(0, 1).flatten(1)
        inputs = torch.cat([self.words(batch.words.data), ends[batch.spelt]], -1)
        return self.head(self.recurrent(batch.words._replace(data=inputs))[0].data)


class Sentences:
    """A batch, packed. `distinct`: a word that comes several times is spelt once."""

    def __init__(self, examples: List, distinct: bool):
        pack = nn.utils.rnn.pack_sequence
        self.words = pack([torch.tensor(one.steps) for one in examples], enforce_sorted=False)
        self.labels = pack([torch.tensor(one.labels) for one in examples],
                           enforce_sorted=False).data  # fmt: skip
        spellings = [letters for one in examples for letters in one.letters]
        numbers, seen = [], {}
        for number, letters in enumerate(spellings):
            key = tuple(letters) if distinct else number
            numbers.append(seen.setdefault(key, len(seen)))
        kept = {number: letters for number, letters in zip(numbers, spellings)}
        self.letters = pack([torch.tensor(kept[i]) for i in range(len(kept))],
                            enforce_sorted=False)  # fmt: skip
        at, places = 0, []
        for one in examples:
            places.append(torch.tensor(numbers[at : at + len(one.steps)]))
            at += len(one.steps)
        self.spelt = pack(places, enforce_sorted=False).data


def tagger(shape, keys, examples: List, words: int, letters: int, classes: int, batch: int) -> Ways:
    torch.manual_seed(1)
    model = Tagger(shape, words, letters, classes, keys)

    def loss_of(one):
        return nn.functional.cross_entropy(model(one), one.labels), len(one.labels)

    ways = {}
    for name, by_length in (("as they come", False), ("by length", True)):
        for letters_of, distinct in (("each", False), ("distinct", True)):
            kept = cut(examples, batch, by_length)[:PACKED]
            batches = [Sentences(each, distinct) for each in kept]
            ways[f"{name}, {letters_of} words spelt"] = (loss_of, batches)
    return Ways(model, ways)


class Forecaster(nn.Module):
    def __init__(self, shape, inputs: int, outputs: int):
        super().__init__()
        self.recurrent = LAYERS[shape.cell](inputs, shape.hidden, shape.layers)
        self.head = nn.Linear(shape.hidden, outputs)


def windows_forecaster(shape, series, look_back: int, segment: int, horizon: int) -> Ways:
    """Windows of a chance's order, the last value subtracted, each variable a series of its own."""
    torch.manual_seed(1)
    model = Forecaster(shape, segment, horizon)
    rows = torch.tensor(series, dtype=torch.float32).T.contiguous()
    origins = rows.shape[1] - look_back - horizon + 1
    back, ahead = torch.arange(look_back), torch.arange(horizon) + look_back

    def made(numbers):
        at, variable = (numbers % origins)[:, None], (numbers // origins)[:, None]
        return rows[variable, at + back], rows[variable, at + ahead]

    def loss_of(batch):
        windows, targets = batch
        base = windows[:, -1:]
        steps = (windows - base).unflatten(1, (-1, segment)).transpose(0, 1)
        said = model.head(model.recurrent(steps)[0][-1]) + base
        return nn.functional.mse_loss(said, targets), len(targets)

    order = torch.randperm(len(rows) * origins)[: BATCHES * shape.lanes]
    batches = [made(numbers) for numbers in order.split(shape.lanes) if len(numbers) == shape.lanes]
    return Ways(model, {"windows": (loss_of, batches)})


def stream_forecaster(shape, series, horizon: int) -> Ways:
    """Lanes that walk through the series, the state detached after each window; a forecast of all
    variables at each step."""
    torch.manual_seed(1)
    rows = torch.tensor(series, dtype=torch.float32)
    model = Forecaster(shape, rows.shape[1], horizon * rows.shape[1])
    share = (len(rows) - horizon) // shape.lanes
    lanes = torch.stack([rows[i * share : i * share + share + horizon]
                         for i in range(shape.lanes)], 1)  # fmt: skip
    ahead = lanes.unfold(0, horizon, 1)[1:]  # [row, lane, variable, horizon]: of each row the next
    state = [None]

    def loss_of(begin):
        steps = lanes[begin : begin + shape.window]
        outputs, after = model.recurrent(steps, state[0] if begin else None)
        state[0] = tuple(part.detach() for part in after) if isinstance(after, tuple) \
            else after.detach()
        targets = ahead[begin : begin + shape.window].flatten(2)
        return nn.functional.mse_loss(model.head(outputs), targets), steps.shape[0] * shape.lanes

    whole = share // shape.window * shape.window
    return Ways(model, {"carried": (loss_of, list(range(0, whole, shape.window)))})
