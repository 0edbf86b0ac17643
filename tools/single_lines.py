"""Write tests/data/single_lines.csv: published and simulated median of every line with a figure. Run after trial results changed."""

import csv
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.test_simulate import TABLE, single_lines


def main() -> None:
    """Write the table."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            [
                "regimen",
                "trial",
                "population",
                "published_months",
                "simulated_months",
                "landmarks_published_v_simulated",
            ]
        )
        for (regimen, trial, population), (published, simulated, landmarks) in sorted(single_lines().items()):
            writer.writerow([regimen, trial, population, published, simulated, landmarks])


if __name__ == "__main__":
    main()
