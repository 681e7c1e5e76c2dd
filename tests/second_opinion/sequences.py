"""Updates of networks over whole sequences with PyTorch, as a recipe asks for them: what
the programs learning_*.py share."""

import argparse
import pathlib
import time

import numpy
import torch

import learning

LAYERS = {"tanh": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}


def parse_arguments(description):
    """DATA, RECIPE, --sequences, --steps, --seed and --threads; PyTorch is set up by them."""
    parser = argparse.ArgumentParser(description=description,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("recipe", type=pathlib.Path)
    parser.add_argument("--sequences", type=int, required=True, help="of an update, as rondo tells")
    parser.add_argument("--steps", type=int, help="updates, where the recipe tells epochs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)  # as rondo does
    torch.manual_seed(arguments.seed)
    return arguments


def recipe_of(arguments):
    recipe = learning.read_recipe(arguments.recipe)
    if arguments.steps:
        recipe["steps"] = arguments.steps
    return recipe


def set_forget_bias(layers, hidden):
    """Of LSTM layers or cells: as rondo's default."""
    with torch.no_grad():
        for name, bias in layers.named_parameters():
            if name.startswith("bias_ih"):
                bias[hidden:2 * hidden] = 1


def set_chrono(layers, hidden, span):
    """Gates that begin in keeping for 1 to `span` steps (Tallec and Ollivier 2018): of LSTM layers the
    forget gates, and against them the input gates; of GRU layers those that keep."""
    with torch.no_grad():
        for name, bias in layers.named_parameters():
            if name.startswith("bias_ih"):
                kept = torch.log(torch.empty(hidden).uniform_(1, span - 1))
                bias[hidden:2 * hidden] = kept
                if len(bias) == 4 * hidden:
                    bias[:hidden] = -kept


def train(model, recipe, arguments, count, loss_of, every, tell):
    """All updates of a recipe, on `count` sequences in an order of chance each epoch, by Adam.

    `loss_of(numbers)`: the loss of these sequences. Calls tell(step, seconds) after each `every`
    steps.
    """
    random = numpy.random.default_rng(arguments.seed)
    rate, final_rate = float(recipe["rate"]), float(recipe.get("final-rate", 0))
    steps, warmup = int(recipe["steps"]), int(recipe.get("warmup-steps", 0))
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, fused=True,
                                 weight_decay=float(recipe.get("weight-decay", 0)))  # fmt: skip
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
