"""JupyterHub for a class on one machine: started by deploy/start.py, which sets what is read from the environment here.

Everybody logs in with an account of this machine that belongs to the group of the class, and gets a server of their own that runs under
that account. The system keeps the accounts apart: home folders are closed to others (deploy/accounts.py makes them so).
"""

import os
import sys
from pathlib import Path

c = get_config()

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ["MBC_CLASS_HOME"])
PORT = int(
    os.environ.get("MBC_CLASS_PORT", "900")
)  # below 1024: no student may take it while the hub is down, and hear passwords
STATE = HOME / "state"
REPOSITORY = os.environ.get("MBC_CLASS_REPOSITORY", f"file://{HOME / 'notebooks.git'}")
BRANCH = os.environ.get("MBC_CLASS_BRANCH", "class")
MEMORY = os.environ.get("MBC_CLASS_MEMORY", "2G")
PROCESSORS = float(os.environ.get("MBC_CLASS_PROCESSORS", "1"))
IDLE = int(os.environ.get("MBC_CLASS_IDLE", "3600"))  # seconds
LONGEST = 12 * 3600  # seconds

# Where it listens: on this machine alone; deploy/nginx.conf stands before it.
c.JupyterHub.bind_url = f"http://127.0.0.1:{PORT}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{PORT + 1}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{PORT + 2}"
c.ConfigurableHTTPProxy.command = [str(HOME / "proxy" / "node_modules" / ".bin" / "configurable-http-proxy")]
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{STATE / 'jupyterhub.sqlite'}"
c.JupyterHub.upgrade_db = True  # a new version of the hub brings its own; the old file is kept beside it
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.JupyterHub.log_level = "WARN"

# Who comes in: accounts of this machine in the group of the class. The group is the list of the class.
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = {"mbc-class"}
c.PAMAuthenticator.admin_groups = {"mbc-lecturers"}  # who may enter students' servers, too
c.PAMAuthenticator.open_sessions = False
c.Authenticator.delete_invalid_users = True  # an account that was removed keeps nobody from starting the hub

# The first page is the dashboard. JupyterLab is at /lab, the index of lessons at the first address of a student's server.
c.JupyterHub.default_url = "/hub/user-redirect/dashboard"
c.Spawner.cmd = [sys.executable, str(HERE / "student.py")]
c.Spawner.notebook_dir = "~/workbook"
c.Spawner.args = [f"--config={HERE / 'jupyter_server_config.py'}"]
c.Spawner.env_keep = ["LANG", "LC_ALL"]
c.Spawner.environment = {
    "PATH": f"{HOME / 'env' / 'bin'}:/usr/local/bin:/usr/bin:/bin",
    "MBC_CLASS_REPOSITORY": REPOSITORY,
    "MBC_CLASS_BRANCH": BRANCH,
    "GIT_CONFIG_SYSTEM": str(HOME / "gitconfig"),  # lets a student read the repository of the class, which is root's
    "MBC_SEATS": "12",  # kernels that one student may have when another page is opened
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
c.Spawner.start_timeout = 600  # with the time that somebody waits for a turn (spawner.py)
c.Spawner.http_timeout = 90
c.JupyterHub.concurrent_spawn_limit = 0  # whoever comes above a limit of the hub gets an error, and no turn
c.PAMAuthenticator.executor_threads = 32  # a wrong password takes three seconds, in which the others must not wait
c.JupyterHub.active_server_limit = int(os.environ.get("MBC_CLASS_SERVERS", "0"))  # 0: no limit; see CAPACITY.md

# What one student may take.
c.Spawner.mem_limit = MEMORY
c.Spawner.cpu_limit = PROCESSORS
if os.environ.get("MBC_CLASS_SYSTEMD") == "yes":
    # The account's whole server, as a unit of systemd: memory and processor are really limited, and each starts cold.
    c.JupyterHub.spawner_class = "systemd"
    c.SystemdSpawner.username_template = "{USERNAME}"
    c.SystemdSpawner.isolate_tmp = True
    c.SystemdSpawner.isolate_devices = True
    c.SystemdSpawner.disable_user_sudo = True
else:
    sys.path.insert(0, str(HERE))
    from spawner import Preloaded, StudentSpawner

    StudentSpawner.preloaded = Preloaded()
    c.JupyterHub.spawner_class = StudentSpawner

# A server that nobody uses ends after an hour, and every server after half a day. Files stay.
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [
            *[sys.executable, "-m", "jupyterhub_idle_culler"],
            *[f"--timeout={IDLE}", f"--cull-every={min(IDLE, 300)}", f"--max-age={LONGEST}"],
        ],
    }
]

# Servers go on when the hub is started again, as for a new version of it; `make class` ends them with Ctrl+C.
c.JupyterHub.cleanup_servers = os.environ.get("MBC_CLASS_KEEP_SERVERS", "no") != "yes"
