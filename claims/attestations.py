"""The exact wording people sign, by purpose and language.

A change of one letter is a new version: raise VERSIONS, and the old rows keep what was signed before. No claim and no
opt-out contains a licence, a mandate, a release or an approval of any store, and each says so in one line. The mandate
is a text of its own that nothing else asks for.
"""

CLAIM = "claim"
OPT_OUT = "opt_out"
MANDATE = "mandate"

VERSIONS = {CLAIM: 1, OPT_OUT: 1, MANDATE: 1}

TEXTS: dict[str, dict[str, str]] = {
    MANDATE: {
        "en": (
            "I ask ROMS to manage the rights named here for the holder, in the places and from the day named.\n"
            "This is a separate and free act: nothing the holder is owed, claims or takes out depends on it.\n"
            "The mandate licenses no store for the past. It says nothing of uses before its first day, and the holder"
            " keeps all rights and claims about them.\n"
            "The holder may end the mandate on any day, on the same page, without giving a reason."
        ),
        "ru": (
            "Я прошу РОМС управлять названными здесь правами для правообладателя, на названных территориях и с"
            " названного дня.\n"
            "Это отдельный и добровольный шаг: ничто из того, что причитается правообладателю, что он заявляет или"
            " отзывает из магазинов, от него не зависит.\n"
            "Поручение не даёт лицензии ни одному магазину за прошлое. Об использовании до его первого дня в нём ничего"
            " не говорится, и все права и требования о нём остаются у правообладателя.\n"
            "Правообладатель может прекратить поручение в любой день на той же странице, не объясняя причин."
        ),
    },
    CLAIM: {
        "en": (
            "I declare that what this claim says is true and complete to the best of my knowledge, and that I own the"
            " rights named in it or am authorised to act for their owner.\n"
            "The money claimed was not already paid to me or to the owner by the store, by another collecting society"
            " or by anybody else for the same sales.\n"
            "I know that ROMS checks this claim, may ask for more proof, and may ask back what was paid on a wrong"
            " statement.\n"
            "By signing I grant nothing: this claim contains no licence, no mandate, no release and no approval of any"
            " store or of any sale.\n"
            "Where I chose payment under reservation of rights, or to prove and leave the money, all my rights and"
            " claims against anybody stay reserved; taking money is not consent to any past or future use."
        ),
        "ru": (
            "Я заявляю, что сведения в этой заявке верны и полны, насколько мне известно, и что названные в ней права"
            " принадлежат мне либо я уполномочен действовать за их владельца.\n"
            "Заявленные деньги не были ранее выплачены мне или владельцу ни магазином, ни другим обществом по"
            " управлению правами, ни кем-либо ещё за те же продажи.\n"
            "Я знаю, что РОМС проверяет заявку, может запросить дополнительные доказательства и потребовать возврата"
            " того, что выплачено по неверным сведениям.\n"
            "Подписывая, я ничего не предоставляю: эта заявка не содержит ни лицензии, ни поручения, ни отказа от"
            " требований, ни одобрения какого-либо магазина или какой-либо продажи.\n"
            "Если я выбрал выплату с оговоркой о сохранении прав или решил доказать права и оставить деньги, все мои"
            " права и требования к кому бы то ни было сохраняются; получение денег не есть согласие на какое-либо"
            " прошлое или будущее использование."
        ),
    },
    OPT_OUT: {
        "en": (
            "I declare that what this request says is true and complete to the best of my knowledge, and that I own a"
            " right in the tracks named in it or am authorised to act for its owner.\n"
            "I ask that these tracks leave the stores named, in the places and from the day named.\n"
            "I do not admit by this that anybody ever had a licence for them: this request contains no licence, no"
            " mandate, no release and no approval of any store or of any sale.\n"
            "I give up no money: what was or will be owed for past sales stays owed and may be claimed at any time.\n"
            "I know that ROMS checks this request, may ask for more proof, and sends the tracks, not my claims or"
            " payments, to the stores."
        ),
        "ru": (
            "Я заявляю, что сведения в этом требовании верны и полны, насколько мне известно, и что право на названные"
            " в нём записи принадлежит мне либо я уполномочен действовать за его владельца.\n"
            "Я требую, чтобы эти записи были убраны из названных магазинов, на названных территориях и с названного"
            " дня.\n"
            "Этим я не признаю, что у кого-либо когда-либо была на них лицензия: это требование не содержит ни"
            " лицензии, ни поручения, ни отказа от требований, ни одобрения какого-либо магазина или какой-либо"
            " продажи.\n"
            "Я не отказываюсь от денег: причитающееся за прошлые продажи остаётся причитающимся и может быть"
            " истребовано в любое время.\n"
            "Я знаю, что РОМС проверяет требование, может запросить дополнительные доказательства и сообщает магазинам"
            " о записях, но не о моих заявках и выплатах."
        ),
    },
}
