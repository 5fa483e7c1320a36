"""What a product promises, and what its adapter can see and do; a test of anything else is reported "not promised"."""

from __future__ import annotations

from typing import Literal

from duologue.data import Data
from duologue.errors import AdapterError


class Capabilities(Data):
    """Promises of the product, then the adapter's own means. The defaults are what most chats have."""

    # ---- the list of chats
    unread: Literal["number", "dot", "mentions", "none"] = "number"
    """What a row shows of unread messages: how many, that there are some, only those that name one, nothing."""
    group_unread: Literal["number", "dot", "mentions", "none", "same"] = "same"
    """The same for groups, where they differ from direct chats."""
    order: Literal["recency", "fixed"] = "recency"
    """Whether the chat with the newest message is on top, or each keeps its place."""
    previews: bool = True
    """A row shows the newest message."""
    lists_at_once: int = 0
    """So many of the chats on top are in the list without scrolling; 0: all of them."""
    total_unread: bool = False
    """There is a number of all unread messages."""
    new_chats_live: bool = True
    """A new chat comes into the list without a reload."""
    new_chats_open: Literal["none", "groups", "all"] = "none"
    """Which new chats the page opens by itself; tests leave them again by `ChatApp.leave_chat`."""
    opens_by_itself: Literal["last"] | bool = False
    """Loading or reconnecting opens a chat that nobody chose, where what comes is read: the one that was open "last"
    (then tests open another first), or, with True, any."""
    # ---- chats and people
    groups: bool = True
    membership: bool = True
    """Members can be added to a group."""
    removal: bool = True
    """Members can be taken out of a group."""
    removed_chats_vanish: bool = True
    """A chat that one was taken out of leaves the list."""
    free_names: bool = True
    """People and groups may be called anything, markup and spaces included."""
    presence: bool = False
    typing: bool = False
    # ---- messages
    history: bool = True
    """What was said is there after a reload, on another device, and for who was away."""
    shown_at_once: int = 0
    """So many of the newest messages of a chat are shown without scrolling; 0: all of them."""
    scrolls_back: bool = False
    """Older messages come when one scrolls up to the first that is shown."""
    drafts: bool = False
    """What is typed and not sent belongs to its chat: another one has a composer of its own."""
    formats: bool = False
    """Backticks, asterisks and the like are shown as what they mean, and not as they were typed."""
    long_messages: bool = True
    """A message of 10,000 characters is one message."""
    one_order: bool = True
    """All members see messages that were sent at one instant in the same order."""
    edits: bool = False
    deletions: bool = False
    receipts: bool = False
    """The sender learns that a message was read."""
    statuses: bool = False
    """An own message shows when the server has it."""
    days: bool = False
    """The day is written above the messages."""
    # ---- windows and connections
    several_tabs: bool = True
    several_devices: bool = True
    own_messages_elsewhere: bool = True
    """What one sends shows in one's other windows."""
    sign_out: bool = True
    stays_signed_in: bool = True
    """A reload, or another tab, asks for no password: all of one browser is one session."""
    reads_elsewhere: bool = True
    """What one reads in one window is read in one's other windows."""
    reconnects: bool = True
    """After an outage the page comes back by itself, with what was missed."""
    dials_when_online: bool = True
    """It does so at once when the browser says that the network is back."""
    opens_offline: bool = True
    """A chat that was open before opens during an outage as well, with what came since."""
    sends_later: bool = True
    """What is sent during an outage goes out after it; else the page does not let it be sent."""
    # ---- what the adapter can see and do
    socket: bool = True
    """The page's connection can be seen: a WebSocket, an event stream, or requests that `ChatApp.polls` names."""
    requests: bool = False
    """Messages are sent, and what was missed is fetched, by requests beside the socket."""
    frames: bool = True
    """`ChatApp.frame_message` reads messages from what the transport brings."""
    api_send: bool = True
    api_messages: bool = True
    api_chats: bool = True

    def promised(self, name: str) -> bool:
        """Whether a test marked `promised(name)` applies; a name may demand a value: `unread=number|dot`.

        Raises AdapterError for a capability that does not exist.
        """
        key, _, wanted = name.partition("=")
        if key not in type(self).model_fields:
            known = ", ".join(type(self).model_fields)
            raise AdapterError(f"there is no capability {key!r}", seen=name, remedy=f"one of: {known}")
        value = getattr(self, key)
        if value == "same":
            return self.promised(name.removeprefix("group_"))
        return str(value) in wanted.split("|") if wanted else value not in (False, "none")
