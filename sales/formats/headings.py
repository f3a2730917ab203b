"""Usual headings of sales tables in five languages, and which of our columns each most likely is.

Only a proposal: what a person saved decides. Collected from exports of shops and distributors in English, Russian,
German, French and Spanish; spelled in lower case, compared without blanks, signs and accents.
"""

import re
import unicodedata

from sales.formats.flat import COLUMNS

HEADINGS: dict[str, tuple[str, ...]] = {
    "SaleDate": (
        "sale date|sales date|transaction date|purchase date|order date|date sold|day|date|time",
        "дата|дата продажи|дата покупки|дата операции|дата транзакции|дата скачивания|день",
        "datum|verkaufsdatum|kaufdatum|bestelldatum|tag",
        "date de vente|date d'achat|date de transaction|jour",
        "fecha|fecha de venta|fecha de compra|día",
    ),
    "UsagePeriod": (
        "period|month|reporting period|report period|sales period|sales month|usage period|statement period",
        "период|отчетный период|месяц|отчетный месяц|период продаж",
        "monat|zeitraum|abrechnungszeitraum|abrechnungsmonat|verkaufsmonat|berichtszeitraum",
        "mois|période|période de vente|mois de vente",
        "mes|periodo|período|periodo de venta|mes de venta",
    ),
    "DspResourceId": (
        "track id|resource id|store track id|song id|item id|content id|product id|sku|track number|track no|id",
        "id трека|код трека|номер трека|код|артикул|идентификатор|код товара|код контента|id контента|ид",
        "titelnummer|titel id|artikelnummer|track nr|titelnr|artikelnr",
        "identifiant|référence|id du titre|code article|n° du titre",
        "identificador|código|id de pista|id de canción|referencia",
    ),
    "ISRC": ("isrc|isrc code|isrc number|track isrc|код isrc|isrc код|code isrc|código isrc|isrc nummer",),
    "Title": (
        "title|track title|song title|track name|song name|track|song|recording|resource title|item title|name",
        "название|название трека|наименование|трек|песня|композиция|название композиции|название песни|произведение"
        "|фонограмма|название фонограммы|наименование трека|название произведения",
        "titel|titelname|liedtitel|songtitel|lied|musikstück|tracktitel|stücktitel",
        "titre|titre du morceau|morceau|chanson|titre de la chanson|nom du titre|piste",
        "título|título de la pista|canción|pista|tema|título de la canción|nombre de la canción|obra",
    ),
    "SubTitle": (
        "version|subtitle|mix|track version|версия|подзаголовок|untertitel|fassung|version du titre|versión"
        "|subtítulo|sous titre",
    ),
    "DisplayArtistName": (
        "artist|artist name|performer|artists|track artist|display artist|band|singer",
        "исполнитель|исполнители|артист|имя исполнителя|группа|певец|название исполнителя|автор исполнитель",
        "künstler|interpret|künstlername|interpreten|musiker",
        "artiste|interprète|nom de l'artiste|artistes|groupe",
        "artista|intérprete|nombre del artista|artistas|grupo",
    ),
    "DspReleaseId": (
        "release id|album id|product code|id альбома|код альбома|код релиза|albumnummer|id de l'album|id del álbum",
    ),
    "ReleaseTitle": (
        "album|release|album title|release title|album name|product title",
        "альбом|релиз|название альбома|сборник|название релиза",
        "albumtitel|albumname|veröffentlichung",
        "titre de l'album|disque|nom de l'album",
        "álbum|título del álbum|disco|nombre del álbum",
    ),
    "ReleaseDisplayArtistName": (
        "album artist|release artist|исполнитель альбома|albumkünstler|albuminterpret|artiste de l'album"
        "|artista del álbum",
    ),
    "ICPN": (
        "upc|ean|barcode|icpn|upc ean|upc code|ean code|gtin|штрихкод|штрих код|strichcode|code barres|code barre"
        "|código de barras",
    ),
    "Territory": (
        "country|territory|sales territory|country of sale|sale country|country code|territory code|region|market",
        "страна|территория|страна продажи|регион|код страны|страна покупателя",
        "land|verkaufsland|gebiet|territorium|ländercode|länderkürzel",
        "pays|pays de vente|territoire|code pays|pays d'achat",
        "país|territorio|país de venta|código de país",
    ),
    "Channel": (
        "payment method|payment channel|channel|payment type|payment system|payment",
        "способ оплаты|канал|платежная система|тип оплаты|канал оплаты|оплата|вид оплаты",
        "zahlungsart|zahlungsweise|zahlungsmethode|kanal",
        "mode de paiement|moyen de paiement|paiement|canal",
        "método de pago|forma de pago|medio de pago|pago",
    ),
    "Usages": (
        "quantity|units|qty|count|units sold|downloads|streams|plays|sales|number of sales|usages|copies|sold|uses",
        "количество|кол во|количество продаж|продано|скачивания|загрузки|число продаж|штук|шт|прослушивания"
        "|количество скачиваний|количество загрузок|колво|продажи|число скачиваний|экземпляры",
        "menge|anzahl|verkäufe|stückzahl|verkaufte einheiten|einheiten|stück|downloadzahl|abrufe",
        "quantité|nombre|nombre de ventes|ventes|unités|téléchargements|qté|unités vendues|écoutes",
        "cantidad|unidades|ventas|unidades vendidas|descargas|número de ventas|reproducciones",
    ),
    "Returns": (
        "returns|refunds|returned|units returned|returned units|возвраты|возврат|возвращено|количество возвратов"
        "|retouren|rückgaben|rückgabe|stornos|retours|remboursements|devoluciones|reembolsos|unidades devueltas",
    ),
    "PriceConsumerPaidExcSalesTax": (
        "price|unit price|consumer price|retail price|price ex tax|price excl tax|net price|price per unit|item price",
        "цена|цена за единицу|цена за трек|розничная цена|цена без ндс|цена за штуку|цена продажи|стоимость трека",
        "preis|stückpreis|einzelpreis|verkaufspreis|nettopreis|preis netto|endpreis",
        "prix|prix unitaire|prix de vente|prix ht|prix unitaire ht",
        "precio|precio unitario|precio de venta|pvp|precio sin iva|precio neto",
    ),
    "NetRevenue": (
        "revenue|net revenue|amount|total|total amount|sum|net amount|proceeds|earnings|net|line total|income|turnover",
        "сумма|выручка|доход|итого|сумма продаж|общая сумма|стоимость|чистый доход|чистая выручка|сумма без ндс|всего",
        "erlös|umsatz|nettoerlös|betrag|summe|gesamtbetrag|gesamt|einnahmen|nettobetrag|nettoumsatz",
        "revenu|revenus|chiffre d'affaires|montant|montant net|recette|recettes|revenu net|montant ht|total ht",
        "ingresos|importe|monto|ingreso neto|ingresos netos|importe neto|suma",
    ),
    "Currency": (
        "currency|currency code|ccy|валюта|код валюты|währung|währungscode|devise|monnaie|moneda|divisa"
        "|código de moneda",
    ),
    "Url": ("url|link|address|web address|ссылка|адрес|адрес страницы|lien|adresse|enlace|webadresse|dirección web",),
}
"""Headings by column, alternatives split by a bar; the first column that has a heading keeps it."""

_MARKS = re.compile(r"[^0-9a-zа-я]+")


def plain(text: str) -> str:
    """Spell a heading for comparison: lower case, no accents, no blanks or signs; ё is е."""
    folded = unicodedata.normalize("NFKD", text).lower().replace("ß", "ss")
    return _MARKS.sub("", "".join(c for c in folded if not unicodedata.combining(c)))


KNOWN: dict[str, str] = {}
for _field, _lists in HEADINGS.items():
    for _heading in "|".join(_lists).split("|"):
        KNOWN.setdefault(plain(_heading), _field)
for _field, _aliases in COLUMNS.items():
    for _heading in (_field, *_aliases):
        KNOWN[plain(_heading)] = _field


def field_of(heading: str) -> tuple[str, int] | None:
    """Return the column a heading most likely is, with 3 for a heading known as it is, 2 without what follows a comma
    or stands in brackets, 1 for one that begins with a known heading."""
    for certainty, text in ((3, heading), (2, re.split(r"[(\[,;:/]", heading, maxsplit=1)[0])):
        field = KNOWN.get(plain(text))
        if field:
            return field, certainty
    whole = plain(heading)
    longest = max((known for known in KNOWN if len(known) > 3 and whole.startswith(known)), key=len, default="")
    return (KNOWN[longest], 1) if longest else None
