"""An encoder and a decoder with attention in PyTorch, as rondo's task `transduce` has them.

Recurrent layers, embeddings, linear layers and Dropout are PyTorch's own; written here is how they are
put together (Luong et al. 2015; additive scores: Bahdanau et al. 2015), the same formulas as in
src/model/decoder/attention.hpp. Shared by pairs.py, learning_pairs.py and the benchmark in
tests/bench/peers.
"""

from typing import Dict, NamedTuple

import numpy
import torch
from torch import nn

import twin
from pairs_data import Batch

LAYERS = {"lstm": nn.LSTM, "gru": nn.GRU}
CELLS = {"lstm": nn.LSTMCell, "gru": nn.GRUCell}


class Shape(NamedTuple):
    cell: str
    layers: int
    hidden: int
    embedding: int
    read: int  # symbols
    said: int
    attention: str = "general"
    feeding: bool = True
    both: bool = True  # directions of the encoder
    dropout: float = 0.0  # between layers,
    dropout_input: float = 0.0  # before the first ones,
    dropout_output: float = 0.0  # and of what the decoder says; the same units at all steps


class LockedDropout(nn.Module):
    """Of [step, pair, unit]: the same units at all steps of a pair."""

    def __init__(self, share: float):
        super().__init__()
        self.share = share

    def mask(self, values: torch.Tensor):
        """For [pair, unit]; None: nothing is dropped."""
        if not self.training or self.share == 0:
            return None
        return (torch.rand_like(values) >= self.share) / (1 - self.share)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        mask = self.mask(values[0])
        return values if mask is None else values * mask


class Attention(nn.Module):
    def __init__(self, kind: str, states: int, hidden: int):
        super().__init__()
        self.kind = kind
        if kind in ("general", "additive"):
            self.key = nn.Linear(states, hidden, bias=kind == "additive")
        if kind == "additive":
            self.query = nn.Linear(hidden, hidden, bias=False)
            self.score = nn.Parameter(torch.empty(1, hidden).uniform_(-(hidden**-0.5), hidden**-0.5))
        self.context = nn.Linear(states, hidden, bias=False)
        self.hidden = nn.Linear(hidden, hidden, bias=False)

    def keys(self, states: torch.Tensor) -> torch.Tensor:
        return states if self.kind == "dot" else self.key(states)

    def forward(self, hidden, states, keys, hidden_from):
        """`hidden` [pair, step, unit]; `states`, `keys` [pair, position, unit]; `hidden_from` [pair, 1,
        position]: what is no position of the source."""
        if self.kind == "additive":
            sums = torch.tanh(self.query(hidden)[:, :, None] + keys[:, None])
            scores = sums @ self.score[0]
        else:
            scores = hidden @ keys.transpose(1, 2)
        weights = torch.softmax(scores.masked_fill(hidden_from, -torch.inf), -1)
        return torch.tanh(self.context(weights @ states) + self.hidden(hidden))


def shape_of(recipe: Dict, symbols) -> Shape:
    """Of a recipe, and the symbols that are read and said."""

    def share(name):
        return float(recipe.get(name, 0))

    return Shape(
        recipe["cell"], int(recipe["layers"]), int(recipe["hidden"]), int(recipe["embedding"]), *symbols,
        recipe.get("attention", "general"), "input-feeding" in recipe, "bidirectional" in recipe,
        share("dropout"), share("dropout-input"), share("dropout-output"))  # fmt: skip


class Source(NamedTuple):
    states: torch.Tensor
    keys: torch.Tensor
    hidden_from: torch.Tensor
    begin: list  # of each layer of the decoder its state


class PairModel(nn.Module):
    # False: layers of the encoder read the padding too, which is not the same and, in PyTorch, faster.
    packed = True

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        hidden, ways = shape.hidden, 1 + shape.both
        self.embedding = nn.Embedding(shape.read, shape.embedding)
        self.embedding_1 = nn.Embedding(shape.said, shape.embedding)
        layer = LAYERS[shape.cell]
        self.encoder = nn.ModuleList(
            [layer(shape.embedding if k == 0 else ways * hidden, hidden, bidirectional=shape.both)
             for k in range(shape.layers)])  # fmt: skip
        kinds = ("hidden", "cell") if shape.cell == "lstm" else ("hidden",)
        self.bridge = nn.ModuleDict(
            {f"{kind}_l{k}": nn.Linear(ways * hidden, hidden)
             for k in range(shape.layers) for kind in kinds})  # fmt: skip
        fed = hidden if shape.feeding else 0
        widths = [shape.embedding + fed, *[hidden] * (shape.layers - 1)]
        kind = CELLS[shape.cell] if shape.feeding else layer
        self.decoder = nn.ModuleList([kind(width, hidden) for width in widths])
        if shape.attention != "none":
            self.attention = Attention(shape.attention, ways * hidden, hidden)
        self.output = nn.Linear(hidden, shape.said)
        self.before_first = LockedDropout(shape.dropout_input)
        self.between = LockedDropout(shape.dropout)
        self.after = LockedDropout(shape.dropout_output)
        self.one_step = self.step  # the benchmark compiles it

    def encode(self, read: torch.Tensor, lengths: torch.Tensor) -> Source:
        values = self.before_first(self.embedding(read))
        for k, layer in enumerate(self.encoder):
            values = self.between(values) if k > 0 else values
            if self.packed:
                packed = nn.utils.rnn.pack_padded_sequence(values, lengths, enforce_sorted=False)
                packed, state = layer(packed)
                values = nn.utils.rnn.pad_packed_sequence(packed)[0]
            else:
                values, state = layer(values)
        last = state[0] if isinstance(state, tuple) else state
        last = torch.cat(list(last), -1)
        begin = []
        for k in range(self.shape.layers):
            states = [torch.tanh(self.bridge[f"{kind}_l{k}"](last)) for kind in ("hidden", "cell")
                      if f"{kind}_l{k}" in self.bridge]  # fmt: skip
            begin.append(tuple(states) if len(states) > 1 else states[0])
        states = values.transpose(0, 1).contiguous()
        keys = self.attention.keys(states) if self.shape.attention != "none" else states
        hidden_from = (torch.arange(len(values))[None] >= lengths[:, None])[:, None]
        return Source(states, keys, hidden_from, begin)

    def step(self, values, fed, states: list, source: Source, masks=None):
        """One step of a decoder that is fed: what it says, and its states."""
        after = []
        below = torch.cat([values, fed], -1)
        for k, cell in enumerate(self.decoder):
            if k > 0 and masks and masks[k - 1] is not None:
                below = below * masks[k - 1]
            state = cell(below, states[k])
            after.append(state)
            below = state[0] if isinstance(state, tuple) else state
        return self.attention(below[:, None], source.states, source.keys, source.hidden_from)[:, 0], after

    def say(self, values: torch.Tensor, source: Source, states: list):
        """All steps of a decoder that is not fed: what it says [step, pair, unit], and its states."""
        after = []
        for k, layer in enumerate(self.decoder):
            begin = tuple(part[None] for part in states[k]) if isinstance(states[k], tuple) else states[k][None]
            values, state = layer(self.between(values) if k > 0 else values, begin)
            after.append(tuple(part[0] for part in state) if isinstance(state, tuple) else state[0])
        if self.shape.attention == "none":
            return values, after
        made = self.attention(values.transpose(0, 1), source.states, source.keys, source.hidden_from)
        return made.transpose(0, 1), after

    def forward(self, batch: Batch) -> torch.Tensor:
        """Logits [step, pair, symbol]."""
        source = self.encode(batch.read, batch.lengths)
        values = self.before_first(self.embedding_1(batch.before))
        states = source.begin
        if self.shape.feeding:
            fed = values.new_zeros(values.shape[1], self.shape.hidden)
            masks = [self.between.mask(fed) for _ in self.decoder[1:]]
            said = []
            for step in values:
                fed, states = self.one_step(step, fed, states, source, masks)
                said.append(fed)
            said = torch.stack(said)
        else:
            said, _ = self.say(values, source, states)
        return self.output(self.after(said))

    def loss(self, batch: Batch, smoothing: float = 0.0) -> torch.Tensor:
        return nn.functional.cross_entropy(self(batch).flatten(0, 1), batch.said.flatten(),
                                           ignore_index=-1, label_smoothing=smoothing)  # fmt: skip

    # As rondo names and lays out its parameters.

    def places(self) -> Dict[str, object]:
        """Of rondo's names a PyTorch parameter, a slice of one's columns, or the two biases of a layer."""
        places = {}
        for name, value in self.named_parameters():
            if not name.startswith(("encoder.", "decoder.")):
                places[name] = value
        width = self.shape.embedding
        for k, layer in enumerate(self.encoder):
            for end in ("", "_reverse") if self.shape.both else ("",):
                for kind in ("weight_ih", "weight_hh"):
                    places[f"encoder.rnn.{kind}_l{k}{end}"] = getattr(layer, f"{kind}_l0{end}")
                places[f"encoder.rnn.bias_l{k}{end}"] = tuple(
                    getattr(layer, f"{kind}_l0{end}") for kind in ("bias_ih", "bias_hh"))  # fmt: skip
        for k, layer in enumerate(self.decoder):
            end = "" if self.shape.feeding else "_l0"
            read = getattr(layer, f"weight_ih{end}")
            if self.shape.feeding and k == 0:
                places["decoder.rnn.weight_ih_l0"] = (read, slice(0, width))
                places["decoder.rnn.weight_fh_l0"] = (read, slice(width, None))
            else:
                places[f"decoder.rnn.weight_ih_l{k}"] = read
            places[f"decoder.rnn.weight_hh_l{k}"] = getattr(layer, f"weight_hh{end}")
            places[f"decoder.rnn.bias_l{k}"] = tuple(
                getattr(layer, f"{kind}{end}") for kind in ("bias_ih", "bias_hh"))  # fmt: skip
        return places

    def load(self, parameters: Dict[str, numpy.ndarray]) -> None:
        places = self.places()
        if places.keys() != parameters.keys():
            raise ValueError(f"parameters differ by name: {places.keys() ^ parameters.keys()}")
        with torch.no_grad():
            for name, place in places.items():
                value = torch.from_numpy(parameters[name])
                if not isinstance(place, tuple):
                    place.copy_(value.reshape(place.shape))
                elif isinstance(place[1], slice):
                    place[0][:, place[1]] = value
                else:
                    twin.set_biases(*place, value, self.shape.cell, self.shape.hidden)

    def as_rondo_names_them(self) -> Dict[str, numpy.ndarray]:
        named = {}
        for name, place in self.places().items():
            if not isinstance(place, tuple):
                named[name] = place.detach().numpy()
            elif isinstance(place[1], slice):
                named[name] = place[0].detach().numpy()[:, place[1]]
            else:
                first, second = (each.detach().numpy() for each in place)
                named[name] = twin.joined_biases(first, second, self.shape.cell, self.shape.hidden)
        return named
