"""Country codes and names."""

from __future__ import annotations

import pycountry
import pytest

from sellersheet import countries


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ES", "ES"),
        ("es", "ES"),
        (" esp ", "ES"),
        ("西班牙", "ES"),
        ("Spain", "ES"),
        ("KINGDOM OF SPAIN", "ES"),
        ("俄罗斯", "RU"),
        ("俄羅斯", "RU"),
        ("Russia", "RU"),
        ("Russian Federation", "RU"),
        ("UK", "GB"),
        ("United Kingdom", "GB"),
        ("USA", "US"),
        ("阿联酋", "AE"),
        ("阿拉伯联合酋长国", "AE"),
        ("UAE", "AE"),
        ("沙特", "SA"),
        ("沙特阿拉伯", "SA"),
        ("韩国", "KR"),
        ("南韓", "KR"),
        ("South Korea", "KR"),
        ("south-korea", "KR"),
        ("Türkiye", "TR"),
        ("turkiye", "TR"),
        ("Turkey", "TR"),
        ("Cote d'Ivoire", "CI"),
        ("香港", "HK"),
        ("台湾", "TW"),
        ("Kosovo", "XK"),
        ("XK", "XK"),
        ("US", "US"),
    ],
)
def test_code(text: str, code: str) -> None:
    assert countries.code(text) == code


@pytest.mark.parametrize("text", ["", "Atlantis", "火星", "ZZ", "EU", "001", "刚果"])
def test_no_country(text: str) -> None:
    assert countries.code(text) is None


def test_every_country_by_code_and_by_name() -> None:
    assert len(pycountry.countries) > 200
    for country in pycountry.countries:
        assert countries.code(country.alpha_2) == country.alpha_2
        assert countries.code(country.alpha_3) == country.alpha_2
        assert countries.code(country.name) == country.alpha_2
        assert countries.code(countries.name(country.alpha_2, "zh")) == country.alpha_2
        assert countries.code(countries.name(country.alpha_2, "en")) == country.alpha_2


def test_name() -> None:
    assert countries.name("ES", "zh") == "西班牙"
    assert countries.name("ES", "en") == "Spain"
    assert countries.name("QQ", "en") == "QQ"
