"""What a notebook shows of a slip: its message, and none of the calls that led to it."""

import pytest
from IPython.core.interactiveshell import InteractiveShell


@pytest.fixture
def shell() -> InteractiveShell:
    """A shell as a notebook has one."""
    made = InteractiveShell()
    made.run_cell("import mbc_widgets as mbc; bea = mbc.scenario('esr1-after-cdk46')[0]")
    return made


@pytest.mark.parametrize(
    ("cell", "slip", "help_"),
    [
        ("bea.replace(esr1='mutatd')", "PatientError", "did you mean 'mutated'?"),
        ("mbc.scenario('luminal-2021')", "UnknownNameError", "did you mean 'luminal-2012'?"),
        ("mbc.show(mbc.look(bea), 'optoins')", "TableError", "offered"),
        ("mbc.source('agents/everolimus.yaml', 'licenses')", "AssumeError", "licences"),
        ("mbc.Lesson(2).check('nothing', answer='x')", "LessonError", "There are: "),
        ("mbc.Lesson('2')", "LessonError", "write its number alone"),
        ("mbc.Lesson([1])", "LessonError", "There are: 1 "),
        ("mbc.Lesson(True)", "LessonError", "There are: 1 "),
        ("mbc.Lesson(2).ask(['first-line-2012'])", "LessonError", "There are: first-line-2012"),
        ("mbc.Lesson(2).again('1')", "LessonError", "has 3 questions"),
        ("mbc.source(None)", "AssumeError", "file: write text in quotes, found None"),
        ("mbc.source('agents/everolimus.yaml', 5)", "AssumeError", "place: write text in quotes, found 5"),
        ("mbc.find(' ')", "AssumeError", "no word"),
    ],
)
def test_a_slip_in_a_cell_is_told_in_its_own_words(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], cell: str, slip: str, help_: str
) -> None:
    shell.run_cell(cell)
    shown = capsys.readouterr().out
    assert shown.startswith(f"{slip}: ")
    assert help_ in shown
    assert "Traceback" not in shown
    assert ".py" not in shown


def test_a_fault_of_ours_keeps_its_traceback(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell("bea.replace(esr1='mutated').nothing_here")
    assert "Traceback" in capsys.readouterr().out
