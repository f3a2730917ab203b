"""The web server's door: granian serves `application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roms_portal.settings.dev")

application = get_wsgi_application()
