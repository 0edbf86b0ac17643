"""Measures the simulation beside two open libraries and writes benchmarks/RESULTS_PEERS.md: `make bench-peers`.

    python -m benchmarks.peers        # needs a package index: each library goes into an environment that is thrown away

SimPy has a process for each patient along the same course, with the draws of our plain Python model. pymsm takes hazards in steps
(of a month here) and has one clock for all lines, so it runs the course with constant hazards, no frailty and no life table, path by path. Neither
is a dependency: what cannot be installed is left out, and the page says so.
"""

import json
import os
import pickle
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench import yardstick
from benchmarks.courses import chain, constant
from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.kernel import survival_times
from mbc_widgets.simulate.reference import lives_one_by_one

RESULTS = Path(__file__).with_name("RESULTS_PEERS.md")
ROOT = Path(__file__).resolve().parent.parent
SIZE, PATHS, REPEATS, MINUTE = 20_000, 200, 3, 60
SIMPY = ("simpy",)
PYMSM = (
    "pymsm==0.1.7",
    "numpy<2",
    "pandas<2",
    "scipy<1.13",
    "ipython",
    "setuptools",
)  # imports what it does not ask for

SIMPY_CODE = """
import json, pickle, statistics, sys, time, simpy
from mbc_widgets.simulate.reference import PROGRESSION, _event, _leg, _Path, _people
course, size, seed = pickle.load(sys.stdin.buffer), int(sys.argv[1]), int(sys.argv[2])
path = _Path.of(course)
last = len(path.stages) - 1

def patient(env, person, months):
    for at, stage in enumerate(path.stages):
        leg, goes_on = _leg(stage, env.now, person, at)
        yield env.timeout(leg.ends - env.now)
        if leg.end != PROGRESSION or not goes_on or at == last:
            break
    if leg.end == PROGRESSION:
        care = _event(path.care, path.cared_for, person.luck.care, person)
        yield env.timeout(min(care, person.other_death - env.now))
    months.append(env.now)

start = time.perf_counter()
env, months = simpy.Environment(), []
for person, _ in _people(course, size, seed):
    env.process(patient(env, person, months))
env.run()
print(json.dumps([time.perf_counter() - start, statistics.median(months)]))
"""

PYMSM_CODE = """
import contextlib, io, json, pickle, sys, time, warnings
from math import log
import numpy as np, pandas as pd
warnings.simplefilter("ignore")
from pymsm.simulation import MultiStateSimulator
course, size, seed = pickle.load(sys.stdin.buffer), int(sys.argv[1]), int(sys.argv[2])
STEP, LAST = 1.0, 240.0
grid = np.arange(STEP, LAST, STEP)
care, dead = len(course.lines) + 1, len(course.lines) + 2

def model(origin, curve, shares):
    hazards = {to: pd.Series(STEP * log(2) / curve.median() * share, index=grid) for to, share in shares.items() if share}
    parts = [{"coefs": np.zeros(1), "baseline_hazard": hazard} for hazard in hazards.values()]
    return {"origin_state": origin, "target_states": list(hazards), "model_defs": parts}

models = [model(care, course.support, {dead: 1.0})]
for at, line in enumerate(course.lines, start=1):
    on = (1 - line.dies) * (line.goes_on if at < len(course.lines) else 0.0)
    models.append(model(at, line.curve, {dead: line.dies, at + 1 if on else 0: on, care: 1 - line.dies - on}))
chain = MultiStateSimulator(models, terminal_states=[dead], covariate_names=["none"])
np.random.seed(seed)
start = time.perf_counter()
with contextlib.redirect_stderr(io.StringIO()):
    paths = chain.run_monte_carlo_simulation(np.zeros(1), origin_state=1, n_random_samples=size, n_jobs=None)
seconds = time.perf_counter() - start
print(json.dumps([seconds, float(np.median([sum(path.time_at_each_state) for path in paths]))]))
"""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One program on one course: seconds of each repetition, the yardstick beside it, and the median survival that it found."""

    name: str
    people: int
    seconds: list[float]
    yardstick: list[float]
    median: float

    def line(self) -> str:
        """A row of the table; the speed is that of the median repetition."""
        middle = statistics.median(self.seconds)
        speed, beside = f"{self.people / middle:,.0f}", f"{statistics.median(self.yardstick) * 1e3:.1f}"
        return f"| {self.name} | {self.people:,} | {middle * 1e3:,.1f} | {speed} | {beside} | {self.median:.1f} |"


def ours(name: str, size: int, run: Callable[[int], list[float]]) -> Row:
    """Our own programs, each repetition with another seed."""
    seconds, beside, median = [], [], 0.0
    for seed in range(1, REPEATS + 1):
        beside.append(yardstick())
        start = time.perf_counter()
        months = run(seed)
        seconds.append(time.perf_counter() - start)
        median = statistics.median(months)
    return Row(name=name, people=size, seconds=seconds, yardstick=beside, median=median)


def theirs(name: str, course: Course, size: int, wanted: tuple[str, ...], code: str) -> Row | str:
    """A peer in an environment of its own, or why it was not measured."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        environment, given = os.environ | {"PYTHONPATH": str(ROOT)}, pickle.dumps(course)
        try:
            _run([str(python), "-m", "pip", "install", "--quiet", *wanted], environment, b"")
            found, beside = [], []
            for seed in range(1, REPEATS + 1):
                beside.append(yardstick())
                found.append(json.loads(_run([str(python), "-c", code, str(size), str(seed)], environment, given)))
        except (subprocess.SubprocessError, ValueError) as error:
            said = getattr(error, "stderr", None) or str(error).encode()
            reason = said.decode(errors="replace").strip().splitlines()[-1]
            return f"{name}: not measured, as it could not be installed or run here ({reason})."
    return Row(name=name, people=size, seconds=[x[0] for x in found], yardstick=beside, median=found[-1][1])


def _run(command: list[str], environment: dict[str, str], given: bytes) -> bytes:
    limit = 10 * MINUTE
    return subprocess.run(
        command, env=environment, cwd=ROOT, input=given, capture_output=True, check=True, timeout=limit
    ).stdout


def rows() -> Iterator[Row | str]:
    """Every program on the courses that it can run."""

    def kernel(course: Course, size: int) -> Callable[[int], list[float]]:
        return lambda seed: survival_times(course, size, seed, threads=1).tolist()

    def plain(seed: int) -> list[float]:
        return [life.dies for life in lives_one_by_one(chain(), SIZE, seed)]

    survival_times(chain(), 1, 0)  # what is worked out once
    yield ours("ours, NumPy, 1 thread, chain", SIZE, kernel(chain(), SIZE))
    yield ours("ours, NumPy, 1 thread, chain", 50 * SIZE, kernel(chain(), 50 * SIZE))
    yield ours("ours, plain Python, chain", SIZE, plain)
    yield theirs("SimPy, a process for each patient, chain", chain(), SIZE, SIMPY, SIMPY_CODE)
    yield ours("ours, NumPy, 1 thread, constant hazards", SIZE, kernel(constant(), SIZE))
    yield theirs("pymsm 0.1.7, path by path, constant hazards", constant(), PATHS, PYMSM, PYMSM_CODE)


def main() -> int:
    """Measures, prints and writes the page."""
    found = list(rows())
    machine = f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    page = [
        "# The simulation beside others",
        "",
        f"Made by `make bench-peers` on {machine}, one run, one after the other; median of {REPEATS}. The yardstick is that of RESULTS.md, 25 ms",
        "when this machine is quiet. The courses are those of benchmarks/courses.py. The medians of the chain agree within their",
        "Monte-Carlo error. That of pymsm does not: it does not divide by the survival up to the start of a state (read in its source),",
        "so that the last of several next states gets too many, and it rounds down to whole steps. Its speed alone is compared. It also",
        "fits models to data, which is not measured here.",
        "",
        "| program, course | people | ms | people a second | yardstick, ms | median survival, months |",
        "|---|---|---|---|---|---|",
        *(row.line() for row in found if isinstance(row, Row)),
        "",
        *(row for row in found if isinstance(row, str)),
    ]
    text = "\n".join(page).rstrip() + "\n"
    print(text)
    RESULTS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
