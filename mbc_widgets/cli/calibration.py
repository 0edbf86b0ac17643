"""`mbc calibrate`: the frozen fit of the simulation, made anew from the figures of cohorts."""

import argparse
import sys
from dataclasses import replace

from mbc_widgets.cli.failure import Refused
from mbc_widgets.knowledge import Knowledge, data_folder, load
from mbc_widgets.records import Fit, FitCheck
from mbc_widgets.simulate.calibrate import Calibration, as_yaml, calibrate
from mbc_widgets.simulate.validation import checks
from mbc_widgets.simulate.validation import table as validated

FILE, REPORT = "realworld/calibration.yaml", "realworld/calibration.md"
HEAD = "# Targets, fits and cohorts that were not fitted\n\nWritten by `mbc calibrate`. What is missed stands here as well as what is met.\n"
MET = 1.96  # standard errors


def answer(chosen: argparse.Namespace) -> None:
    """Fit, print the table, and write data/realworld/calibration.yaml.

    Raises:
        Refused: there is no checkout.

    """
    del chosen
    folder = data_folder()
    if folder is None:
        raise Refused("the fit is frozen in a checkout; an installed package has no data folder")
    known = load()
    print("fitting; about a minute", file=sys.stderr)
    found = calibrate(known)
    (folder / FILE).write_text(as_yaml(found), encoding="utf-8")
    told = f"{table(known, found)}\n\nCohorts that were not fitted, simulated with what they print of their lines:\n\n{held_out(known, found)}"
    print(told)
    (folder / REPORT).write_text(f"{HEAD}\n{told}\n", encoding="utf-8")


def held_out(known: Knowledge, found: Calibration) -> str:
    """Give the table of the cohorts that were not fitted, by the fit that was just found."""
    fits: dict[tuple[str, str], Fit] = {(fit.structure, fit.subtype): fit for fit in found.fits}
    assumption = replace(known.model.assumptions["frailty_variance"], value=found.frailty[0])
    assumptions = {**known.model.assumptions, assumption.id: assumption}
    return validated(checks(replace(known, model=replace(known.model, fits=fits, assumptions=assumptions))))


def table(known: Knowledge, found: Calibration) -> str:
    """Give the table of targets and fits as Markdown, and what is not identifiable."""
    value, low, high = found.frailty
    rows = ["| structure | figure | published | fit | z | |", "|---|---|---|---:|---:|---|"]
    rows += [_row(known, check) for check in found.checks]
    months = [
        f"{fit.structure}, {fit.subtype}: {fit.beyond} months on the drug after progression, {fit.gap} without one"
        for fit in found.fits
    ]
    told = (
        "Not identifiable: several structures meet the same median survival; which one is true cannot be told from it. "
        "Nor can how far death and loss lean on the frailty."
    )
    return "\n".join([*rows, "", f"variance of the frailty: {value} ({low} to {high})", *months, "", told])


def _row(known: Knowledge, check: FitCheck) -> str:
    figure = known.model.figures[check.figure]
    interval = f" ({figure.low:g}-{figure.high:g})" if figure.low is not None and figure.high is not None else ""
    published = f"{figure.value:g}{interval} {figure.unit}"
    z = "" if check.z is None else f"{check.z:.2f}"
    met = "met" if check.z is not None and abs(check.z) <= MET else check.text or check.used
    return f"| {check.structure} | {figure.id}: {figure.cohort} | {published} | {check.fitted:g} | {z} | {met} |"
