"""Languages by their own words: sentences of shop talk, long and short, written for this test."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml.text.language import detect
from ml.text.words import count

SENTENCES: dict[str, str] = {
    "en": """
        The kettle stopped working after two days and nobody answers my emails.
        Great value, fast delivery.
        I love it!
        Love it!
        Broke after two days
        lol same
        would buy again
        worst purchase ever
        Runs small, order one size up.
        Oh great, another charger that dies in a week. Just what I needed.
        The colour is not what the picture shows, but my daughter likes it anyway.
        an utterly charming and hilarious film
        fast shipping, thanks
        No refund, no reply, no thanks.
        My husband uses this every morning
        Not worth the money.
        so so bad
        u guys are awesome
        This dress is to die for
        Took three weeks to arrive and the box was crushed
        Five stars from me
        Honestly disappointed with the fabric
        It does what it says on the tin
        smells like burnt plastic
        Perfect fit.
        Works like a charm
        The zipper broke the first time I wore it
        I returned both pairs because the heel rubs
        can't recommend this enough
        meh, it's ok I guess
        Wow just wow
        Customer service was rude and unhelpful
        Bought these for my mom and she adores them
        the sound is crisp and the bass is deep
        Do not buy!
        The instructions are in Chinese only, so assembling it took hours.
        great kettle, fast delivery
        Cheaply made and overpriced
        I'm on my third one
        A must have for every kitchen
        Quality has gone downhill since my last order
    """,
    "zh": """
        质量很差，用了两天就坏了
        物流很快，很满意
        一般般吧
        還可以
        客服态度恶劣，再也不来了
        这个锅用起来非常方便，妈妈很喜欢
        iPhone 12手机壳很好用，跟Apple官方的差不多
        包裝破損，裡面的東西都壞掉了
        性价比高
        屏幕有划痕，申请退货还要我出运费
        衣服的颜色跟图片不一样，有点失望
        真的太好吃了！！！
        送餐慢，饭都凉了
        味道不錯，下次還會再買
        5分好评，值得购买
        不推荐
        洗衣机声音太大，邻居都投诉了
        书的内容很好，就是印刷有点模糊
        發貨速度超快，隔天就收到了
        买了三次，每次都很新鲜
        尺码偏小，建议买大一号
        电池不耐用，一天要充三次电
        垃圾东西，浪费钱
        收到货很惊喜，比想象中好
        请问什么时候发货？
        孩子很喜欢这个玩具，天天玩
        OK的，没毛病
        呵呵，又坏了，真是"质量保证"啊
        穿着很舒服，面料柔软
        客服回复很及时，问题解决了
        沐浴露味道刺鼻，皮肤过敏
        水果烂了一半
        這家店的服務態度真的很棒
        用了一个月，没有发现什么问题
        快递员很有礼貌
        味道怪怪的，不敢吃
        这款平板玩游戏有点卡
        已经是老顾客了，一直很信赖
        宝贝收到了，跟描述的一样
        退款拖了两个星期，太让人生气了
    """,
    "fr": """
        Très déçue, la machine ne marche plus depuis hier.
        très bien
        Livraison rapide, merci
        Je ne recommande pas ce produit
        Produit conforme à la description
        La robe est magnifique mais un peu trop petite
        Le colis est arrivé abîmé et le vendeur refuse de me rembourser.
        Bon rapport qualité prix
        Ça marche parfaitement
        Jamais reçu ma commande !
        Mon fils est ravi de son cadeau
        Le tissu est de mauvaise qualité
        À éviter absolument
        Excellent service client, réponse le jour même
        J'adore ces chaussures
        C'est nul
        Au bout de deux semaines, l'écran s'est fissuré
        Encore un chargeur qui tombe en panne, bravo.
        Taille correctement
        Je suis vraiment satisfait de mon achat
        L'emballage était soigné
        Il manque une pièce dans la boîte
        Un peu cher pour ce que c'est
        Elle est arrivée cassée
        Super produit, je le rachèterai
        Personne ne répond au téléphone
        Pas terrible
        La couleur ne correspond pas à la photo
        Facile à utiliser et très pratique
        Trop bruyant pour une chambre
        J'attends toujours mon remboursement
        Merci pour la rapidité
        Les piles ne sont pas incluses
        Vraiment nul, à fuir
        Cela fait trois mois que je l'utilise sans problème
        Le son est clair et les basses sont profondes
        Mauvaise expérience
        Parfait pour les enfants
        Ils sentent le plastique brûlé
        Une belle surprise, bien mieux que prévu
    """,
    "de": """
        Die Maschine ist nach zwei Tagen kaputt gegangen.
        sehr gut
        Schnelle Lieferung, danke
        Leider viel zu klein
        Das Kleid ist wunderschön, aber etwas zu lang
        Nie wieder!
        Ich bin sehr zufrieden mit dem Kauf
        Der Kundenservice antwortet nicht auf meine Mails
        Preis und Leistung stimmen
        Schlechte Qualität
        Kam beschädigt an und die Rücksendung soll ich selbst bezahlen
        Meine Tochter liebt es
        Toller Klang, aber der Akku hält nicht lange
        Passt perfekt
        Nicht zu empfehlen
        Wieder ein Ladegerät, das nach einer Woche den Geist aufgibt
        Alles bestens
        Die Farbe entspricht nicht dem Bild
        Sieht billig aus
        Gerne wieder
        Die Verpackung war aufgerissen
        Ich warte seit drei Wochen auf mein Paket
        Für den Preis völlig in Ordnung
        Riecht nach verbranntem Plastik
        Funktioniert einwandfrei
        Der Stoff ist dünn und kratzt
        Würde ich sofort noch einmal kaufen
        Viel zu laut
        Eine Frechheit, was hier verkauft wird
        Es fehlt ein Teil
        Mein Mann benutzt es jeden Morgen
        Bedienung ist einfach und verständlich
        Die Schuhe drücken an der Ferse
        Enttäuschend
        Super Service und freundliche Beratung
        Geld zurück gab es nicht
        Das Buch kam mit Eselsohren an
        Ich kann es nur weiterempfehlen
        Macht genau das, was es soll
        Der Wasserkocher ist undicht
    """,
    "es": """
        La máquina dejó de funcionar a los dos días.
        muy bueno
        Envío rápido, gracias
        No lo recomiendo
        El vestido es precioso pero me queda grande
        Llegó roto y nadie responde
        Buena relación calidad precio
        Estoy muy contenta con la compra
        Pésima calidad
        Me encanta
        El vendedor no quiere devolverme el dinero
        Tarda tres semanas en llegar
        Justo lo que necesitaba
        Los zapatos me hacen daño en el talón
        Es una estafa
        Mi marido lo usa todas las mañanas
        El color no es como en la foto
        Todo perfecto
        Huele a plástico quemado
        La batería no dura nada
        Muy fácil de usar y muy práctico
        Otra vez un cargador que se rompe en una semana
        Falta una pieza en la caja
        No vale lo que cuesta
        Volveré a comprar seguro
        A mi hija le encantó el regalo
        Atención al cliente excelente
        Demasiado ruido para un dormitorio
        La talla es pequeña
        Estoy esperando el reembolso
        Bastante bien por ese precio
        Una decepción
        El sonido es claro y potente
        Todavía no he recibido mi pedido
        La tela es muy fina
        Nunca más compro aquí
        Hace exactamente lo que promete
        El embalaje estaba abierto
        Las instrucciones no se entienden
        Lo uso desde hace tres meses sin problemas
    """,
}


def sentences(language: str) -> list[str]:
    return [line.strip() for line in SENTENCES[language].splitlines() if line.strip()]


@pytest.mark.parametrize("language", SENTENCES)
def test_at_least_95_of_100_sentences_are_told_right(language: str) -> None:
    rows = sentences(language)
    assert len(rows) >= 40
    wrong = {row: detect(row) for row in rows if detect(row) != language}
    assert len(wrong) <= 0.05 * len(rows), wrong


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("とても良いです", "ja"),
        ("この商品は最高です。また買います", "ja"),
        ("정말 좋아요", "ko"),
        ("Очень доволен покупкой", "ru"),
        ("منتج رائع جدا", "ar"),
        ("Ottimo prodotto, arrivato in due giorni", "it"),
        ("Não recomendo, chegou quebrado", "pt"),
        ("Helaas is het pakket nooit aangekomen", "nl"),
        ("Bardzo dobry produkt, polecam", "pl"),
        ("Çok güzel bir ürün, teşekkürler", "tr"),
        ("", "und"),
        ("12345 !!! :-)", "und"),
        ("xqzt", "und"),
        ("https://example.com/a @someone", "und"),
        ("美の味道非常好", "zh"),
    ],
)
def test_other_languages_and_none(text: str, language: str) -> None:
    assert detect(text) == language


def test_a_declared_language_tips_the_scales_and_proves_nothing() -> None:
    assert detect("最高", "ja") == "ja"
    assert detect("最高") == "zh"
    assert detect("Kompakt", "de-AT") == "de"
    assert detect("The kettle is broken and nobody answers", "fr") == "en"
    assert detect("质量很差，用了两天就坏了", "en") == "zh"


def test_brand_names_do_not_turn_a_chinese_review_into_english() -> None:
    assert detect("用了 MacBook Pro 和 Logitech 之后觉得这个键盘不行") == "zh"
    assert detect("My Xiaomi 手机 phone case arrived broken and the seller does not reply") == "en"


@pytest.mark.parametrize(
    "text",
    [
        "iPhone 13 Pro Max 256GB 质量很差",
        "Nike Air Force 1 穿着很舒服",
        "Dyson V12 Detect Slim 垃圾，退货",
        "KitchenAid Artisan 5KSM175 很好用",
    ],
)
def test_names_and_models_outnumber_chinese_characters_and_do_not_count(text: str) -> None:
    assert detect(text) == "zh"


def test_a_declared_chinese_holds_where_there_is_chinese() -> None:
    text = "Best Buy 垃圾 never buy again from this shop"
    assert detect(text) == "en" and detect(text, "zh-CN") == "zh"
    assert detect("The kettle is broken", "zh") == "en"
    assert detect("Très déçue, la machine Xiaomi 小米 ne marche plus") == "fr"


UNLISTED = (
    ("Velmi dobrý výrobek, doporučuji", "cs"),
    ("Rychlé dodání, vše v pořádku", "cs"),
    ("Nagyon rossz volt, nem ajánlom", "hu"),
    ("Gyors szállítás, minden rendben", "hu"),
    ("Maganda ang produkto, mabilis ang delivery", "tl"),
    ("Salamat po seller, sulit ang bayad", "tl"),
    ("Jako dobar proizvod, preporucujem svima", "hr"),
    ("Bidhaa nzuri sana, nimefurahi", "sw"),
    ("bahut accha product hai", "hi"),
    ("paisa vasool, delivery time pe hui", "hi"),
)


@pytest.mark.parametrize(("text", "declared"), UNLISTED)
def test_languages_that_nobody_lists_are_not_english(text: str, declared: str) -> None:
    assert detect(text) not in ("en", "zh")
    assert detect(text, declared) == declared


def test_chinese_in_latin_letters_is_neither_english_nor_chinese() -> None:
    assert detect("hen hao yong") == detect("hen hao yong", "zh") == "und"


def test_a_language_that_lists_more_of_the_words_needs_no_lead() -> None:
    assert detect("Bof, pas terrible") == "fr" and detect("todo perfecto") == "es"


@pytest.mark.parametrize("text", ["lol omg", "wtf dude", "lol same here", "Stunning lace top", "munch 's screenplay"])
def test_slang_and_titles_stay_english(text: str) -> None:
    assert detect(text) == "en"


def test_fragments_of_the_sample_shop_are_told_right() -> None:
    folder = Path(__file__).parents[3] / "sandbox" / "sample" / "words"
    for language in ("en", "zh"):
        rows = [
            row
            for kind in ("reviews", "messages")
            for row in (folder / f"{language}_{kind}.txt").read_text(encoding="utf-8").splitlines()
            if count(row) >= 3 and not row.startswith("#")
        ]
        assert len(rows) > 100
        wrong = [row for row in rows if detect(row) != language]
        assert len(wrong) < 0.005 * len(rows), wrong
