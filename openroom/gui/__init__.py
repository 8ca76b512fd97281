"""The browser face: a lobby, rooms and settings, as a NiceGUI shell around our own Vue components.

openroom.gui.install(app, lobby, settings)      # last: NiceGUI answers everything that is left
"""

from openroom.gui.pages import install

__all__ = ["install"]
