"""Makes accounts for a class, and prints their passwords once: as root, `python3 deploy/accounts.py anna ben`.

    --lecturer      accounts that administer the hub, and may enter students' servers
    --new-password  for accounts of the class that exist

An account belongs to the group of the class, which is the list of those who may log in. Its home folder is closed to others, and it has
no shell; `DenyGroups mbc-class` in sshd_config closes ssh to it altogether. To take somebody out: `userdel --remove NAME`.
"""

import argparse
import grp
import pwd
import re
import secrets
import subprocess
import sys
from pathlib import Path

CLASS, LECTURERS = "mbc-class", "mbc-lecturers"
NAME = re.compile(
    r"[a-z][a-z0-9-]{0,20}"
)  # no longer, or the address of a kernel in the home folder is too long for a socket
CLOSED = 0o700
BYTES_OF_A_PASSWORD = 9


def main() -> int:
    """Makes the accounts; 1 when a name was refused."""
    asked = argparse.ArgumentParser(description="Make accounts for a class.")
    asked.add_argument("names", nargs="+")
    asked.add_argument("--lecturer", action="store_true")
    asked.add_argument("--new-password", action="store_true")
    given = asked.parse_args()
    for group in (CLASS, LECTURERS):
        subprocess.run(["groupadd", "--force", group], check=True)
    refused = {name: why for name in given.names if (why := objection(name, known=given.new_password))}
    for name in given.names:
        if name not in refused:
            if not given.new_password:
                make(name, lecturer=given.lecturer)
            print(f"{name}\t{set_password(name)}")
    for name, why in refused.items():
        print(f"{name}: {why}", file=sys.stderr)
    return int(bool(refused))


def objection(name: str, *, known: bool) -> str:
    """Give why a name is refused, "" when it is not. An account that is no class's is never touched."""
    if not NAME.fullmatch(name):
        return "not a name of an account; allowed: small letters, digits and -, a letter first, at most 21."
    try:
        account = pwd.getpwnam(name)
    except KeyError:
        return "no such account; leave out --new-password to make it." if known else ""
    members = grp.getgrnam(CLASS).gr_mem
    if not known:
        return (
            "exists already; --new-password gives it another one."
            if name in members
            else "is taken on this machine; choose another."
        )
    return "" if name in members and account.pw_uid else "does not belong to the class; left as it is."


def make(name: str, *, lecturer: bool) -> None:
    """Makes one account with a closed home folder."""
    groups = ",".join([CLASS, LECTURERS] if lecturer else [CLASS])
    subprocess.run(
        ["useradd", "--create-home", "--user-group", "--groups", groups, "--shell", "/usr/sbin/nologin", name],
        check=True,
    )
    Path(pwd.getpwnam(name).pw_dir).chmod(CLOSED)


def set_password(name: str) -> str:
    """Gives an account a new password, and returns it."""
    password = secrets.token_urlsafe(BYTES_OF_A_PASSWORD)
    subprocess.run(["chpasswd"], input=f"{name}:{password}", text=True, check=True)
    return password


if __name__ == "__main__":
    sys.exit(main())
