"""Notebooks stay thin, small and truly executed: a stripped notebook would pass any comparison."""

import ast
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(ROOT.glob("notebooks/**/*.ipynb"))
LONGEST_CELL = 10
LARGEST_BYTES = 500_000


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
class TestNotebook:
    def test_is_small_and_holds_no_widget_state(self, path: Path) -> None:
        assert path.stat().st_size < LARGEST_BYTES
        assert "widgets" not in nbformat.read(path, as_version=4).metadata

    def test_runs_on_any_machine(self, path: Path) -> None:
        assert nbformat.read(path, as_version=4).metadata.kernelspec.name == "python3"

    def test_has_thin_cells_without_definitions(self, path: Path) -> None:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                assert len(cell.source.splitlines()) <= LONGEST_CELL
                kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
                assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, kinds)]


@pytest.mark.parametrize("path", [p for p in NOTEBOOKS if p.parent.name == "contract"], ids=lambda path: path.name)
def test_every_cell_of_a_contract_was_run_and_something_is_compared(path: Path) -> None:
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in cells)
    assert any(cell.outputs for cell in cells)
