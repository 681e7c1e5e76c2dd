"""Pairs of texts of a prepared data set, in batches that are padded."""

import functools
from typing import List, NamedTuple

import h5py
import numpy
import torch
from torch import nn


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
            self._model = file["columns/1/subword_model"][...].tobytes() if not self.names else b""
        self.end = int(said[own[1] - 1])
        self.read = [torch.from_numpy(read[a:b].astype(numpy.int64)) for a, b in zip(starts, starts[1:])]
        self.said = [torch.from_numpy(said[a:b].astype(numpy.int64)) for a, b in zip(own, own[1:])]

    def __len__(self) -> int:
        return len(self.read)

    def text(self, symbols) -> str:
        """Of symbols that are said, without the end: names with blanks between them, or what pieces of
        words are together."""
        if self.names:
            return " ".join(self.names[one] for one in symbols)
        return self.pieces.decode(symbols)

    @functools.cached_property
    def pieces(self):
        import sentencepiece  # who trains without asking for texts needs none

        return sentencepiece.SentencePieceProcessor(model_proto=self._model)

    def batch(self, numbers) -> Batch:
        pad = nn.utils.rnn.pad_sequence
        said = [self.said[n] for n in numbers]
        begin = torch.tensor([self.end])
        return Batch(pad([self.read[n] for n in numbers]),
                     torch.tensor([len(self.read[n]) for n in numbers]),
                     pad([torch.cat([begin, one[:-1]]) for one in said]),
                     pad(said, padding_value=-1))  # fmt: skip
