"""What a test dials by hand in a page, beside the page's own connection."""

from __future__ import annotations

# The code and the reason with which a socket to this address ends; of one that is let in, what it is told first.
CLOSE_OF = """url => new Promise(resolve => {
    const socket = new WebSocket(url);
    socket.onclose = ({code, reason}) => resolve(`${code} ${reason}`);
    socket.onmessage = ({data}) => { resolve(`let in: ${data}`); socket.close(); };
})"""
