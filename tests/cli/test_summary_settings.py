"""Wrong settings of the endpoint that writes lines stop the start, are named, and show no secret."""

import pytest

from broadsheet.config.options import BadSetting, read_options


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"SUMMARY_URL": "http://127.0.0.1/v1"}, "BROADSHEET_SUMMARY_MODEL is needed"),
        ({"SUMMARY_URL": "127.0.0.1/v1"}, "starts with http"),
        ({"SUMMARY_URL": "http:///v1"}, "expected an address like"),
        ({"SUMMARY_URL": "http://me:s3cret@host/v1"}, "expected an address like"),
        ({"SUMMARY_URL": "http://host/v1?key=s3cret"}, "expected an address like"),
        ({"SUMMARY_KEY": "s3cret s3cret"}, "one word"),
        ({"SUMMARY_MODEL": "a\u202eb"}, "the name of a model"),
        ({"SUMMARY_BUDGET": "0"}, "a whole number"),
    ],
)
def test_a_wrong_setting_is_named_and_shows_no_secret(told: dict[str, str], says: str) -> None:
    with pytest.raises(BadSetting, match=says) as caught:
        read_options({f"BROADSHEET_{name}": value for name, value in told.items()})

    assert "BROADSHEET_SUMMARY_" in str(caught.value)
    assert "s3cret" not in str(caught.value)
