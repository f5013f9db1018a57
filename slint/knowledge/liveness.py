"""How a connection that is kept stays usable: how code asks it, and what becomes of its transactions; by the library of
`slint.knowledge.clients`.

Libraries that connect again by themselves need no question. Sources, read 2026-11-22: psycopg.org/docs/connection.html
and psycopg.org/psycopg3/docs/api/connections.html (`closed`), pymysql.readthedocs.io (`open`),
dev.mysql.com/doc/connector-python/en (`is_connected`), python-oracledb.readthedocs.io (`is_healthy`),
github.com/mkleehammer/pyodbc/wiki/Connection (`closed`).
"""

from __future__ import annotations

from typing import Final

POSTGRES: Final = frozenset({"psycopg", "psycopg2"})
"""Drivers of PostgreSQL, which refuses all until a failed transaction is ended."""

MYSQL: Final = frozenset({"PyMySQL", "mysql-connector-python"})
"""Drivers of MySQL, where a transaction that is left open goes on reading what was there when it began."""

AUTOCOMMIT: Final = frozenset({"autocommit", "set_autocommit", "set_session"})
"""Attributes and methods of connections that end each transaction with its statement."""

IS_DEAD: Final = {
    "psycopg2": "{0}.closed",
    "psycopg": "{0}.closed",
    "pyodbc": "{0}.closed",
    "PyMySQL": "not {0}.open",
    "mysql-connector-python": "not {0}.is_connected()",
    "oracledb": "not {0}.is_healthy()",
}
"""An expression over a connection `{0}` that is true when it has to be made again."""
