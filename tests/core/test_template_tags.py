"""What the tags of every page show, digit by digit."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from core.money import Money
from core.templatetags.remembered import Remembered

THIN = "\u202f"


def shown(source, **context):
    return Template("{% load roms %}" + source).render(Context(context))


def test_money_shows_two_decimals_cut_and_keeps_the_rest_in_the_title():
    html = shown("{% money x %}", x=Money(Decimal("1234567.99912345"), "USD"))

    assert f"1{THIN}234{THIN}567.99<" in html
    assert 'title="exactly 1234567.99912345 USD"' in html
    assert '<data value="1234567.99912345">' in html


def test_money_with_nothing_hidden_has_no_title():
    assert "title" not in shown("{% money x 'USD' %}", x=Decimal("12.50000000"))


def test_money_below_a_coin_shows_every_digit():
    assert ">0.00135</data>" in shown("{% money x 'USD' %}", x=Decimal("0.00135000"))


def test_money_exact_shows_eight_decimals():
    html = shown("{% money x 'USD' exact=True %}", x=Decimal("12.345"))

    assert '>12.34<span class="tail">500000</span></data>' in html


def test_money_negative_has_a_minus_sign_and_a_mark():
    html = shown("{% money x 'USD' %}", x=Decimal("-3.10"))

    assert "\u22123.10" in html
    assert "negative" in html


def test_money_of_a_currency_without_minor_unit_and_nothing_at_all():
    assert ">1500</data>" in shown("{% money x 'JPY' %}", x=Decimal("1500")).replace(THIN, "")
    assert "–" in shown("{% money x 'USD' %}", x=None)


def test_money_follows_the_language():
    with translation.override("ru"):
        assert ">12,50</data>" in shown("{% money x 'USD' %}", x=Decimal("12.5"))


def test_money_refuses_float():
    with pytest.raises(TypeError):
        shown("{% money x 'USD' %}", x=0.1)


def test_percent_and_number():
    assert shown("{{ x|percent }}", x=Decimal("33.333333")) == "33.333333\u00a0%"
    assert shown("{{ x|percent }}", x=Decimal("50.000000")) == "50\u00a0%"
    assert shown("{{ x|percent }}", x=Decimal("100")) == "100\u00a0%"
    assert shown("{{ x|number }}", x=1234567) == f"1{THIN}234{THIN}567"


def test_when_shows_utc_and_is_machine_readable():
    html = shown("{% when x %}", x=datetime(2007, 6, 30, 9, 5, tzinfo=UTC))

    assert "30 Jun 2007, 09:05 UTC" in html
    assert 'datetime="2007-06-30T09:05:00+00:00"' in html
    assert shown("{% when x %}", x=date(2007, 6, 30)) == '<time datetime="2007-06-30">30 Jun 2007</time>'


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (None, None, "always"),
        (date(2005, 1, 1), date(2007, 7, 1), "Jan 2005 to Jun 2007"),
        (date(2005, 1, 1), date(2005, 2, 1), "January 2005"),
        (date(2005, 1, 5), date(2005, 1, 6), "5 Jan 2005"),
        (date(2005, 1, 5), date(2005, 3, 1), "5 Jan 2005 to 28 Feb 2005"),
        (date(2005, 1, 5), None, "from 5 Jan 2005"),
        (None, date(2005, 1, 5), "until 4 Jan 2005"),
        (date(2007, 7, 1), date(2007, 7, 1), "on no day"),
    ],
)
def test_period_is_half_open(start, end, words):
    assert shown("{% period a b %}", a=start, b=end) == words


def test_days_and_months_are_written_as_russians_do():
    with translation.override("ru"):
        assert shown("{% when x %}", x=date(2007, 6, 30)) == '<time datetime="2007-06-30">30.06.2007</time>'
        assert shown("{% period a b %}", a=date(2005, 1, 1), b=date(2007, 7, 1)) == "январь 2005 – июнь 2007"
        assert shown("{% period a b %}", a=date(2005, 1, 1), b=date(2005, 2, 1)) == "январь 2005"


def test_status_has_a_tone_and_escapes_its_label():
    assert 'class="status good"' in shown("{% status 'approved' %}")
    assert "&lt;b&gt;" in shown("{% status 'x' label %}", label="<b>")


class Form(forms.Form):
    title = forms.CharField(help_text="As printed.")
    role = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def test_field_ties_label_help_and_error_to_the_control():
    html = shown("{% field form.title %}{% field form.role %}", form=Form({}))

    assert '<label class="form-label" for="id_title">' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_error"' in html
    assert html.count('type="radio"') == 2
    assert "<legend>" in html


def test_errors_link_to_their_fields():
    html = shown("{% errors form %}", form=Form({}))

    assert 'href="#id_title"' in html
    assert 'href="#id_role"' in html
    assert 'role="alert"' in html
    assert shown("{% errors form %}", form=Form({"title": "x", "role": "a"})).strip() == ""


def test_a_remembered_part_is_written_once_for_equal_values_and_sees_no_others():
    part = "{% remembered a=x later here=z %}{% money a 'USD' %}{{ here }}{% endremembered %}"
    page = Template("{% load remembered roms %}" + part)

    def said(x, z):
        return page.render(Context({"x": x, "z": z}))

    first, second = said(Decimal("1.00"), "<a>"), said(Decimal("1.00"), "b")

    assert second == first.replace("&lt;a&gt;", "b")
    assert first.count("&lt;a&gt;") == 1
    assert len(page.nodelist.get_nodes_by_type(Remembered)[0].texts) == 1
    assert 'value="1.0"' in said(Decimal("1.0"), "")
    with translation.override("ru"):
        assert "1,00" in said(Decimal("1.00"), "")
    with pytest.raises(TypeError, match="list"):
        said(["x"], "")
    with pytest.raises(NameError, match="z"):
        shown("{% load remembered %}{% remembered a=1 %}{{ z }}{% endremembered %}", z="seen")
