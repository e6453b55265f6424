"""The countries of ISO 3166-1, all that are officially assigned."""

from collections.abc import Mapping
from typing import Annotated

import pycountry
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

NAMES: Mapping[str, str] = {
    country.alpha_2: getattr(country, "common_name", country.name)
    for country in sorted(pycountry.countries, key=lambda country: country.alpha_2)
}
"""English names by alpha-2 code, in the order of codes: the common name where the standard's is an inverted one."""


def _assigned(code: str) -> str:
    if code not in NAMES:
        raise PydanticCustomError("country", "The country must be an ISO 3166-1 alpha-2 code in upper case.")
    return code


KnownCountry = Annotated[
    str, AfterValidator(_assigned), Field(json_schema_extra={"enum": list(NAMES)}, examples=["FR"])
]
"""What requests name a country by."""

CountryCode = Annotated[str, Field(json_schema_extra={"pattern": "^[A-Z]{2}$"}, examples=["FR"])]
"""What answers name a country by: whatever is stored."""
