"""A predictor without a model, and a server of it for the tests.

Run as a program, it serves the app of a `FakePredictor`:
``python fake.py '{"seconds": 0.5, "limits": {"max_bytes": 1000}}'``.
"""

import json
import sys
import time
from dataclasses import dataclass, field

from sevenlessons.deploy.limits import Limits
from sevenlessons.deploy.server import serve
from sevenlessons.deploy.webapp import create_app


@dataclass(frozen=True)
class FakePrediction:
    label: str | None
    probability: float
    probabilities: dict


@dataclass
class FakePredictor:
    """Tells red, green and blue apart, at its leisure.

    A picture of one row makes it think: a millisecond a pixel.
    """

    seconds: float = 0.0
    threshold: float | None = 0.5
    classes: list = field(default_factory=lambda: ["red", "green", "blue"])

    def predict(self, photo):
        time.sleep(self.seconds)
        if photo.height == 1 < photo.width:
            time.sleep(photo.width / 1000)
        small = photo.convert("RGB").resize((8, 8)).resize((1, 1))
        weights = [value + 1.0 for value in small.getpixel((0, 0))]
        pairs = zip(self.classes, weights, strict=True)
        shares = {name: value / sum(weights) for name, value in pairs}
        best = max(shares, key=shares.get)
        sure = shares[best] >= (self.threshold or 0.0)
        order = dict(sorted(shares.items(), key=lambda item: -item[1]))
        return FakePrediction(best if sure else None, shares[best], order)


def heat(picture, label):
    """Return heat that is warmest in the upper left corner."""
    return [[9.0 - x - y for x in range(5)] for y in range(4)]


def main(options):
    limits = Limits(**options.get("limits", {}))
    app = create_app(
        FakePredictor(options.get("seconds", 0.0)),
        limits=limits,
        explain=heat if options.get("explain") else None,
        name="colors",
    )

    def announce(address):
        print(address, flush=True)

    port = options.get("port", 0)
    return serve(app, port=port, limits=limits, announce=announce)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]) if sys.argv[1:] else {}))
