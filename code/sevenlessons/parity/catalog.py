"""All pieces that the book writes out, by topic.

A new file of pieces needs one line here. Then the tests know it, and the
book's parity page lists it.
"""

from collections.abc import Callable

from .backprop import backprop_pieces
from .convolutions import convolution_pieces
from .decay import decay_pieces
from .earlier import earlier_pieces
from .embedding import embedding_pieces
from .engine import engine_pieces
from .enlarging import enlarging_pieces
from .initialization import initialization_pieces
from .losses import loss_pieces
from .norms import norm_pieces
from .optimizers import optimizer_pieces
from .pieces import Piece
from .pooling import pooling_pieces
from .rankings import ranking_pieces
from .rates import rate_pieces
from .sequences import sequence_pieces
from .signals import signal_pieces
from .training_loop import training_loop_pieces

__all__ = ["all_pieces", "pieces_by_topic"]

TOPICS: dict[str, list[Callable[[], tuple[Piece, ...]]]] = {
    "Gradients: by hand and by a small engine": [
        backprop_pieces,
        engine_pieces,
    ],
    "Starting weights and training loop": [
        initialization_pieces,
        training_loop_pieces,
    ],
    "Normalization and dropout": [norm_pieces],
    "Optimizers and decay": [optimizer_pieces, decay_pieces],
    "Softmax, losses, embeddings": [loss_pieces, embedding_pieces],
    "Convolution and pooling": [convolution_pieces, pooling_pieces],
    "Descent, lines and a loss of earlier lessons": [earlier_pieces],
    "Schedules of the learning rate": [rate_pieces],
    "Reading texts": [sequence_pieces],
    "Sound, components, numbers in memory": [signal_pieces],
    "Judging a ranking": [ranking_pieces],
    "Pictures from pictures": [enlarging_pieces],
}


def pieces_by_topic() -> dict[str, tuple[Piece, ...]]:
    """Return the pieces of each topic.

    Examples
    --------
    >>> from sevenlessons.parity.catalog import pieces_by_topic
    >>> pieces_by_topic()["Convolution and pooling"][0].name
    'convolution by loops'

    """
    return {
        topic: tuple(piece for make in makers for piece in make())
        for topic, makers in TOPICS.items()
    }


def all_pieces() -> tuple[Piece, ...]:
    """Return every piece, topic after topic.

    Examples
    --------
    >>> from sevenlessons.parity.catalog import all_pieces
    >>> any(piece.name == "max pooling" for piece in all_pieces())
    True

    """
    return tuple(
        piece for pieces in pieces_by_topic().values() for piece in pieces
    )
