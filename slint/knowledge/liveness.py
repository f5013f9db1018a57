"""How code asks a connection whether it is still usable, by the library of `slint.knowledge.clients`.

Libraries that connect again by themselves need no question. Sources, read 2026-11-22: psycopg.org/docs/connection.html
and psycopg.org/psycopg3/docs/api/connections.html (`closed`), pymysql.readthedocs.io (`open`),
dev.mysql.com/doc/connector-python/en (`is_connected`), python-oracledb.readthedocs.io (`is_healthy`),
github.com/mkleehammer/pyodbc/wiki/Connection (`closed`).
"""

from __future__ import annotations

from typing import Final

IS_DEAD: Final = {
    "psycopg2": "{0}.closed",
    "psycopg": "{0}.closed",
    "pyodbc": "{0}.closed",
    "PyMySQL": "not {0}.open",
    "mysql-connector-python": "not {0}.is_connected()",
    "oracledb": "not {0}.is_healthy()",
}
"""An expression over a connection `{0}` that is true when it has to be made again."""
