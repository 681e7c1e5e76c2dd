"""PyTorch's side of texts.py: encoders and decoders of pairs, and layers whose steps spell a text. The
models are those of tests/second_opinion."""

import pathlib
import sys
import time
from typing import Dict, List, NamedTuple

import torch

from torch_ways import Ways, cut

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "second_opinion"))
import learning_spellings  # noqa: E402 (found there)
import pairs_data  # noqa: E402
import pairs_model  # noqa: E402
import pairs_search  # noqa: E402

PACKED = 60  # batches, ready made


class Example(NamedTuple):
    steps: torch.Tensor  # by whose number examples stand together
    number: int


def batches_of(examples: List[Example], batch: int, by_length: bool, made) -> List:
    kept = cut(examples, batch, by_length)[:PACKED]
    return [made([example.number for example in each]) for each in kept]


def pairs(data: pathlib.Path, recipe: Dict, batch: int) -> Ways:
    """With pairs of like length together or as they come, packed for the encoder or padded, and a decoder's
    step compiled or not. A decoder that is not fed goes through its steps at once: nothing of it is compiled."""
    torch.manual_seed(1)
    found = pairs_data.Pairs(data, "train")
    model = model_of(found, recipe)
    examples = [Example(one, number) for number, one in enumerate(found.read)]
    smoothing = float(recipe.get("label-smoothing", 0))

    def loss_by(step, packed):
        def loss_of(one):
            model.one_step, model.packed = step, packed
            return model.loss(one, smoothing), one.targets()

        return loss_of

    steps = {"eager": model.step}
    if model.shape.feeding:
        steps["compiled"] = torch.compile(model.step, dynamic=True)
    ways = {}
    for order, by_length in (("as they come", False), ("by length", True)):
        kept = batches_of(examples, batch, by_length, found.batch)
        for name, step in steps.items():
            for packed in (True, False):
                way = f"{order}, {'packed' if packed else 'padded'}, {name}"
                ways[way] = (loss_by(step, packed), kept)
    return Ways(model, ways)


def model_of(found: pairs_data.Pairs, recipe: Dict) -> pairs_model.PairModel:
    return pairs_model.PairModel(pairs_model.shape_of(recipe, found.symbols))


def spelt(data: pathlib.Path, recipe: Dict, batch: int) -> Ways:
    import h5py

    torch.manual_seed(1)
    with h5py.File(data) as file:
        lines = learning_spellings.Lines(file, "train", int(recipe.get("stack-frames", 1)))
        symbols = len(file["columns/1/ends"])
    model = learning_spellings.Speller(recipe, lines.steps[0].shape[1], symbols)
    examples = [Example(one, number) for number, one in enumerate(lines.steps)]

    def loss_by(packed):
        def loss_of(one):
            model.packed = packed
            return model.loss(*one), len(one[1])

        return loss_of

    return Ways(model, {
        f"{name}, {'packed' if packed else 'padded'}":
            (loss_by(packed), batches_of(examples, batch, by_length, lines.batch))
        for name, by_length in (("as they come", False), ("by length", True))
        for packed in (True, False)
    })  # fmt: skip


class Sayer:
    """Says what it makes of a split's sources, those of like length together, with rondo's weights."""

    def __init__(self, data: pathlib.Path, recipe: Dict, parameters: Dict, split: str, longest: int):
        self.pairs = pairs_data.Pairs(data, split)
        self.model = model_of(self.pairs, recipe)
        self.model.load(parameters)
        self.longest = longest
        self.order = sorted(range(len(self.pairs)), key=lambda i: len(self.pairs.read[i]))

    def say(self, beam: int, batch: int):
        """Sources a second, and the answers in the split's order."""
        answers, started = {}, time.perf_counter()
        for begin in range(0, len(self.order), batch):
            numbers = self.order[begin : begin + batch]
            one = self.pairs.batch(numbers)
            said = pairs_search.translate(self.model, one.read, one.lengths, self.pairs.end, beam,
                                         self.longest)  # fmt: skip
            answers.update(zip(numbers, said))
        rate = len(self.order) / (time.perf_counter() - started)
        names = self.pairs.names
        return rate, [[names[symbol] for symbol in answers[i]] for i in range(len(answers))]
