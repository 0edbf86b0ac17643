"""Configuration of Voila as an extension of Jupyter's server, as Binder starts it; `mbc dashboard` has its own.

A visitor of Binder has a machine of their own with JupyterLab on it: nothing is hidden from them, and no kernel waits for others.
"""

c = get_config()

c.VoilaConfiguration.template = "mbc"
c.VoilaConfiguration.allow_template_override = "NO"
c.VoilaConfiguration.allow_theme_override = "NO"
c.VoilaConfiguration.strip_sources = True

# 4.7 MB that every page would load for plotly's own widget, which is not used.
c.VoilaConfiguration.extension_denylist = ["jupyterlab-plotly"]
