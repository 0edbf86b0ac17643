"""Receptors from samples: groups, what was lost, and what HER2 still allows."""

from typing import Any

from mbc_widgets.patient import Patient, Sample, months_between

POSITIVE_FROM_PERCENT = 1  # ASCO/CAP 2010 and 2020: at least 1 % stained nuclei is positive
LOW_UP_TO_PERCENT = 10  # ASCO/CAP 2020, doi 10.1200/JCO.19.02309: ER 1-10 % is reported as low positive
LOW_KNOWN_SINCE = "2020-01-13"  # the day of that update; before it, ER 1-10 % was plainly positive

DOUBTFUL_METHODS = ("cytology", "decalcified")
HER2_LOW = ("one_plus", "two_plus_ish_negative")


def receptor_facts(patient: Patient, day: str) -> dict[str, Any]:
    """Give the receptor facts by the definitions of `day`; a receptor without any result stays unknown (absent)."""
    samples = patient.receptor_samples
    found: dict[str, Any] = {"er_percent": _latest(samples, "er_percent"), "pr_percent": _latest(samples, "pr_percent")}
    er, pr = _together(samples)
    group = endocrine_group(er, pr, day)
    found["endocrine_group"] = group
    tested = [s for s in samples if s.er_percent is not None or s.pr_percent is not None]
    if tested:
        ever = any(max(s.er_percent or 0, s.pr_percent or 0) >= POSITIVE_FROM_PERCENT for s in tested)
        found["receptor_ever_positive"] = ever
        found["receptor_lost"] = ever and group == "negative"
        found["single_pr_positive"] = (
            er is not None and er < POSITIVE_FROM_PERCENT and (pr or 0) >= POSITIVE_FROM_PERCENT
        )
    with_her2 = [sample.day for sample in samples if sample.her2]
    if with_her2:
        found["months_since_her2_sample"] = max(0.0, months_between(with_her2[-1], patient.seen_on))
    return {**found, **her2_facts(samples)}


def endocrine_group(er: float | None, pr: float | None, day: str) -> str | None:
    """Give negative, low or positive from the percentages of one sample; None when it cannot be told."""
    if er is None:
        return "positive" if (pr or 0) >= POSITIVE_FROM_PERCENT else None
    if er < POSITIVE_FROM_PERCENT and (pr or 0) < POSITIVE_FROM_PERCENT:
        return None if pr is None else "negative"
    low = er <= LOW_UP_TO_PERCENT and (pr or 0) <= LOW_UP_TO_PERCENT
    return "low" if low and day >= LOW_KNOWN_SINCE else "positive"


def her2_facts(samples: tuple[Sample, ...]) -> dict[str, Any]:
    """Give HER2 of the latest sample and, from the best eligible sample, whether it is low or ultralow."""
    states = [sample.her2 for sample in samples if sample.her2]
    if not states:
        return {}
    latest = states[-1]
    found: dict[str, Any] = {
        "her2_state": latest,
        "her2_positive": None if latest == "two_plus_ish_unknown" else latest == "positive",
        "her2_ever_positive": "positive" in states[:-1],
    }
    if latest == "positive":
        return {**found, "her2_low": False, "her2_ultralow": False}
    low = True if set(states) & set(HER2_LOW) else None if "two_plus_ish_unknown" in states else False
    ultralow = False if low else True if "ultralow" in states else None if "zero_not_subclassified" in states else False
    return {**found, "her2_low": low, "her2_ultralow": ultralow}


def _together(samples: tuple[Sample, ...]) -> tuple[float | None, float | None]:
    """Give ER and PR of the latest sample with an ER result; an older PR does not speak for a newer sample.

    A negative from decalcified bone or cytology is often false and does not overrule an earlier positive (ABC).
    """
    samples = _without_doubtful_negatives(samples)
    with_er = [index for index, sample in enumerate(samples) if sample.er_percent is not None]
    if not with_er:
        return None, _latest(samples, "pr_percent")
    later = [s.pr_percent for s in samples[with_er[-1] :] if s.pr_percent is not None]
    return samples[with_er[-1]].er_percent, later[-1] if later else None


def _without_doubtful_negatives(samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
    kept: list[Sample] = []
    positive = False
    for sample in samples:
        now = max(sample.er_percent or 0, sample.pr_percent or 0) >= POSITIVE_FROM_PERCENT
        if positive and not now and sample.method in DOUBTFUL_METHODS:
            continue
        positive = positive or now
        kept.append(sample)
    return tuple(kept)


def last_positive(samples: tuple[Sample, ...], *names: str) -> Sample | None:
    """Give the latest sample in which one of the receptors `names` was positive."""
    found = [s for s in samples if any((getattr(s, name) or 0) >= POSITIVE_FROM_PERCENT for name in names)]
    return found[-1] if found else None


def overruled(samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
    """Give the negative results that do not count, because an earlier sample was positive and their method is doubtful."""
    kept = {id(sample) for sample in _without_doubtful_negatives(samples)}
    tested = (s for s in samples if s.er_percent is not None or s.pr_percent is not None)
    return tuple(sample for sample in tested if id(sample) not in kept)


def _latest(samples: tuple[Sample, ...], name: str) -> float | None:
    values = [getattr(sample, name) for sample in samples if getattr(sample, name) is not None]
    return values[-1] if values else None
