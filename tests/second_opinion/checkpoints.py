"""Checkpoints of rondo's, as h5py reads them."""

import pathlib
from typing import Dict

import h5py
import numpy


def read_parameters(run: pathlib.Path, step: int) -> Dict[str, numpy.ndarray]:
    with h5py.File(run / f"checkpoint-{step:012d}.h5") as file:
        return {name: array[...] for name, array in file["parameters"].items()}
