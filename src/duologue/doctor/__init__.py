"""The guide for finding out why messages do not arrive, walked by machine: addresses and an adapter in, checks out."""

from duologue.doctor.adapter import load
from duologue.doctor.patient import Credentials, Patient, launched
from duologue.doctor.remedies import Remedy, offered, restart, restart_command
from duologue.doctor.sheet import Check, Sheet
from duologue.doctor.visit import visit

__all__ = [
    "Check",
    "Credentials",
    "Patient",
    "Remedy",
    "Sheet",
    "launched",
    "load",
    "offered",
    "restart",
    "restart_command",
    "visit",
]
