"""Write a folder from which a host builds the container of the app."""

import shutil
from importlib.metadata import version
from importlib.resources import files
from os import PathLike
from pathlib import Path

from .bundle import SETTINGS, read_file, read_settings

__all__ = ["write_container"]

_PACKAGE = Path(__file__).parents[1]
_NEEDS = (  # what the app imports; torch first, it is the largest
    "torch",
    "torchvision",
    "numpy",
    "pillow",
    "safetensors",
    "platformdirs",
    "filelock",
    "starlette",
    "uvicorn",
    "python-multipart",
)


def write_container(
    bundle: str | PathLike[str], folder: str | PathLike[str]
) -> Path:
    """Write all that a container of the app needs; return the folder.

    A Dockerfile, the list of packages with the versions of this machine, the
    package itself and the model. Nothing else is needed to build it, and
    nothing else that lies in the folder of the model is taken along.

    Parameters
    ----------
    bundle
        The folder of the model.
    folder
        Where to write; made if it is not there.

    Raises
    ------
    FileExistsError
        If `folder` holds something already.
    ValueError
        If `folder` lies in the folder of the model or in the package.
    BundleError, FileNotFoundError
        If `bundle` is no model that `export` wrote.

    Examples
    --------
    >>> write_container("sky", "to_host")  # doctest: +SKIP
    PosixPath('to_host')

    """
    settings = read_settings(bundle)  # refuses what is no model
    contents = {
        name: read_file(bundle, settings, name) for name in settings["files"]
    }
    folder = Path(folder)
    for copied in (Path(bundle), _PACKAGE):
        if folder.resolve().is_relative_to(copied.resolve()):
            raise ValueError(
                f"{folder} lies in {copied}, which is copied there; name a "
                "folder outside of it"
            )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(
            f"{folder} holds something already; name a new folder, nothing "
            "is overwritten"
        )
    folder.mkdir(parents=True, exist_ok=True)
    image = files(__package__).joinpath("image")
    for source, target in (
        ("Dockerfile", "Dockerfile"),
        ("dockerignore", ".dockerignore"),
    ):
        text = image.joinpath(source).read_text(encoding="utf-8")
        (folder / target).write_text(text, encoding="utf-8")
    pins = [f"{name}=={version(name).split('+')[0]}" for name in _NEEDS]
    (folder / "requirements.txt").write_text("\n".join([*pins, ""]))
    unwanted = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(_PACKAGE, folder / "sevenlessons", ignore=unwanted)
    (folder / "model").mkdir()
    shutil.copyfile(Path(bundle, SETTINGS), folder / "model" / SETTINGS)
    for name, content in contents.items():
        (folder / "model" / name).write_bytes(content)
    return folder
