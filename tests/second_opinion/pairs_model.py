"""An encoder and a decoder with attention in PyTorch, as rondo's task `transduce` has them.

Recurrent layers, embeddings, linear layers and Dropout are PyTorch's own; written here is how they are
put together (Luong et al. 2015; additive scores: Bahdanau et al. 2015), the same formulas as in
src/model/decoder/attention.hpp. Shared by pairs.py, learning_pairs.py and the benchmark in
tests/bench/peers.
"""

from typing import Dict, List, NamedTuple

import h5py
import numpy
import torch
from torch import nn

import twin

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


class Batch(NamedTuple):
    read: torch.Tensor  # [step, pair], padded by 0
    lengths: torch.Tensor  # of the pairs' sources
    before: torch.Tensor  # [step, pair]: what stands before each symbol that is said
    said: torch.Tensor  # [step, pair]: the symbol; -1: none

    def targets(self) -> int:
        return int((self.said >= 0).sum())


def names_of(column) -> List[str]:
    """Of the symbols of a column; none of subwords."""
    if "names" not in column:
        return []
    text, ends = bytes(column["names"][...]), column["ends"][...]
    return [text[begin:end].decode() for begin, end in zip([0, *ends], ends)]


class Pairs:
    """Of one split of a prepared data set: texts that are read, and said with their end."""

    def __init__(self, data, split: str):
        with h5py.File(data) as file:
            starts = file[f"{split}/starts"][...]
            own = file[f"{split}/target_starts"][...]
            read, said = (file[f"{split}/columns/{i}"][...] for i in (0, 1))
            self.symbols = [len(file[f"columns/{i}/counts"]) for i in (0, 1)]
            self.names = names_of(file["columns/1"])
        self.end = int(said[own[1] - 1])
        self.read = [torch.from_numpy(read[a:b].astype(numpy.int64)) for a, b in zip(starts, starts[1:])]
        self.said = [torch.from_numpy(said[a:b].astype(numpy.int64)) for a, b in zip(own, own[1:])]

    def __len__(self) -> int:
        return len(self.read)

    def batch(self, numbers) -> Batch:
        pad = nn.utils.rnn.pad_sequence
        said = [self.said[n] for n in numbers]
        begin = torch.tensor([self.end])
        return Batch(pad([self.read[n] for n in numbers]),
                     torch.tensor([len(self.read[n]) for n in numbers]),
                     pad([torch.cat([begin, one[:-1]]) for one in said]),
                     pad(said, padding_value=-1))  # fmt: skip


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


def _picked(states: list, rows: torch.Tensor) -> list:
    return [tuple(part[rows] for part in each) if isinstance(each, tuple) else each[rows]
            for each in states]  # fmt: skip


@torch.no_grad()
def translate(model: PairModel, read: torch.Tensor, lengths: torch.Tensor, end: int, beam: int,
              longest: int, penalty: float = 1.0) -> List[List[int]]:
    """The likeliest text of each source, by log probability over its length to the power of `penalty`:
    all sources and their beams in one batch, those that are done leave it. `beam` 1: greedily."""
    model.eval()
    source = model.encode(read, lengths)
    count = len(lengths)
    rows = torch.arange(count).repeat_interleave(beam)
    source = Source(source.states[rows], source.keys[rows], source.hidden_from[rows],
                    _picked(source.begin, rows))  # fmt: skip
    states, owner = source.begin, torch.arange(count)
    logs = torch.full((count, beam), -torch.inf, dtype=torch.float64)
    logs[:, 0] = 0
    texts = torch.zeros(count * beam, 0, dtype=torch.int64)
    symbols = torch.full((count * beam,), end)
    fed = source.states.new_zeros(count * beam, model.shape.hidden)
    best = [(-torch.inf, []) for _ in range(count)]
    for length in range(1, longest + 1):
        values = model.embedding_1(symbols)
        if model.shape.feeding:
            fed, states = model.step(values, fed, states, source)
            said = fed
        else:
            said, states = model.say(values[None], source, states)
            said = said[0]
        steps = torch.log_softmax(model.output(said).double(), -1)
        vocabulary = steps.shape[1]
        totals = (logs[..., None] + steps.view(-1, beam, vocabulary)).flatten(1)
        logs, chosen = totals.topk(beam, 1)
        parents = (chosen // vocabulary + torch.arange(len(owner))[:, None] * beam).flatten()
        symbols = (chosen % vocabulary).flatten()
        texts = torch.cat([texts[parents], symbols[:, None]], 1)
        states, fed = _picked(states, parents), fed[parents]
        ended = symbols.view(-1, beam) == end
        for row, place in ended.nonzero().tolist():
            score = float(logs[row, place]) / length**penalty
            if score > best[owner[row]][0]:
                best[owner[row]] = (score, texts[row * beam + place, :-1].tolist())
        logs = logs.masked_fill(ended, -torch.inf)
        # A text that goes on loses probability: it can at most keep what it has at the longest length.
        bound = logs.amax(1) / longest**penalty
        kept = torch.tensor([bool(bound[i] > best[owner[i]][0]) for i in range(len(owner))])
        if not kept.any():
            break
        if not kept.all():
            rows = kept.repeat_interleave(beam)
            owner, logs, symbols = owner[kept], logs[kept], symbols[rows]
            texts, fed, states = texts[rows], fed[rows], _picked(states, rows)
            source = Source(source.states[rows], source.keys[rows], source.hidden_from[rows], [])
    model.train()
    return [text for _, text in best]
