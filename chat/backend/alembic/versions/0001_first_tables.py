"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("username_key", sa.String(256), nullable=False),
        sa.Column("display_name", sa.String(64), nullable=False),
        sa.Column("display_name_key", sa.String(256), nullable=False),
        sa.Column("password_hash", sa.String(256), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("username_key", name="uq_users_username_key"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "chats",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(100)),
        sa.Column("is_group", sa.Boolean, nullable=False),
        sa.Column("direct_key", sa.String(32)),
        sa.Column("created_by", sa.Integer, nullable=False),
        sa.Column("created_seq", SEQ, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chats"),
        sa.UniqueConstraint("direct_key", name="uq_chats_direct_key"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_chats_created_by"),
    )
    op.create_table(
        "members",
        sa.Column("chat_id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("joined_seq", SEQ, nullable=False),
        sa.Column("last_read_seq", SEQ, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "user_id", name="pk_members"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_members_chat_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_members_user_id"),
    )
    op.create_index("ix_members_user_id", "members", ["user_id"])
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("chat_id", sa.Integer, nullable=False),
        sa.Column("sender_id", sa.Integer, nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True)),
        sa.Column("deleted", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("seq", name="uq_messages_seq"),
        sa.UniqueConstraint("sender_id", "client_id", name="uq_messages_sender_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_messages_chat_id"),
        sa.ForeignKeyConstraint(["sender_id"], ["users.id"], name="fk_messages_sender_id"),
    )
    op.create_index("ix_messages_chat_seq", "messages", ["chat_id", "seq"])
    op.create_table(
        "events",
        sa.Column("seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("chat_id", sa.Integer, nullable=False),
        sa.Column("message_id", sa.Integer),
        sa.Column("subject_id", sa.Integer),
        sa.Column("frame", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_events"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_events_chat_id"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_events_message_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["users.id"], name="fk_events_subject_id"),
    )
    op.create_index("ix_events_message_id", "events", ["message_id"])
    op.create_table(
        "deliveries",
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("event_seq", SEQ, nullable=False),
        sa.Column("unread_count", sa.Integer),
        sa.PrimaryKeyConstraint("user_id", "event_seq", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_deliveries_user_id"),
        sa.ForeignKeyConstraint(["event_seq"], ["events.seq"], name="fk_deliveries_event_seq"),
    )


def downgrade() -> None:
    for table in ("deliveries", "events", "messages", "members", "chats", "sessions", "users"):
        op.drop_table(table)
