#!/bin/bash
# Ends what up.sh started, nothing else. `--purge` also removes the folder.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
exec env -u PYTHONPATH -u PYTHONHOME PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m deploy.down "$@"
