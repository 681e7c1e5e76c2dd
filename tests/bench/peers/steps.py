#!/usr/bin/env python3
"""rondo's training of taggers and forecasters against PyTorch's, and of both directions against two
layers of one, in turns on one core.

    build/torch/bin/python tests/bench/peers/steps.py --ud train.conllu
    build/torch/bin/python tests/bench/peers/steps.py --shape fresh-gru-1x128

See README.md in this folder for what is measured.
"""

import argparse
import collections
import dataclasses
import gzip
import math
import pathlib
import random
import statistics
import tempfile
from typing import Dict, List, NamedTuple

import numpy
import shapes
import torch_steps
import turns
from rondo_program import call


class Keys(NamedTuple):
    """Of a tagger."""

    letters_hidden: int = 64
    letters_embedding: int = 32


HORIZON, LOOK_BACK, SEGMENT, VARIABLES = 24, 720, 24, 7
LANES = {"label": 32, "fresh": 64, "carried": 32, "directions": 32}
WINDOW = {"label": 64, "fresh": LOOK_BACK // SEGMENT, "carried": 64, "directions": 64}
ALL = [
    "label-lstm-1x128", "label-lstm-1x256", "label-gru-1x128",
    "fresh-gru-1x128", "fresh-lstm-1x128",
    "carried-lstm-1x128", "carried-gru-1x128",
    "directions-lstm-1x128", "directions-lstm-1x256", "directions-gru-1x256",
]  # fmt: skip


def shape_of(name: str) -> shapes.Shape:
    kind, cell, size = name.split("-")
    return shapes.parse(f"{cell}-{size}-{LANES[kind]}-2-{WINDOW[kind]}")


class Sentence(NamedTuple):
    steps: List[int]  # words that come twice or more; 0: others
    letters: List[List[int]]
    labels: List[int]


def sentences_in(path: pathlib.Path):
    """Of a CoNLL-U file, and how many words, letters and classes there are."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        blocks = file.read().split("\n\n")
    rows = [[line.split("\t") for line in block.split("\n")] for block in blocks]
    rows = [[row for row in block if row[0].isdigit()] for block in rows]
    rows = [block for block in rows if block]
    counts = collections.Counter(row[1] for block in rows for row in block)
    words, letters, classes = {}, {}, {}
    found = [
        Sentence(
            [words.setdefault(row[1], len(words) + 1) if counts[row[1]] > 1 else 0 for row in block],
            [[letters.setdefault(letter, len(letters)) for letter in row[1]] for row in block],
            [classes.setdefault(row[3], len(classes)) for row in block],
        )
        for block in rows
    ]
    return found, len(words) + 1, len(letters), len(classes)


def series(rows: int) -> List[List[float]]:
    """Days and a walk of chance, of some variables."""
    draw = random.Random(4)
    level = [0.0] * VARIABLES
    table = []
    for row in range(rows):
        level = [0.99 * each + draw.gauss(0, 0.2) for each in level]
        table.append([each + math.sin(2 * math.pi * (row / 24 + i / VARIABLES))
                      for i, each in enumerate(level)])  # fmt: skip
    return table


class Comparer:
    def __init__(self, given: argparse.Namespace, folder: pathlib.Path):
        self.given, self.folder = given, folder
        self.program = given.build / "rondo"

    def prepare(self, name: str, *options: object) -> pathlib.Path:
        data = self.folder / f"{name}.rondo"
        call([self.program, "prepare", *options, "--test", 0, "--output", data])
        return data

    def training(self, shape: shapes.Shape, data: pathlib.Path, of_reports, *options: object):
        return turns.Training(
            self.program, self.folder,
            ["--data", data, "--cell", shape.cell, "--layers", shape.layers, "--hidden", shape.hidden,
             "--lanes", shape.lanes, "--window", shape.window, *options], of_reports)  # fmt: skip

    def label(self, shape: shapes.Shape) -> Dict:
        if not self.given.ud:
            raise SystemExit("taggers take their words from --ud FILE.conllu")
        examples, *sizes = sentences_in(self.given.ud)
        table = self.folder / "train.conllu"
        packed = self.given.ud.suffix == ".gz"
        table.write_bytes((gzip.open if packed else open)(self.given.ud, "rb").read())
        data = self.prepare("label", "--task", "label", "--input", table, "--source", "form:word",
                            "--letters", "form", "--target", "upos", "--min-count", 2,
                            "--validation", 0)  # fmt: skip
        keys = Keys()
        training = self.training(shape, data, turns.targets_of, "--bidirectional", "--embedding",
                                 shape.hidden, "--letters-hidden", keys.letters_hidden,
                                 "--letters-embedding", keys.letters_embedding)  # fmt: skip
        mean = statistics.mean(len(one.steps) for one in examples)

        def peer_of(first):
            batch = round(first["an_update"] / mean)
            return torch_steps.tagger(shape, keys, examples, *sizes, batch)

        return turns.compare(self.given, training, peer_of)[0]

    def forecast_data(self, table: List[List[float]]) -> pathlib.Path:
        csv = self.folder / "series.csv"
        with open(csv, "w", encoding="utf-8") as file:
            print("hour", *(f"y{i}" for i in range(VARIABLES)), sep=",", file=file)
            for hour, row in enumerate(table):
                print(hour, *(f"{value:.4f}" for value in row), sep=",", file=file)
        return self.prepare("series", "--task", "forecast", "--input", csv, "--time", "hour",
                            "--target", "y*", "--validation", 0)  # fmt: skip

    def fresh(self, shape: shapes.Shape) -> Dict:
        table = series(8640)
        training = self.training(
            shape, self.forecast_data(table),
            lambda reports: turns.targets_of(reports) / HORIZON, "--state", "fresh", "--horizon",
            HORIZON, "--look-back", LOOK_BACK, "--segment", SEGMENT, "--subtract", "last",
            "--channels", "apart")  # fmt: skip
        peer = torch_steps.windows_forecaster(shape, table, LOOK_BACK, SEGMENT, HORIZON)
        return turns.compare(self.given, training, lambda _: peer)[0]

    def carried(self, shape: shapes.Shape) -> Dict:
        table = series(200_000)
        training = self.training(
            shape, self.forecast_data(table),
            lambda reports: turns.targets_of(reports) / HORIZON / VARIABLES, "--state", "carried",
            "--horizon", HORIZON)  # fmt: skip
        peer = torch_steps.stream_forecaster(shape, table, HORIZON)
        return turns.compare(self.given, training, lambda _: peer)[0]

    def directions(self, shape: shapes.Shape) -> Dict:
        """Sequences of numbers as wide as a layer; the class of each. Items are their steps."""
        count = 512
        draw = numpy.random.default_rng(5)
        arrays = self.folder / "steps.npz"
        numpy.savez(arrays, x=draw.standard_normal((count, shape.window, shape.hidden)),
                    kind=draw.integers(0, 2, count))  # fmt: skip
        data = self.prepare("steps", "--task", "classify", "--input", arrays, "--source", "x",
                            "--target", "kind:class", "--validation", 0)  # fmt: skip

        def steps_of(reports):
            return turns.targets_of(reports) * shape.window

        both = self.training(shape, data, steps_of, "--bidirectional")
        two = self.training(dataclasses.replace(shape, layers=2), data, steps_of)
        first = {"both": both.run(4 * turns.WARM), "two": two.run(4 * turns.WARM)}
        rates = []
        for _ in range(self.given.runs):
            ours = both.run(both.steps_for(self.given.seconds, first["both"]))
            theirs = two.run(two.steps_for(self.given.seconds, first["two"]))
            rates.append((ours["rate"], theirs["rate"]))
        return {**turns.spread(ours / theirs for ours, theirs in rates),
                "both": statistics.median(ours for ours, _ in rates),
                "two_layers": statistics.median(theirs for _, theirs in rates),
                "operations": first["both"]["operations"],
                "operations_of_two": first["two"]["operations"]}  # fmt: skip


def line_of(record: Dict) -> str:
    head = f"{turns.text_of(record)}  "
    if "both" in record:
        work = record["operations"] / record["operations_of_two"]
        return (f"{head}both directions {record['both']:,.0f} steps/s, two layers "
                f"{record['two_layers']:,.0f} steps/s; {work:.3f} times the operations")  # fmt: skip
    return (f"{head}rondo {record['rondo']:,.0f}/s, {100 * record['rondo_share']:.0f} % of the peak, "
            f"{100 * record['filled']:.0f} % filled; PyTorch ({record['pytorch_way']}) "
            f"{record['pytorch']:,.0f}/s, {100 * record['pytorch_share']:.0f} %; "
            f"{record['an_update']} an update")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--shape", action="append", choices=ALL, help="may be repeated; default: all")
    add("--ud", type=pathlib.Path, help="a CoNLL-U file, whose words are tagged")
    turns.add_arguments(add)
    given = parser.parse_args()
    turns.take_core(given)

    def record_of(name):
        with tempfile.TemporaryDirectory(prefix="rondo-steps-") as folder:
            kind = name.split("-")[0]
            return getattr(Comparer(given, pathlib.Path(folder)), kind)(shape_of(name))

    turns.run_all(given, given.shape or ALL, record_of, line_of)


if __name__ == "__main__":
    main()
