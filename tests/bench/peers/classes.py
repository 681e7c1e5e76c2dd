#!/usr/bin/env python3
"""rondo's training of sequence classifiers against PyTorch's, in turns on one core.

    build/torch/bin/python tests/bench/peers/classes.py
    build/torch/bin/python tests/bench/peers/classes.py --shape words-gru-1x128

See README.md in this folder for what is measured. The core's peak is measured in each turn, and the
language model of the same cell and size by compare.py, on the same day and core.
"""

import argparse
import gzip
import json
import os
import pathlib
import random
import re
import shutil
import statistics
import tempfile
import time
from typing import Dict, List, NamedTuple

import measure
import shapes
import torch
import torch_classes
from rondo_program import call

ROOT = pathlib.Path(__file__).resolve().parents[3]
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


class RondoSide:
    """`rondo prepare`, and whole runs of `rondo train` whose reports give the rate."""

    def __init__(self, program: pathlib.Path, folder: pathlib.Path, kind: str, examples):
        self.program, self.folder = program, folder
        self.prepared = folder / f"{kind}.rondo"
        self.kind = KINDS[kind]
        table = folder / f"{kind}.tsv"
        options = write_table(table, kind, examples)
        call([program, "prepare", "--task", "classify", "--input", table, *options, "--output",
              self.prepared])  # fmt: skip

    def train(self, shape: shapes.Shape, warm: int, timed: int) -> Dict:
        """Sequences and steps a second, sequences an update, the filled share of windows."""
        run = self.folder / "run"
        shutil.rmtree(run, ignore_errors=True)
        words = [self.program, "train", "--data", self.prepared, "--run", run, "--cell", shape.cell,
                 "--layers", shape.layers, "--hidden", shape.hidden,
                 "--lanes", self.kind.lanes, "--window", self.kind.window, "--optimizer", "adam",
                 "--clip-norm", 1, "--threads", 1, "--steps", warm + timed, "--report-every", warm,
                 "--checkpoint-minutes", 0]  # fmt: skip
        if self.kind.symbols:
            words += ["--embedding", shape.hidden]
        call(words)
        with open(run / "metrics.jsonl", encoding="utf-8") as file:
            reports = [json.loads(line) for line in file]
        shutil.rmtree(run)
        reports = [report for report in reports if report.get("split") == "train"]
        seconds = reports[-1]["seconds"] - reports[0]["seconds"]
        sequences = sum(report["targets"] for report in reports[1:])
        return {"rate": sequences / seconds, "an_update": sequences / timed,
                "filled": statistics.mean(report["filled"] for report in reports[1:])}  # fmt: skip


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
    rondo = RondoSide(given.build / "rondo", folder, kind_name, examples)
    peak = measure.Peak(given.build / "peers_peak", [given.core])
    work = operations(shape, kind, mean)
    warm = 5
    first = rondo.train(shape, warm, 4 * warm)
    batch = round(first["an_update"])
    peer = torch_classes.Peer(shape, kind.symbols, examples, CLASSES, batch)
    peer.choose(given.seconds / 2)
    timed = max(2, round(given.seconds * first["rate"] / first["an_update"] / warm)) * warm
    turns = []
    for _ in range(given.runs):
        theirs = peer.run(given.seconds)
        ours = rondo.train(shape, warm, timed)
        top = peak.measure()
        turns.append({"ratio": ours["rate"] / theirs, "rondo": ours["rate"], "pytorch": theirs,
                      "rondo_share": ours["rate"] * work / top, "filled": ours["filled"],
                      "pytorch_share": theirs * work / top})  # fmt: skip
    record = {key: statistics.median(turn[key] for turn in turns) for key in turns[0]}
    ratios = [turn["ratio"] for turn in turns]
    return {"shape": name, "sequences_an_update": batch, "pytorch_filled": peer.filled(),
            "pytorch_way": peer.way, "pytorch_trials": peer.trials, "least": min(ratios),
            "most": max(ratios), **record}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--shape", action="append", choices=ALL, help="may be repeated; default: all")
    add("--runs", type=int, default=5, help="turns (default: %(default)s)")
    add("--seconds", type=float, default=4, help="of a side in a turn (default: %(default)s)")
    add("--sequences", type=int, default=20_000, help="of a data set (default: %(default)s)")
    add("--core", type=int, default=0, help="which one works (default: %(default)s)")
    add("--ud", type=pathlib.Path, help="a CoNLL-U file, whose sentences' lengths are taken")
    add("--build", type=pathlib.Path, default=ROOT / "build" / "release",
        help="folder of the programs rondo and peers_peak")  # fmt: skip
    add("--json", type=pathlib.Path, metavar="FILE", help="write the results there too")
    given = parser.parse_args()
    os.sched_setaffinity(0, {given.core})
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)  # as rondo does
    records = []
    for name in given.shape or ALL:
        with tempfile.TemporaryDirectory(prefix="rondo-classes-") as folder:
            start = time.monotonic()
            record = compare(name, given, pathlib.Path(folder))
        records.append(record)
        print(f"{name:<20} {record['ratio']:.2f} ({record['least']:.2f} .. {record['most']:.2f})  "
              f"rondo {record['rondo']:,.0f}/s, {100 * record['rondo_share']:.0f} % of the peak, "
              f"{100 * record['filled']:.0f} % filled; PyTorch ({record['pytorch_way']}) "
              f"{record['pytorch']:,.0f}/s, {100 * record['pytorch_share']:.0f} %, "
              f"{100 * record['pytorch_filled']:.0f} %; {record['sequences_an_update']} an update; "
              f"{time.monotonic() - start:.0f} s", flush=True)  # fmt: skip
        if given.json:
            given.json.write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
