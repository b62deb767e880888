"""The API keeps its word: tried by schemathesis with all that its document allows, and what it does not."""

from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from broadsheet.config.wsgi import application
from broadsheet.deliver.api.document import document
from broadsheet.deliver.api.examples import Here
from broadsheet.domain.scope import Scope
from tests.deliver.api_world import api, bearer, token_for

__all__ = ["api"]
ADDRESSES = [
    (method.upper(), path)
    for path, methods in document("http://localhost", Here())["paths"].items()
    for method in methods
]
FEW, MANY = 8, 160  # cases of each address that fit the document, and as many that do not
_NEEDS = {"/api/v1/status": Scope.STATUS, "/api/v1/subscription": Scope.SUBSCRIPTION}


def tried(method: str, path: str, mode: GenerationMode, cases: int) -> int:
    """How many cases there were; the first that breaks the document's word fails."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    token = bearer(token_for(_NEEDS[path]))["authorization"] if path in _NEEDS else ""
    count = 0

    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def keeps_its_word(case: "Case[Any]") -> None:
        nonlocal count
        count += 1
        _without_made_up_cursor(case, mode)
        if token and not _tries_headers(case):
            case.headers["Authorization"] = token
        case.call_and_validate(excluded_checks=_left_out(method))

    keeps_its_word()
    return count


def _without_made_up_cursor(case: "Case[Any]", mode: GenerationMode) -> None:
    """No document can say which words are signed: a made-up one is refused, though it has the right shape."""
    if mode is GenerationMode.POSITIVE and case.query:
        case.query.pop("cursor", None)


def _tries_headers(case: "Case[Any]") -> bool:
    """What comes without the token, or with a wrong one, must be refused."""
    tried = case.meta.components.get(ParameterLocation.HEADER) if case.meta else None
    return tried is not None and tried.mode is GenerationMode.NEGATIVE


def _left_out(method: str) -> list[Any]:
    """Nor can it say which words are names of time zones or categories."""
    return [positive_data_acceptance] if method == "PATCH" else []


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize(("method", "path"), ADDRESSES, ids=[f"{one} {path}" for one, path in ADDRESSES])
def test_some_cases(api: Client, method: str, path: str, mode: GenerationMode) -> None:
    assert tried(method, path, mode, FEW) > 0


@pytest.mark.slow
@pytest.mark.parametrize("mode", GenerationMode)
def test_five_thousand_cases(api: Client, mode: GenerationMode) -> None:
    assert sum(tried(method, path, mode, MANY) for method, path in ADDRESSES) >= 2_500
