"""Configuration of Jupyter's server, as Binder starts it."""

c = get_config()

# A kernel whose page is gone ends after ten minutes: a visitor has one or two gigabytes.
for manager in (c.MappingKernelManager, c.AsyncMappingKernelManager):
    manager.cull_interval = 30
    manager.cull_idle_timeout = 600
    manager.cull_connected = False
