"""PyTorch's side of a comparison: starts torch_trainer.py and tells it what to do."""

import json
import os
import pathlib
import subprocess
import tempfile
from typing import Dict, Optional, Sequence

import launch
import shapes

TRAINER = pathlib.Path(__file__).with_name("torch_trainer.py")
WARM_STEPS = 10
TRIAL_STEPS = 3


def environment(mode: shapes.Mode, cache: pathlib.Path) -> Dict[str, str]:
    """The caller's, without what would choose other kernels than PyTorch's own choice."""
    others = ("OPENBLAS_", "OMP_", "MKL_", "GOMP_", "KMP_", "DNNL_", "ONEDNN_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return {**kept, **launch.MPI_ENVIRONMENT, "OMP_NUM_THREADS": str(mode.threads),
            "GLOO_SOCKET_IFNAME": "eth0" if mode.hosts else "lo",
            "TORCHINDUCTOR_CACHE_DIR": str(cache)}  # fmt: skip


class TorchError(RuntimeError):
    """What a rank answered instead of a result."""


class TorchPeer:
    """A model in training. Use as a context: leaving it ends the processes."""

    def __init__(self, python: pathlib.Path, folder: pathlib.Path, shape: shapes.Shape,
                 mode: shapes.Mode, launcher: Sequence[str]):
        """`launcher`: as launch.words makes it."""
        self.folder = folder
        self.log = folder / "pytorch.log"
        self.program = [python, TRAINER]
        self.settings = {"shape": vars(shape), "lanes": shape.lanes * mode.threads,
                         "threads": mode.threads, "ranks": mode.ranks}  # fmt: skip
        self.launcher = launcher
        self.environment = environment(mode, folder / "inductor")
        self.process: Optional[subprocess.Popen] = None
        self.warm = False
        self.version = ""
        # What is kept, and what its choice was based on.
        self.variant, self.optimizer = "eager", "fused"
        self.trials: Dict[str, object] = {}

    def __enter__(self) -> "TorchPeer":
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def start(self) -> None:
        """Starts the processes if they do not run."""
        if self.process is not None:
            return
        meeting = tempfile.mkdtemp(dir=self.folder) + "/meeting"
        settings = json.dumps({**self.settings, "meeting": meeting})
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                launch.command(self.launcher, [*self.program, settings]),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                env=self.environment,
            )  # fmt: skip
        self.version = self._answer()["version"]
        self.warm = False

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.stdin.close()  # the end of its commands
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.terminate()
            self.process.wait()
        self.process = None

    def _answer(self) -> Dict:
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.log.read_text(encoding='utf-8')}PyTorch ended")
        answer = json.loads(line)
        if "error" in answer:
            raise TorchError(answer["error"])
        return answer

    def _tell(self, *command: object) -> Dict:
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def run(self, steps: int, variant: Optional[str] = None) -> float:
        """Seconds of so many steps."""
        return self._tell("run", variant or self.variant, steps)["seconds"]

    def choose_update(self) -> None:
        """Keeps the faster of Adam's two forms."""
        self.run(TRIAL_STEPS)
        updates = {
            name: self._tell("time_updates", name, TRIAL_STEPS)["seconds"]
            for name in ("foreach", "fused")
        }
        self.trials["foreach_over_fused"] = updates["foreach"] / updates["fused"]
        self.optimizer = min(updates, key=updates.get)
        self._tell("choose_optimizer", self.optimizer)

    def choose_form(self) -> None:
        """Keeps the compiled model if it is faster than the eager one, in turns of a step."""
        try:
            self.run(TRIAL_STEPS, "compiled")  # compiles in the first step
        except TorchError as error:
            self.trials["compile"] = f"failed: {error}"
            return
        seconds = {name: 0.0 for name in ("eager", "compiled")}
        for _ in range(TRIAL_STEPS):
            for name in seconds:
                seconds[name] += self.run(1, name)
        self.trials["compiled_over_eager"] = seconds["compiled"] / seconds["eager"]
        self.variant = min(seconds, key=seconds.get)

    def warm_up(self) -> None:
        """Ten steps of what was chosen, once after each start."""
        if not self.warm:
            self._tell("choose_optimizer", self.optimizer)
            self.run(WARM_STEPS)
            self.warm = True

    def describe(self) -> str:
        return f"{self.variant}, {self.optimizer} Adam"
