"""Starts and stops a real OpenStack on loopback, for the tests."""
