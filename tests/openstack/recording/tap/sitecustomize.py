"""Writes down each HTTP exchange of a Python program that uses `requests`.

Put this folder on PYTHONPATH and name a file in RECORD_BODIES; python loads
the module by itself at start. RECORD_STEP is written beside each exchange.
"""
import json
import os
import time


def text(body):
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else body


def exchange(request, response, seconds):
    return {
        "step": os.environ.get("RECORD_STEP", ""),
        "seconds": round(seconds, 3),
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": dict(request.headers),
            "body": text(request.body),
        },
        "response": {
            "status": response.status_code,
            "reason": response.reason,
            "headers": dict(response.headers),
            "body": text(response.content),
        },
    }


def tap(path):
    import requests

    send = requests.Session.send

    def tapped(self, request, **options):
        started = time.monotonic()
        response = send(self, request, **options)
        line = json.dumps(exchange(request, response, time.monotonic() - started))
        with open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")
        return response

    requests.Session.send = tapped


if os.environ.get("RECORD_BODIES"):
    tap(os.environ["RECORD_BODIES"])
