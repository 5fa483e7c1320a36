"""The REST API, a module per subject."""
