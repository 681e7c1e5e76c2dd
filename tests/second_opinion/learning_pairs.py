#!/usr/bin/env python3
"""What PyTorch learns in as many updates: a recipe of pairs, from one sequence to another, with torch.nn.

Reads a recipe and a prepared data set, trains the same network with PyTorch's own initial weights, as
many updates of as many pairs, the same optimizer, schedule, clipping, dropouts and smoothing, and prints
how many texts of validation and test are said wrong, greedily and by a beam, the rate of wrong symbols,
BLEU (sacrebleu's) and a symbol's perplexity. Batches are drawn and padded, not packed. Only the random
numbers and what stands together in a batch differ from rondo's run. Texts of subwords need sentencepiece.

    learning_pairs.py build/g2p/dut.rondo datasets/g2p/g2p.conf --sequences 92 --steps 4350
"""

import math

import h5py
import numpy
import sacrebleu
import torch

import edits
import sequences
from pairs_data import Pairs
from pairs_model import PairModel, shape_of
from pairs_search import translate


@torch.no_grad()
def figures(model, pairs, beam) -> str:
    longest = 2 * max(map(len, pairs.said))
    wrong = off = symbols = nats = targets = 0
    texts, right_texts = [], []
    for numbers in numpy.array_split(numpy.arange(len(pairs)), -(-len(pairs) // 200)):
        batch = pairs.batch(numbers)
        model.eval()
        nats += float(model.loss(batch)) * batch.targets()
        targets += batch.targets()
        answers = translate(model, batch.read, batch.lengths, pairs.end, beam, longest)
        for number, answer in zip(numbers, answers):
            right = pairs.said[number][:-1].tolist()
            wrong += answer != right
            off += edits.distance(right, answer)
            symbols += len(right)
            texts.append(pairs.text(answer))
            right_texts.append(pairs.text(right))
    bleu = sacrebleu.corpus_bleu(texts, [right_texts]).score
    return (f"{100 * wrong / len(pairs):.2f} % of texts wrong, {100 * off / symbols:.2f} % of symbols, "
            f"BLEU {bleu:.2f}, perplexity {math.exp(nats / targets):.3f}")  # fmt: skip


def main() -> None:
    arguments = sequences.parse_arguments(__doc__)
    recipe = sequences.recipe_of(arguments)
    splits = {name: Pairs(arguments.data, name) for name in ("train", "validation", "test")}

    train = splits["train"]
    model = PairModel(shape_of(recipe, train.symbols))
    for layer in [*model.encoder, *model.decoder]:
        if recipe["cell"] == "lstm":
            sequences.set_forget_bias(layer, model.shape.hidden)

    def loss_of(numbers):
        return model.loss(train.batch(numbers), float(recipe.get("label-smoothing", 0)))

    def tell(step, seconds):
        print(f"step {step}: validation {figures(model, splits['validation'], 1)}, {seconds:.0f} s",
              flush=True)  # fmt: skip

    sequences.train(model, recipe, arguments, len(train), loss_of, 500, tell)
    for beam in (1, 5):
        print(f"test, beam {beam}: {figures(model, splits['test'], beam)}", flush=True)


if __name__ == "__main__":
    main()
