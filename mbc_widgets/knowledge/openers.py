"""What can open a regimen: licences by their population and day, statements by the line that licences ask for on theirs.

Comes in: a regimen and a snapshot. Goes out: all that opened it by the day, also what has ended or was replaced since.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mbc_widgets import records as r
from mbc_widgets.knowledge.bodies import opens
from mbc_widgets.knowledge.building import shared
from mbc_widgets.knowledge.licensed_line import line_asked, within_line

if TYPE_CHECKING:
    from mbc_widgets.knowledge.snapshot import Snapshot
    from mbc_widgets.knowledge.whole import Knowledge


def granted(licence: r.Licence, day: str) -> bool:
    """Say whether a licence had been given by a day, or the use was usual before the days of this edition."""
    return licence.established or (licence.granted or "9") <= day


def withdrawn(licence: r.Licence, day: str) -> bool:
    """Say whether a licence had been withdrawn by a day."""
    return licence.withdrawn is not None and licence.withdrawn <= day


def is_marketed(agent: r.Agent, day: str, regulator: str) -> bool:
    """Say whether a drug has any licence of the regulator on a day, for whatever illness."""
    own = (licence for licence in agent.licences if licence.regulator == regulator)
    held = any(granted(licence, day) and not withdrawn(licence, day) for licence in own)
    return held or (agent.first_licence or "9") <= day


def population(licence: r.Licence) -> r.Tree:
    """Give the condition under which a licence alone is a reason to offer: whom it names, and what opens it."""
    return licence.when if licence.opens is None else shared(("all", (licence.when, licence.opens)))


def asked_by(statement: r.Statement, regimen: r.Regimen, knowledge: "Knowledge", regulator: str) -> r.Tree:
    """Give the condition of a statement for a regimen, with the line that the licences of its first day ask for."""
    listed = (licence for _, licence in knowledge.licences_of.get(regimen.id, ()) if licence.regulator == regulator)
    day = statement.since
    return within_line(statement, regimen, line_asked(x for x in listed if granted(x, day) and not withdrawn(x, day)))


def openers(regimen: r.Regimen, snapshot: "Snapshot") -> Iterator[tuple[r.Licence | r.Statement, r.Tree]]:
    """Give each licence and positive statement that opened a regimen by the day, with its condition.

    A statement counts where every drug had a licence on its first day, it was read, and its body is heard here.
    """
    knowledge, regulator = snapshot.knowledge, snapshot.regulator
    for _, licence in knowledge.licences_of.get(regimen.id, ()):
        if licence.regulator == regulator and granted(licence, snapshot.day):
            yield licence, population(licence)
    for statement in knowledge.statements_of.get(regimen.id, ()):
        heard = snapshot.body in {"", statement.body} and opens(statement, knowledge, regulator)
        if statement.position not in r.POSITIVE_POSITIONS or statement.since > snapshot.day or not heard:
            continue
        if all(is_marketed(knowledge.agents[name], statement.since, regulator) for name in regimen.agents):
            yield statement, asked_by(statement, regimen, knowledge, regulator)
