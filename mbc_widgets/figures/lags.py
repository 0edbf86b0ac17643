"""How long one regulator came after the other: the days of the first licences that take this very patient, side by side.

Comes in: an option. Goes out: a sentence, worked out from the licences, or nothing. Nothing is told of later than the day.
"""

from datetime import date

from mbc_widgets.conditions import holds
from mbc_widgets.eligibility import Option
from mbc_widgets.figures import words
from mbc_widgets.patient import DAYS_PER_MONTH
from mbc_widgets.records import Licence


def lag(option: Option) -> str:
    """Give "FDA 3 Feb 2015, EMA 9 Nov 2016: 21 months later"; "" where one of them has no day, or neither licensed it by now."""
    first = {name: _first(option, name) for name in option.snapshot.knowledge.edition.regulators}
    known = sorted((x for x in first.values() if x and x.granted), key=lambda x: str(x.granted))
    if any(x and x.established for x in first.values()) or not known:
        return ""
    told = ", ".join(f"{x.regulator} {words.moment(str(x.granted), x.granted_to)}" for x in known)
    late = [name for name, licence in first.items() if licence is None]
    if late:
        return f"{told}; {late[0]} none for such a patient by this day"
    days = [date.fromisoformat(str(x.granted)) for x in known]
    months = round((days[-1] - days[0]).days / DAYS_PER_MONTH, 1)
    about = "" if all(x.granted_to == "day" for x in known) else "about "
    return f"{told}: {about}{words.number(months)} months later" if months else f"{told}: the same time"


def _first(option: Option, regulator: str) -> Licence | None:
    """Give the first licence of a regulator that takes this patient, by this day; old ones without a day come before all."""
    snapshot, values = option.snapshot, option.facts.values
    regimen = option.regimen.variant_of or option.regimen.id
    found = [
        licence
        for _, licence in snapshot.knowledge.licences_of.get(regimen, ())
        if licence.regulator == regulator
        and not licence.off_label
        and (licence.granted or "") <= snapshot.day
        and holds(licence.when, values)
    ]
    return min(found, key=lambda licence: "" if licence.established else licence.granted or "", default=None)
