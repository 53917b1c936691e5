"""The session, a chapter a subject. Each has `record(to)`, `to` being the recorder."""
from . import (
    building,
    catalogue,
    clients_cli,
    clients_sdk,
    consoles,
    identity,
    keypairs,
    life,
    listing,
    quotas,
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
    "building": building,
    "quotas": quotas,
    "life": life,
    "states": states,
    "consoles": consoles,
    "listing": listing,
    "cli": clients_cli,
    "sdk": clients_sdk,
}
