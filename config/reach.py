"""Are the servers of DATABASE_URL and REDIS_URL there, new enough and fit? `python -m config.reach`

One line for the person and exit code 1 if not. A process of its own, because the drivers take longer
to import than the embedded servers to start.
"""

import os
import sys
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg.conninfo import conninfo_to_dict

from config.embedded.trouble import CannotStart

PATIENCE = 5  # seconds
TELLING = ("FATAL", "refused", "timeout", "timed out", "could not", "failed to resolve")
OLDEST_POSTGRES = 15
OLDEST_REDIS = 7
EXTENSIONS = ("pg_trgm", "btree_gist")
MISSING_EXTENSIONS = """
    SELECT wanted FROM unnest(%s::text[]) AS wanted
    WHERE NOT EXISTS (SELECT FROM pg_extension WHERE extname = wanted)
      AND NOT EXISTS (SELECT FROM pg_available_extension_versions v
                      WHERE v.name = wanted AND (v.trusted OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))
                        AND has_database_privilege(current_database(), 'CREATE'))
"""


def check_database(url: str) -> None:
    check_database_form(url)
    try:
        with psycopg.connect(url, connect_timeout=PATIENCE) as connection:
            check_version(connection)
            check_letters(connection)
            check_extensions(connection)
    except psycopg.Error as error:
        raise CannotStart(
            f"无法连接 DATABASE_URL 指定的数据库：{pick_cause(str(error))}",
            "cannot connect to the database of DATABASE_URL",
        ) from None


def check_database_form(url: str) -> None:
    """Never shows the value: a misspelt URL still holds the password."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("postgres", "postgresql") and len(parts.path) > 1 and conninfo_to_dict(url)
    except (ValueError, psycopg.Error):
        fits = False
    if not fits:
        raise CannotStart(
            "DATABASE_URL 格式应为 postgresql://用户:密码@主机:5432/库名",
            "DATABASE_URL must look like postgresql://user:password@host:5432/name",
        )


def pick_cause(said: str) -> str:
    """libpq says several lines; one of them is the cause, the rest are advice."""
    lines = [line.strip(" \t-") for line in said.splitlines() if line.strip()]
    return next((line for line in lines if any(word in line for word in TELLING)), lines[0] if lines else "?")


def check_version(connection: psycopg.Connection) -> None:
    have = connection.info.server_version // 10000
    if have < OLDEST_POSTGRES:
        raise CannotStart(
            f"PostgreSQL 版本过低：{have}，需要 {OLDEST_POSTGRES} 或更高",
            f"PostgreSQL {have} is too old, {OLDEST_POSTGRES} or newer is needed",
        )


def check_letters(connection: psycopg.Connection) -> None:
    row = connection.execute(
        "SELECT datctype, datlocprovider, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    ctype, provider, encoding = row
    if encoding != "UTF8" or (provider == "c" and ctype in ("C", "POSIX")):
        raise CannotStart(
            f"数据库编码须为 UTF8 且 LC_CTYPE 不能是 C（现为 {encoding}、{ctype}），否则中文无法检索",
            "the database must be UTF8 with an LC_CTYPE other than C, or Chinese text cannot be searched",
        )


def check_extensions(connection: psycopg.Connection) -> None:
    missing = [row[0] for row in connection.execute(MISSING_EXTENSIONS, [list(EXTENSIONS)])]
    if missing:
        names = ", ".join(missing)
        raise CannotStart(
            f"数据库缺少扩展且无权创建：{names}", f"the database lacks extensions and may not create them: {names}"
        )


def check_redis(url: str) -> None:
    try:
        fits = urlsplit(url).scheme in ("redis", "rediss") and redis.Redis.from_url(url)
    except ValueError:
        fits = False
    if not fits:
        raise CannotStart(
            "REDIS_URL 格式应为 redis://:密码@主机:6379/0", "REDIS_URL must look like redis://:password@host:6379/0"
        )
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE) as line:
            have = line.info("server")["redis_version"]
    except redis.RedisError as error:
        raise CannotStart(
            f"无法连接 REDIS_URL 指定的 Redis：{pick_cause(str(error))}", "cannot connect to the Redis of REDIS_URL"
        ) from None
    if int(have.split(".")[0]) < OLDEST_REDIS:
        raise CannotStart(
            f"Redis 版本过低：{have}，需要 {OLDEST_REDIS} 或更高（或 Valkey）",
            f"Redis {have} is too old, {OLDEST_REDIS} or newer (or Valkey) is needed",
        )


CHECKS = {"DATABASE_URL": check_database, "REDIS_URL": check_redis}

if __name__ == "__main__":
    try:
        for name, check in CHECKS.items():
            if os.environ.get(name):
                check(os.environ[name])
    except CannotStart as trouble:
        sys.exit(str(trouble))
