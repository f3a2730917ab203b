# One image for web, worker, beat and migrations; docker-compose.yml says which command each runs.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=roms_portal.settings.prod
WORKDIR /srv/portal

COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt

COPY . .

# Settings refuse to load without these; nothing of them stays in the image.
RUN DATABASE_URL=postgres://nobody@nowhere/none REDIS_URL=redis://nowhere ROMS_HOSTS=nowhere ROMS_STORAGE=/srv/files EMAIL_HOST=nowhere \
    ROMS_FIELD_KEYS=$(python -c 'import secrets; print(secrets.token_hex(32))') \
    SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(50))') \
    python manage.py collectstatic --noinput --verbosity 0

RUN useradd --system --uid 10001 --create-home roms && mkdir -p /srv/files /srv/portal/var \
    && chown roms /srv/files /srv/portal/var
USER roms

EXPOSE 8000
ENTRYPOINT ["docker/start"]
CMD ["python", "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--host", "0.0.0.0", "--port", "8000", "roms_portal.wsgi:application"]
