"""`mbc calibrate`: the frozen fit of the simulation, made anew from the figures of cohorts."""

import argparse
import sys

from mbc_widgets.cli.failure import Refused
from mbc_widgets.knowledge import Knowledge, data_folder, load
from mbc_widgets.records import FitCheck
from mbc_widgets.simulate.calibrate import Calibration, as_yaml, calibrate

FILE = "realworld/calibration.yaml"
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
    print(table(known, found))
    (folder / FILE).write_text(as_yaml(found), encoding="utf-8")


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
