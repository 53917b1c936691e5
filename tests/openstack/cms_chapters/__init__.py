"""The chapters of a `cms` session, in order."""
from . import addresses, change, everything, groups, keys, life, reach

ALL = {"life": life, "keys": keys, "groups": groups, "addresses": addresses, "change": change, "reach": reach,
       "everything": everything}
