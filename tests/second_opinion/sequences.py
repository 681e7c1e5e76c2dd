"""Updates of networks over whole sequences with PyTorch, as a recipe asks for them: what
learning_classes.py and learning_forecasts.py share."""

import argparse
import pathlib
import time

import numpy
import torch

import learning

LAYERS = {"tanh": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}


def parse_arguments(description):
    """DATA, RECIPE, --sequences, --seed and --threads; PyTorch is set up by them."""
    parser = argparse.ArgumentParser(description=description,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("recipe", type=pathlib.Path)
    parser.add_argument("--sequences", type=int, required=True, help="of an update, as rondo tells")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)  # as rondo does
    torch.manual_seed(arguments.seed)
    return arguments


def set_forget_bias(layers, hidden):
    """Of LSTM layers: as rondo's default."""
    with torch.no_grad():
        for name, bias in layers.named_parameters():
            if name.startswith("bias_ih_l"):
                bias[hidden:2 * hidden] = 1


def train(model, recipe, arguments, count, loss_of, every, tell):
    """All updates of a recipe, on `count` sequences in an order of chance each epoch, by Adam.

    `loss_of(numbers)`: the loss of these sequences. Calls tell(step, seconds) after each `every`
    steps.
    """
    random = numpy.random.default_rng(arguments.seed)
    rate, final_rate = float(recipe["rate"]), float(recipe.get("final-rate", 0))
    steps, warmup = int(recipe["steps"]), int(recipe.get("warmup-steps", 0))
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, fused=True)
    order, started = numpy.array([], int), time.time()
    for step in range(steps):
        if len(order) < arguments.sequences:
            order = numpy.concatenate([order, random.permutation(count)])
        numbers, order = order[:arguments.sequences], order[arguments.sequences:]
        optimizer.param_groups[0]["lr"] = learning.rate_at(step, steps, warmup, rate, final_rate)
        optimizer.zero_grad(set_to_none=True)
        loss_of(numbers).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), float(recipe["clip-norm"]))
        optimizer.step()
        if (step + 1) % every == 0:
            tell(step + 1, time.time() - started)
