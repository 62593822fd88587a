import io

import formulas
import openpyxl
import pytest
import torch
from torch import nn

from sevenlessons.page.convolution_workbook import (
    convolution_workbook,
    picture_sheets,
)


def network(side=8, seed=0):
    torch.manual_seed(seed)
    width = (side - 4) // 2
    return nn.Sequential(
        nn.Conv2d(1, 2, 3),
        nn.ReLU(),
        nn.Conv2d(2, 2, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(2 * width * width, 10),
    ).double()


def parts(net):
    return [(net[i].weight, net[i].bias) for i in (0, 2, 6)]


def picture(side=8, seed=1):
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(side, side, generator=generator, dtype=torch.float64)


def calculated(path, content):
    path.write_bytes(content)
    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    cells = {}
    for name, found in solution.items():
        if isinstance(name, str) and ":" not in name and "!" in name:
            sheet, cell = name.rsplit("!", 1)
            sheet = sheet.partition("]")[2].strip("'").lower()
            cells[sheet, cell] = found.value[0, 0]
    return cells


@pytest.mark.parametrize("side", [8, 9, 28])
def test_every_layer_is_torchs(side):
    net, seen = network(side), picture(side)
    sheets = picture_sheets(seen, *parts(net))
    first = net[:2](seen[None])
    second = net[2:4](first)
    pooled = net[4](second)
    scores = net(seen[None, None])[0]
    for sheet, maps in zip(sheets[1:4], (first, second, pooled), strict=True):
        found = torch.tensor(list(sheet.results.values()), dtype=torch.float64)
        assert torch.allclose(found.reshape(maps.shape), maps, atol=1e-12)
    dense = sheets[4].results
    for k in range(10):
        assert dense[6 + k, 2] == pytest.approx(scores[k].item())
        share = scores.softmax(0)[k].item()
        assert dense[6 + k, 3] == pytest.approx(share)
    assert dense[3, 2] == scores.argmax().item()


def test_every_formula_gives_what_is_stored_with_it(tmp_path):
    content = convolution_workbook(picture(), *parts(network()))
    cells = calculated(tmp_path / "convolution.xlsx", content)
    alive = openpyxl.load_workbook(io.BytesIO(content))
    stored = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    count = 0
    for sheet in alive:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    there = stored[sheet.title][cell.coordinate].value
                    found = float(cells[sheet.title, cell.coordinate])
                    assert found == pytest.approx(there, abs=1e-12)
                    count += 1
    assert count == 2 * 6 * 6 + 2 * 4 * 4 + 2 * 2 * 2 + 2 * 10 + 1


def test_a_changed_pixel_changes_the_answers_as_torch_says(tmp_path):
    net, seen = network(), picture()
    book = openpyxl.load_workbook(
        io.BytesIO(convolution_workbook(seen, *parts(net)))
    )
    book["picture"]["C5"] = 9.0  # the second row, the third column
    again = io.BytesIO()
    book.save(again)
    cells = calculated(tmp_path / "changed.xlsx", again.getvalue())
    changed = seen.clone()
    changed[1, 2] = 9.0
    for k, score in enumerate(net(changed[None, None])[0].tolist()):
        assert float(cells["dense", f"B{6 + k}"]) == pytest.approx(score)


def test_the_same_numbers_give_the_same_bytes():
    made = [convolution_workbook(picture(), *parts(network())) for _ in "ab"]
    assert made[0] == made[1]


def test_what_does_not_fit_is_refused():
    first, second, dense = parts(network())
    with pytest.raises(ValueError, match=r"shape \(H, W\) .* got shape \(8,"):
        picture_sheets(picture()[:, 0], first, second, dense)
    with pytest.raises(ValueError, match="finite numbers"):
        picture_sheets(picture() * float("nan"), first, second, dense)
    with pytest.raises(ValueError, match=r"convolution 2: .*\(F, 2, k, k\)"):
        picture_sheets(picture(), first, first, dense)
    with pytest.raises(ValueError, match=r"convolution 1: .* k at most 2"):
        picture_sheets(picture(2), first, second, dense)
    with pytest.raises(ValueError, match=r"dense: .*\(K, 18\).*\(10, 8\)"):
        picture_sheets(picture(10), first, second, dense)
    with pytest.raises(ValueError, match="bias for each of its rows"):
        picture_sheets(picture(), first, second, (dense[0], dense[1][:3]))
    with pytest.raises(ValueError, match=r"must be finite, .* smaller rate"):
        wild = first[0] * float("inf"), first[1]
        picture_sheets(picture(), wild, second, dense)
    with pytest.raises(ValueError, match="at least 2 by 2, got 1 by 1"):
        picture_sheets(picture(5), first, second, dense)
