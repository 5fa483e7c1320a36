"""The tables. `SCHEMA_REVISION` is the newest migration, so that a start sees with one query what is missing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, Integer, MetaData, String, Text, UniqueConstraint, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA_REVISION = "0002"

# SQLite numbers rows by itself only in a column declared INTEGER, which holds 64 bits there anyway.
Seq = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )


class User(Base):
    """`username` and `display_name` as typed; the `_key` columns are case-folded, for signing in and for search."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64))
    username_key: Mapped[str] = mapped_column(String(256), unique=True)
    display_name: Mapped[str] = mapped_column(String(64))
    display_name_key: Mapped[str] = mapped_column(String(256))
    password_hash: Mapped[str] = mapped_column(String(256))


class Session(Base):
    """One signed-in browser. Signing out deletes the row; its tokens are dead from then on."""

    __tablename__ = "sessions"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)


class Chat(Base):
    """`direct_key` is "LOWER:HIGHER" of the two members' ids in a direct chat, so that there is one per pair."""

    __tablename__ = "chats"
    __table_args__ = (Index("uq_chats_client_id", "created_by", "client_id", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(100))
    is_group: Mapped[bool]
    direct_key: Mapped[str | None] = mapped_column(String(32), unique=True)
    client_id: Mapped[str | None] = mapped_column(String(64))
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_seq: Mapped[int] = mapped_column(Seq)


class Member(Base):
    """Unread are others' messages after both `joined_seq` and `last_read_seq`."""

    __tablename__ = "members"
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    joined_seq: Mapped[int] = mapped_column(Seq)
    last_read_seq: Mapped[int] = mapped_column(Seq, server_default="0")


class Message(Base):
    """A deleted message keeps its row, its seq and nothing of its content."""

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("sender_id", "client_id"), Index("ix_messages_chat_seq", "chat_id", "seq"))
    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(Seq, unique=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    sender_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    client_id: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    edited_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    deleted: Mapped[bool] = mapped_column(server_default=false())


class Event(Base):
    """What happened: the frame as JSON text, without the recipient's own `unread_count`."""

    __tablename__ = "events"
    seq: Mapped[int] = mapped_column(Seq, primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(String(32))
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    frame: Mapped[str] = mapped_column(Text)


class Delivery(Base):
    """Who an event was meant for, with the count that went into that recipient's frame."""

    __tablename__ = "deliveries"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    event_seq: Mapped[int] = mapped_column(ForeignKey("events.seq"), primary_key=True)
    unread_count: Mapped[int | None] = mapped_column(Integer)
