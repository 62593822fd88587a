"""``python -m sevenlessons app``: a trained model as a web app.

Starlette, uvicorn and torch are loaded when they are needed: the other
commands work without them.
"""

import argparse
import importlib
import math
import os
from pathlib import Path
from typing import Any

__all__ = ["add_app_command", "run_app"]

_DESCRIPTION = """\
Serve a page to drop a picture on, for a model that `export` wrote. Only this
machine can open it, unless --host says otherwise.
"""
_EPILOG = """\
addresses:
  /          the page
  /predict   POST a picture, get JSON
  /explain   POST a picture, get a map of where the model looked
  /health    is the server up?
  /version   package, model, classes, limits

environment:
  PORT       the port, where --port does not give one

examples:
  python -m sevenlessons app sky --open
  python -m sevenlessons app sky --port 0        any free port
  python -m sevenlessons app sky --container to_host
  curl --data-binary @photo.jpg http://127.0.0.1:8000/predict
"""
_EXTRA = ("starlette", "uvicorn", "python_multipart", "h11", "anyio")
_PARTS = ("limits", "webapp", "server", "predictor", "reasons")


def add_app_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Add ``app`` to the commands of a parser."""
    parser = commands.add_parser(
        "app",
        help="serve a trained model as a web app",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "bundle", type=Path, metavar="PATH", help="the folder of the model"
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="0.0.0.0 lets other machines in (default: %(default)s)",
    )
    parser.add_argument(
        "--port", type=int, help="default: 8000; 0 takes a free one"
    )
    parser.add_argument(
        "--open", action="store_true", help="open the page in a browser"
    )
    parser.add_argument(
        "--workers", type=int, default=1, help="pictures at a time"
    )
    parser.add_argument(
        "--max-megabytes", type=float, default=10, help="largest file"
    )
    parser.add_argument(
        "--max-megapixels", type=float, default=40, help="largest picture"
    )
    parser.add_argument(
        "--no-why",
        dest="why",
        action="store_false",
        help="answer, but do not show where the model looked",
    )
    parser.add_argument(
        "--frame-ancestors",
        default="'none'",
        metavar="SITES",
        help="sites that may show the page in a frame, in quotes",
    )
    parser.add_argument(
        "--container",
        type=Path,
        metavar="FOLDER",
        help="serve nothing; write what a host builds a container from",
    )
    parser.set_defaults(run=run_app)


def _load(part: str) -> Any:
    return importlib.import_module(f"sevenlessons.deploy.{part}")


def run_app(options: argparse.Namespace) -> int:
    """Do what the options of ``app`` say; return the exit status."""
    if options.container is not None:
        return _write(options.bundle, options.container)
    try:
        limits, webapp, server, predictor, reasons = map(_load, _PARTS)
    except ModuleNotFoundError as error:
        missing = (error.name or "").split(".")[0]
        if missing not in _EXTRA:
            raise
        print(
            f"The web app needs {missing}, which is not installed:\n"
            '  pip install "sevenlessons[app]"'
        )
        return 1
    try:
        size = _whole("--max-megabytes", options.max_megabytes)
        bounds = limits.Limits(
            workers=options.workers,
            max_bytes=size,
            max_pixels=_whole("--max-megapixels", options.max_megapixels),
            max_held_bytes=10 * max(size, 10_000_000),
        )
        model = predictor.Predictor.load(options.bundle)
        app = webapp.create_app(
            model,
            limits=bounds,
            explain=reasons.explainer(model) if options.why else None,
            name=options.bundle.resolve().name,
            frame_ancestors=options.frame_ancestors,
        )
        status: int = server.serve(
            app,
            host=options.host,
            port=_port(options.port),
            limits=bounds,
            open_browser=options.open,
            announce=lambda address: print(
                f"Open {address} (Ctrl+C stops the server)", flush=True
            ),
        )
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        print(error)
        return 1
    return status


def _write(bundle: Path, folder: Path) -> int:
    try:
        made = _load("container").write_container(bundle, folder)
    except (OSError, ValueError) as error:
        print(error)
        return 1
    print(f"wrote {made}; its Dockerfile says how to build and run it")
    return 0


def _whole(option: str, millions: float) -> int:
    """Return `millions` as a whole number of ones."""
    ones = 1e6 * millions
    if not math.isfinite(ones):
        raise ValueError(f"{option} must be a number like 10, got {millions}")
    return round(ones)


def _port(given: int | None) -> int:
    """Return the port that was asked for; PORT, or 8000, otherwise."""
    text = os.environ.get("PORT", "8000")
    if given is None and not text.isdigit():
        raise ValueError(f"PORT must be a number, got {text!r}")
    return int(text) if given is None else given
