"""Results of comparisons: one JSON file for each run of the script, and the table made of them.

A file is {"machine": {...}, "records": [...]}; a record has `shape` and `mode` by name and what
measure.compare returns. Of two records of the same shape and mode the later one counts.
"""

import datetime
import json
import pathlib
import platform
import statistics
import subprocess
from typing import Dict, Iterable, List, Sequence

import shapes

CELLS = {"lstm": "LSTM", "gru": "GRU", "tanh": "Elman"}


def machine(rondo: pathlib.Path) -> Dict[str, str]:
    """What the figures belong to."""
    processor = platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                processor = line.split(":", 1)[1].strip()
                break
    version = subprocess.run([str(rondo), "--version"], stdout=subprocess.PIPE, text=True,
                             check=False).stdout.strip()  # fmt: skip
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    return {"processor": processor, "rondo": version, "time": now}


def write(path: pathlib.Path, about: Dict[str, str], records: Sequence[Dict]) -> None:
    text = json.dumps({"machine": about, "records": list(records)}, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def read(paths: Iterable[pathlib.Path]) -> List[Dict]:
    """The records of all files, in the order of the shapes, each with its file's `machine`."""
    latest: Dict[tuple, Dict] = {}
    for path in paths:
        content = json.loads(path.read_text(encoding="utf-8"))
        for record in content["records"]:
            record["machine"] = content["machine"]
            key = (record["mode"], record["shape"])
            if key not in latest or latest[key]["machine"]["time"] <= content["machine"]["time"]:
                latest[key] = record
    modes = list(shapes.MODES)
    known = [shape.name for shape in shapes.ALL]
    place = {name: at for at, name in enumerate(known)}
    return sorted(latest.values(), key=lambda record: (modes.index(record["mode"]),
                  place.get(record["shape"], len(known)), record["shape"]))  # fmt: skip


def _row(record: Dict) -> str:
    return (
        f"{record['shape']:<24}"
        f"{record['rondo']:>11,.0f} ({100 * record['rondo_share']:>4.1f} %)"
        f"{record['pytorch']:>11,.0f} ({100 * record['pytorch_share']:>4.1f} %)"
        f"{record['ratio']:>8.2f}   {record['ratio_least']:.2f} .. {record['ratio_most']:.2f}"
        f"   {record['pytorch_variant']}"
    )


def table(records: Sequence[Dict]) -> str:
    """Rates in symbols a second with their share of the peak, and how they compare."""
    lines: List[str] = []
    for mode in shapes.MODES:
        chosen = [record for record in records if record["mode"] == mode]
        if not chosen:
            continue
        about = sorted({f"{record['machine']['processor']}, {record['vector']}, "
                        f"PyTorch {record['pytorch_version']}" for record in chosen})  # fmt: skip
        peaks = [record["peak"] * 1e-9 for record in chosen]
        lines += [f"{mode}: {'; '.join(about)}; peak {min(peaks):.0f} .. {max(peaks):.0f} GFLOP/s",
                  f"{'shape':<24}{'rondo (of peak)':>20}{'PyTorch (of peak)':>20}{'ratio':>8}"
                  f"   {'least .. most'}  PyTorch's form"]  # fmt: skip
        lines += map(_row, chosen)
        lines += [*cell_summaries(chosen), ""]
    return "\n".join(lines).rstrip() + "\n"


def cell_summaries(records: Sequence[Dict]) -> List[str]:
    """For each cell that was measured, the smallest ratio over its shapes and the median."""
    lines = []
    for cell, name in CELLS.items():
        ratios = [r["ratio"] for r in records if shapes.parse(r["shape"]).cell == cell]
        if ratios:
            lines.append(f"{name}: at least {min(ratios):.2f}, median "
                         f"{statistics.median(ratios):.2f} over {len(ratios)} shapes")  # fmt: skip
    return lines
