"""Tests of the scripts' own arithmetic; they need neither rondo nor PyTorch.

python3 -m unittest discover -s tests/bench/peers
"""

import json
import os
import pathlib
import tempfile
import unittest

import launch
import measure
import results
import rondo_program
import shapes
import tesseract


class Shapes(unittest.TestCase):
    def test_a_name_gives_its_shape_and_the_shape_its_name(self):
        for name in ("lstm-2x512-32-65", "lstm-2x256-20-10000-35", "tanh-1x8-1-2"):
            self.assertEqual(shapes.parse(name).name, name)
        self.assertEqual(shapes.parse("gru-2x512-32-65"), shapes.Shape("gru", 2, 512, 32, 65))

    def test_other_names_are_refused(self):
        for name in ("lstm", "rnn-1x8-1-2", "lstm-1x8-1", "lstm-0x8-1-2", "lstm-1x8-1-2-"):
            with self.assertRaises(ValueError):
                shapes.parse(name)

    def test_operations_are_six_a_weight_of_every_matrix(self):
        # One layer of 2 units on 2 inputs: gates x (2 x 2 + 2 x 2); the head: 2 x 3.
        self.assertEqual(shapes.parse("tanh-1x2-1-3").operations(), 6 * (1 * 8 + 6))
        self.assertEqual(shapes.parse("gru-1x2-1-3").operations(), 6 * (3 * 8 + 6))
        self.assertEqual(shapes.parse("lstm-2x2-1-3").operations(), 6 * (2 * 4 * 8 + 6))

    def test_share_of_peak(self):
        shape = shapes.parse("tanh-1x2-1-3")  # 84 operations a symbol
        self.assertAlmostEqual(shapes.share_of_peak(shape, 1000.0, 168000.0), 0.5)

    def test_lanes_are_those_of_every_core(self):
        shape = shapes.parse("lstm-1x128-32-65")
        lanes = {name: mode.all_lanes(shape) for name, mode in shapes.MODES.items()}
        expected = {"one-core": 32, "two-threads": 64, "two-ranks": 64, "four-hosts": 128}
        self.assertEqual(lanes, expected)

    def test_steps_fill_the_time_and_are_never_fewer_than_two(self):
        shape = shapes.Shape("tanh", 1, 2, 1, 3, window=10)  # 840 operations a step
        self.assertEqual(shapes.steps_for(shape, 1.0, 1680.0), (2, 2))  # a second a step
        self.assertEqual(shapes.steps_for(shape, 7.0, 1680.0), (7, 7))
        self.assertEqual(shapes.steps_for(shape, 38.0, 1680.0), (10, 40))


class Turns(unittest.TestCase):
    def test_a_ratio_is_of_one_turn(self):
        turns = [{"rondo": 10.0, "pytorch": 10.0}, {"rondo": 20.0, "pytorch": 10.0},
                 {"rondo": 90.0, "pytorch": 30.0}]  # fmt: skip
        found = measure.summary(turns)
        self.assertEqual((found["rondo"], found["pytorch"]), (20.0, 10.0))
        self.assertEqual((found["ratio_least"], found["ratio"], found["ratio_most"]), (1, 2, 3))


class Launching(unittest.TestCase):
    def line(self, mode, cores):
        return " ".join(launch.command(launch.words(mode, cores, "1gbit"), ["rondo", 7]))

    def test_each_rank_is_kept_to_its_cores(self):
        self.assertEqual(self.line(shapes.MODES["two-threads"], [3, 5]), "taskset -c 3,5 rondo 7")
        self.assertEqual(
            self.line(shapes.MODES["two-ranks"], [3, 5]),
            "mpirun --bind-to none -n 1 taskset -c 3 rondo 7 : -n 1 taskset -c 5 rondo 7",
        )

    def test_hosts_share_the_cores(self):
        line = self.line(shapes.MODES["four-hosts"], [0, 1])
        self.assertTrue(line.endswith("network/hosts 4 1gbit rondo 7"), line)


class Reports(unittest.TestCase):
    shape = shapes.Shape("tanh", 1, 2, 1, 3, window=10)  # 84 operations a symbol, 10 a step

    def report(self, step, seconds, gflops=84e-9):
        return {"step": step, "seconds": seconds, "gflops": gflops, "tokens_per_second": 1.0}

    def rate(self, *reports):
        return rondo_program.timed_rate(reports, self.shape, shapes.Mode(1, 2), 10, 20)

    def test_the_first_report_warms_up(self):
        # 20 steps of 10 symbols in each of 2 lanes, in 4 seconds
        reports = (self.report(10, 9.0), self.report(20, 11.0), self.report(30, 13.0))
        self.assertAlmostEqual(self.rate(*reports), 100.0)

    def test_missing_steps_and_another_count_of_operations_are_refused(self):
        with self.assertRaises(SystemExit):
            self.rate(self.report(10, 9.0), self.report(20, 11.0))
        with self.assertRaises(SystemExit):
            self.rate(self.report(10, 9.0), self.report(30, 13.0, gflops=85e-9))

    def test_a_text_has_all_its_symbols(self):
        self.assertEqual(set(rondo_program.random_symbols(70, count=100)), set(range(70)))


class Results(unittest.TestCase):
    def write(self, folder, name, time, *records):
        path = pathlib.Path(folder) / name
        results.write(path, {"processor": "P", "time": time}, records)
        return path

    def record(self, shape, ratio, mode="one-core"):
        return {"shape": shape, "mode": mode, "ratio": ratio, "ratio_least": ratio,
                "ratio_most": ratio, "rondo": 2000.0, "rondo_share": 0.5, "pytorch": 1000.0,
                "pytorch_share": 0.25, "pytorch_variant": "eager, fused Adam", "vector": "avx2",
                "pytorch_version": "2.0", "peak": 1e11}  # fmt: skip

    def test_the_later_record_counts_whatever_the_order_of_the_files(self):
        shape = "lstm-1x128-32-65"
        with tempfile.TemporaryDirectory() as folder:
            old = self.write(folder, "a.json", "2026-01-01", self.record(shape, 1.0))
            new = self.write(folder, "b.json", "2026-01-02", self.record(shape, 2.0))
            for paths in ((old, new), (new, old)):
                self.assertEqual([r["ratio"] for r in results.read(paths)], [2.0])
            self.assertEqual(json.loads(old.read_text())["machine"]["processor"], "P")

    def test_the_table_has_a_row_a_shape_and_a_line_a_cell(self):
        shown = [self.record(name, ratio) for name, ratio in
                 (("lstm-1x128-32-65", 1.0), ("lstm-1x256-32-65", 1.5), ("gru-1x128-32-65", 3.0))]
        for record in shown:
            record["machine"] = {"processor": "P"}
        text = results.table(shown)
        self.assertIn("LSTM: at least 1.00, median 1.25 over 2 shapes", text)
        self.assertIn("GRU: at least 3.00, median 3.00 over 1 shapes", text)
        self.assertIn("50.0 %", text)
        self.assertNotIn("Elman", text)


class Lines(unittest.TestCase):
    def test_edits_are_the_fewest(self):
        for one, other, fewest in (("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("abc", "axc", 1),
                                   ("abc", "bc", 1), ("kitten", "sitting", 3)):  # fmt: skip
            self.assertEqual(tesseract.edits(one, other), fewest)
            self.assertEqual(tesseract.edits(other, one), fewest)

    def test_the_share_is_of_all_right_characters(self):
        self.assertEqual(tesseract.share_wrong(["ab", "xyzw"], ["ab", "xyz"]), 1 / 5)
        with self.assertRaises(SystemExit):
            tesseract.share_wrong(["ab"], ["ab", "c"])

    def test_boxes_are_those_of_the_whole_line(self):
        self.assertEqual(tesseract.box_file("a b", 30, 9),
                         "a 0 0 30 9 0\n  0 0 30 9 0\nb 0 0 30 9 0\n\t 30 9 31 10 0\n")  # fmt: skip

    def test_words_of_pages(self):
        rows = [["level", "page_num"] + ["x"] * 9 + ["text"], ["1", "1"] + ["0"] * 9 + [""],
                ["5", "1"] + ["0"] * 9 + ["In"], ["5", "1"] + ["0"] * 9 + ["the"], ["1", "2"] + ["0"] * 9 + [""],
                ["5", "3"] + ["0"] * 9 + ["beginning"]]  # fmt: skip
        table = "".join("\t".join(row) + "\n" for row in rows)
        self.assertEqual(tesseract.words_by_page(table, 3), ["In the", "", "beginning"])

    def test_curves_are_compared_at_equal_time_and_equal_error(self):
        own = [(60, 0.5), (120, 0.25)]
        said = tesseract.compared(own, [(60, 0.9), (121, 0.5), (180, 0.3)]).splitlines()
        self.assertEqual(said[0], "after   2.00 processor minutes: rondo 25.00 %, Tesseract 50.00 %")
        self.assertEqual(said[1], "Tesseract is at 25.00 % not within   3.00 processor minutes")
        self.assertEqual(said[2], "rondo is at 50.00 % after   1.00 processor minutes")

    def test_size_of_a_picture(self):
        with tempfile.TemporaryDirectory() as folder:
            picture = pathlib.Path(folder) / "a.png"
            picture.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x02\0\0\0\x24")
            self.assertEqual(tesseract.png_size(picture), (258, 36))

    def test_processor_seconds_of_a_process(self):
        self.assertGreaterEqual(tesseract.processor_seconds(os.getpid()), 0)
        gone = tesseract.processor_seconds(2**22 + 1)  # more than there can be
        self.assertNotEqual(gone, gone)


if __name__ == "__main__":
    unittest.main()
