"""Frequent words by language, for telling languages in Latin letters apart; collected by hand for shop talk.

The words that people write most (articles, pronouns, verbs of everyday) and what reviews are made of. English is the
longest list because scoring depends on it; the last lines are languages that only must not be taken for another.
"""

from __future__ import annotations

_TEXT: dict[str, str] = {
    "en": """
a about absolutely actually after again ago all almost already also always am amazing an and angry annoying another
any anyone anything are aren't around arrive arrived as ask asked at awesome awful away back bad be beautiful because
been before being believe best better big bit book both bought box brand broke broken but buy bought by call came can
can't cannot care cheap check clean clear close clothes coffee cold color colour come comes comfortable could couldn't
customer cute cut damn day days deal delivered delivery did didn't different disappointed disappointing do does
doesn't doing done don't dress dude easy either else end enjoy enough even ever every everyone everything exactly
excellent except expect expected expensive fabric fall family fast feel feels felt few film finally find fine first
fit fits five flattering for found free friend friends from fuck fucking full fun funny game gave get gets getting
gift give gives glad go god goes going gonna good got gotta great guess guy guys had half happened happy hard has
hasn't hate have haven't having he hear heard help helpful her here hey him his holy home honestly hope horrible hot
hour hours house how however huge i i'd i'll i'm i've idea if im in incredible instead into is isn't it it's item its
job just keep kept kid kids kind knew know lame large last later least leave left less let life light like liked
literally little lmao lol long longer look looked looking looks lost lot lots love loved lovely loves low made make
makes making man many material maybe me mean mess met might mine minutes miss moment money month months more morning
most movie much music must my myself name need needed needs never new next nice night no nobody none not nothing now
of off office oh ok okay old omg on once one ones only open or order ordered other our out over own package packaging
paid part pay people perfect perfectly person phone piece place play pleased please plot point poor pretty price
probably problem product purchase purchased put quality quick quickly quite read real really reason received recommend
refund remember replacement return returned review right run sad said same satisfied saw say saying says screen second
see seem seems seen sent service she shipping shirt shit shop should show shows sick side simply since size sizing
small so soft some someone something sometimes soon sorry sound star stars start started stay still stop store story
strong stuff stupid such super supposed sure sweater take taken takes talk tell terrible than thank thanks that that's
the their them then there there's these they they're thing things think this those though thought three through tight
time times to today together told too took top totally tried true try trying turn two u ugly under understand until up
upset us use used useless using very wait waited waiting want wanted wants warm was wasn't waste watch way we wear
wearing week weeks weird well went were what what's when where whether which while who whole why will wish with within
without woman won't wonderful work worked working works world worn worse worst worth would wouldn't wow wrong wtf yeah
year years yes yesterday yet you you're your yours yourself zipper quick brown agree bro cool damn dad mom dog cat
guitar strings cable amp pedal sturdy cheaply comedy drama film's movie's characters performances director acting
heart neither nor thoroughly utterly offers
across actors actress actual addition admit adorable afford affordable afraid against agreed allow along amount ankle
answer anymore anyway anywhere apart appreciate areas asshole ate athletic attack audience avoid awake aware
background baggy balance barely based basically bastard beautifully beauty become beer beginner beginning behind
belief belly below bend between bigger biggest birthday bitch blonde bloody blouse boots boring bottle bottom boxy boy
boys brain brands bread breakfast bridge bright brighter bring brother brought bucks buddy build bulky bullshit bunch
button buttons cardigan careful carry cases caught certainly change changing charming cheaper cheers cheese chicken
child children choice choose christmas church classy cleaner clearly clever closet coat collar colored colors comfy
coming complaint completely computer congrats congratulations considering constantly cord costs cotton country couple
cozy crap creepy curious curves curvy cutest cuts cutting damage dark darker daughter dead debt decent decided deep
delicate described despite died difference difficult directly directors dirty disagree dollar dollars doubt dream
dresses dressy drink drinking drunk dudes dull dumb during dying ears easier easily eat eating edge effort elegant
ended ends engaging entertaining entire equipment especially evening eventually everyday everywhere excited expecting
eyes failed fairly falling falls father favorite feet feminine figure finding finger fingers finish fitted fixed
flirty floral flowy folks food forever forget forgiving forgot fucked fucks function further games gear girl girls
given giving gone goodbye gorgeous gotten government green ground hair handle hands handy hang hanging happen happens
happier he's head heads hearing hearts heavier heavy height held hello helped helps hide higher highly hilarious hips
holding holds holes hoodie hopefully hoping humans hurt husband idiot idiots imagine immediately impressed inch inches
incredibly inexpensive inside interesting itchy itself joke keeping keeps keyboard kill killed kinda knee knees knit
knitted lack larger lately layer league learn learned leather leaving leggings legs let's liar lies lighter lights
lightweight likely lined lines living looser lose losing loss loud lower luck lucky lunch matter mind missed mistake
mostly mother moved movies nasty near nearly necessary necklace neckline negative news nicely nicer noise notes
noticed offer often older ordering originally otherwise outfit outside overall overly owned pair pairs particularly
paying perhaps personally photos picked picks picture pictures pieces places planning played player players playing
playoffs plays plenty pocket pockets police politicians politics practice pretentious priced pricey problems products
properly protect provides pull pulled purchasing purple purpose putting quiet quilted rarely rather reading ready
reality realize realized reasonable reasons receive recently regret reliable removed replace required returning
reviews room roomy ruffle ruffled running runs sadly safe scary scene scenes school screenplay season seeing seemed
sell sending serious seriously several shame shape sharp she's shine shirts shorter shot shoulder showing sides silk
singing sister sized sizes skin skinny skirt sleep sleeping sleeve sleeves slight slightly slow smell smooth snug
softest sold somehow somewhat somewhere songs sounded sounding sounds speakers speed spent standing starting stated
stays steel stiff stopped stories straight strange straps stretchy striped stripes stuck stunning stupidest stylish
subtle sucked sucking sucks suede suggest summer suppose surprised surprisingly sweaters sweatshirt sweet sweetheart
switch taking talking taller taste taught taxes tea teacher tedious tees they've thick thicker thickness thin thinking
third threads throughout throw tiny tomorrow tonight tool touch touching tough travel truly trust truth turned turning
turtleneck twice typically uncomfortable underneath unflattering unless upon useful usually velvet vibrant waist
warmer wash washed watching water waves ways we'll we're weather wedding weekend weight weirdo welcome whatever white
wider wife win winning wins witty women wonder wondering wonders wool wore worker workers worried worries worry woven
yellow yikes you'd you'll you've young youtube crafted documentary embroidered fantastic jacket jackets neatly terrific
wardrobe
""",
    "fr": """
à a ai aime ainsi alors après arrivé arrivée as attendre attente au aucun aucune aussi autre autres aux avait avant
avec avez avoir avons bas beau beaucoup belle bien bon bonne bonjour boîte c ça car carton casque ce cela celle celui
ces cet cette chaque cher chère chez chose choix client cliente clients colis comme commande commandé commandée
comment conforme conseille content contente contre correct couleur d dans de déçu déçue deçu deçue décevant déception
déjà demande depuis dernier des deux devait dit doit dommage donc dont du elle elles en encore enfin entre envoi
envoyé est et était étaient été être eu excellent excellente expédition facile fait faire faut fois fonctionne fort
franchement génial grand grande gros gens heures heureux heureuse hier ici il ils j jamais je jour jours jusqu juste l
la là laisse le lendemain les leur livraison livré livrée long lors lui ma machine magnifique mais mal malgré manque
marche mauvais mauvaise matière même merci mes mieux moi moins mois mon monsieur n ne ni niveau non nos note notre
nous nul nulle on ont ou où ouvert par parce parfait parfaite parfaitement pas passe payé peau pendant petit petite
peu peut plaisir plus point pour pourquoi pourtant pouvez première prix problème produit produits pu puis qu qualité
quand que quel quelle quelques qui quoi ravi ravie rapide rapidement rapport rayé recommande reçu reçue refuse
remboursé remboursement rendu répond réponse retard retour rien robe s sa sac sans satisfait satisfaite se semaine
semaines sera service ses seul si soir soit solide son sont sous suis super superbe sur surtout t ta taille tant tard
te téléphone temps terrible tissu toujours tous tout toute toutes très trois trop trouvé tu un une utilise va vendeur
veux vie vite voilà vois voir vos votre vous vraiment vu y site énervé emballage abîmé cassé cassée livreur ferai
achat acheté achetée
""",
    "de": """
ab aber abends absolut alle allem allen aller alles als also alt am an andere anderen angekommen anruf antwort artikel
auch auf aus ausgezeichnet bei beim bekommen beschädigt besonders besser beste besten bestellt bestellung bezahlt bin
bis bisher bist bitte bleibt brauche brauchen da dabei dafür damit danach danke dann daran das dass dauert defekt dein
dem den der des deshalb deutlich dich die dies diese diesem dieser dieses dir doch dort du dünn durch ein eine einem
einen einer eines einfach einmal empfehle empfehlen empfehlung endlich enttäuscht enttäuschend enttäuschung er
erhalten erst erste es etwas euch farbe fast falsch fehlt finde fragen freue freundlich freundin früher für
funktioniert ganz gar geben gebracht gefällt gefallen gegen geht gehen geld gekauft gekommen geliefert gemacht genau
genug gerät gerne geschenk geschickt gestern gewesen gibt gleich größe groß große grösse gut gute guten guter gutes
habe haben halt hält hat hatte hätte heute hier hin hinter ich ihm ihn ihnen ihr ihre im immer in innerhalb ins ist ja
jahre jeden jeder jetzt kam kann kaputt kauf kaufen kein keine keinen klasse kleid klein kleine kommen kommt könnte
konnte kunden kundendienst kundenservice lange lässt leben leicht leider leise lernen letzte lieben liebe lieferung
lieferzeit macht machen mag mal man mehr mein meine meinem meinen meiner mich mir mit minderwertig möchte morgen muss
müssen nach nachdem nacht nächsten natürlich neben nein neu neue nicht nichts nie niemand noch nun nur ob oder ohne
paket passt passen perfekt preis preiswert prima problem produkt pünktlich qualität richtig rücksendung sache sagen
schade schlecht schlechte schlechter schnell schnelle schön schöne schon schrecklich schuhe schwer sehr sein seine
seit seiten selbst sich sie sind so sofort sogar solche sollte sondern sonst stoff stunden super tage tagen toll tolle
tolles trotz über überhaupt um und uns unser unter verarbeitung verkäufer verpackung versand viel viele vielen
vielleicht vom von vor ware war waren warm warte warten warum was wegen weil weiter welche wenig wenn wer werde werden
wie wieder will wir wird wirklich wo woche wochen wohl wollte worden wunderbar wunderschön wurde wütend zeit zu
zufrieden zum zur zurück zurückgeschickt zwei zwischen hammer furchtbar ärgerlich tasche hose nochmal unmöglich
""",
    "es": """
a además ahora al algo algún alguien alguna allí amo antes años aquí así aún aunque bastante bien bolsa bonita bonito
buen buena bueno buenas buenos cada caja calidad calor cama camisa caro casa casi cliente clientes color comida como
cómo compra compré comprado comprar con contenta contento contra correcto cosa cosas creo cual cuando cuánto cumple da
dado de debe decepción decepcionada decepcionado dejar del demasiado dentro desde después devolución devolver día días
dice dinero donde dónde dos durante e el él ella ellos en encanta encantada encantado encantan entrega entre envío
envió era eran eres error es esa ese eso espero esperaba está están estaba estado este esto esta estas estos estoy
excelente fácil falta fatal favor fue fueron funciona genial gente gracias gran grande gusta gustado gustó ha había
hace hacer hacia han hasta hay he hecho hermoso hora horas horrible hoy igual increíble jamás la las le les llegó
llega llegado llegar lo los luego lugar mal mala malo malos mañana más material materia me mejor menos mes meses mi mí
mientras mis mismo momento mucha muchas mucho muchos muy nada nadie necesito ni ningún ninguna no noche nos nosotros
nuestra nuestro nueva nuevo nunca o otra otro otros paquete para parece pedido pedí peor pequeña pequeño pero persona
pésima pésimo pie poco poder poner por porque precio precioso preciosa primera primero problema producto productos
puede puedo pues que qué quedó queda quería quien quiero rápida rápidamente rápido razón recibí recibido recomendable
recomiendo reembolso regalo respuesta roto rota ropa sabe satisfecha satisfecho se sea segunda según ser será servicio
si sí siempre sin sino sobre solo sólo son soy su sus talla también tan tanto tarde tela tener tengo teléfono terrible
tiempo tiene tienda tienen toda todas todavía todo todos trabajo tras tres tu tuve un una unas uno unos usted va vale
vamos vendedor ver verdad vestido vez vida viene vino vuelto volveré y ya yo zapatos zapato estafa horroroso
maravilloso maravillosa duró llegaron
""",
    "it": """
a abbastanza abito acquistato acquisto adesso ai al alla alle allora altra altri altro anche ancora anni appena
arrivata arrivato assistenza assolutamente attesa avere aveva avevo bella belle bello bellissima bellissimo bene
brutto buon buona buono c'è casa che chi ci cliente clienti colore come comodo comprato comprare con confezione
consegna consegnato consiglio contenta contento cosa così cui da dal dalla davvero deluso delusa dei del dell della
delle dello dentro deve di dire diverso dopo dove due dura e è eccellente ed era erano essere facile fa fare fatto
felice finalmente fino forse fra fu funziona gente già giorni giorno gli ha hai hanno ho i il imballaggio in inutile
io l la le lei leggero li lo loro lui ma mai male maglia mano materiale me meglio meno mesi mi mia miei mio molta
molto momento negozio nei nel nella nessun nessuno niente no noi non nostra nostro nulla nuovo o ogni oggi ora ore
ordinato ordine orribile ottima ottimo pacco pagato parte peccato pensavo per perché perfetta perfetto però pessima
pessimo pezzo piace piaciuto piccola piccolo più poco poi portare posso potuto prezzo prima problema prodotti prodotto
proprio può qualità qualcosa quando quanto quella quello questa questi questo qui quindi quasi raccomando regalo resi
reso ricevuto rimborso risposta rotta rotto rovinato sacchetto sarà scarsa scarso scarpe schifo se sei sempre senza
servizio settimana settimane si sia siamo soddisfatta soddisfatto sola soldi solo sono sotto spedizione stata stato
stessa stesso sta su sua subito sul sulla suo taglia tanto telefono tempi tempo terribile tessuto ti troppo trovato tu
tutta tutti tutto tra truffa un una uno usare uso va vale vedere veloce velocemente venditore veramente vero vestito
via voglio volta volte vorrei vuole consigliatissimo arrabbiata arrabbiato
""",
    "pt": """
a acho adorei ainda além algo algum alguma amei antes ao aos apenas aqui as assim até atendimento atraso bem boa boas
bom bons bonita bonito cada caixa calça caro casa chegar chegou cheguei cliente com como compra comprei comprar
comprado confortável consegui contra cor correto da dado das de demais demorou demora depois desde devolver devolução
dia dias dinheiro disse do dois dos durante e é ela ele eles em embalagem embora encomenda entre entrega entregue era
és essa esse esta está estão estava este estou eu excelente fácil faz fazer feito feliz ficou foi fora foram frágil
funciona gente gostei gostaria gosto grande há hoje horrível igual indico isso isto já lá lhe lindo linda loja logo
mais mal mas material mau me melhor menos mês meses meu meus minha minhas muita muitas muito muitos na nada não nas
nem nenhum ninguém no nos nós nossa nosso nova novo num numa nunca o ótima ótimo obrigada obrigado onde os ou outra
outro para parece parte pedido pela pelo pelos pequena pequeno perfeita perfeito péssima péssimo pessoas pior pode
pois por porque pouco prazo preço presente primeira problema produto produtos pude quando quanto que qualidade quase
quebrado quebrou quem quero rápida rapidamente rápido razoável recebi recomendo recomendado reembolso roupa ruim são
satisfeita satisfeito se sem sempre sendo ser será serviço seu seus sim só sobre sua suas superou também tamanho tanto
tarde tecido telefone tem tempo tenho ter teve tinha toda todas todo todos trabalho tudo um uma umas uns usar vale
veio vem vendedor ver vestido vez vezes vida você vocês volta decepcionada decepcionado decepção maravilhoso
maravilhosa lixo gastar
""",
    "nl": """
aan aangekomen achter af afgeleverd al alle alleen alles als altijd anders antwoord artikel beetje bedankt been ben
beste beter bij bijna blij binnen bestelling besteld betaald dag dagen dan dankjewel dat de den denk der deze die dik
dit doe doen door doos dit drie duidelijk dun durf duur duurt echt een eens eerste eigenlijk en enige er erg even fijn
fijne gaan gaat gebruik gebruiken gekocht gekregen geld geleverd geen gemaakt genoeg geweldig geweest gewoon ging goed
goede goedkoop graag groot grote haar had hadden heb hebben heeft heel heerlijk hele helemaal helaas hem het hier hij
hoe hun iets ik in is ja jaar jammer jas je jij jou jouw juist jullie jurk kan kapot kleding klein kleine klant
klantenservice kleur kocht komen komt kon koop kopen krijg kwam kwaliteit laat lang lange leuk leuke levering leveren
licht liever maak maar maat maand maanden maken makkelijk man me meer mee mensen met mij mijn minder moest moet moeten
mooi mooie na naar nachten nadat niemand niet niets nieuw nieuwe niks nog nooit nu of om omdat onder ons onze ook op
open over pakket pakketje pas past perfect prachtig prijs prima probleem raad reactie retour schoenen schijf slecht
slechte slechts snel snelle snap sinds sorry staat steeds stof stuk super te tegen telefoon terug teleurgesteld
teleurstellend tevreden tijd toch toen top tot tussen twee u uit uitstekend uur uw van vanaf vandaag veel ver
verpakking verkoper verschrikkelijk verzending vind volgende voor vooral vriendelijk waar waarom wachten wanneer want
waren was wat we week weken weer weg weinig wel werd werken werkt wie wij wil winkel wordt worden zacht ze zeer zeggen
zei zelf zelfs zich zij zijn zo zoals zonder zou aanrader boos gister gisteren
""",
    "pl": """
ale bardzo bez było być był była ciągu czy dla dni do dobra dobre dobry dobrze dlaczego dwa dzień gdy i im ich ja jak
jakość jest jestem już każdy kiedy kolor kupiłam kupiłem lub ma mam mi mnie mój może na nawet nic nie niestety o od ok
oraz po pod polecam produkt produktu przed przesyłka przez przy rozmiar się ski są sklep super szybka szybko tak tego
ten to tylko trochę tym u w we więc wszystko wysyłka z za zadowolona zadowolony zamówienie zawsze ze zepsuł że paczka
cena jakości godny świetny świetna słaba
""",
    "sv": """
aldrig alla allt andra att av bara bra beställde bättre bästa dag dagar de den denna dessa det detta dig din du där då
efter eller en ett fick fin fina fungerar för från ganska gick god gör ha hade han har hon hur här i ingen inte jag
jättebra kan kom kvalitet köpt köpte leverans liten man med mig min mitt mot mycket men nej ni nu när någon något nöjd
och också om oss paket pris produkten på rekommenderar sig sin ska skulle snabb snabbt som så storlek till tack två
tycker under upp ut var vara vi vid vill är ändå över
""",
    "da": """
af aldrig alle at bare blev bestilte der dag dage den denne deres det dette dig din dog du efter ej eller en er et få
fik flot for fra fungerer gik god godt gør ham han har havde hun hurtig hvad hvor ikke ind ingen jeg kan kom kvalitet
købt købte levering lidt man med meget men mig min mod mine må ned nogen noget nu når og også om op os over pakke pris
produkt på sig sin skal som stor størrelse så tak til tilfreds to ud var ved vi vil virker være vores
""",
    "tr": """
acaba ama ancak aldım alın bana bence ben beden bir biraz bu bunu çok çünkü daha da de değil diye en fiyat için gayet
gelen geldi gibi güzel hala hemen her hızlı hiç ile ise iyi kadar kaliteli kalite kargo ki kötü kumaş memnun memnunum
mi mı ne oldu olarak olan paket satıcı sonra şey şu teşekkürler tavsiye ederim urun ürün ürünü var ve veya ya yok yani
zaman
""",
    "ro": """
acest aceasta ai am ar are asta au bine bun bună ca calitate care că ce cu când cum da dar de deci din după e este eu
eram fără fi foarte fost frumos în la le lui mai mult mulțumit mulțumesc nimic nu o pe pentru prea prin produs
produsul rapid recomand sa să se si și sunt un una vă
""",
    "id": """
ada adalah aja agak bagus bahan banget barang baru belum bisa cepat cocok dan dari dengan di dikirim enak gak harga
ini itu juga kalau kami karena kecewa kualitas kurang lagi lebih mantap masih nggak nya oke pengiriman pesan produk
puas rusak saja sama sampai sangat saya sekali semoga sesuai sudah suka tapi terima kasih tidak toko untuk yang
""",
    "vi": """
anh bạn cho chất lượng chưa có của cũng đã đang đẹp để được đi em giao hàng gì hài lòng khi không là lắm lại mà mình
mua một này nên nhanh nhưng những như ở quá rất sản phẩm sẽ shop tệ tôi tốt thì trong và vải với xấu
""",
    "fi": """
aika ei ehkä että en erittäin he hyvä hyvin hän ihan ja jo joka jos kaikki kanssa koko kiitos kun kuin laatu liian me
mikä minä mutta mukava myös ne niin nopea nyt olen oli olisi on ostin ovat paljon se sen siitä suosittelen tai tilasin
toimii toimitus tosi tuote tämä tyytyväinen vain vielä voi
""",
}

EXTRA_LETTERS = {
    "fr": "çœèêâîùûëï",
    "de": "ßäöü",
    "es": "ñ¿¡áíóú",
    "it": "òìùè",
    "pt": "ãõçâêà",
    "nl": "ĳë",
    "pl": "ąęłńśźż",
    "sv": "åäö",
    "da": "æøå",
    "tr": "ğışçö",
    "ro": "ăâîșțşţ",
    "vi": "ăâđêôơưạảấầẩậắằẵặẹẻẽếềểễệỉịọỏốồổỗộớờởợụủứừửữựỳỵỷỹ",
    "fi": "äö",
}
"""Letters outside a to z that a language uses often; rare in those that lack them here."""

BORROWED = frozenset(
    """
brand cool delivery design film music office ok okay online order party perfect problem product products quality seller
service shirt shop star stars store super time top wow
""".split()
)
"""English words that shoppers of other languages write too: alone they do not make a text English."""

WORDS: dict[str, frozenset[str]] = {language: frozenset(text.split()) for language, text in _TEXT.items()}
