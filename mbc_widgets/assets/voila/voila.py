"""Strict configuration of Voila for the dashboard; read by `mbc dashboard` and by nothing else."""

from mbc_widgets.widgets.places import pool

c = get_config()

c.Voila.log_level = "ERROR"

# One template, one theme: an address cannot choose another.
c.VoilaConfiguration.template = "mbc"
c.VoilaConfiguration.allow_template_override = "NO"
c.VoilaConfiguration.allow_theme_override = "NO"

# No file of the notebook's folder is served, and no source or traceback is shown.
c.VoilaConfiguration.file_allowlist = []
c.VoilaConfiguration.file_denylist = [".*"]
c.VoilaConfiguration.strip_sources = True
c.VoilaConfiguration.show_tracebacks = False

# 4.7 MB that every page would load for plotly's own widget, which is not used.
c.VoilaConfiguration.extension_denylist = ["jupyterlab-plotly"]

# A kernel without a page ends after ten minutes; one with a page open stays, however long a lecture is.
for manager in (c.MappingKernelManager, c.AsyncMappingKernelManager):
    manager.cull_interval = 30
    manager.cull_idle_timeout = 600
    manager.cull_connected = False

# Some kernels have run the notebook before anybody comes, so that a visitor waits for the page alone. Voila's own hook before a launch
# cannot be had together with this; what an address asks for is therefore read by the page itself.
c.VoilaConfiguration.preheat_kernel = True
c.VoilaConfiguration.multi_kernel_manager_class = "mbc_widgets.widgets.room.Kernels"
c.VoilaKernelManager.kernel_pools_config = {"default": {"pool_size": pool(), "kernel_env_variables": {}}}
c.VoilaKernelManager.fill_delay = 2  # seconds: the visitor's own start goes first

# Sockets in the file system: no race for ports when a class opens the page at once, and no open TCP port.
c.KernelManager.transport = "ipc"

# Everything from this server. Voila and its widgets need inline script, eval and blob: addresses.
c.Voila.tornado_settings = {
    "headers": {
        "Content-Security-Policy": (
            "default-src 'self'; "
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
            "style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data: blob:; "
            "font-src 'self' data:; "
            "connect-src 'self' data: blob:; "
            "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    },
}
