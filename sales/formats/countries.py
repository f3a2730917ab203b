"""Countries as shops write them out, in Russian, German, French and Spanish; English names come from the catalogue.

Usual names of the countries a store of ours most likely sells to; others are given by their code (ISO 3166-1).
"""

_NAMES = {
    "RU": "россия|российская федерация|рф|russland|russie|rusia",
    "US": "сша|соединенные штаты|usa|u.s.a.|united states of america|vereinigte staaten|états-unis|estados unidos",
    "GB": "великобритания|англия|united kingdom|great britain|england|großbritannien|royaume-uni|reino unido",
    "DE": "германия|deutschland|allemagne|alemania",
    "FR": "франция|frankreich|france|francia",
    "ES": "испания|spanien|espagne|españa",
    "IT": "италия|italien|italie|italia",
    "UA": "украина|ukraine|ucrania",
    "BY": "беларусь|белоруссия|belarus|weißrussland|biélorussie|bielorrusia",
    "KZ": "казахстан|kasachstan|kazakhstan|kazajistán",
    "PL": "польша|polen|pologne|polonia",
    "NL": "нидерланды|голландия|niederlande|pays-bas|países bajos|holland",
    "BE": "бельгия|belgien|belgique|bélgica",
    "AT": "австрия|österreich|autriche|austria",
    "CH": "швейцария|schweiz|suisse|suiza",
    "SE": "швеция|schweden|suède|suecia",
    "NO": "норвегия|norwegen|norvège|noruega",
    "FI": "финляндия|finnland|finlande|finlandia",
    "DK": "дания|dänemark|danemark|dinamarca",
    "CZ": "чехия|tschechien|tchéquie|chequia|czech republic",
    "CA": "канада|kanada|canada|canadá",
    "AU": "австралия|australien|australie|australia",
    "JP": "япония|japan|japon|japón",
    "CN": "китай|china|chine",
    "BR": "бразилия|brasilien|brésil|brasil",
    "MX": "мексика|mexiko|mexique|méxico",
    "IL": "израиль|israel|israël",
    "TR": "турция|türkei|turquie|turquía",
    "EE": "эстония|estland|estonie|estonia",
    "LV": "латвия|lettland|lettonie|letonia",
    "LT": "литва|litauen|lituanie|lituania",
    "PT": "португалия|portugal",
    "GR": "греция|griechenland|grèce|grecia",
    "IE": "ирландия|irland|irlande|irlanda",
    "IN": "индия|indien|inde|india",
    "AR": "аргентина|argentinien|argentine|argentina",
}
CODES = {name: code for code, names in _NAMES.items() for name in names.split("|")}
