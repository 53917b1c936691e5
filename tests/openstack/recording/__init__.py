"""Drives an OpenStack through one session and records what it answered."""
