"""Ask the portal's /healthz for one part, as the container health checks do: `python docker/healthy.py beat`."""

import os
import sys
import urllib.request

host = os.environ["ROMS_HOSTS"].split(",")[0]
address = f"http://{os.environ.get('ROMS_WEB', 'localhost:8000')}/healthz?only={sys.argv[1]}"
urllib.request.urlopen(urllib.request.Request(address, headers={"Host": host}), timeout=5)
