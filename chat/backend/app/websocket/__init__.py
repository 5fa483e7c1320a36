"""Sockets: who is connected, what is sent to whom, and what a client may say."""
