#!/usr/bin/env python3
"""A model that rondo exported as ONNX, in onnxruntime: rondo's outputs, within 1e-5.

How a program of yours uses one:

    import numpy as np, onnxruntime
    from onnx_models import Model
    model = Model("book.onnx")
    said = model.run({"text": np.array([[3], [1], [4]])})            # [time, batch]: a whole sequence
    states = model.begin(batch=1)                                      # or step by step
    said, states = model.step({"text": np.array([[3]])}, states)
    said["probabilities"]

Run as a script it trains small models by rondo, exports them, has ONNX's own checker look at the files,
and compares: each cell over 1,000 steps, whole, in pieces and step by step with the states carried, with
the C file of the same model (which has rondo's bits) or with `rondo predict`; pools, both directions and
batches of unequal lengths with `rondo predict`. Exit code 0 when all agree, 1 when not. Needs onnx,
onnxruntime, numpy and a C compiler.
"""

import argparse
import csv
import ctypes
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOLERANCE = 1e-5
STEPS = 1000
CELLS = ("tanh", "relu", "lstm", "gru", "lstm-coupled", "lstm-peephole", "lstm-norm", "gru-norm", "lstm-projected")
CHOICE = {cell: ("--cell", cell, *(("--projection", 5) if cell == "lstm-projected" else ())) for cell in CELLS}
IN_C = tuple(cell for cell in CELLS if not cell.endswith("norm"))


class Model:
    def __init__(self, path):
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])
        self.about = self.session.get_modelmeta().custom_metadata_map
        self.columns = json.loads(self.about["columns"])
        self.outputs = [output.name for output in self.session.get_outputs()]
        self.states = [name[:-5] for name in self.outputs if name.endswith(".next")]
        self.reads_lengths = "lengths" in [value.name for value in self.session.get_inputs()]

    def begin(self, batch):
        """The states that a sequence begins with."""
        initial = json.loads(self.about["initial_states"])
        widths = {value.name: value.shape[1] for value in self.session.get_inputs() if value.name in self.states}
        return {name: np.tile(np.array(initial.get(name, [0.0] * widths[name]), np.float32), (batch, 1))
                for name in self.states}  # fmt: skip

    def step(self, values, states, lengths=None):
        """Some steps, [time, batch, ...] of each column; what is said of them, and the states behind them."""
        times, batch = next(iter(values.values())).shape[:2]
        feeds = {**values, **states}
        if self.reads_lengths:
            feeds["lengths"] = np.array([times] * batch if lengths is None else lengths, np.int64)
        said = dict(zip(self.outputs, self.session.run(None, feeds)))
        return said, {name: said.pop(name + ".next") for name in self.states}

    def run(self, values, lengths=None):
        """Whole sequences."""
        return self.step(values, self.begin(next(iter(values.values())).shape[1]), lengths)[0]


def call(*command):
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise SystemExit(f"{result.stderr}exit code {result.returncode}: {' '.join(map(str, command))}")
    return result.stdout


def agree(name, ours, theirs):
    """Prints a line; whether the largest difference, relative where numbers are large, is small."""
    ours, theirs = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    if ours.shape != theirs.shape:
        raise SystemExit(f"{name}: {ours.shape} and {theirs.shape}")
    off = (np.abs(ours - theirs) / np.maximum(np.abs(ours), 1)).max()
    print(f"{name:66}{off:10.1e}  {'agree' if off <= TOLERANCE else 'DIFFER'}", flush=True)
    return off <= TOLERANCE


class Runs:
    """Models of rondo's in a folder, trained for some updates and exported."""

    def __init__(self, rondo, folder):
        self.rondo, self.folder, self.number = rondo, folder, 0

    def prepare(self, name, *keys):
        call(self.rondo, "prepare", *keys, "--output", self.folder / f"{name}.rondo")
        return self.folder / f"{name}.rondo"

    def trained(self, data, *keys, steps=30):
        self.number += 1
        run = self.folder / f"run{self.number}"
        call(self.rondo, "train", "--data", data, "--run", run, "--steps", steps, "--lanes", 8, "--block", 1, "--hidden", 19,
             "--rate", 0.01, "--threads", 1, *keys)  # fmt: skip
        return run

    def train(self, data, *keys, steps=30):
        run = self.trained(data, *keys, steps=steps)
        file = self.folder / f"model{self.number}.onnx"
        call(self.rondo, "export", run, "--to", "onnx", "--output", file)
        onnx.checker.check_model(str(file), full_check=True)
        return run, Model(str(file))

    def predict(self, run, table):
        return [json.loads(line) for line in
                call(self.rondo, "predict", "--checkpoint", run, "--input", table, "--json").splitlines()]  # fmt: skip

    def c_logits(self, run, tokens, classes):
        """Of a text, by the C file: rondo's bits."""
        file, library = self.folder / f"c{self.number}.c", self.folder / f"c{self.number}.so"
        call(self.rondo, "export", run, "--to", "c", "--output", file)
        name = f"c{self.number}"
        wrapper = self.folder / f"wrapper{self.number}.c"
        wrapper.write_text(
            f'#include "{file.name}"\nvoid all(const int *tokens, int steps, float *said) {{\n'
            f"  static {name}_state state; int t;\n  {name}_reset(&state);\n  for (t = 0; t < steps; ++t) {{\n"
            f"    {name}_input input; input.text = tokens[t];\n    {name}_step(&state, &input);\n"
            f"    {name}_output(&state, said + (long)t * {name.upper()}_OUTPUTS);\n  }}\n}}\n", encoding="utf-8")  # fmt: skip
        call("cc", "-O2", "-mfma" if "fma" in pathlib.Path("/proc/cpuinfo").read_text().split() else "-O2", "-shared",
             "-fPIC", wrapper, "-o", library, "-lm")  # fmt: skip
        numbers = np.ascontiguousarray(tokens, np.int32)
        said = np.zeros((len(tokens), classes), np.float32)
        ctypes.CDLL(str(library)).all(numbers.ctypes.data_as(ctypes.c_void_p), len(tokens), said.ctypes.data_as(ctypes.c_void_p))
        return said


def ways(model, values, output):
    """What is said of a sequence: whole, in pieces of unequal lengths, and step by step."""
    times = len(next(iter(values.values())))
    for name, cuts in (("whole", [0, times]), ("pieces", [0, 1, 38, 75, 500, times]), ("steps", range(times + 1))):
        states, said = model.begin(1), []
        for begin, end in zip(cuts, cuts[1:]):
            part, states = model.step({key: value[begin:end] for key, value in values.items()}, states)
            said.append(part[output])
        yield name, np.concatenate(said)


def texts(runs):
    data = runs.prepare("text", "--task", "text", "--level", "char", "--input", ROOT / "LICENSE")
    kinds = [(cell, *CHOICE[cell], "--layers", 2, "--embedding", 7) for cell in IN_C]
    kinds += [("gru, tied, residual", "--cell", "gru", "--layers", 3, "--embedding", 19, "--tied", "--residual"),
              ("lstm, zoneout", "--cell", "lstm", "--layers", 2, "--zoneout", 0.1, "--zoneout-cell", 0.2),
              ("tanh, zoneout", "--cell", "tanh", "--zoneout", 0.1),
              ("lstm, trained initial state", "--cell", "lstm", "--initial-state", "trained"),
              ("gru, an average of the weights", "--cell", "gru", "--average", 0.9)]  # fmt: skip
    for name, *keys in kinds:
        run, model = runs.train(data, *keys)
        symbols = len(model.columns[0]["symbols"])
        tokens = np.random.default_rng(1).integers(0, symbols, STEPS)
        ours = runs.c_logits(run, tokens, symbols)
        for way, said in ways(model, {"text": tokens[:, None]}, "logits"):
            yield agree(f"text, {name}: logits, {way}", ours, said[:, 0])
        exact = np.exp(ours.astype(np.float64) - ours.max(axis=1, keepdims=True))
        said = model.run({"text": tokens[:, None]})["probabilities"][:, 0]
        yield agree(f"text, {name}: probabilities", exact / exact.sum(axis=1, keepdims=True), said)


def write_table(path, names, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *rows])
    return path


def series(runs):
    """Numbers of each step of long series, some of which are missing, and a class beside them."""
    draw = random.Random(2)
    rows, sequences = [], []
    for name in range(12):
        own, x = [], 0.0
        for second in range(STEPS if name == 0 else draw.randint(2, 40)):
            x, z = 0.9 * x + draw.gauss(0, 1), "" if draw.random() < 0.1 else repr(1e4 + draw.gauss(0, 1))
            own.append((x, z, draw.choice("ab")))
            rows.append((name, second, repr(x), z, own[-1][2], repr(100 + 3 * x - (len(own) % 3))))
        sequences.append(own)
    table = write_table(runs.folder / "series.csv", ("id", "second", "x", "z", "kind", "y"), rows)
    data = runs.prepare("series", "--task", "regress", "--input", table, "--group", "id", "--time", "second", "--missing",
                        "mask", "--source", "x", "z", "kind:class", "--target", "y")  # fmt: skip

    def values(model, chosen):
        longest = max(map(len, chosen))
        read = {}
        for column in (c for c in model.columns if c["role"] != "target"):
            filled = []
            for own in chosen:
                if "symbols" in column:
                    ids = {symbol: i for i, symbol in enumerate(column["symbols"])}
                    filled.append([ids[row[2]] for row in own] + [0] * (longest - len(own)))
                else:
                    of = {"x": (0,), "z": (1,)}.get(column["name"], (0, 1))
                    filled.append([[float(row[i] or "nan") for i in of] for row in own] +
                                  [[7.0] * len(of)] * (longest - len(own)))  # fmt: skip
            read[column["name"]] = np.swapaxes(np.array(filled, np.int64 if "symbols" in column else np.float64), 0, 1)
        return read

    for cell in CELLS:
        run, model = runs.train(data, *CHOICE[cell], "--layers", 2, "--embedding", 3, "--window", 64)
        told = runs.predict(run, table)
        for way, said in ways(model, values(model, sequences[:1]), "numbers"):
            yield agree(f"regress, {cell}: {way}", np.ravel(told[0]["answer"]), said[:, 0, 0])
        together = model.run(values(model, sequences), [len(own) for own in sequences])["numbers"]
        ours = np.concatenate([np.ravel(line["answer"]) for line in told])
        theirs = np.concatenate([together[: len(own), i, 0] for i, own in enumerate(sequences)])
        yield agree(f"regress, {cell}: a batch of unequal lengths", ours, theirs)
    for cell in CELLS:
        run, model = runs.train(data, *CHOICE[cell], "--bidirectional", "--layers", 2, "--embedding", 3, "--window", 64)
        told = runs.predict(run, table)
        together = model.run(values(model, sequences), [len(own) for own in sequences])["numbers"]
        ours = np.concatenate([np.ravel(line["answer"]) for line in told])
        theirs = np.concatenate([together[: len(own), i, 0] for i, own in enumerate(sequences)])
        yield agree(f"regress, {cell}: both directions", ours, theirs)
    for loss, keys in (("gaussian", ()), ("quantile", ("--quantiles", "0.05,0.5,0.9"))):
        run, model = runs.train(data, "--cell", "gru", "--loss", loss, *keys, "--window", 64)
        told = runs.predict(run, table)
        said = model.run(values(model, sequences), [len(own) for own in sequences])
        if loss == "gaussian":
            parts = {"answer": said["mean"], "deviation": said["deviation"]}
        else:
            parts = {f"quantile {i}": said["quantiles"][..., i] for i in range(3)}
        for i, (part, theirs) in enumerate(parts.items()):
            ours = np.concatenate([told_part(line, part, i) for line in told])
            theirs = np.concatenate([theirs[: len(own), j, 0] for j, own in enumerate(sequences)])
            yield agree(f"regress, {loss}: {part}", ours, theirs)


def told_part(line, part, number):
    if part in line:
        return np.ravel(line[part])
    return np.ravel(list(line["quantiles"].values())[number])


def classes(runs):
    draw = random.Random(1)
    lines = ["".join(draw.choice("abcd") for _ in range(draw.randint(1, 12))) for _ in range(200)]
    rows = [(line, line[0] + line[-1], ";".join(sorted(set(line)))) for line in lines]
    table = write_table(runs.folder / "classes.csv", ("word", "kind", "letters"), rows)
    kinds = runs.prepare("kinds", "--task", "classify", "--input", table, "--source", "word:char", "--target", "kind")
    labels = runs.prepare("labels", "--task", "classify", "--input", table, "--source", "word:char", "--target",
                          "letters:labels")  # fmt: skip
    settings = [(kinds, "--cell", cell, "--pool", pool) for cell in ("gru", "lstm-norm")
                for pool in ("last", "mean", "max", "attention")]  # fmt: skip
    settings += [(kinds, "--cell", cell, "--bidirectional", "--layers", 2, "--residual", "--pool", pool)
                 for cell in ("lstm", "lstm-coupled") for pool in ("last", "mean", "max", "attention")]  # fmt: skip
    settings += [(kinds, "--cell", "gru", "--bidirectional", "--initial-state", "trained"),
                 (kinds, *CHOICE["lstm-projected"], "--bidirectional", "--zoneout", 0.2), (labels, "--cell", "lstm")]  # fmt: skip
    for data, *keys in settings:
        run, model = runs.train(data, *keys)
        told = runs.predict(run, table)
        read, said = (next(c for c in model.columns if (c["role"] == "target") == target) for target in (False, True))
        ids = {symbol: i for i, symbol in enumerate(read["symbols"])}
        tokens = np.zeros((max(map(len, lines)), len(lines)), np.int64)
        for i, line in enumerate(lines):
            tokens[: len(line), i] = [ids[symbol] for symbol in line]
        ours = [[line["probabilities"][name] for name in said["symbols"]] for line in told]
        name = f"classify {' '.join(map(str, keys))}"
        yield agree(name, ours, model.run({"word": tokens}, list(map(len, lines)))["probabilities"])
        if model.states:
            states = model.begin(1)
            for t in range(len(lines[0])):
                one, states = model.step({"word": tokens[t : t + 1, :1]}, states)
            yield agree(f"{name}, step by step", ours[:1], one["probabilities"])


def forecasts(runs):
    """The next rows of two series at once, behind the last row of each."""
    draw, horizon, ahead = random.Random(3), 3, 4
    series, rows = [], []
    for name in range(6):
        own, level = [], 1e3 * (name + 1)
        for second in range(STEPS if name == 0 else 150 + draw.randint(0, 9)):
            level += draw.gauss(0, 1)
            own.append((level, 5 * math.sin(second / 7) + draw.gauss(0, 0.1), draw.gauss(0, 1), second % 7))
        series.append(own)
        rows += [(name, second, *map(repr, row), "ab"[name % 2]) for second, row in enumerate(own)]
    names = ("id", "second", "y", "z", "x", "day", "kind")
    table = write_table(runs.folder / "forecast.csv", names, rows)
    data = runs.prepare("forecast", "--task", "forecast", "--input", table, "--group", "id", "--time", "second", "--source",
                        "x", "--known", "day", "--static", "kind:class", "--target", "y", "z")  # fmt: skip
    future = [(name, len(own) + second, "", "", "", repr((len(own) + second) % 7), "ab"[name % 2])
              for name, own in enumerate(series) for second in range(ahead)]  # fmt: skip
    asked = write_table(runs.folder / "asked.csv", names, sorted(rows + future, key=lambda row: row[:2]))
    carried = [("--subtract", subtract, "--cell", cell) for subtract, cell in (("last", "gru"), ("none", "lstm-norm"))]
    fresh = [("--state", "fresh", "--look-back", 24, "--subtract", "last", "--cell", "lstm", "--bidirectional"),
             ("--state", "fresh", "--look-back", 24, "--segment", 4, "--subtract", "last", "--loss", "gaussian"),
             ("--state", "fresh", "--look-back", 24, "--segment", 4, "--subtract", "none", "--pool", "mean")]  # fmt: skip
    for keys in carried + fresh:
        run, model = runs.train(data, "--horizon", horizon, *keys)
        segment, look_back = (keys[keys.index(key) + 1] if key in keys else None for key in ("--segment", "--look-back"))
        segment = segment or 1
        ours, theirs = [], []
        for name, (own, line) in enumerate(zip(series, runs.predict(run, asked))):
            first = len(own) - look_back if look_back else 0
            steps = (len(own) - first) // segment
            part = np.array(own[first:]).reshape(steps, 1, segment, 4)
            days = np.array([[(first + (t + 1) * segment + i) % 7 for i in range(horizon)] for t in range(steps)], np.float64)
            read = {"target": part[..., :2], "source": part[..., 2:3], "known": days[:, None]}
            values = {}
            for column in model.columns:
                if column["role"] == "static":
                    values[column["name"]] = np.full((steps, 1), column["symbols"].index("ab"[name % 2]))
                else:
                    values[column["name"]] = read[column["role"]].reshape(steps, 1, -1)
            said = model.run(values)
            numbers = said["mean" if "mean" in said else "numbers"]
            theirs.append(numbers[0] if look_back else numbers[-1, 0])
            ours.append(np.array([line["answer"]["y"], line["answer"]["z"]]).T)
        yield agree(f"forecast {' '.join(map(str, keys))}", ours, theirs)


def spellings(runs):
    """Texts that steps spell: their probability by the forward algorithm over what each step says."""
    draw = random.Random(5)
    rows, sequences = [], []
    for name in range(60):
        word = "".join(draw.choice("ab") for _ in range(draw.randint(1, 4)))
        own = [[draw.gauss(3 if letter == "a" else -3, 1), draw.gauss(0, 1)] for letter in word for _ in range(3)]
        sequences.append(own)
        rows += [(name, i, *map(repr, row), word) for i, row in enumerate(own)]
    table = write_table(runs.folder / "spelt.csv", ("id", "step", "x", "y", "word"), rows)
    data = runs.prepare("spelt", "--task", "transcribe", "--input", table, "--group", "id", "--time", "step", "--source",
                        "x", "y", "--target", "word:char")  # fmt: skip
    run, model = runs.train(data, "--cell", "lstm", "--bidirectional", steps=300)
    told = runs.predict(run, table)
    read, said = (next(c for c in model.columns if (c["role"] == "target") == target) for target in (False, True))
    lengths = list(map(len, sequences))
    numbers = np.zeros((max(lengths), len(sequences), 2))
    for i, own in enumerate(sequences):
        numbers[: len(own), i] = own
    steps = model.run({read["name"]: numbers}, lengths)["probabilities"]
    ids = {symbol: i for i, symbol in enumerate(said["symbols"])}
    blank, ours, theirs = steps.shape[2] - 1, [], []
    for i, line in enumerate(told):
        path = [blank]
        for symbol in line["answer"]:
            path += [ids[symbol], blank]
        alpha = np.zeros(len(path))
        alpha[:2] = steps[0, i, path[:2]]
        for t in range(1, lengths[i]):
            before = alpha.copy()
            alpha[1:] += before[:-1]
            for s in range(2, len(path)):
                alpha[s] += before[s - 2] if path[s] not in (blank, path[s - 2]) else 0
            alpha *= steps[t, i, path]
        ours.append(math.exp(line["score"]))
        theirs.append(alpha[-2:].sum())
    yield agree("transcribe: probabilities of texts", ours, theirs)


def run_checks(description, kind, checks) -> int:
    """Each of `checks`, with runs of this kind, Runs or a kind of it, and what has agreed: an exit code."""
    parser = argparse.ArgumentParser(description=description.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--rondo", type=pathlib.Path, default=ROOT / "build/release/rondo")
    options = parser.parse_args()
    agreed = []
    with tempfile.TemporaryDirectory(prefix="second-opinion-") as name:
        runs = kind(options.rondo, pathlib.Path(name))
        for check in checks:
            agreed += check(runs)
    print(f"{sum(agreed)} of {len(agreed)} agree")
    return 0 if agreed and all(agreed) else 1


if __name__ == "__main__":
    sys.exit(run_checks(__doc__, Runs, (texts, series, classes, forecasts, spellings)))
