#!/usr/bin/env python3
"""rondo's training of sequence classifiers against PyTorch's, in turns on one core.

    build/torch/bin/python tests/bench/peers/classes.py
    build/torch/bin/python tests/bench/peers/classes.py --shape words-gru-1x128

See README.md in this folder for what is measured. The core's peak is measured in each turn, and the
language model of the same cell and size by compare.py, on the same day and core.
"""

import argparse
import gzip
import pathlib
import random
import re
import statistics
import tempfile
from typing import Dict, List, NamedTuple

import shapes
import torch_classes
import turns
from rondo_program import call

CLASSES = 8


class Kind(NamedTuple):
    """Sequences to be classified, and how rondo packs them."""

    symbols: int  # 0: a number a step
    lanes: int
    window: int


KINDS = {"words": Kind(26, 32, 32), "sentences": Kind(10_000, 32, 64), "pixels": Kind(0, 32, 64)}
ALL = [
    f"{kind}-{cell}-{size}"
    for kind in KINDS
    for cell in ("lstm", "gru")
    for size in (("1x128", "2x256") if kind != "pixels" else ("1x128",))
]


def lengths_of(kind: str, count: int, ud: pathlib.Path) -> List[int]:
    """Words of about 8 letters, the sentences of a CoNLL-U file, pictures of 64 pixels."""
    draw = random.Random(1)
    if kind == "words":
        return [4 + sum(draw.random() < 0.5 for _ in range(8)) for _ in range(count)]
    if kind == "pixels":
        return [64] * count
    if not ud:
        raise SystemExit("sentences take their lengths from --ud FILE.conllu")
    with (gzip.open if ud.suffix == ".gz" else open)(ud, "rt", encoding="utf-8") as file:
        sentences = file.read().split("\n\n")
    found = [len(re.findall(r"^\d+\t", text, re.M)) for text in sentences]
    return draw.choices([length for length in found if length > 0], k=count)


class Example(NamedTuple):
    steps: list  # symbols, or numbers
    label: int


def examples_of(kind: str, count: int, ud: pathlib.Path) -> List[Example]:
    draw = random.Random(2)
    symbols = KINDS[kind].symbols
    value = (lambda: draw.randrange(symbols)) if symbols else draw.random
    return [
        Example([value() for _ in range(length)], draw.randrange(CLASSES))
        for length in lengths_of(kind, count, ud)
    ]


def write_table(path: pathlib.Path, kind: str, examples: List[Example]) -> List[object]:
    """The examples as a table, and the options of `rondo prepare` that read it."""
    with open(path, "w", encoding="utf-8") as file:
        if kind == "pixels":
            print("label", *(f"p{i}" for i in range(64)), sep="\t", file=file)
        else:
            print("label", "text", sep="\t", file=file)
        for example in examples:
            if kind == "pixels":
                cells = [f"{value:.4f}" for value in example.steps]
            elif kind == "words":
                cells = ["".join(chr(ord("a") + symbol) for symbol in example.steps)]
            else:
                cells = [" ".join(f"w{symbol}" for symbol in example.steps)]
            print(f"c{example.label}", *cells, sep="\t", file=file)
    read = {"pixels": ["p*", "--steps", 64], "words": ["text:char"], "sentences": ["text:word"]}
    return ["--source", *read[kind], "--target", "label:class", "--validation", 0, "--test", 0]


def prepare(program: pathlib.Path, folder: pathlib.Path, kind: str, examples) -> pathlib.Path:
    prepared, table = folder / f"{kind}.rondo", folder / f"{kind}.tsv"
    options = write_table(table, kind, examples)
    call([program, "prepare", "--task", "classify", "--input", table, *options, "--output",
          prepared])  # fmt: skip
    return prepared


def options_of(shape: shapes.Shape, kind: Kind) -> List[object]:
    options = ["--cell", shape.cell, "--layers", shape.layers, "--hidden", shape.hidden,
               "--lanes", kind.lanes, "--window", kind.window]  # fmt: skip
    return [*options, "--embedding", shape.hidden] if kind.symbols else options


def shape_of(name: str) -> shapes.Shape:
    kind, cell, size = name.split("-")
    return shapes.parse(f"{cell}-{size}-{KINDS[kind].lanes}-{CLASSES}-{KINDS[kind].window}")


def operations(shape: shapes.Shape, kind: Kind, length: float) -> float:
    """Useful ones of training on a sequence, counted as in shapes.py; the head reads one step."""
    width = shape.hidden if kind.symbols else 1
    gates = shapes.GATES[shape.cell]
    first = gates * shape.hidden * (shape.hidden + width)
    others = (shape.layers - 1) * gates * shape.hidden * 2 * shape.hidden
    weights = length * (first + others) + shape.hidden * CLASSES
    return shapes.OPERATIONS_A_WEIGHT * weights


def compare(name: str, given: argparse.Namespace, folder: pathlib.Path) -> Dict:
    kind_name = name.split("-")[0]
    kind, shape = KINDS[kind_name], shape_of(name)
    examples = examples_of(kind_name, given.sequences, given.ud)
    mean = statistics.mean(len(example.steps) for example in examples)
    program = given.build / "rondo"
    data = prepare(program, folder, kind_name, examples)
    training = turns.Training(program, folder, ["--data", data, *options_of(shape, kind)],
                              turns.targets_of)  # fmt: skip

    def peer_of(first):
        return torch_classes.Peer(shape, kind.symbols, examples, CLASSES, round(first["an_update"]))

    record, peer = turns.compare(given, training, peer_of, operations(shape, kind, mean))
    return {**record, "sequences_an_update": record["an_update"], "pytorch_filled": peer.filled()}


def line_of(record: Dict) -> str:
    return (f"{turns.text_of(record)}  rondo {record['rondo']:,.0f}/s, {100 * record['rondo_share']:.0f} % of the peak, "
            f"{100 * record['filled']:.0f} % filled; PyTorch ({record['pytorch_way']}) "
            f"{record['pytorch']:,.0f}/s, {100 * record['pytorch_share']:.0f} %, "
            f"{100 * record['pytorch_filled']:.0f} %; {record['sequences_an_update']} an update")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--shape", action="append", choices=ALL, help="may be repeated; default: all")
    add("--sequences", type=int, default=20_000, help="of a data set (default: %(default)s)")
    add("--ud", type=pathlib.Path, help="a CoNLL-U file, whose sentences' lengths are taken")
    turns.add_arguments(add)
    given = parser.parse_args()
    turns.take_core(given)

    def record_of(name):
        with tempfile.TemporaryDirectory(prefix="rondo-classes-") as folder:
            return compare(name, given, pathlib.Path(folder))

    turns.run_all(given, given.shape or ALL, record_of, line_of)


if __name__ == "__main__":
    main()
