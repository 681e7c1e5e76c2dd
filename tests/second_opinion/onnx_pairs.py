#!/usr/bin/env python3
"""An encoder-decoder that rondo exported as ONNX, in onnxruntime: what rondo says, within 1e-5.

How a program of yours uses one:

    import numpy as np
    from onnx_pairs import Pair
    pair = Pair("sounds.encoder.onnx", "sounds.decoder.onnx")
    source = pair.read({"word": np.array([[3], [1], [4]])})            # [time, batch]
    symbols, log_probability, attention = pair.say(source, longest=29)[0]

Run as a script it trains small models by rondo: each cell, each attention, with and without input feeding,
layers, both directions, tied tables, sources of several columns and of numbers. Of each it exports both
graphs, has ONNX's own checker look at them, and compares the greedy texts of a batch of unequal lengths, their
log probabilities and what was looked at with `rondo predict --beam 1`; and several texts of one source with as
many sources. Exit code 0 when all agree, 1 when not. Needs what onnx_models.py needs.
"""

import json
import random
import sys

import numpy as np
import onnx

from onnx_models import CELLS, CHOICE, Model, Runs, agree, call, run_checks, write_table


class Pair:
    def __init__(self, encoder, decoder):
        self.encoder, self.decoder = Model(encoder), Model(decoder)
        self.columns = self.decoder.columns
        self.said = next(c for c in self.columns if c["role"] == "target")
        self.reads = [value.name for value in self.decoder.session.get_inputs()]

    def read(self, values, lengths=None):
        """Sources, [time, batch, ...] of each column: what the decoder reads of them."""
        times, batch = next(iter(values.values())).shape[:2]
        lengths = np.array([times] * batch if lengths is None else lengths, np.int64)
        made = self.encoder.session.run(None, {**values, "lengths": lengths})
        return {**dict(zip(self.encoder.outputs, made)), "lengths": lengths}

    def begin(self, source):
        """The states before the first symbol: of the layers what was read, of feeding 0."""
        batch = len(source["layer0.hidden"])
        return {name: source.get(name, state) for name, state in self.decoder.begin(batch).items()}

    def step(self, symbols, source, states):
        """A symbol more of each text, behind `symbols` [batch]; and the states behind it."""
        memory = {name: source[name] for name in ("memory", "keys", "lengths") if name in self.reads}
        made = self.decoder.session.run(None, {self.said["name"]: symbols, **memory, **states})
        said = dict(zip(self.decoder.outputs, made))
        return said, {name: said.pop(name + ".next") for name in self.decoder.states}

    def say(self, source, longest):
        """Greedily, of each source: at most so many symbols, their log probability with the end's, what was
        looked at."""
        states, end = self.begin(source), self.said["end"]
        texts = [([], 0.0, []) for _ in source["lengths"]]
        symbols = np.full(len(texts), end)
        going = set(range(len(texts)))
        longest = np.broadcast_to(longest, len(texts))
        for length in range(max(longest) + 1):
            said, states = self.step(symbols, source, states)
            known = log_softmax(said["logits"].astype(np.float64))
            allowed = known.copy()
            allowed[:, self.said["unknown"]] = -np.inf  # nobody wants to read it
            symbols = np.where(length < longest, allowed.argmax(axis=1), end)
            for i in sorted(going):
                names, log_probability, looked = texts[i]
                if "attention" in said:
                    looked = [*looked, said["attention"][i, : source["lengths"][i]]]
                names = names if symbols[i] == end else [*names, symbols[i]]
                texts[i] = (names, log_probability + known[i, symbols[i]], looked)
            going -= set(np.flatnonzero(symbols == end))
            if not going:
                break
        return texts


def log_softmax(logits):
    less = logits - logits.max(axis=-1, keepdims=True)
    return less - np.log(np.exp(less).sum(axis=-1, keepdims=True))


class PairRuns(Runs):
    def pair(self, data, *keys):
        """A trained run, and both of its graphs."""
        run = self.trained(data, *keys, steps=60)
        file = self.folder / f"pair{self.number}.onnx"
        call(self.rondo, "export", run, "--to", "onnx", "--output", file)
        files = [str(file.with_suffix(f".{part}.onnx")) for part in ("encoder", "decoder")]
        for name in files:
            onnx.checker.check_model(name, full_check=True)
        return run, Pair(*files)

    def greedy(self, run, table, *keys):
        """Texts and log probabilities of `rondo predict`, greedily."""
        told = call(self.rondo, "predict", "--checkpoint", run, "--input", table, "--json", "--beam", 1, *keys)
        lines = map(json.loads, told.splitlines())
        return [(line["answer"], line["log_probability"]) for line in lines]

    def looked_at(self, run, table):
        """What its attention is at each step of each text, to six digits."""
        file = self.folder / f"looked{self.number}"
        self.greedy(run, table, "--attention-output", file)
        return [json.loads(line)["weights"] for line in file.read_text(encoding="utf-8").splitlines()]


def same(name, ours, theirs):
    """Prints a line; whether texts are the same, not all of them one."""
    right = sum(a == b for a, b in zip(ours, theirs))
    good = right == len(ours) == len(theirs) and len(set(ours)) > 1
    print(f"{name:66}{right:6} of {len(ours)}  {'agree' if good else 'DIFFER'}", flush=True)
    return good


def compared(runs, name, data, table, sources, keys, between=" "):
    """`sources` of a pair's columns: values [time, batch, ...] and lengths."""
    run, pair = runs.pair(data, *keys)
    values, lengths = sources(pair.columns)
    told = runs.greedy(run, table)
    longest = 3 * np.array(lengths) + 20
    said = pair.say(pair.read(values, lengths), longest)
    texts = [between.join(pair.said["symbols"][symbol] for symbol in text[0]) for text in said]
    yield same(f"{name}: texts", [line[0] for line in told], texts)
    yield agree(f"{name}: log probabilities", [line[1] for line in told], [text[1] for text in said])
    if "attention" in pair.decoder.outputs:
        ours, theirs = (np.concatenate([np.ravel(text) for text in all_of])
                        for all_of in (runs.looked_at(run, table), [text[2] for text in said]))  # fmt: skip
        yield agree(f"{name}: attention", ours, theirs)
        yield from texts_of_one_source(name, pair, values, lengths)


def texts_of_one_source(name, pair, values, lengths):
    """Several texts at once whose one source is there once, and once for each."""
    i, count = int(np.argmax(lengths)), 5
    source = pair.read({key: value[:, i : i + 1] for key, value in values.items()}, [lengths[i]])
    of_each = {key: np.repeat(value, count, axis=0) for key, value in source.items()}
    symbols = np.arange(count) % len(pair.said["symbols"])
    ours, theirs = (pair.step(symbols, of, pair.begin(of_each))[0]["logits"] for of in (of_each, source))
    yield agree(f"{name}: texts of one source", ours, theirs)


def padded(rows, kind):
    """Values of sequences side by side, [time, batch, ...]; behind an end stand others."""
    longest = max(map(len, rows))
    behind = np.full_like(np.array(rows[0][0], kind), 1)
    return np.stack([[*row, *[behind] * (longest - len(row))] for row in rows], axis=1).astype(kind)


def ids_of(columns, name):
    symbols = next(c for c in columns if c["name"] == name)["symbols"]
    return {symbol: i for i, symbol in enumerate(symbols)}


def sound(word):
    """Phones of a word: a c hangs on what follows, x says two, an e at the end nothing."""
    phones = []
    for i, letter in enumerate(word):
        if letter != "e" or i + 1 < len(word):
            soft = word[i + 1 : i + 2] == "e"
            phones += {"x": ["K", "S"], "c": ["S" if soft else "K"]}.get(letter, [letter.upper()])
    return " ".join(phones)


def words(runs):
    draw = random.Random(1)
    drawn = ["".join(draw.choice("abcexo") for _ in range(draw.randint(2, 9))) for _ in range(90)]
    drawn = [word for word in dict.fromkeys(drawn) if sound(word)]
    places = [draw.choice(["north", "south"]) for _ in drawn]
    table = write_table(runs.folder / "words.csv", ("word", "place", "phones"),
                        [(word, place, sound(word)) for word, place in zip(drawn, places)])  # fmt: skip
    one = runs.prepare("words", "--task", "transduce", "--input", table, "--source", "word:char", "--target", "phones:word")
    two = runs.prepare("places", "--task", "transduce", "--input", table, "--source", "word:char", "--static",
                       "place:class", "--target", "phones:word")  # fmt: skip
    lengths = list(map(len, drawn))

    def letters(columns):
        ids = ids_of(columns, "word")
        return {"word": padded([[ids[letter] for letter in word] for word in drawn], np.int64)}, lengths

    def letters_and_places(columns):
        ids = ids_of(columns, "place")
        values = letters(columns)[0]
        values["place"] = padded([[ids[place]] * len(word) for word, place in zip(drawn, places)], np.int64)
        return values, lengths

    attentions = ("none", "dot", "general", "additive")
    settings = [(*CHOICE[cell], *fed) for cell in CELLS for fed in ((), ("--input-feeding",))]
    settings += [("--attention", attention, *fed, *both) for attention in attentions
                 for fed in ((), ("--input-feeding",)) for both in ((), ("--bidirectional", "--layers", 2))
                 if not (attention == "none" and fed) and not (attention == "dot" and both)]  # fmt: skip
    settings += [("--cell", "gru", "--encoder-layers", 2, "--decoder-layers", 3, "--initial-state", "trained"),
                 ("--cell", "gru", "--embedding", 19, "--tied"),
                 ("--cell", "lstm", "--embedding", 6, "--zoneout", 0.1, "--zoneout-cell", 0.2, "--input-feeding"),
                 ("--cell", "lstm-projected", "--projection", 5, "--bidirectional", "--attention", "additive"),
                 ("--cell", "gru", "--average", 0.9)]  # fmt: skip
    for keys in settings:
        yield from compared(runs, f"transduce {' '.join(map(str, keys))}", one, table, letters, keys)
    yield from compared(runs, "transduce, two columns", two, table, letters_and_places, ("--bidirectional",))
    back = write_table(runs.folder / "back.csv", ("word", "back"), [(word, word[::-1]) for word in drawn])
    shared = runs.prepare("back", "--task", "transduce", "--input", back, "--source", "word:char", "--target",
                          "back:char", "--shared-vocabulary")  # fmt: skip
    yield from compared(runs, "transduce, one table, tied", shared, back, letters, ("--tied", "--embedding", 19), "")


def weather(runs):
    """Of numbers in one row, of one step and of two, some of which are missing."""
    draw = random.Random(2)
    rows = [[round(draw.uniform(0, most), 1) for most in (10, 90, 14, 40)] for _ in range(90)]
    told = [(f"{'wet' if row[0] > 5 else 'dry'} and {'windy' if row[1] > 45 else 'calm'}"
             f"{' and warm' if row[3] > 20 else ''}") for row in rows]  # fmt: skip
    lost = [[draw.random() < 0.1 for _ in row] for row in rows]
    table = write_table(runs.folder / "weather.csv", ("rain", "wind", "sun", "heat", "report"),
                        [[*("" if gone else value for value, gone in zip(row, gaps)), text]
                         for row, gaps, text in zip(rows, lost, told)])  # fmt: skip
    numbers = np.where(lost, np.nan, rows)
    for steps, keys in ((1, ("--attention", "none")), (2, ("--bidirectional", "--input-feeding"))):
        data = runs.prepare(f"weather{steps}", "--task", "caption", "--input", table, "--source", "rain", "wind", "sun",
                            "heat", "--missing", "mask", "--steps", steps, "--target", "report:word")  # fmt: skip

        def sources(columns, steps=steps):
            name = next(c["name"] for c in columns if c["role"] == "source")
            return {name: np.swapaxes(numbers.reshape(len(rows), steps, -1), 0, 1)}, [steps] * len(rows)

        yield from compared(runs, f"caption of {steps} steps", data, table, sources, keys)


if __name__ == "__main__":
    sys.exit(run_checks(__doc__, PairRuns, (words, weather)))
