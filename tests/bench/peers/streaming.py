#!/usr/bin/env python3
"""One stream, symbol after symbol: rondo's library, the C file, onnxruntime, in turns on one core.

    build/torch/bin/python tests/bench/peers/streaming.py
    build/torch/bin/python tests/bench/peers/streaming.py --shape gru-1x256-1-65

See README.md in this folder for what is measured.
"""

import argparse
import json
import pathlib
import shutil
import statistics
import tempfile
from typing import Callable, Dict, List, Sequence, Tuple

import shapes
import turns
from rondo_program import Rondo, call
from streaming_onnx import WARM, Stream

HERE = pathlib.Path(__file__).resolve().parent
ALL = ("lstm-1x32-1-65", "lstm-1x128-1-65", "lstm-2x512-1-65")
COMPILERS = [f"{compiler} {level}" for compiler in ("gcc", "clang") for level in ("-O2", "-O3")]
TOLERANCE = 1e-5  # of probabilities that are not rondo's own

# Of some seconds: steps a second, and what is said behind the steps that warm up.
Way = Callable[[float], Tuple[float, Sequence[float]]]


def one_lane(name: str) -> shapes.Shape:
    shape = shapes.parse(name)
    if shape.lanes != 1:
        raise ValueError(f"'{name}': a stream has one lane")
    return shape


def model_of(shape: shapes.Shape, program: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """The run of one update: what the weights are changes no operation of a step."""
    data = Rondo(program, folder).data_set(shape.vocabulary)
    run = folder / shape.name
    call([program, "train", "--data", data, "--cell", shape.cell, "--layers", shape.layers,
          "--hidden", shape.hidden, "--lanes", 1, "--window", 8, "--steps", 1, "--threads", 1,
          "--run", run])  # fmt: skip
    return run


def program_way(command: List[object]) -> Way:
    def run(seconds):
        said = json.loads(call([*command, seconds]))
        return said["rate"], said["said"]

    return run


def c_way(how: str, run: pathlib.Path) -> Way:
    program = run / how.replace(" ", "")
    call([*how.split(), "-std=c99", "-march=native", "-I", run, HERE / "streaming_c.c", "-lm", "-o",
          program])  # fmt: skip
    return program_way([program])


def onnx_way(file: pathlib.Path, times: int, seconds: float) -> Tuple[Way, Dict[str, float]]:
    """In the faster one of its two ways, and how fast each was."""
    stream = Stream(str(file), times)
    trials = {name: stream.run(way, seconds)[0] for name, way in stream.ways.items()}
    fastest = stream.ways[max(trials, key=trials.get)]
    return lambda seconds: stream.run(fastest, seconds), trials


def ways_of(run: pathlib.Path, given: argparse.Namespace) -> Tuple[Dict[str, Way], Dict]:
    program = given.build / "rondo"
    for form, name in (("c", "model.c"), ("onnx", "model.onnx")):
        call([program, "export", run, "--to", form, "--output", run / name])
    ways = {"rondo": program_way([given.build / "peers_streaming", run])}
    for how in COMPILERS:
        if shutil.which(how.split()[0]):
            ways[f"C, {how}"] = c_way(how, run)
    trials = {}
    for name, times in (("onnxruntime", 1), (f"onnxruntime, {WARM} a call", WARM)):
        ways[name], trials[name] = onnx_way(run / "model.onnx", times, given.seconds / 2)
    return ways, trials


def check_same(said: Dict[str, Sequence[float]]) -> None:
    """All have read the same: the C file has rondo's bits, onnxruntime its numbers."""
    for name, numbers in said.items():
        allowed = TOLERANCE if name.startswith("onnx") else 0
        off = max(abs(one - other) for one, other in zip(said["rondo"], numbers))
        if len(numbers) != len(said["rondo"]) or not off <= allowed:
            raise SystemExit(f"{name} says what rondo does not: {off} apart")


def summary(rates: Sequence[Dict[str, float]]) -> Dict:
    """Of each way, over turns: steps a second, and how many times rondo's and onnxruntime's."""
    return {name: {"rate": statistics.median(turn[name] for turn in rates),
                   "to_rondo": turns.spread(turn[name] / turn["rondo"] for turn in rates),
                   "to_onnxruntime": turns.spread(turn[name] / turn["onnxruntime"] for turn in rates)}
            for name in rates[0]}  # fmt: skip


def compare(shape: shapes.Shape, given: argparse.Namespace, folder: pathlib.Path) -> Dict:
    ways, trials = ways_of(model_of(shape, given.build / "rondo", folder), given)
    rates = []
    for _ in range(given.runs):
        told = {name: way(given.seconds) for name, way in ways.items()}
        check_same({name: said for name, (_, said) in told.items()})
        rates.append({name: rate for name, (rate, _) in told.items()})
    return {"weights": shape.matrix_weights(), "onnxruntime_trials": trials, "ways": summary(rates)}


def line_of(record: Dict) -> str:
    lines = [f"{record['weights']:,} weights",
             f"  {'':<24}{'steps a second':>14}{'us a step':>12}{'weights, GB/s':>16}"
             f"{'times rondo':>24}{'times onnxruntime':>24}"]  # fmt: skip
    for name, way in record["ways"].items():
        lines.append(f"  {name:<24}{way['rate']:>14,.0f}{1e6 / way['rate']:>12.2f}"
                     f"{4e-9 * record['weights'] * way['rate']:>16.1f}"
                     f"{turns.text_of(way['to_rondo']):>24}"
                     f"{turns.text_of(way['to_onnxruntime']):>24}")  # fmt: skip
    return "\n".join([*lines, f"  {'compiled and measured':<24}"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--shape", action="append", type=one_lane, metavar="NAME",
        help="CELL-LAYERSxHIDDEN-1-VOCABULARY; may be repeated; default: " + " ".join(ALL))  # fmt: skip
    turns.add_arguments(add)
    given = parser.parse_args()
    turns.take_core(given)
    given.build = given.build.absolute()
    chosen = {shape.name: shape for shape in given.shape or map(one_lane, ALL)}

    def record_of(name):
        with tempfile.TemporaryDirectory(prefix="rondo-streaming-") as folder:
            return compare(chosen[name], given, pathlib.Path(folder))

    turns.run_all(given, list(chosen), record_of, line_of)


if __name__ == "__main__":
    main()
