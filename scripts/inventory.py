"""Write the inventory of torch's names that pages link to.

Usage: python -m scripts.inventory book/_inv/torch.inv

The file is committed: links to torch's documentation are checked at every
build, and no network is needed for that.
"""

import sys
import zlib
from pathlib import Path

__all__ = ["write"]

CLASSES = (
    "torch.nn.Module",
    "torch.nn.Linear",
    "torch.nn.Dropout",
    "torch.nn.BatchNorm2d",
    "torch.nn.CrossEntropyLoss",
    "torch.optim.SGD",
    "torch.optim.Adam",
    "torch.optim.AdamW",
)
FUNCTIONS = ("torch.stft", "torch.no_grad", "torch.manual_seed")
ROWS = [
    ("torch.Tensor", "py:class", "tensors.html#torch.Tensor"),
    ("torch.Generator", "py:class", "generated/torch.Generator.html#$"),
    # autodoc resolves the public name to this one
    (
        "torch.nn.modules.module.Module",
        "py:class",
        "generated/torch.nn.Module.html#torch.nn.Module",
    ),
    (
        "torch.utils.data.DataLoader",
        "py:class",
        "data.html#torch.utils.data.DataLoader",
    ),
    (
        "torch.optim.lr_scheduler.OneCycleLR",
        "py:class",
        "generated/torch.optim.lr_scheduler.OneCycleLR.html#$",
    ),
    *((name, "py:class", f"generated/{name}.html#$") for name in CLASSES),
    *((name, "py:function", f"generated/{name}.html#$") for name in FUNCTIONS),
]


def write(path: Path, project: str, rows: list[tuple[str, str, str]]) -> None:
    """Write `rows` of (name, domain:role, address below the project's)."""
    head = (
        "# Sphinx inventory version 2\n"
        f"# Project: {project}\n# Version: \n"
        "# The remainder of this file is compressed using zlib.\n"
    )
    body = "".join(f"{name} {role} 1 {uri} -\n" for name, role, uri in rows)
    path.write_bytes(head.encode() + zlib.compress(body.encode(), 9))


if __name__ == "__main__":
    write(Path(sys.argv[1]), "PyTorch", ROWS)
