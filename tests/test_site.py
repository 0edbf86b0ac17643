"""The workbook without a server: standard library alone, and the same answers by the browser's own Python, run here in Node."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import mbc_widgets as mbc
from mbc_widgets.site import lesson, page
from tests.conftest import ROOT
from tests.site import built
from tests.test_contract import DAYS

K = mbc.load()
WISHES = [(name, day) for name in K.scenarios for day in DAYS]
ALONE = """
from tests.blocked import block

block()
import json
from mbc_widgets.site import lesson, page

told = {}
receive = page.page_of("", told.__setitem__, simulates=False)
for mode in ("compare", "present", "case", "study"):
    receive(json.dumps({"type": "mode", "to": mode}))
    assert json.loads(told["page"])["mode"] == mode, told["page"]
    assert not json.loads(told["page"])["errors"], told["page"]
marked = []
places = [{"ask": "first-line-2012"}, {"again": 1}]
receive = lesson.open_page({"lesson": 2, "places": places}, lambda *each: marked.append(each))
receive(0, json.dumps({"taken": ["fulvestrant"]}))
assert "fulvestrant" in marked[-2][2]
"""
# Gives for each wish the digests of the plan and of both parts of the page; the same lines run here and in Node.
DIGESTS = """
import hashlib, json
from mbc_widgets import look, scenario
from mbc_widgets.contract import as_dict
from mbc_widgets.site.page import page_of

def digests(name, day):
    told = {}
    page_of(f"scenario={name}&day={day}", told.__setitem__, simulates=False)
    patient, _, regulator = scenario(name)
    told["plan"] = json.dumps(as_dict(look(patient, day=day, regulator=regulator)))
    return [hashlib.sha256(told[name].encode()).hexdigest() for name in ("plan", "page", "rest")]

answer = json.dumps([digests(*wish) for wish in json.loads(wishes)])
"""
IN_NODE = """
import {{ loadPyodide }} from {runtime};
import {{ readFileSync }} from "node:fs";
const python = await loadPyodide();
python.unpackArchive(new Uint8Array(readFileSync({workbook})), "zip", {{ extractDir: "/workbook" }});
python.globals.set("wishes", readFileSync(0, "utf8"));
python.runPython('import sys; sys.path.insert(0, "/workbook")');
python.runPython({digests});
console.log(python.globals.get("answer"));
process.exit(0);
"""


def told(wish: str = "", *messages: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, str] = {}
    receive = page.page_of(wish, values.__setitem__, simulates=False)
    for message in messages:
        receive(json.dumps(message))
    return {name: json.loads(text) for name, text in values.items()}


def test_the_page_and_a_lesson_need_nothing_but_the_standard_library() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_address_is_answered_as_by_the_server() -> None:
    session = mbc.Session("er-low", day="2018-02-01")
    values = told("scenario=er-low&day=2018-02-01")
    assert values["page"] == json.loads(json.dumps({**session.first, "address": "scenario=er-low&day=2018-02-01"}))
    assert values["rest"] == {
        name: value for name, value in json.loads(json.dumps(session.page)).items() if name not in session.first
    }


def test_what_cannot_be_is_said_and_the_rest_is_shown() -> None:
    values = told("scenario=nobody")
    assert "nobody" in values["page"]["errors"][0]["text"]
    assert values["page"]["board"]["lanes"]


def test_a_change_is_told_once_for_each_part_that_differs() -> None:
    names: list[str] = []
    receive = page.page_of("scenario=er-low", lambda name, text: names.append(name), simulates=False)  # noqa: ARG005
    assert names == ["page", "rest"]
    receive(json.dumps({"type": "set", "changes": {"age_years": 7}}))
    assert names[2:] == ["page", "rest", "done"]
    receive(json.dumps({"type": "no such thing"}))
    assert names[-1] == "done"


def test_a_prediction_reaches_the_same_question_further_down_and_no_other() -> None:
    places = [{"ask": "first-line-2012"}, {"again": 1}, {"check": "first-line-2012"}, {"code": told()["page"]["code"]}]
    values: list[tuple[int, str, str]] = []
    receive = lesson.open_page({"lesson": 2, "places": places}, lambda *each: values.append(each))
    receive(0, json.dumps({"type": "answer", "taken": ["fulvestrant"]}))
    assert [(at, name) for at, name, _ in values] == [(0, "page"), (2, "page"), (0, "done")]
    assert all(json.loads(text)["predicted"] == ["fulvestrant"] for _, name, text in values if name == "page")
    values.clear()
    receive(2, json.dumps({"type": "answer", "taken": ["fulvestrant"]}))
    assert json.loads(values[0][2])["marked"]["rows"][0]["right"]
    values.clear()
    receive(3, json.dumps({"type": "day", "value": "2020-01-15"}))
    assert {(at, name) for at, name, _ in values} == {(3, "page"), (3, "rest"), (3, "done")}


def test_the_browsers_python_gives_the_same_plan_and_page_for_every_scenario_on_five_days() -> None:
    names: dict[str, Any] = {"wishes": json.dumps(WISHES)}
    exec(DIGESTS, names)  # noqa: S102
    script = IN_NODE.format(
        runtime=json.dumps((built() / "mbc/pyodide/pyodide.mjs").as_uri()),
        workbook=json.dumps(str(built() / "mbc/workbook.zip")),
        digests=json.dumps(DIGESTS),
    )
    command = ["node", "--input-type=module", "-e", script]
    done = subprocess.run(command, input=json.dumps(WISHES), capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    here, there = json.loads(names["answer"]), json.loads(done.stdout)
    assert len(set(map(tuple, here))) == len(WISHES)
    assert [wish for wish, one, other in zip(WISHES, here, there, strict=True) if one != other] == []


def test_the_list_for_a_place_without_network_names_every_file() -> None:
    site = built()
    listed = (site / "sw.js").read_text(encoding="utf-8").split("const FILES = ")[1].split(";")[0]
    files = {
        file.relative_to(site).as_posix().removesuffix("index.html") or "./"
        for file in site.rglob("*")
        if file.is_file()
    }
    assert set(json.loads(listed)) == files - {"sw.js"}


@pytest.mark.parametrize("name", ["dashboard", "lessons/2", "lessons/2/map", ""])
def test_a_page_asks_for_nothing_outside_its_folder(name: str) -> None:
    text = (built() / name / "index.html").read_text(encoding="utf-8")
    asked = [each.split('"')[0] for mark in ('src="', '<link rel="stylesheet" href="') for each in text.split(mark)[1:]]
    assert not [each for each in asked if each.startswith(("http", "/"))]


def test_what_is_sent_before_the_board_is_within_seven_megabytes() -> None:
    import gzip

    first = [
        "dashboard/index.html",
        "mbc/views.css",
        "mbc/frame.css",
        "mbc/dashboard.js",
        "mbc/site.js",
        "mbc/worker.js",
    ]
    first += ["mbc/views/page.js", "mbc/workbook.zip"]
    files = [built() / name for name in first] + sorted((built() / "mbc" / "pyodide").iterdir())
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) < 7_000_000


def test_building_again_gives_the_same_files(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "tools" / "site.py"), str(tmp_path / "again")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    def digests(folder: Path) -> dict[str, str]:
        files = [file for file in folder.rglob("*") if file.is_file()]
        return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}

    assert digests(tmp_path / "again") == digests(built())
