"""The people of a test: users in browser windows, and users that speak the protocol alone."""

from duologue.people.cast import Cast
from duologue.people.chats import Chats
from duologue.people.existing import ExistingPeople, given_accounts, name_and_password
from duologue.people.message import Message
from duologue.people.protocol import ProtocolUser
from duologue.people.user import User

__all__ = ["Cast", "Chats", "ExistingPeople", "Message", "ProtocolUser", "User", "given_accounts", "name_and_password"]
