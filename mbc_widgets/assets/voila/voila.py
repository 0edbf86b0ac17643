"""Strict configuration of Voila for the dashboard; read by `mbc dashboard` and by nothing else."""

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
