"""Starts bots that others kill: one process that has read all modules forks a new bot whenever it is asked.

A start then costs what Lockstep's own start costs and not the seconds Python needs to read its modules. Each bot is a
process of its own and dies as a process.

Spoken to by lines of JSON: `{"do": "start", "environment": {...}, "log": FILE}` answers `{"pid": 1}`,
`{"do": "wait", "pid": 1}` answers `{"code": -9}` once it has ended.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
from collections.abc import Mapping

# Everything a running bot needs, read before the first fork; some of it is imported late otherwise.
import aiohttp.resolver
import apscheduler.triggers.interval
import psycopg
import sqlalchemy.dialects.postgresql.psycopg
import sqlalchemy.dialects.sqlite.pysqlite
import uvicorn.lifespan.off
import uvicorn.protocols.http.auto
import websockets.asyncio.client

import bot.app
import bot.log
import bot.settings

NEEDED = (
    aiohttp.resolver, apscheduler.triggers.interval, psycopg, sqlalchemy.dialects.postgresql.psycopg,
    sqlalchemy.dialects.sqlite.pysqlite, uvicorn.lifespan.off, uvicorn.protocols.http.auto, websockets.asyncio.client,
)  # fmt: skip


def main() -> None:
    gc.freeze()  # what is shared with the children stays shared
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "start":
            answer = {"pid": _start(order["environment"], order["log"])}
        else:
            _, status = os.waitpid(order["pid"], 0)
            answer = {"code": os.waitstatus_to_exitcode(status)}
        print(json.dumps(answer), flush=True)


def _start(environment: Mapping[str, str], log: str) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(output, 1)
        os.dup2(output, 2)
        settings = bot.settings.Settings.from_env(environment)
        bot.log.configure(settings.log)
        asyncio.run(bot.app.run(settings))
        code = 0
    except BaseException as error:  # noqa: BLE001 - whatever it was, the child must not go on as its parent
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
