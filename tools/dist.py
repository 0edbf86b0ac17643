"""Build what is published, into dist/: wheel, sdist, the list of software (SBOM), the edition's metadata, and their sums.

    python tools/dist.py              # dist/ is emptied first
    python tools/dist.py --check      # and both documents are held against the schemas of CycloneDX and DataCite

Every file carries the time of the last commit (SOURCE_DATE_EPOCH decides when it is set), so whoever builds the same commit gets
the same bytes. `--check` asks the validators of .venv-dist, which `make dist` makes: tools of that target alone.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from mbc_widgets.knowledge import knowledge_key, load
from tools.edition import project
from tools.sbom import sbom

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
VALIDATORS = ROOT / ".venv-dist" / "bin" / "python"
CHECK = """
import json, sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from datacite import schema45
bom, edition = (open(name, encoding="utf-8").read() for name in sys.argv[1:])
error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(bom)
if error:
    sys.exit(f"{sys.argv[1]}: {error}")
schema45.validator.validate(json.loads(edition))
"""


def main(arguments: list[str]) -> None:
    """Build everything, print the sums."""
    seconds = time_of_sources()
    shutil.rmtree(DIST, ignore_errors=True)
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(seconds)}
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(DIST)]
    subprocess.run(build, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    table, edition = project(), load().edition
    bom = DIST / f"{table['name']}-{table['version']}.cdx.json"
    about = {"data-edition": edition.id, "knowledge": knowledge_key()}
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    bom.write_text(sbom(table, lock, seconds=seconds, about=about), encoding="utf-8")
    metadata = DIST / f"mbc_data-{edition.id}.datacite.json"
    shutil.copyfile(ROOT / "data" / "datacite.json", metadata)
    if "--check" in arguments:
        subprocess.run([VALIDATORS, "-c", CHECK, bom, metadata], check=True)
        print(
            f"CycloneDX 1.6 and DataCite 4.5: both documents are valid; {len(json.loads(bom.read_text())['components'])} components."
        )
    print(sums(DIST))


def time_of_sources() -> int:
    """Give SOURCE_DATE_EPOCH, or the time of the last commit, in seconds since 1970."""
    named = os.environ.get("SOURCE_DATE_EPOCH")
    if named:
        return int(named)
    command = ["git", "log", "-1", "--format=%ct"]
    return int(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def sums(folder: Path) -> str:
    """Write SHA256SUMS, to be read by `sha256sum --check`, and give its text."""
    files = sorted(path for path in folder.iterdir() if path.name not in {"SHA256SUMS", ".gitignore"})
    text = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    (folder / "SHA256SUMS").write_text(text, encoding="utf-8")
    return text.rstrip()


if __name__ == "__main__":
    main(sys.argv[1:])
