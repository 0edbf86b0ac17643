"""A student's own server: JupyterLab, and the pages of the workbook beside it. Read by deploy/student.py's server and nothing else."""

from pathlib import Path

c = get_config()

c.ServerApp.jpserver_extensions = {
    "jupyter_lsp": False,  # asks Node for language servers at each start
    "notebook_shim": False,
    "jupyterlab": True,
    "voila.server_extension": True,
    "nbgitpuller": True,
    "mbc_widgets.widgets.server": True,
    "mbc_widgets.widgets.own_server": True,
}
c.LabApp.extension_manager = "readonly"  # packages are the same for all, and root's
c.LabApp.news_url = None  # no request to another machine; that nobody is asked whether it may is set by start.py
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
# JupyterLab takes these from the account under which it was read, which was not the student's (preloaded.py).
c.LabApp.user_settings_dir = str(Path.home() / ".jupyter" / "lab" / "user-settings")
c.LabApp.workspaces_dir = str(Path.home() / ".jupyter" / "lab" / "workspaces")
c.Application.log_level = "WARN"

# A kernel that no page is connected to ends after half an hour, also one that a closed laptop left behind.
for manager in (c.MappingKernelManager, c.AsyncMappingKernelManager):
    manager.cull_interval = 60
    manager.cull_idle_timeout = 1800
    manager.cull_connected = False

# Sockets in the student's own folder instead of open ports, which every account of the machine could reach.
c.KernelManager.transport = "ipc"
