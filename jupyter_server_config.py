"""How JupyterLab saves notebooks: as they are kept, so that running one leaves git's copy as it is.

Jupyter finds this file where it is started in this folder; `make` also links it into its virtual
environment. What it does is written beside it.
"""

load_subconfig("jupyter_nbconvert_config.py")  # noqa: F821 (Jupyter provides it)
