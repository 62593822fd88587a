import numpy as np
import pytest
import torch

from sevenlessons.data.skymap import Frame, direction
from sevenlessons.scratch.camera import gnomonic, project


def test_the_head_of_the_course():
    focal = torch.tensor([517.679, 517.679], dtype=torch.double)
    middle = torch.tensor([320, 240.5], dtype=torch.double)
    head = torch.tensor([187.332, 40.3892, 893.135], dtype=torch.double)
    column, row = project(head, focal, middle).tolist()
    assert round(row, 4) == 263.9104
    assert round(column, 4) == 428.5814


def test_twice_as_far_is_half_as_large():
    focal, middle = torch.tensor([400.0, 400]), torch.tensor([320.0, 240])
    near = torch.tensor([[1.0, -2.0, 4.0], [0.5, 0.1, 2.0]])
    far = near * torch.tensor([1.0, 1.0, 2.0])
    torch.testing.assert_close(
        project(far, focal, middle) - middle,
        (project(near, focal, middle) - middle) / 2,
    )


def test_what_is_behind_is_not_seen():
    focal, middle = torch.tensor([400.0, 400]), torch.tensor([320.0, 240])
    behind = torch.tensor([[1.0, 1.0, -3.0], [1.0, 1.0, 0.0]])
    assert project(behind, focal, middle).isnan().all()
    with pytest.raises(ValueError, match=r"shape \(\.\.\., 3\), got \(2,\)"):
        project(torch.zeros(2), focal, middle)


def test_gnomonic_equals_a_projection_of_directions():
    generator = torch.Generator().manual_seed(0)
    center = torch.tensor([4.0, 0.7], dtype=torch.double)
    sky = center + 0.3 * torch.randn(
        50, 2, generator=generator, dtype=torch.double
    )
    found = gnomonic(sky, center)
    towards, middle = (direction(*p.numpy().T) for p in (sky, center))
    east = np.cross([0, 0, 1], middle)
    east /= np.linalg.norm(east)
    north = np.cross(middle, east)
    flat = np.stack([towards @ east, towards @ north], -1)
    expected = flat / (towards @ middle)[:, None]
    np.testing.assert_allclose(found.numpy(), expected, atol=1e-12)


def test_gnomonic_gives_the_places_of_the_book():
    """A square frame around a star: the same place as `Frame` finds."""
    corners = np.array([[11, -1], [9, -1], [9, 1], [11, 1]], float)
    frame = Frame(corners)
    star = np.radians([10.4, 0.3])
    flat = gnomonic(torch.tensor(star), torch.tensor(np.radians([10.0, 0.0])))
    half = np.tan(np.radians(1.0))
    expected = [(1 - flat[0] / half) / 2, (1 - flat[1] / half) / 2]
    np.testing.assert_allclose(frame.xy(direction(*star)), expected, atol=1e-4)


def test_gnomonic_keeps_great_circles_straight():
    along = torch.linspace(-0.5, 0.5, 9, dtype=torch.double)
    meridian = torch.stack([torch.full_like(along, 1.2), along], dim=1)
    center = torch.tensor([1.0, 0.2], dtype=torch.double)
    places = gnomonic(meridian, center)
    steps = places.diff(dim=0)
    turn = steps[1:, 0] * steps[:-1, 1] - steps[1:, 1] * steps[:-1, 0]
    assert turn.abs().max() < 1e-12
    assert gnomonic(center + torch.tensor([3.1, 0.0]), center).isnan().all()
