"""pytest plugin: options, hooks and fixtures."""
