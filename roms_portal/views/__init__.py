"""Pages that belong to no app: the public front, everybody's home after log-in, the health check."""

from roms_portal.views.errors import csrf_failure, forbidden, not_found, server_error
from roms_portal.views.health import healthz
from roms_portal.views.home import dashboard, home
from roms_portal.views.public import before, how, openness, percent
from roms_portal.views.styleguide import styleguide
