"""The reference chat's backend."""
