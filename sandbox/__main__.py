"""``python -m sandbox``: start a local Slack."""

import argparse
import asyncio
import gc
import signal
import sys
import zoneinfo
from pathlib import Path

from sandbox import company, manifest
from sandbox.errors import CannotDo
from sandbox.server import running
from sandbox.workspace import Settings


def main(argv: list[str] | None = None) -> int:
    """Run until interrupted. Returns 0, or 2 with a sentence when it cannot start."""
    options = _options(argv)
    # The pinned tzdata, so that every machine has the same zones.
    zoneinfo.reset_tzpath(())
    zoneinfo.ZoneInfo.clear_cache()
    try:
        settings = Settings(
            company=company.load(options.company),
            manifest=_manifest(options.manifest),
            request_url=options.request_url,
            bot_token=options.bot_token,
            app_token=options.app_token,
            signing_secret=options.signing_secret,
        )
        asyncio.run(_run(settings, options.host, options.port))
    except CannotDo as error:
        print(f"sandbox: {error.sentence}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"sandbox: cannot listen on {options.host}:{options.port}: {error.strerror}.", file=sys.stderr)
        return 2
    return 0


async def _run(settings: Settings, host: str, port: int) -> None:
    stop = asyncio.Event()
    async with running(settings, host=host, port=port) as sandbox:
        # A full collection over a long record of messages would hold up every ack under way: make them rare.
        gc.freeze()
        gc.set_threshold(10_000, 20, 1_000)
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
        print(f"sandbox ready on {sandbox.url}", flush=True)
        await stop.wait()


def _manifest(path: Path | None) -> manifest.Manifest:
    """The given manifest; else manifest.yml of this folder or of the checkout; else one that allows everything."""
    if path is not None:
        return manifest.load(path)
    for known in (Path("manifest.yml"), Path(__file__).parent.parent / "manifest.yml"):
        if known.exists():
            return manifest.load(known)
    return manifest.Manifest()


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox", description="A local Slack for running and testing an app.")
    parser.add_argument("--port", type=int, default=8765, help="0 picks a free one (default 8765)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--manifest", type=Path, help="the app's manifest (default manifest.yml)")
    parser.add_argument("--company", type=Path, default=company.DEFAULT_FILE, help="people and channels (TOML)")
    parser.add_argument("--request-url", help="deliver by signed HTTP to this address instead of Socket Mode")
    parser.add_argument("--bot-token", default="xoxb-sandbox-bot")
    parser.add_argument("--app-token", default="xapp-sandbox-app")
    parser.add_argument("--signing-secret", default="sandbox-signing-secret")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
