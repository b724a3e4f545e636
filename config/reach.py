"""Are the servers of DATABASE_URL and REDIS_URL there, new enough and fit? `python -m config.reach`

One line for the person and exit code 1 if not. A process of its own, because the drivers take longer
to import than the embedded servers to start.
"""

import os
import sys

import psycopg
import redis

from config.embedded.trouble import CannotStart

PATIENCE = 5  # seconds
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
    try:
        with psycopg.connect(url, connect_timeout=PATIENCE) as connection:
            check_version(connection)
            check_letters(connection)
            check_extensions(connection)
    except (psycopg.Error, UnicodeError) as error:
        cause = str(error).strip().splitlines()[-1]
        raise CannotStart(f"无法连接 DATABASE_URL 指定的数据库：{cause}", "cannot use the database of DATABASE_URL")


def check_version(connection: psycopg.Connection) -> None:
    have = connection.info.server_version // 10000
    if have < OLDEST_POSTGRES:
        raise CannotStart(f"PostgreSQL 版本过低：{have}，需要 {OLDEST_POSTGRES} 或更高",
                          f"PostgreSQL {have} is too old, {OLDEST_POSTGRES} or newer is needed")


def check_letters(connection: psycopg.Connection) -> None:
    row = connection.execute(
        "SELECT datctype, datlocprovider, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    ctype, provider, encoding = row
    if encoding != "UTF8" or (provider == "c" and ctype in ("C", "POSIX")):
        raise CannotStart(f"数据库编码须为 UTF8 且 LC_CTYPE 不能是 C（现为 {encoding}、{ctype}），否则中文无法检索",
                          "the database must be UTF8 with an LC_CTYPE other than C, or Chinese text cannot be searched")


def check_extensions(connection: psycopg.Connection) -> None:
    missing = [row[0] for row in connection.execute(MISSING_EXTENSIONS, [list(EXTENSIONS)])]
    if missing:
        names = ", ".join(missing)
        raise CannotStart(f"数据库缺少扩展且无权创建：{names}", f"the database lacks extensions and may not create them: {names}")


def check_redis(url: str) -> None:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE) as line:
            have = line.info("server")["redis_version"]
    except (redis.RedisError, ValueError) as error:
        raise CannotStart(f"无法连接 REDIS_URL 指定的 Redis：{error}", "cannot use the Redis of REDIS_URL")
    if int(have.split(".")[0]) < OLDEST_REDIS:
        raise CannotStart(f"Redis 版本过低：{have}，需要 {OLDEST_REDIS} 或更高（或 Valkey）",
                          f"Redis {have} is too old, {OLDEST_REDIS} or newer (or Valkey) is needed")


CHECKS = {"DATABASE_URL": check_database, "REDIS_URL": check_redis}

if __name__ == "__main__":
    try:
        for name, check in CHECKS.items():
            if os.environ.get(name):
                check(os.environ[name])
    except CannotStart as trouble:
        sys.exit(str(trouble))
