"""Tests and a plugin as text, for runs of pytest within a test."""

from pathlib import Path

LOST = """
def test_lost(user1, user2, chats):
    chat = chats.direct(user1, user2)
    user1.send(chat, "Hello <b>you</b>")
    expect(user2, timeout_s=0.3).to_have_unread(chat, 7)
"""
PASSING = """
def test_arrives(user1, user2, chats):
    chat = chats.direct(user1, user2)
    chats.with_somebody(user2)
    user1.send(chat, "Hello")
    expect(user2).to_have_moved_to_top(chat)
"""
FOLDER = Path("test-results", "test-it-py-test-lost-chromium")
"""The evidence of LOST."""
PYTEST_HTML = """
class Html:
    class extras:
        @staticmethod
        def url(link, name): return {"name": name, "content": link}

def pytest_addoption(parser):
    parser.addoption("--html", dest="htmlpath")

def pytest_configure(config):
    config.pluginmanager.register(Html(), "html")

def pytest_runtest_logreport(report):
    for extra in getattr(report, "extras", ()): print("LINK", extra["name"], extra["content"])
"""
