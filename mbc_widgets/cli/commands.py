"""What may be asked of `mbc`, and how every answer or refusal leaves the program.

Comes in: the arguments. Goes out: an exit code (0 answered, 2 refused). Nothing heavy is imported here.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from mbc_widgets.cli.failure import Refused

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - the type has no public name

REFUSED, INTERRUPTED = 2, 130
VERSION = ("version", "answer")  # the module and the name of what answers, as each command has them
NEW_KINDS = (
    *("trial", "agent", "rule", "safety", "debate", "scenario", "curve", "realworld"),
    *("teaching-case", "lesson", "course"),
)
DASHBOARD = "http://127.0.0.1:8866/"
ABOUT = (
    "MBC workbook: which treatment sequences fit HER2-negative metastatic breast cancer, on any day since 2012, and"
    " why. It teaches; it does not advise on the care of a person."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one command line; give 0, or 2 when the input cannot be used."""
    top = parser()
    try:
        chosen = top.parse_args(arguments)
        if not chosen.version and chosen.command is None:
            top.error("no COMMAND; `mbc --help` lists them")
    except SystemExit as end:  # argparse has said why on stderr, or has shown the help
        return int(end.code or 0)
    module, name = VERSION if chosen.version else chosen.answer
    try:
        answer: Callable[[argparse.Namespace], None] = getattr(import_module(f"mbc_widgets.cli.{module}"), name)
        answer(chosen)
        sys.stdout.flush()
    except Refused as refusal:
        for problem in refusal.problems:
            print(problem, file=sys.stderr)
        return REFUSED
    except BrokenPipeError:  # the reader has seen enough, as in `mbc plan … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def parser() -> argparse.ArgumentParser:
    """Give the parser of the whole command."""
    top = argparse.ArgumentParser(prog="mbc", description=ABOUT, allow_abbrev=False)
    about = "print the version of the package, the edition of its data and the key of its knowledge"
    top.add_argument("--version", action="store_true", help=about)
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    _add_plans(commands)
    _add_teaching(commands)
    _add_check(commands)
    _add_data(commands)
    _add_editing(commands)
    _add_programs(commands)
    return top


def _add(commands: "Commands", name: str, answer: tuple[str, str], about: str) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
    made.set_defaults(answer=answer)
    return made


def _add_plans(commands: "Commands") -> None:
    plans = {
        "plan": "options and sequences of a scenario, as text or (--json) by the contract data/schema/mbc-plan-1.json",
        "options": "the same without the sequences",
    }
    for name, about in plans.items():
        made = _add(commands, name, ("plans", "answer"), about)
        made.add_argument(
            "scenarios", nargs="+", metavar="SCENARIO", help="a scenario file, or the id of a shipped scenario"
        )
        made.add_argument(
            "--json",
            action="store_true",
            help="one JSON object; with several scenarios one object on each line, in their order",
        )
        _add_moment(made)
    about = "the candidate sequences of a scenario, lived by the same simulated people: who reaches each line, survival, how sure"
    lived = _add(commands, "simulate", ("simulation", "answer"), about)
    lived.add_argument("scenario", metavar="SCENARIO", help="a scenario file, or the id of a shipped scenario")
    lived.add_argument("--patients", type=_count, default=20_000, metavar="N", help="simulated people (20000)")
    lived.add_argument("--seed", type=_seed, default=2012, help="another seed draws other people (2012)")
    lived.add_argument("--json", action="store_true", help="one JSON object")
    _add_moment(lived)
    about = "six traps in reading time (immortal time, added medians, the gain in progression ...), each reproduced with its numbers"
    told = _add(commands, "effects", ("effects", "answer"), about)
    told.add_argument("--json", action="store_true", help="one JSON object")
    about = "one regimen for one patient: the verdict, what decided it, and the one or two changes that would open it"
    why = _add(commands, "why", ("why", "answer"), about)
    why.add_argument("scenario", metavar="SCENARIO", help="a scenario file, or the id of a shipped scenario")
    why.add_argument("regimen", metavar="REGIMEN", help="an id of data/regimens.yaml")
    _add_moment(why)


def _add_teaching(commands: "Commands") -> None:
    about = "what the result codes of teaching cases tell: choices, confidence, departures, points; without codes, the cases"
    case = _add(commands, "case", ("teaching", "answer"), about)
    case.add_argument("codes", nargs="*", metavar="CODE", help="result codes, as the page shows them")
    case.add_argument("--csv", action="store_true", help="as CSV, one row for each decision")
    about = "write the teacher's pack: guide with answers, slides, cards for spaced repetition, a map of one page for each lesson"
    teach = _add(commands, "teach", ("teach", "answer"), about)
    teach.add_argument("output", type=Path, metavar="FOLDER", help="folder for the files; made when missing")
    teach.add_argument(
        "--address", default=DASHBOARD, metavar="URL", help=f"where the class finds the dashboard ({DASHBOARD})"
    )
    about = "copy the lessons' notebooks to a folder of your own, for JupyterLab; a file that is there stays as it is"
    copied = _add(commands, "notebooks", ("notebooks", "answer"), about)
    copied.add_argument("output", type=Path, metavar="FOLDER", help="folder for the notebooks; made when missing")
    copied.add_argument("--answers", action="store_true", help="also the notebooks with the answers, for who teaches")


def _add_moment(made: argparse.ArgumentParser) -> None:
    made.add_argument("--day", help="read with the knowledge of this day (YYYY-MM-DD, YYYY-MM or YYYY)")
    made.add_argument("--regulator", help="FDA or EMA; otherwise the one of the scenario")
    made.add_argument(
        "--body", help="hear the guidelines of this body alone, for example asco; all hears every body of the region"
    )


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a count; give a whole number from 1, for example 60")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' is no seed; give a whole number from 0, for example 2012")
    return int(text)


def _add_check(commands: "Commands") -> None:
    check = _add(
        commands, "check", ("knowledge_files", "check"), "check all data; list every problem, or count what is there"
    )
    check.add_argument(
        "folder", nargs="?", type=Path, metavar="FOLDER", help="data folder; this checkout's when omitted"
    )
    check.add_argument(
        "--recalled", action="store_true", help="also list every fact that nobody has read in its source yet"
    )
    check.add_argument(
        "--secondary", action="store_true", help="also list every fact that was read only in a secondary source"
    )
    check.add_argument(
        "--evidence",
        action="store_true",
        help="also count the facts by kind: seen in primary or secondary sources, recalled",
    )
    check.add_argument(
        "--sample",
        type=_count,
        metavar="N",
        help="also print N random facts with their sources, to be read again by another person",
    )
    check.add_argument("--seed", help="another sample for another reader; the edition's name when omitted")


def _add_data(commands: "Commands") -> None:
    build = _add(commands, "build", ("knowledge_files", "build"), "compile the data to one knowledge-<hash>.json")
    build.add_argument(
        "folder", nargs="?", type=Path, metavar="FOLDER", help="data folder; this checkout's when omitted"
    )
    build.add_argument(
        "--output", required=True, type=Path, metavar="DIR", help="folder for the file; an older one in it is replaced"
    )
    cite = _add(commands, "cite", ("trial_text", "answer"), "print all that is known of a trial, with its sources")
    cite.add_argument("trial", metavar="TRIAL", help="its id or its name, for example emerald")
    impact = _add(commands, "impact", ("impact", "answer"), "list the reference patients whose answer an edit changes")
    impact.add_argument(
        "before",
        nargs="?",
        default="HEAD",
        metavar="BASE[..HEAD]",
        help="an older data folder or git revision, or two revisions; what is committed against what is edited when omitted",
    )
    about = "fit the months between lines to figures of cohorts: print target, fit and z score, and freeze the fit"
    _add(commands, "calibrate", ("calibration", "answer"), about)
    export = _add(commands, "export", ("export", "answer"), "write the knowledge as tidy CSV tables")
    export.add_argument("output", type=Path, metavar="DIR", help="folder for the tables; made when missing")
    schema = _add(commands, "schema", ("schemas", "answer"), "write the JSON Schemas of the data files to data/schema/")
    schema.add_argument("--check", action="store_true", help="write nothing; refuse when a committed schema is stale")


def _add_editing(commands: "Commands") -> None:
    new = _add(commands, "new", ("templates", "new"), "start a file from its template; nothing is overwritten")
    new.add_argument("kind", choices=NEW_KINDS)
    new.add_argument(
        "id",
        metavar="ID",
        help="lowercase-kebab; a rule with its folder: hr-positive/after-cdk46",
    )


def _add_programs(commands: "Commands") -> None:
    dashboard = _add(commands, "dashboard", ("programs", "dashboard"), "open the teaching dashboard in a browser")
    dashboard.add_argument("--port", type=int, default=8866)
    dashboard.add_argument("--host", default="127.0.0.1")
    dashboard.add_argument("--no-browser", action="store_true", help="only serve the page")
    dashboard.add_argument(
        "--panels", metavar="FOLDER", help="your own panels for the mode Case: one file for each case, <case>.csv"
    )
    bench = _add(commands, "bench", ("programs", "bench"), "measure speed and memory (needs the checkout)")
    bench.add_argument("--quick", action="store_true", help="one repetition each, nothing written")
