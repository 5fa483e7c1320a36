"""The behaviour tests that hold for any chat: whoever has an adapter gets them by `from duologue.suite import *`.

They know verbs and capabilities only. A test of something that the chat does not promise is reported as that.
"""

from duologue.suite.clocks import *
from duologue.suite.crowds import *
from duologue.suite.delivery import *
from duologue.suite.edits import *
from duologue.suite.groups import *
from duologue.suite.marks import *
from duologue.suite.membership import *
from duologue.suite.new_chats import *
from duologue.suite.order import *
from duologue.suite.outages import *
from duologue.suite.presence import *
from duologue.suite.queued_sends import *
from duologue.suite.receipts import *
from duologue.suite.sign_in import *
from duologue.suite.silence import *
from duologue.suite.slow_links import *
from duologue.suite.text import *
from duologue.suite.tunnels import *
from duologue.suite.typing import *
from duologue.suite.unread import *
from duologue.suite.windows import *
