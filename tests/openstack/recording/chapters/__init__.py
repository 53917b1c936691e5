"""The session, a chapter a subject. Each has `record(to)`, `to` being the recorder."""
from . import (
    catalogue,
    clients_cli,
    clients_sdk,
    consoles,
    identity,
    keypairs,
    life,
    listing,
    refusals,
    states,
    versions,
)

ALL = {
    "versions": versions,
    "identity": identity,
    "catalogue": catalogue,
    "keypairs": keypairs,
    "refusals": refusals,
    "life": life,
    "states": states,
    "consoles": consoles,
    "listing": listing,
    "cli": clients_cli,
    "sdk": clients_sdk,
}
