"""onnxruntime's side of streaming.py: a model of texts whose states go back into the graph."""

import time
from typing import Callable, Dict, Tuple

import numpy as np
import onnxruntime

WARM = 100  # symbols that are read before time is taken: streaming_rate.h


class Stream:
    """A file that `rondo export --to onnx` has written, `times` symbols a call, on one thread.

    `ways`: arrays handed over and returned, or buffers that the session keeps: what it makes of the
    states lies where the next call reads them.
    """

    def __init__(self, file: str, times: int):
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = settings.inter_op_num_threads = 1
        settings.add_session_config_entry("session.set_denormal_as_zero", "1")  # as rondo does
        self.session = onnxruntime.InferenceSession(
            file, settings, providers=["CPUExecutionProvider"]
        )
        shapes = {value.name: value.shape for value in self.session.get_outputs()}
        self.classes = shapes["probabilities"][-1]
        self.names = [name for name in shapes if name.endswith(".next")]
        self.column = self.session.get_inputs()[0].name
        self.symbols = np.zeros((times, 1), np.int64)
        self.said = np.zeros((times, 1, self.classes), np.float32)
        self.arrays = {name[:-5]: np.zeros((1, shapes[name][1]), np.float32) for name in self.names}
        self.here = {name: array.copy() for name, array in self.arrays.items()}
        self.there = {name: array.copy() for name, array in self.arrays.items()}
        self.bindings = (self._bound(self.here, self.there), self._bound(self.there, self.here))
        self.at = 0
        self.ways = {"arrays": self._hand_over, "buffers": self._bind}

    def _bound(self, before: Dict, behind: Dict):
        binding = self.session.io_binding()

        def read(name, array):
            binding.bind_input(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)

        def made(name, array):
            binding.bind_output(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)

        read(self.column, self.symbols)
        made("probabilities", self.said)
        for name in self.arrays:
            read(name, before[name])
            made(name + ".next", behind[name])
        return binding

    def _hand_over(self) -> np.ndarray:
        feeds = {self.column: self.symbols, **self.arrays}
        said, *states = self.session.run(["probabilities", *self.names], feeds)
        self.arrays = dict(zip(self.arrays, states))
        return said

    def _bind(self) -> np.ndarray:
        self.session.run_with_iobinding(self.bindings[self.at])
        self.at = 1 - self.at
        return self.said

    def begin(self) -> None:
        for states in (self.arrays, self.here, self.there):
            for name in states:
                states[name][:] = 0
        self.at = 0

    def run(self, call: Callable, seconds: float) -> Tuple[float, np.ndarray]:
        """Steps a second of processor time, and what is said behind the steps that warm up."""
        times = len(self.symbols)
        lines = [np.array([[7 * t % self.classes] for t in range(first, first + times)], np.int64)
                 for first in range(0, WARM, times)]  # fmt: skip
        self.begin()
        for line in lines:
            self.symbols[:] = line
            said = call()
        behind = said[-1, 0].copy()
        done = 0
        start = time.process_time()
        while (taken := time.process_time() - start) < seconds:
            for line in lines[: max(1, 20 // times)]:
                self.symbols[:] = line
                call()
                done += times
        return done / taken, behind
