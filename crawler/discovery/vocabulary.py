"""Words of addresses, in the languages that newspapers write them in: what a path segment says of a page.

Compared case folded and without diacritics, hyphens taken for underscores. Each set holds words that are a whole path
segment; none is taken from one site, all are words of the trade or menu entries of common content systems.
"""

import unicodedata


def folded(segment: str) -> str:
    """A path segment as the sets have it.

    Raises: nothing.
    """
    decomposed = unicodedata.normalize("NFKD", segment.casefold().replace("-", "_"))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f"))


def _set(words: str) -> frozenset[str]:
    return frozenset(folded(word) for word in words.split())


ARTICLE = _set("""
    article articles artikel artikels articolo articoli articulo artigo artigos artykul artykuly articol articole
    artikkel artikkeli cikk clanek clanky clanak statja statya
    story stories post posts doc docs read view permalink node
    nachricht meldung beitrag noticia noticias actualite breve depeche notizia nieuwsbericht haber haberi berita
    haberleri nyhet uutinen hir zprava vijest vest novost bericht
    статья новость 기사 記事 文章 مقال خبر
""")
"""What the segment before an article's name or number is called: `/article/3834/1`."""

TAGS_AND_PEOPLE = _set("""
    tag tags tagged topic topics hashtag hashtags keyword keywords label labels theme themes subject subjects
    author authors byline bylines contributor contributors columnist columnists journalist journalists writer
    writers reporter reporters profile profiles user users member members
    thema themen schlagwort schlagworte schlagwoerter stichwort stichworte autor autoren autorin dossier dossiers
    mot_cle mots_cles etiquette etiquettes auteur auteurs
    etiqueta etiquetas tema temas autores autora
    assunto assuntos topico topicos argomento argomenti autore autori
    onderwerp onderwerpen trefwoord redacteur temat tematy autorzy temy avtor avtory tegi teg stitek stitky
    etiket etiketler yazar yazarlar konu konular topik penulis
    amne emne forfatter skribent etikett aihe kirjoittaja avainsana cimke cimkek szerzo eticheta etichete
    тема темы тег теги автор авторы метка タグ 著者 标签 標籤 作者 专题 專題 태그 기자 وسم كاتب תגית
""")
"""What the segment before the name of a subject or a person is called: `/tag/climate`."""

CATEGORIES = _set("""
    category categories section sections channel channels cat
    kategorie kategorien rubrik rubriken ressort ressorts categorie rubrique rubriques categoria categorias seccion
    secciones secao editoria sezione sezioni rubriek kategoria rubryka rubrika rubriki kategori
    kategoriler bolum razdel раздел рубрика рубрики категория カテゴリー カテゴリ 分类 分類 카테고리 قسم تصنيف
""")
"""What the segment before a section's name is called: `/category/politics`."""

LISTINGS = _set("""
    latest live newest recent archive archives all index list listing overview newsticker ticker latest_news
    breaking_news most_read most_popular trending popular today headlines special_reports
    archiv neueste aktuell uebersicht alle meistgelesen schlagzeilen eilmeldungen
    derniere_minute dernieres en_continu en_direct une plus_lus
    ultimas ultima_hora ultimas_noticias portada archivo hemeroteca mais_lidas ultime_notizie archivio piu_letti
    laatste archief meest_gelezen najnowsze archiwum son_dakika arsiv senaste arkiv nyeste siste terbaru indeks
    terpopuler последние архив лента 最新 新着 一覧 최신
""")
"""Listings that no section word names; only as the last word of the path."""

PAGING = _set(
    "page pages p pg seite seiten pagina paginas strona stranka strana sayfa sida side sivu halaman oldal стр"
)
"""What the segment before a page's number is called: `/world/page/2`."""

MEDIA = _set("""
    video videos watch livestream live_tv livetv tv_live podcast podcasts audio radio listen
    gallery galleries photos photo_gallery photo_galleries pictures slideshow slideshows in_pictures photogallery
    mediathek bildergalerie bildergalerien bilder bilderstrecke fotostrecke fotostrecken galerie galerien fotos foto
    fotogalerie diaporama diaporamas galeria galerias fotogaleria
    fotogalerias galleria gallerie fotogalleria fotogallery
    wideo zdjecia fotky galeri foto_galeri video_galeri canli canli_yayin
    видео фото галерея 動画 视频 視頻 图片 写真 영상 포토 فيديو صور
""")
"""Pages that show or play: no text to archive, even under a headline."""

SERVICES = _set("""
    search login logout signin sign_in signup sign_up register registration account my_account myaccount
    profile_settings subscribe subscription subscriptions subscriber newsletter newsletters donate checkout cart basket
    about about_us aboutus contact contact_us contacts contactus imprint masthead staff our_team team faq help
    terms terms_of_use terms_of_service terms_and_conditions privacy privacy_policy cookies cookie_policy disclaimer
    accessibility advertise advertising advertise_with_us media_kit careers sitemap site_map rss feed feeds feed_rss
    atom wp_admin wp_login wp_json wp_content wp_includes cdn_cgi share print comments trackback oembed embed
    unsubscribe settings preferences bookmarks
    suche anmelden registrieren konto abo abonnement abonnieren impressum datenschutz datenschutzerklaerung
    datenschutzerklarung agb kontakt ueber_uns uber_uns hilfe werbung mediadaten barrierefreiheit nutzungsbedingungen
    recherche connexion inscription compte abonnements abonnez_vous mentions_legales confidentialite
    politique_de_confidentialite contactez_nous a_propos qui_sommes_nous aide publicite plan_du_site
    buscar busqueda iniciar_sesion registro cuenta suscribete suscripcion aviso_legal politica_de_privacidad
    privacidad contacto quienes_somos ayuda publicidad mapa_del_sitio
    busca pesquisa entrar cadastro assine assinatura termos_de_uso politica_de_privacidade privacidade contato
    fale_conosco quem_somos sobre ajuda anuncie ricerca cerca accedi abbonati abbonamenti contatti chi_siamo pubblicita
    note_legali zoeken inloggen abonneren over_ons voorwaarden adverteren colofon
    szukaj logowanie prenumerata kontakty o_nas polityka_prywatnosci regulamin reklama hledat prihlaseni predplatne
    arama ara giris uye_ol abone_ol kunye iletisim hakkimizda gizlilik gizlilik_politikasi kullanim_kosullari reklam
    sok logga_in prenumerera om_oss kontakta_oss cari masuk daftar tentang_kami kontak_kami pedoman_media_siber
    redaksi поиск вход подписка контакты реклама о_нас 検索 ログイン お問い合わせ 会社概要 搜索 登录 关于我们 联系我们
    검색 로그인 회사소개 بحث اتصل_بنا من_نحن
""")  # noqa: RUF001 — these letters are Cyrillic, as they should be
"""Pages about the publication or its readers, and doors of the machinery."""

SECTIONS = _set("""
    home news world national international local regional politics business economy finance markets money companies
    technology tech science health sport sports football soccer tennis culture arts entertainment music film movies
    books opinion opinions comment commentary editorial editorials letters life lifestyle style fashion food travel
    environment climate education society crime weather obituaries
    europe africa asia americas us uk usa eu city metro features
    investigations analysis magazine weekend motoring cars property real_estate jobs
    nachrichten welt inland ausland politik wirtschaft finanzen technik wissen wissenschaft gesundheit kultur
    gesellschaft meinung kommentar reise leben panorama sportarten
    fussball wetter regionales feuilleton ratgeber unterhaltung
    actualites monde politique economie societe sante sciences idees planete
    mundo espana internacional politica economia sociedad deportes ciencia salud tecnologia cultura gente
    brasil esportes saude esteri cronaca scienze salute spettacoli opinioni
    nieuws binnenland buitenland politiek wetenschap gezondheid meningen
    wiadomosci swiat polska kraj polityka gospodarka biznes kultura nauka zdrowie opinie domaci zahranicni ekonomika
    haberler gundem dunya ekonomi siyaset spor saglik bilim teknoloji kultur_sanat yasam
    nyheter sverige norge innenriks utenriks varlden naringsliv debatt okonomi uutiset kotimaa ulkomaat talous
    berita nasional dunia internasional bisnis olahraga kesehatan teknologi hiburan gaya_hidup
    novosti mir politika obshchestvo
    новости мир политика экономика общество спорт культура наука
    ニュース 政治 経済 国際 社会 スポーツ 新闻 国际 国内 财经 体育 文化 科技 정치 경제 사회 국제 문화 스포츠
    أخبار سياسة اقتصاد رياضة ثقافة
""")
"""Names of sections; a path made of them alone is one."""

CONJUNCTIONS = _set("and und et y e og och en ve dan i")
"""Words that join the names of two sections, and make no headline of them."""

PAGE_EXTENSIONS = _set("html htm shtml xhtml php php3 phtml asp aspx jsp jspx cfm cms do ece")
"""Extensions of pages."""

FILE_EXTENSIONS = _set("""
    7z aac apk atom avi avif bmp css csv dmg doc docx eot epub exe flac flv gif gz ics ico iso jpeg jpg js json m3u8
    m4a m4v mjs mov mp3 mp4 mpeg mpg odt ogg otf pdf png ppt pptx psd rar rdf rss rtf svg swf tar tgz tif tiff torrent
    ttf txt vcf wav webm webmanifest webp wma wmv woff woff2 xls xlsx xml xsl zip
""")
"""Extensions of what is no page: pictures, documents, code, and the feeds and sitemaps themselves."""
