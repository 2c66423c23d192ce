"""The languages that a digest can be read in: BCP 47 for people and pages, FLORES-200 for NLLB.

Some fifty are offered by name; the others that NLLB-200 writes are known by their code (`xho-Latn`, `xho_Latn`).
"""

from dataclasses import dataclass
from functools import cache

from digest.wording import WordedError, gettext_noop

SOURCE = "en"
SOURCE_FLORES = "eng_Latn"


@dataclass(frozen=True, slots=True)
class Language:
    """A target language; `script` is ISO 15924, taken from the FLORES-200 code."""

    code: str
    flores: str
    name: str
    own_name: str

    @property
    def script(self) -> str:
        return self.flores.split("_")[1]

    @property
    def spaceless(self) -> bool:
        """Whether sentences follow one another without a space."""
        return self.script in {"Hans", "Hant", "Jpan", "Thai", "Laoo", "Khmr", "Mymr"}

    @property
    def right_to_left(self) -> bool:
        return self.script in {"Arab", "Hebr"}


class UnknownLanguageError(WordedError):
    """No such language; the message lists what there is."""


_TABLE = """
zh-Hans|zho_Hans|Chinese (Simplified)|简体中文
zh-Hant|zho_Hant|Chinese (Traditional)|繁體中文
ja|jpn_Jpan|Japanese|日本語
ko|kor_Hang|Korean|한국어
es|spa_Latn|Spanish|Español
pt|por_Latn|Portuguese|Português
fr|fra_Latn|French|Français
de|deu_Latn|German|Deutsch
it|ita_Latn|Italian|Italiano
ru|rus_Cyrl|Russian|Русский
uk|ukr_Cyrl|Ukrainian|Українська
pl|pol_Latn|Polish|Polski
cs|ces_Latn|Czech|Čeština
sk|slk_Latn|Slovak|Slovenčina
hu|hun_Latn|Hungarian|Magyar
ro|ron_Latn|Romanian|Română
bg|bul_Cyrl|Bulgarian|Български
sr|srp_Cyrl|Serbian|Српски
hr|hrv_Latn|Croatian|Hrvatski
el|ell_Grek|Greek|Ελληνικά
tr|tur_Latn|Turkish|Türkçe
ar|arb_Arab|Arabic|العربية
fa|pes_Arab|Persian|فارسی
he|heb_Hebr|Hebrew|עברית
ur|urd_Arab|Urdu|اردو
hi|hin_Deva|Hindi|हिन्दी
bn|ben_Beng|Bengali|বাংলা
ta|tam_Taml|Tamil|தமிழ்
te|tel_Telu|Telugu|తెలుగు
mr|mar_Deva|Marathi|मराठी
vi|vie_Latn|Vietnamese|Tiếng Việt
th|tha_Thai|Thai|ไทย
id|ind_Latn|Indonesian|Bahasa Indonesia
ms|zsm_Latn|Malay|Bahasa Melayu
fil|tgl_Latn|Filipino|Filipino
km|khm_Khmr|Khmer|ខ្មែរ
nl|nld_Latn|Dutch|Nederlands
sv|swe_Latn|Swedish|Svenska
da|dan_Latn|Danish|Dansk
nb|nob_Latn|Norwegian (Bokmål)|Norsk bokmål
fi|fin_Latn|Finnish|Suomi
et|est_Latn|Estonian|Eesti
lv|lvs_Latn|Latvian|Latviešu
lt|lit_Latn|Lithuanian|Lietuvių
ca|cat_Latn|Catalan|Català
eu|eus_Latn|Basque|Euskara
kk|kaz_Cyrl|Kazakh|Қазақ тілі
uz|uzn_Latn|Uzbek|Oʻzbekcha
mn|khk_Cyrl|Mongolian|Монгол
sw|swh_Latn|Swahili|Kiswahili
am|amh_Ethi|Amharic|አማርኛ
"""


_FLORES = """
    ace_Arab ace_Latn acm_Arab acq_Arab aeb_Arab afr_Latn ajp_Arab aka_Latn amh_Ethi apc_Arab arb_Arab
    ars_Arab ary_Arab arz_Arab asm_Beng ast_Latn awa_Deva ayr_Latn azb_Arab azj_Latn bak_Cyrl bam_Latn
    ban_Latn bel_Cyrl bem_Latn ben_Beng bho_Deva bjn_Arab bjn_Latn bod_Tibt bos_Latn bug_Latn bul_Cyrl
    cat_Latn ceb_Latn ces_Latn cjk_Latn ckb_Arab crh_Latn cym_Latn dan_Latn deu_Latn dik_Latn dyu_Latn
    dzo_Tibt ell_Grek eng_Latn epo_Latn est_Latn eus_Latn ewe_Latn fao_Latn pes_Arab fij_Latn fin_Latn
    fon_Latn fra_Latn fur_Latn fuv_Latn gla_Latn gle_Latn glg_Latn grn_Latn guj_Gujr hat_Latn hau_Latn
    heb_Hebr hin_Deva hne_Deva hrv_Latn hun_Latn hye_Armn ibo_Latn ilo_Latn ind_Latn isl_Latn ita_Latn
    jav_Latn jpn_Jpan kab_Latn kac_Latn kam_Latn kan_Knda kas_Arab kas_Deva kat_Geor knc_Arab knc_Latn
    kaz_Cyrl kbp_Latn kea_Latn khm_Khmr kik_Latn kin_Latn kir_Cyrl kmb_Latn kon_Latn kor_Hang kmr_Latn
    lao_Laoo lvs_Latn lij_Latn lim_Latn lin_Latn lit_Latn lmo_Latn ltg_Latn ltz_Latn lua_Latn lug_Latn
    luo_Latn lus_Latn mag_Deva mai_Deva mal_Mlym mar_Deva min_Latn mkd_Cyrl plt_Latn mlt_Latn mni_Beng
    khk_Cyrl mos_Latn mri_Latn zsm_Latn mya_Mymr nld_Latn nno_Latn nob_Latn npi_Deva nso_Latn nus_Latn
    nya_Latn oci_Latn gaz_Latn ory_Orya pag_Latn pan_Guru pap_Latn pol_Latn por_Latn prs_Arab pbt_Arab
    quy_Latn ron_Latn run_Latn rus_Cyrl sag_Latn san_Deva sat_Beng scn_Latn shn_Mymr sin_Sinh slk_Latn
    slv_Latn smo_Latn sna_Latn snd_Arab som_Latn sot_Latn spa_Latn als_Latn srd_Latn srp_Cyrl ssw_Latn
    sun_Latn swe_Latn swh_Latn szl_Latn tam_Taml tat_Cyrl tel_Telu tgk_Cyrl tgl_Latn tha_Thai tir_Ethi
    taq_Latn taq_Tfng tpi_Latn tsn_Latn tso_Latn tuk_Latn tum_Latn tur_Latn twi_Latn tzm_Tfng uig_Arab
    ukr_Cyrl umb_Latn urd_Arab uzn_Latn vec_Latn vie_Latn war_Latn wol_Latn xho_Latn ydd_Hebr yor_Latn
    yue_Hant zho_Hans zho_Hant zul_Latn
""".split()
"""All of NLLB-200's languages (fairseq, examples/nllb/modeling: flores200_langs)."""


@cache
def languages() -> dict[str, Language]:
    """The languages that have a name here by BCP 47 code, in the order in which they are offered."""
    rows = [line.split("|") for line in _TABLE.strip().splitlines()]
    return {code: Language(code, flores, name, own) for code, flores, name, own in rows}


@cache
def by_code() -> dict[str, Language]:
    """NLLB's other languages, whose code is their name: ISO 639-3 and script, which BCP 47 allows."""
    named = {language.flores for language in languages().values()} | {SOURCE_FLORES}
    codes = [(flores.replace("_", "-"), flores) for flores in _FLORES if flores not in named]
    return {code: Language(code, flores, code, code) for code, flores in codes}


_FAMILIAR = {"zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-tw": "zh-Hant",
             "zh-hk": "zh-Hant", "pt-br": "pt", "no": "nb", "tl": "fil"}  # fmt: skip


def find(code: str) -> Language:
    """The language of a code as a person types it: `zh-hans`, `zh-CN`, `zho_Hans`.

    Raises UnknownLanguageError.
    """
    folded = code.strip().replace("_", "-").lower()
    folded = _FAMILIAR.get(folded, folded).lower()
    for language in (*languages().values(), *by_code().values()):
        if folded in (language.code.lower(), language.flores.replace("_", "-").lower()):
            return language
    words = gettext_noop(
        "'%(code)s' is not a language that Paperglot knows. It knows: %(known)s, and all others of NLLB-200 by "
        "code, such as xho_Latn."
    )
    raise UnknownLanguageError(words, code=code, known=", ".join(languages()))
