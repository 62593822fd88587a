import asyncio
import json

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from sevenlessons.deploy.answers import answer_of, handlers
from sevenlessons.deploy.refusals import Refused

from .fake import FakePrediction

refused, not_here = handlers()[Refused], handlers()[HTTPException]


def test_likeliest_first_whatever_the_order():
    told = answer_of(FakePrediction("b", 0.7, {"a": 0.3, "b": 0.7}))
    assert [row["label"] for row in told["probabilities"]] == ["b", "a"]
    assert json.loads(json.dumps(told)) == told


def test_a_refusal_is_its_sentence_and_headers():
    error = Refused(503, "Busy.", retry_after=3)
    answer = asyncio.run(refused(None, error))
    assert answer.status_code == 503
    assert json.loads(answer.body) == {"error": "Busy."}
    assert answer.headers["retry-after"] == "3"


@pytest.mark.parametrize("status", [404, 405, 418])
def test_other_addresses_get_a_sentence_too(status):
    answer = asyncio.run(not_here(None, HTTPException(status)))
    assert answer.status_code == status
    assert json.loads(answer.body)["error"].endswith(".")


@pytest.mark.parametrize("handler", [refused, not_here])
def test_other_errors_are_not_hidden(handler):
    with pytest.raises(KeyError):
        asyncio.run(handler(None, KeyError("x")))


def test_nobody_reads_the_answer_to_a_client_that_is_gone():
    gone = handlers()[ClientDisconnect]
    assert asyncio.run(gone(None, ClientDisconnect())).body == b""
