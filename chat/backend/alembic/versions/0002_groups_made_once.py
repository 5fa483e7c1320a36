"""A group whose maker asks again, because the answer was lost, is the same one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chats", sa.Column("client_id", sa.String(64)))
    op.create_index("uq_chats_client_id", "chats", ["created_by", "client_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_chats_client_id", "chats")
    op.drop_column("chats", "client_id")
