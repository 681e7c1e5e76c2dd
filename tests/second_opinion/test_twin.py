#!/usr/bin/env python3
"""Tests of the second opinion itself, without rondo: lanes against a naive walk, the PyTorch twin
against the cells' formulas, and the comparison against files made by the twin."""

import json
import pathlib
import tempfile
import unittest

import h5py
import numpy
import torch

import cells
import compare
import packed_lanes
import philox
import twin

SLOTS = {"tanh": 1, "relu": 1, "lstm": 4, "gru": 4}  # of the bias
SLOTS |= {"lstm-coupled": 3, "lstm-peephole": 4, "lstm-norm": 5, "gru-norm": 4, "lstm-projected": 4}
PROJECTION = 3
GATES = SLOTS | {"gru": 3, "lstm-norm": 4, "gru-norm": 3}  # of the matrices


def draw_parameters(model, vocabulary, embedding, hidden, layers, dtype=numpy.float64):
    random = numpy.random.default_rng(3)
    cell, flags = twin.MODELS[model]
    outputs = PROJECTION if cell == "lstm-projected" else hidden
    shapes = {
        "embedding.weight": (vocabulary, outputs if "--tied" in flags else embedding),
        "output.weight": (vocabulary, outputs),
        "output.bias": (vocabulary,),
    }
    for layer in range(layers):
        inputs = outputs if layer else shapes["embedding.weight"][1]
        shapes[f"rnn.weight_ih_l{layer}"] = (GATES[cell] * hidden, inputs)
        shapes[f"rnn.weight_hh_l{layer}"] = (GATES[cell] * hidden, outputs)
        shapes[f"rnn.bias_l{layer}"] = (SLOTS[cell] * hidden,)
        if cell == "lstm-projected":
            shapes[f"rnn.weight_hr_l{layer}"] = (outputs, hidden)
        if cell == "lstm-peephole":
            shapes[f"rnn.peephole_l{layer}"] = (3 * hidden,)
        if cell.endswith("-norm"):
            shapes[f"rnn.gain_l{layer}"] = (SLOTS[cell] * hidden,)
        if "--initial-state" in flags:
            for what in ("hidden", "cell")[: 2 if cell.startswith("lstm") else 1]:
                shapes[f"rnn.initial_{what}_l{layer}"] = (hidden,)
    if "--tied" in flags:
        del shapes["output.weight"]
    return {name: random.uniform(-0.6, 0.6, shape).astype(dtype) for name, shape in shapes.items()}


def logistic(x):
    return 1 / (1 + numpy.exp(-x))


def normalized(a, gain, bias):
    return gain * (a - a.mean()) / numpy.sqrt(a.var() + 1e-5) + bias


def norm_step(cell, p, layer, x, h, c):
    """One step of one lane by the formulas of include/rondo/kernels/normalized/normalized.hpp."""
    of_input = numpy.split(p[f"rnn.weight_ih_l{layer}"] @ x, GATES[cell])
    of_state = numpy.split(p[f"rnn.weight_hh_l{layer}"] @ h, GATES[cell])
    gains = numpy.split(p[f"rnn.gain_l{layer}"], SLOTS[cell])
    biases = numpy.split(p[f"rnn.bias_l{layer}"], SLOTS[cell])

    def norm(number, a):
        return normalized(a, gains[number], biases[number])

    if cell == "lstm-norm":
        i, f, g, o = (norm(s, of_input[s] + of_state[s]) for s in range(4))
        c = logistic(f) * c + logistic(i) * numpy.tanh(g)
        return logistic(o) * numpy.tanh(norm(4, c)), c
    r, z = (logistic(norm(s, of_input[s] + of_state[s])) for s in range(2))
    n = numpy.tanh(norm(2, of_input[2]) + r * norm(3, of_state[2]))
    return (1 - z) * n + z * h, c


def cell_step(cell, p, layer, x, h, c):
    """One step of one lane by the formulas of include/rondo/kernels/gates/gates.hpp."""
    if cell.endswith("-norm"):
        return norm_step(cell, p, layer, x, h, c)
    of_input = p[f"rnn.weight_ih_l{layer}"] @ x
    of_state = p[f"rnn.weight_hh_l{layer}"] @ h
    bias = p[f"rnn.bias_l{layer}"]
    if cell == "tanh":
        return numpy.tanh(of_input + of_state + bias), c
    if cell == "relu":
        return numpy.maximum(of_input + of_state + bias, 0), c
    if cell in ("lstm", "lstm-projected"):
        i, f, g, o = numpy.split(of_input + of_state + bias, 4)
        c = logistic(f) * c + logistic(i) * numpy.tanh(g)
        m = logistic(o) * numpy.tanh(c)
        return p[f"rnn.weight_hr_l{layer}"] @ m if cell == "lstm-projected" else m, c
    if cell == "lstm-coupled":
        f, g, o = numpy.split(of_input + of_state + bias, 3)
        f = logistic(f)
        c = f * c + (1 - f) * numpy.tanh(g)
        return logistic(o) * numpy.tanh(c), c
    if cell == "lstm-peephole":
        i, f, g, o = numpy.split(of_input + of_state + bias, 4)
        p_i, p_f, p_o = numpy.split(p[f"rnn.peephole_l{layer}"], 3)
        c = logistic(f + p_f * c) * c + logistic(i + p_i * c) * numpy.tanh(g)
        return logistic(o + p_o * c) * numpy.tanh(c), c
    b_r, b_z, b_n, b_m = numpy.split(bias, 4)
    r_i, z_i, n_i = numpy.split(of_input, 3)
    r_s, z_s, m_s = numpy.split(of_state, 3)
    r, z = logistic(r_i + r_s + b_r), logistic(z_i + z_s + b_z)
    n = numpy.tanh(n_i + b_n + r * (m_s + b_m))
    return n + z * (h - n), c


def keep(flags, layer, t, old, states):
    """Zoneout of one lane at step t of window 0, unit by unit."""
    purposes = cells.Zoneout.HIDDEN, cells.Zoneout.CELL
    for purpose, name, before, state in zip(purposes, ("--zoneout", "--zoneout-cell"), old, states):
        key = philox.stream(twin.SEED, purpose, 0, layer)
        for unit in range(len(state)):
            word = int(philox.philox((unit // 4, 0, t, 0), key)[unit % 4])
            if (word >> 8) / 2**24 < numpy.float32(twin.value_of(flags, name)):
                state[unit] = before[unit]


def naive_loss(model, p, tokens, targets, layers, hidden):
    """Mean loss of one lane from its initial state, step by step."""
    cell, flags = twin.MODELS[model]
    output = p["embedding.weight" if "--tied" in flags else "output.weight"]
    outputs = PROJECTION if cell == "lstm-projected" else hidden
    h, c = (
        numpy.stack([p.get(f"rnn.initial_{what}_l{k}", numpy.zeros(width)) for k in range(layers)])
        for what, width in (("hidden", outputs), ("cell", hidden))
    )
    losses = []
    for t, (token, target) in enumerate(zip(tokens, targets)):
        x = p["embedding.weight"][token]
        for layer in range(layers):
            old = h[layer].copy(), c[layer].copy()
            h[layer], c[layer] = cell_step(cell, p, layer, x, h[layer], c[layer])
            keep(flags, layer, t, old, (h[layer], c[layer]))
            x = h[layer] + x if "--residual" in flags and layer > 0 else h[layer].copy()
        logits = output @ x + p["output.bias"]
        losses.append(numpy.log(numpy.exp(logits).sum()) - logits[target])
    return numpy.mean(losses)


class PackedLanes(unittest.TestCase):
    def test_each_token_once_an_epoch_with_its_successor(self):
        for count, lanes, window in ((1, 1, 4), (10, 3, 2), (23, 4, 4), (24, 4, 6), (7, 9, 3)):
            walk = packed_lanes.windows(numpy.arange(count), lanes, window)
            length = -(-count // lanes)
            for _ in range(2):
                seen = []
                for first in range(0, length, window):
                    w = next(walk)
                    self.assertEqual(w.starts_epoch, first == 0)
                    self.assertEqual(len(w.inputs), min(window, length - first))
                    for t, lane in numpy.ndindex(w.inputs.shape):
                        position = lane * length + first + t
                        if position < count - 1:
                            self.assertEqual(w.inputs[t, lane], position)
                            self.assertEqual(w.targets[t, lane], position + 1)
                            seen.append(position)
                        else:
                            self.assertEqual(w.targets[t, lane], packed_lanes.MASKED)
                self.assertEqual(sorted(seen), list(range(count - 1)))

    def test_windows_of_their_own_lengths_end_with_their_epoch(self):
        walk = packed_lanes.windows(numpy.arange(20), 2, 4, [3, 4, 5, 10, 1])
        starts = [(w.inputs[0, 0], len(w.inputs), w.starts_epoch) for w in walk]
        self.assertEqual(
            starts, [(0, 3, True), (3, 4, False), (7, 3, False), (0, 10, True), (0, 1, True)]
        )


class Philox(unittest.TestCase):
    def test_numbers_are_rondos(self):
        """Those of tests/unit/core/random_test.cpp."""
        words = philox.philox((1, 2, 3, 0), philox.stream(1234, 100, 5, 6))
        self.assertEqual(
            [int(word) for word in words], [0x7BC003C9, 0xA7BED7A2, 0x8264194C, 0x398C371D]
        )

    def test_units_are_words_of_their_blocks(self):
        key = philox.stream(5, 14, 2, 1)
        values = philox.unit_floats(key, 3, 2, 7)
        self.assertEqual(values.shape, (3, 2, 7))
        word = int(philox.philox((1, 1, 2, 0), key)[2])
        self.assertEqual(values[2, 1, 6], (word >> 8) / 2**24)


class TwinModel(unittest.TestCase):
    def test_loss_is_the_formulas(self):
        tokens, targets = [3, 1, 4, 1, 5], [1, 4, 1, 5, 0]
        for cell in twin.MODELS:
            p = draw_parameters(cell, vocabulary=6, embedding=5, hidden=5, layers=2)
            window = packed_lanes.Window(
                numpy.array(tokens)[:, None], numpy.array(targets)[:, None], True
            )
            loss, _, _ = twin.Twin(cell, p).loss(window, None)
            self.assertAlmostEqual(
                loss.item(), naive_loss(cell, p, tokens, targets, 2, 5), delta=1e-14, msg=cell
            )

    def test_names_go_there_and_back(self):
        for cell in twin.MODELS:
            p = draw_parameters(cell, vocabulary=6, embedding=5, hidden=5, layers=2)
            back = twin.Twin(cell, p).parameters_as_rondo_names_them()
            self.assertEqual(back.keys(), p.keys())
            for name in p:
                numpy.testing.assert_array_equal(back[name], p[name])

    def test_second_bias_stays_zero_but_for_the_candidate(self):
        for cell in twin.PYTORCHS:
            p = draw_parameters(cell, vocabulary=6, embedding=4, hidden=5, layers=2)
            model = twin.Twin(cell, p)
            walk = packed_lanes.windows(numpy.arange(40) % 6, 2, 5)
            self.assertEqual(len(list(twin.train(model, walk, 5, 0.01, twin.Rules(1.0)))), 5)
            for layer in range(2):
                second = getattr(model.rnn, f"bias_hh_l{layer}").detach().numpy()
                held = second[:10] if cell == "gru" else second
                numpy.testing.assert_array_equal(held, numpy.zeros_like(held))
                if cell == "gru":
                    start = p[f"rnn.bias_l{layer}"][15:]
                    self.assertTrue(numpy.all(second[10:] != start))

    def test_a_missing_parameter_is_refused(self):
        p = draw_parameters("lstm", vocabulary=6, embedding=4, hidden=5, layers=2)
        del p["output.bias"]
        with self.assertRaisesRegex(ValueError, "output.bias"):
            twin.Twin("lstm", p)


class Comparison(unittest.TestCase):
    """On a run's files as rondo writes them, here made by the twin."""

    def make_run(self, folder, cell, disturb):
        text = (compare.ROOT / "LICENSE").read_bytes()[:3001]
        tokens = numpy.unique(numpy.frombuffer(text, numpy.uint8), return_inverse=True)[1]
        data = folder / "text.h5"
        with h5py.File(data, "w", userblock_size=512) as file:
            file["train/tokens"] = tokens.astype(numpy.uint8)
            file["train/documents"] = numpy.array([0, len(tokens)])
            file["validation/tokens"] = tokens[:500].astype(numpy.uint8)
            file["validation/documents"] = numpy.array([0, 500])
        p = draw_parameters(cell, tokens.max() + 1, embedding=7, hidden=9, layers=2)
        model = twin.Twin(cell, p)
        walk = packed_lanes.windows(tokens, compare.LANES, compare.WINDOW)
        steps = list(twin.train(model, walk, compare.STEPS, compare.RATE, twin.Rules(compare.CLIP_NORM)))
        with open(folder / "metrics.jsonl", "w", encoding="utf-8") as file:
            for i, step in enumerate(steps):
                loss = step.loss * (1 + disturb * (i == 150))
                line = {"step": i + 1, "split": "train", "loss": loss,
                        "gradient_norm": step.gradient_norm}  # fmt: skip
                file.write(json.dumps(line) + "\n")
            held_out = packed_lanes.windows(tokens[:500], compare.LANES, compare.WINDOW)
            line = {"step": compare.STEPS, "split": "validation",
                    "loss": twin.evaluate(model, held_out)}  # fmt: skip
            file.write(json.dumps(line) + "\n")
        for step, parameters in ((0, p), (compare.STEPS, model.parameters_as_rondo_names_them())):
            with h5py.File(folder / f"checkpoint-{step:012d}.h5", "w", userblock_size=512) as file:
                for name, value in parameters.items():
                    file[f"parameters/{name}"] = value
        return data

    def test_equal_runs_agree_and_a_disturbed_loss_is_found(self):
        for disturb, expected in ((0.0, True), (3e-9, False)):
            with tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                data = self.make_run(folder, "lstm", disturb)
                self.assertEqual(compare.compare(folder, data, "lstm", "double"), expected)


if __name__ == "__main__":
    torch.set_num_threads(1)
    unittest.main()
