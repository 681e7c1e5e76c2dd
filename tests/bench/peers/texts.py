#!/usr/bin/env python3
"""rondo's training of encoders and decoders, and of layers that spell, against PyTorch's, and how fast
both say their answers, in turns on one core.

    build/torch/bin/python tests/bench/peers/texts.py --pairs build/g2p/dut.rondo datasets/g2p/g2p.conf
    build/torch/bin/python tests/bench/peers/texts.py --lines build/fraktur/fraktur-lines.rondo \\
      datasets/fraktur-lines/fraktur-lines.conf
    build/torch/bin/python tests/bench/peers/texts.py --say RUN DATA INPUT

See README.md in this folder for what is measured.
"""

import argparse
import pathlib
import statistics
import tempfile
import time
from typing import Dict, List

import torch_texts
import turns
from rondo_program import call

import checkpoints  # isort: skip (found once torch_texts is there)
import learning  # isort: skip

TABLES = 5
LEFT_OUT = ("epochs", "steps", "validate-every", "validation-texts", "checkpoint-every", "report-every",
            *torch_texts.learning_spellings.AUGMENTED)  # fmt: skip


def options_of(recipe: Dict, feeding: bool) -> List[str]:
    options = []
    for key, value in recipe.items():
        if key in LEFT_OUT or key in ("optimizer", "clip-norm"):
            continue
        if key == "input-feeding" and not feeding:
            continue
        options += [f"--{key}"] if value == "true" else [f"--{key}", value]
    return options


def trained(given, data: pathlib.Path, recipe: Dict, feeding: bool, peer_of, items_of,
            folder: pathlib.Path) -> Dict:  # fmt: skip
    training = turns.Training(given.build / "rondo", folder,
                              ["--data", data, *options_of(recipe, feeding)], items_of)  # fmt: skip
    return turns.compare(given, training, peer_of)[0]


def pairs(given, data: pathlib.Path, recipe: Dict, feeding: bool, folder: pathlib.Path) -> Dict:
    found = torch_texts.pairs_data.Pairs(data, "train")
    mean = statistics.mean(len(said) for said in found.said)
    own = recipe if feeding else {key: recipe[key] for key in recipe if key != "input-feeding"}

    def peer_of(first):
        return torch_texts.pairs(data, own, round(first["an_update"] / mean))

    return trained(given, data, own, feeding, peer_of, turns.targets_of, folder)


def lines(given, data: pathlib.Path, recipe: Dict, folder: pathlib.Path) -> Dict:
    def peer_of(first):
        return torch_texts.spelt(data, recipe, round(first["an_update"]))

    return trained(given, data, recipe, True, peer_of, turns.targets_of, folder)


def said(given, run: pathlib.Path, data: pathlib.Path, table: pathlib.Path, folder: pathlib.Path,
         beam: int) -> Dict:  # fmt: skip
    """Sources a second of the split `test`, which stands in `table`: rondo with all that its start takes, of
    so many tables, PyTorch in the fastest of some batches."""
    head, *rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    tables = folder / f"tables{table.suffix}"
    tables.write_text(head + "".join(rows) * TABLES, encoding="utf-8")
    recipe = learning.read_recipe(given.recipe)
    step = max(int(file.stem.split("-")[1]) for file in run.glob("checkpoint-*.h5"))
    parameters = checkpoints.read_parameters(run, step)
    peer = torch_texts.Sayer(data, recipe, parameters, "test", given.longest)
    rates = {batch: peer.say(beam, batch)[0] for batch in (32, 100, 300)}
    best = max(rates, key=rates.get)
    command = [given.build / "rondo", "predict", "--checkpoint", run / f"checkpoint-{step:012d}.h5",
               "--input", tables, "--beam", beam, "--max-length", given.longest, "--threads", 1]  # fmt: skip
    rates_of_turns = []
    for _ in range(given.runs):
        theirs, answers = peer.say(beam, best)
        started = time.perf_counter()
        ours = call(command).splitlines()
        rate = TABLES * len(answers) / (time.perf_counter() - started)
        rates_of_turns.append((rate, theirs))
    same = sum(mine.split("\t")[0] == given.between.join(other) for mine, other in zip(ours, answers))
    rondo, pytorch = (statistics.median(rates) for rates in zip(*rates_of_turns))
    return {**turns.spread(rate / theirs for rate, theirs in rates_of_turns), "rondo": rondo,
            "pytorch": pytorch, "batch": best, "sources": len(answers), "same": same}  # fmt: skip


def line_of(record: Dict) -> str:
    head = f"{turns.text_of(record)}  rondo {record['rondo']:,.1f}/s, "
    if "same" in record:
        return (f"{head}PyTorch {record['pytorch']:,.1f}/s (batches of {record['batch']}); "
                f"{record['same']} of {record['sources']} answers the same")  # fmt: skip
    return (f"{head}{100 * record['rondo_share']:.0f} % of the peak, {100 * record['filled']:.0f} % "
            f"filled; PyTorch ({record['pytorch_way']}) {record['pytorch']:,.1f}/s, "
            f"{100 * record['pytorch_share']:.0f} %; {record['an_update']} an update")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    add = parser.add_argument
    add("--pairs", nargs=2, type=pathlib.Path, metavar=("DATA", "RECIPE"))
    add("--lines", nargs=2, type=pathlib.Path, metavar=("DATA", "RECIPE"))
    add("--say", nargs=3, type=pathlib.Path, metavar=("RUN", "DATA", "INPUT"),
        help="of --recipe; INPUT: the test split's table")  # fmt: skip
    add("--recipe", type=pathlib.Path, help="of the model that says")
    add("--longest", type=int, default=60, help="symbols of an answer (default: %(default)s)")
    add("--between", default=" ", help="two symbols of an answer (default: a space)")
    turns.add_arguments(add)
    given = parser.parse_args()
    turns.take_core(given)
    tasks = {}
    with tempfile.TemporaryDirectory(prefix="rondo-texts-") as name:
        folder = pathlib.Path(name)
        if given.pairs:
            data, recipe = given.pairs[0], learning.read_recipe(given.pairs[1])
            for kind, feeding in (("fed", True), ("not fed", False)):
                tasks[f"{data.stem}, {kind}"] = (pairs, data, recipe, feeding, folder)
        if given.lines:
            data, recipe = given.lines[0], learning.read_recipe(given.lines[1])
            tasks[data.stem] = (lines, data, recipe, folder)
        for beam in (1, 5) if given.say else ():
            tasks[f"say, beam {beam}"] = (said, *given.say, folder, beam)

        def record_of(task):
            measure, *rest = tasks[task]
            return measure(given, *rest)

        turns.run_all(given, list(tasks), record_of, line_of)


if __name__ == "__main__":
    main()
