"""What must never be given, and to whom: written by hand by label, trial and guideline, not from `data/safety`.

Each limit is meant to be equal to the rule of the same id. A rule that speaks of "the same drug" is written once for
each drug (`id:drug`) or combination (`id:drug+drug`), from the lists below. Unknown never closes anything.

A source says where the limit stands; it was not kept which of them were opened for this table.
"""

from collections.abc import Callable

from tests.space.limits import Limit, People, Plane

AROMATASE_INHIBITORS = frozenset({"letrozole", "anastrozole", "exemestane"})
SERMS = frozenset({"tamoxifen", "toremifene", "lasofoxifene"})
FULVESTRANT = frozenset({"fulvestrant"})
ORAL_SERDS = frozenset({
    "elacestrant", "imlunestrant", "vepdegestrant", "camizestrant", "giredestrant", "amcenestrant",
})  # fmt: skip
LATE_HORMONES = frozenset({"megestrol-acetate", "estradiol", "fluoxymesterone"})
ENDOCRINE = AROMATASE_INHIBITORS | SERMS | FULVESTRANT | ORAL_SERDS | LATE_HORMONES
SUPPRESSION = frozenset({"goserelin", "leuprolide", "triptorelin", "ovarian-ablation"})

CDK46 = frozenset({"palbociclib", "ribociclib", "abemaciclib", "dalpiciclib"})
PATHWAY = frozenset({
    "alpelisib", "inavolisib", "gedatolisib", "buparlisib", "pictilisib", "taselisib", "capivasertib", "ipatasertib",
    "everolimus",
})  # fmt: skip
HDAC = frozenset({"entinostat"})
PARP_INHIBITORS = frozenset({"olaparib", "talazoparib", "veliparib"})
NTRK_INHIBITORS = frozenset({"larotrectinib", "entrectinib", "repotrectinib"})
TISSUE_AGNOSTIC = NTRK_INHIBITORS | {"selpercatinib"}
ANTI_VEGF = frozenset({"bevacizumab", "ramucirumab"})
OTHER_TARGETED = frozenset({"iniparib", "cetuximab", "sorafenib", "sunitinib"})

PD1_INHIBITORS = frozenset({"pembrolizumab", "atezolizumab", "dostarlimab", "toripalimab"})
PEMBROLIZUMAB_COMBINATIONS = frozenset({
    "pembrolizumab+nab-paclitaxel", "pembrolizumab+paclitaxel", "pembrolizumab+gemcitabine+carboplatin",
    "sacituzumab-govitecan+pembrolizumab",
})  # fmt: skip
PD1_COMBINATIONS = PEMBROLIZUMAB_COMBINATIONS | {"atezolizumab+nab-paclitaxel"}

DERUXTECANS = frozenset({"trastuzumab-deruxtecan", "datopotamab-deruxtecan"})
TROP2_CONJUGATES = frozenset({"sacituzumab-govitecan", "datopotamab-deruxtecan", "sacituzumab-tirumotecan"})
CONJUGATES = DERUXTECANS | TROP2_CONJUGATES | {"glembatumumab-vedotin"}

TAXANES = frozenset({"paclitaxel", "docetaxel", "nab-paclitaxel", "oral-paclitaxel-encequidar", "tesetaxel"})
ANTHRACYCLINES = frozenset({
    "doxorubicin", "epirubicin", "pegylated-liposomal-doxorubicin", "non-pegylated-liposomal-doxorubicin",
    "mitoxantrone",
})  # fmt: skip
FLUOROPYRIMIDINES = frozenset({"capecitabine", "fluorouracil"})
PLATINUMS = frozenset({"carboplatin", "cisplatin"})
CHEMOTHERAPY = TAXANES | ANTHRACYCLINES | FLUOROPYRIMIDINES | PLATINUMS | {
    "gemcitabine", "methotrexate", "vinorelbine", "vinblastine", "eribulin", "ixabepilone", "utidelone",
    "cyclophosphamide", "mitomycin", "etoposide-oral", "etirinotecan-pegol",
}  # fmt: skip
BONE_DRUGS = frozenset({"denosumab", "zoledronic-acid", "pamidronate", "ibandronate"})

BEYOND_HORMONES = (  # everything that treats the cancer and is not a hormone given alone
    CDK46 | PATHWAY | HDAC | PARP_INHIBITORS | TISSUE_AGNOSTIC | ANTI_VEGF | OTHER_TARGETED | PD1_INHIBITORS
    | CONJUGATES | CHEMOTHERAPY
)  # fmt: skip
EVERY_DRUG = BEYOND_HORMONES | ENDOCRINE | SUPPRESSION | BONE_DRUGS | {"trilaciclib"}

# The drugs of today's regimens, for the rules on "the same drug".
GIVEN_CHEMOTHERAPY = (
    "paclitaxel", "docetaxel", "nab-paclitaxel", "capecitabine", "fluorouracil", "vinorelbine", "eribulin",
    "doxorubicin", "epirubicin", "pegylated-liposomal-doxorubicin", "gemcitabine", "methotrexate", "carboplatin",
    "cisplatin", "ixabepilone", "cyclophosphamide", "etoposide-oral",
)  # fmt: skip
GIVEN_CONJUGATES = ("trastuzumab-deruxtecan", "sacituzumab-govitecan", "datopotamab-deruxtecan")
GIVEN_DRUGS = (
    *GIVEN_CHEMOTHERAPY,
    *GIVEN_CONJUGATES,
    "letrozole", "anastrozole", "exemestane", "tamoxifen", "toremifene", "fulvestrant", "megestrol-acetate",
    "estradiol", "elacestrant", "imlunestrant", "vepdegestrant", "camizestrant", "giredestrant", "goserelin",
    "palbociclib", "ribociclib", "abemaciclib", "dalpiciclib", "alpelisib", "inavolisib", "gedatolisib",
    "capivasertib", "everolimus", "entinostat", "olaparib", "talazoparib", "veliparib", "iniparib", "pembrolizumab",
    "atezolizumab", "dostarlimab", "larotrectinib", "entrectinib", "repotrectinib", "selpercatinib", "bevacizumab",
    "denosumab", "zoledronic-acid", "pamidronate",
)  # fmt: skip
COMBINATIONS = (  # suppression is no drug of its own here: a combination with goserelin is the same combination
    "anastrozole+fulvestrant",
    "ribociclib+letrozole", "abemaciclib+letrozole", "palbociclib+letrozole", "dalpiciclib+letrozole",
    "ribociclib+fulvestrant", "abemaciclib+fulvestrant", "palbociclib+fulvestrant", "dalpiciclib+fulvestrant",
    "abemaciclib+tamoxifen", "palbociclib+tamoxifen", "ribociclib+tamoxifen",
    "inavolisib+palbociclib+fulvestrant", "alpelisib+fulvestrant", "capivasertib+fulvestrant",
    "gedatolisib+fulvestrant", "gedatolisib+palbociclib+fulvestrant",
    "everolimus+exemestane", "everolimus+fulvestrant", "everolimus+tamoxifen",
    "imlunestrant+abemaciclib", "camizestrant+palbociclib", "camizestrant+ribociclib", "camizestrant+abemaciclib",
    "giredestrant+everolimus", "entinostat+exemestane",
    "sacituzumab-govitecan+pembrolizumab", "pembrolizumab+nab-paclitaxel", "pembrolizumab+paclitaxel",
    "pembrolizumab+gemcitabine+carboplatin", "atezolizumab+nab-paclitaxel",
    "bevacizumab+paclitaxel", "bevacizumab+docetaxel", "bevacizumab+capecitabine",
    "cyclophosphamide+methotrexate", "docetaxel+capecitabine", "paclitaxel+gemcitabine", "ixabepilone+capecitabine",
    "gemcitabine+carboplatin", "carboplatin+paclitaxel", "cisplatin+gemcitabine", "gemcitabine+vinorelbine",
    "vinorelbine+capecitabine", "doxorubicin+cyclophosphamide", "epirubicin+cyclophosphamide",
    "doxorubicin+paclitaxel", "fluorouracil+doxorubicin+cyclophosphamide", "fluorouracil+epirubicin+cyclophosphamide",
    "cyclophosphamide+methotrexate+fluorouracil", "iniparib+gemcitabine+carboplatin",
    "veliparib+carboplatin+paclitaxel",
)  # fmt: skip

EPIRUBICIN_AS_DOXORUBICIN = 900 * 0.6  # the facts count 1 mg of epirubicin as 0.6 mg of doxorubicin


def _reacted_to(*drugs: str) -> Callable[[People], Plane]:
    """Close after a severe hypersensitivity reaction to any of these."""
    return lambda p: p.is_("severe_reaction_to", *drugs)


def _progressed_on(drug: str) -> Callable[[People], Plane]:
    """Close after progression on this drug."""
    return lambda p: p.is_("agents_progressed_on", drug)


def _not_running(drug: str) -> Callable[[People], Plane]:
    return lambda p: p.is_not("agents_running", drug)


def _progressed_on_all(drugs: list[str]) -> Callable[[People], Plane]:
    """Close after progression on every one of these."""

    def closes(p: People) -> Plane:
        plane = p.everybody
        for drug in drugs:
            plane = plane & p.is_("agents_progressed_on", drug)
        return plane

    return closes


def _receptor_positive(p: People) -> Plane:
    """Give hormone receptor-positive as the trials of trastuzumab deruxtecan have it: at least 1 %, so ER-low too."""
    return p.is_("endocrine_group", "positive", "low")


def _no_chemotherapy_for_the_label(p: People) -> Plane:
    """Give no chemotherapy for metastatic disease and no relapse within 6 months of adjuvant chemotherapy."""
    return p.at_most("metastatic_lines_beyond_endocrine", 0) & p.no("relapse_within_6_months_of_chemotherapy")


BIOMARKERS = (
    Limit(
        rule="S-N03",
        says="Olaparib only with a BRCA1/2 variant, or on phase 2 evidence germline PALB2 or tumour BRCA; "
        "a variant of uncertain significance is none of these.",
        source="Lynparza US and EU labels; OlympiAD; TBCRC 048",
        drugs=frozenset({"olaparib"}),
        closes=lambda p: (
            p.is_not("germline_brca", "pathogenic")
            & p.is_not("germline_palb2", "pathogenic")
            & p.is_not("somatic_brca", "pathogenic")
        ),
    ),
    Limit(
        rule="S-N03b",
        says="Talazoparib only with a pathogenic germline BRCA1/2 variant.",
        source="Talzenna US and EU labels; EMBRACA",
        drugs=frozenset({"talazoparib"}),
        closes=lambda p: p.is_not("germline_brca", "pathogenic"),
    ),
    Limit(
        rule="S-N04",
        says="An oral SERD or degrader alone only with an ESR1 mutation.",
        source="Orserdu, imlunestrant and vepdegestrant labels; EMERALD, EMBER-3, VERITAC-2",
        drugs=frozenset({"elacestrant", "imlunestrant", "vepdegestrant"}),
        alone=True,
        closes=lambda p: p.is_("esr1", "wild_type"),
    ),
    Limit(
        rule="S-N04b",
        says="The early switch to camizestrant only with an ESR1 mutation in blood.",
        source="SERENA-6",
        drugs=frozenset({"camizestrant"}),
        closes=lambda p: p.is_("esr1", "wild_type"),
    ),
    Limit(
        rule="S-N04c",
        says="No switch to camizestrant once the disease has progressed on endocrine therapy for metastatic disease.",
        source="SERENA-6: ESR1 mutation without progression on AI and CDK4/6 inhibitor",
        drugs=frozenset({"camizestrant"}),
        closes=lambda p: p.yes("progressed_on_metastatic_endocrine"),
    ),
    *(
        Limit(
            rule=rule,
            says=f"No camizestrant with {drug} unless {drug} is running: the CDK4/6 inhibitor stays as it is.",
            source="SERENA-6: camizestrant in place of the aromatase inhibitor, the same CDK4/6 inhibitor goes on",
            regimens=frozenset({f"camizestrant+{drug}"}),
            closes=_not_running(drug),
        )
        for rule, drug in (("S-N04p", "palbociclib"), ("S-N04q", "ribociclib"), ("S-N04r", "abemaciclib"))
    ),
    Limit(
        rule="S-N04s",
        says="No second switch to camizestrant.",
        source="SERENA-6: one switch, before progression",
        drugs=frozenset({"camizestrant"}),
        closes=lambda p: p.is_("agents_given", "camizestrant"),
    ),
    Limit(
        rule="S-N05",
        says="No oral SERD or degrader alone before any endocrine therapy.",
        source="Orserdu, imlunestrant and vepdegestrant labels: after at least one line of endocrine therapy",
        drugs=frozenset({"elacestrant", "imlunestrant", "vepdegestrant"}),
        alone=True,
        closes=lambda p: p.no("endocrine_any_setting"),
    ),
    Limit(
        rule="S-N06",
        says="Alpelisib and inavolisib only with a PIK3CA mutation.",
        source="Piqray and Itovebi labels; SOLAR-1, INAVO120",
        drugs=frozenset({"alpelisib", "inavolisib"}),
        closes=lambda p: p.is_("pik3ca", "wild_type"),
    ),
    Limit(
        rule="S-N07",
        says="Capivasertib only with an alteration of PIK3CA, AKT1 or PTEN.",
        source="Truqap US and EU labels; CAPItello-291",
        drugs=frozenset({"capivasertib"}),
        closes=lambda p: p.is_("pik3ca", "wild_type") & p.is_("akt1", "wild_type") & p.is_("pten", "intact"),
    ),
    Limit(
        rule="S-N13",
        says="Pembrolizumab with chemotherapy or a conjugate only at a PD-L1 CPS (22C3) of 10 or more.",
        source="Keytruda label; KEYNOTE-355, ASCENT-04",
        regimens=PEMBROLIZUMAB_COMBINATIONS,
        closes=lambda p: p.below("pdl1_cps", 10),
    ),
    Limit(
        rule="S-N13b",
        says="Atezolizumab with nab-paclitaxel only with PD-L1 (SP142) on 1 % of immune cells or more.",
        source="Tecentriq label; IMpassion130",
        regimens=frozenset({"atezolizumab+nab-paclitaxel"}),
        closes=lambda p: p.below("pdl1_ic_percent", 1),
    ),
    Limit(
        rule="S-N17",
        says="Pembrolizumab alone only with unstable microsatellites or at least 10 mutations per Mb.",
        source="Keytruda US label (2017, 2020); KEYNOTE-158",
        regimens=frozenset({"pembrolizumab"}),
        closes=lambda p: p.is_("microsatellite_status", "stable") & p.below("tumour_mutational_burden", 10),
    ),
    Limit(
        rule="S-N18",
        says="Dostarlimab only with mismatch repair deficiency.",
        source="Jemperli US label; GARNET",
        regimens=frozenset({"dostarlimab"}),
        closes=lambda p: p.is_("microsatellite_status", "stable"),
    ),
    Limit(
        rule="S-N19",
        says="NTRK inhibitors only with an NTRK fusion.",
        source="Vitrakvi, Rozlytrek and Augtyro labels",
        drugs=NTRK_INHIBITORS,
        closes=lambda p: p.is_("ntrk_fusion", "absent"),
    ),
    Limit(
        rule="S-N19b",
        says="Selpercatinib only with a RET fusion.",
        source="Retevmo label; LIBRETTO-001",
        drugs=frozenset({"selpercatinib"}),
        closes=lambda p: p.is_("ret_fusion", "absent"),
    ),
)

FLUOROPYRIMIDINE_LIMITS = (
    Limit(
        rule="S-N73",
        says="No fluoropyrimidine with complete DPD deficiency.",
        source="Xeloda and fluorouracil labels, US box; EMA 2020",
        drugs=FLUOROPYRIMIDINES,
        closes=lambda p: p.is_("dpyd_status", "complete"),
    ),
    Limit(
        rule="S-N74",
        says="No capecitabine at a creatinine clearance below 30 mL/min (Europe).",
        source="Xeloda SmPC 4.3",
        drugs=frozenset({"capecitabine"}),
        regulator="EMA",
        closes=lambda p: p.below("creatinine_clearance_ml_min", 30),
    ),
    Limit(
        rule="S-N74b",
        says="No capecitabine at a creatinine clearance below 30 mL/min (US, until the label of December 2022).",
        source="Xeloda US label before 12/2022, section 4",
        drugs=frozenset({"capecitabine"}),
        regulator="FDA",
        until="2022-12-31",
        closes=lambda p: p.below("creatinine_clearance_ml_min", 30),
    ),
    Limit(
        rule="S-N74e",
        says="No capecitabine in severe hepatic impairment (Europe).",
        source="Xeloda SmPC 4.3",
        drugs=frozenset({"capecitabine"}),
        regulator="EMA",
        closes=lambda p: p.is_("child_pugh", "class_c"),
    ),
    Limit(
        rule="S-N97",
        says="No fluoropyrimidine with brivudine or sorivudine, nor within 4 weeks of it.",
        source="Xeloda and fluorouracil SmPC 4.3; EMA 2020",
        drugs=FLUOROPYRIMIDINES,
        closes=lambda p: p.is_("interacting_drugs", "brivudine"),
    ),
    Limit(
        rule="S-N98",
        says="No fluoropyrimidine after a severe reaction to either of them.",
        source="Xeloda SmPC 4.3: severe and unexpected reactions to fluoropyrimidine therapy",
        drugs=FLUOROPYRIMIDINES,
        closes=_reacted_to("capecitabine", "fluorouracil"),
    ),
)

GENERAL = (
    Limit(
        rule="S-N40",
        says="ECOG 4: nothing but a hormone alone, radiotherapy and bone drugs.",
        source="ASCO Choosing Wisely 2012; trials took ECOG 0-2",
        drugs=BEYOND_HORMONES,
        closes=lambda p: p.at_least("performance_status", 4),
    ),
)

HEART = (
    Limit(
        rule="S-N61",
        says="No ribociclib in long QT syndrome.",
        source="Kisqali US and EU labels",
        drugs=frozenset({"ribociclib"}),
        closes=lambda p: p.yes("long_qt_syndrome"),
    ),
    Limit(
        rule="S-N66",
        says="No eribulin in congenital long QT syndrome.",
        source="Halaven US and EU labels",
        drugs=frozenset({"eribulin"}),
        closes=lambda p: p.yes("long_qt_syndrome"),
    ),
    Limit(
        rule="S-N68",
        says="No toremifene in long QT syndrome.",
        source="Fareston US box and EU SmPC 4.3",
        drugs=frozenset({"toremifene"}),
        closes=lambda p: p.yes("long_qt_syndrome"),
    ),
    Limit(
        rule="S-N62",
        says="No doxorubicin that would pass 550 mg/m2 with one cycle of 60, all anthracyclines counted as doxorubicin.",
        source="Doxorubicin US and UK labels",
        drugs=frozenset({"doxorubicin"}),
        closes=lambda p: p.above("doxorubicin_equivalent_mg_m2", 550 - 60),
    ),
    Limit(
        rule="S-N62b",
        says="After radiotherapy to the heart field no doxorubicin or epirubicin that would pass 400 mg/m2 with one cycle of 60.",
        source="Doxorubicin UK SmPC, older US label: 400 mg/m2 after mediastinal radiotherapy",
        drugs=frozenset({"doxorubicin", "epirubicin"}),
        closes=lambda p: p.yes("chest_radiotherapy") & p.above("doxorubicin_equivalent_mg_m2", 400 - 60),
    ),
    Limit(
        rule="S-N63",
        says="No epirubicin that would pass 900 mg/m2 (540 as doxorubicin) with one cycle of 60 (36 as doxorubicin).",
        source="Ellence US label, epirubicin UK SmPC",
        drugs=frozenset({"epirubicin"}),
        closes=lambda p: p.above("doxorubicin_equivalent_mg_m2", EPIRUBICIN_AS_DOXORUBICIN - 36),
    ),
    Limit(
        rule="S-N64",
        says="No anthracycline in severe heart failure.",
        source="Doxorubicin and epirubicin labels: severe myocardial insufficiency",
        drugs=ANTHRACYCLINES,
        closes=lambda p: p.is_("heart_failure", "severe"),
    ),
)

IMMUNE = (
    Limit(
        rule="S-N80",
        says="No PD-(L)1 inhibitor with severe active autoimmune disease.",
        source="KEYNOTE-355 and IMpassion130 exclusions; ASCO 2021",
        drugs=PD1_INHIBITORS,
        closes=lambda p: p.is_("autoimmune_disease", "severe_active"),
    ),
    Limit(
        rule="S-N88",
        says="No PD-(L)1 inhibitor after an immune toxicity of grade 4.",
        source="Keytruda and Tecentriq labels: permanently discontinue at grade 4",
        drugs=PD1_INHIBITORS,
        closes=lambda p: p.at_least("prior_immune_toxicity_grade", 4),
    ),
    Limit(
        rule="S-N85",
        says="No PARP inhibitor with myelodysplastic syndrome or acute leukaemia.",
        source="Lynparza and Talzenna labels, warning on MDS/AML",
        drugs=PARP_INHIBITORS,
        closes=lambda p: p.yes("mds_aml_history"),
    ),
)

REACTIONS = (
    *(
        Limit(
            rule=f"S-N77:{drug}",
            says=f"No {drug} after a severe hypersensitivity reaction to it.",
            source=f"{drug} US label, contraindications and box",
            drugs=frozenset({drug}),
            closes=_reacted_to(drug),
        )
        for drug in ("paclitaxel", "docetaxel")
    ),
    Limit(
        rule="S-N77b",
        says="No ixabepilone after a severe reaction to paclitaxel: both are dissolved in polyoxyethylated castor oil.",
        source="Ixempra US label, section 4",
        drugs=frozenset({"ixabepilone"}),
        closes=_reacted_to("paclitaxel"),
    ),
    Limit(
        rule="S-N77c",
        says="No platinum drug after a severe allergy to either of them.",
        source="Carboplatin and cisplatin labels: allergy to platinum compounds",
        drugs=PLATINUMS,
        closes=_reacted_to("carboplatin", "cisplatin"),
    ),
    *(
        Limit(
            rule=f"S-N86:{drug}",
            says=f"No {drug} after a severe hypersensitivity reaction to it.",
            source=f"{drug} label: hypersensitivity to the active substance",
            drugs=frozenset({drug}),
            closes=_reacted_to(drug),
        )
        for drug in GIVEN_DRUGS
    ),
)

LIVER_KIDNEY_EAR = (
    Limit(
        rule="S-N93",
        says="No anthracycline in severe hepatic impairment: Child-Pugh C, or bilirubin above 5 mg/dL, 4.2 times a normal of 1.2.",
        source="Doxorubicin US label, section 4; epirubicin SmPC",
        drugs=ANTHRACYCLINES,
        closes=lambda p: p.is_("child_pugh", "class_c") | p.at_least("bilirubin_x_uln", round(5 / 1.2, 1)),
    ),
    Limit(
        rule="S-N94",
        says="No elacestrant in Child-Pugh C.",
        source="Orserdu US label 2.3, 8.6",
        drugs=frozenset({"elacestrant"}),
        closes=lambda p: p.is_("child_pugh", "class_c"),
    ),
    Limit(
        rule="S-C37b",
        says="No fulvestrant in severe hepatic impairment (Europe).",
        source="Faslodex SmPC 4.3",
        drugs=FULVESTRANT,
        regulator="EMA",
        closes=lambda p: p.is_("child_pugh", "class_c"),
    ),
    Limit(
        rule="S-N96",
        says="No cisplatin with hearing loss (Europe).",
        source="Cisplatin UK SmPC 4.3",
        drugs=frozenset({"cisplatin"}),
        regulator="EMA",
        closes=lambda p: p.yes("hearing_loss"),
    ),
    Limit(
        rule="S-N101",
        says="No cisplatin at a creatinine clearance below 60 mL/min (Europe).",
        source="Cisplatine Teva, French product text 4.3; UK SmPC 4.3 without a number",
        drugs=frozenset({"cisplatin"}),
        regulator="EMA",
        closes=lambda p: p.below("creatinine_clearance_ml_min", 60),
    ),
    Limit(
        rule="S-N102",
        says="No carboplatin at a creatinine clearance below 30 mL/min (Europe).",
        source="Carbomedac (Poland), Carboplatin Pfizer (Austria), Kabi and onkovis (Germany): contraindications",
        drugs=frozenset({"carboplatin"}),
        regulator="EMA",
        closes=lambda p: p.below("creatinine_clearance_ml_min", 30),
    ),
    Limit(
        rule="S-N99c",
        says="No methotrexate at a creatinine clearance below 30 mL/min (Europe).",
        source="Methotrexate SmPC 4.3 (Jylamvo, Nordimet)",
        drugs=frozenset({"methotrexate"}),
        regulator="EMA",
        closes=lambda p: p.below("creatinine_clearance_ml_min", 30),
    ),
    Limit(
        rule="S-N99",
        says="No methotrexate with bilirubin above 5 mg/dL, 4.2 times a normal of 1.2 mg/dL (Europe).",
        source="Methotrexate SmPC 4.3: bilirubin above 5 mg/dL (85.5 umol/L)",
        drugs=frozenset({"methotrexate"}),
        regulator="EMA",
        closes=lambda p: p.at_least("bilirubin_x_uln", round(5 / 1.2, 1)),
    ),
)

LUNG = (
    Limit(
        rule="S-N50",
        says="No deruxtecan conjugate with active ILD or pneumonitis.",
        source="Enhertu and Datroway labels; DESTINY-Breast04 exclusions",
        drugs=DERUXTECANS,
        closes=lambda p: p.is_("lung_disease", "active"),
    ),
    Limit(
        rule="S-N51",
        says="No deruxtecan conjugate again, nor the other one, after ILD of grade 2 or more when one was given.",
        source="Enhertu and Datroway labels: permanently discontinue at grade 2 or more",
        drugs=DERUXTECANS,
        closes=lambda p: (
            p.is_("lung_disease", "past_grade_2_or_more")
            & p.is_("agents_given", "trastuzumab-deruxtecan", "datopotamab-deruxtecan")
        ),
    ),
)

MENOPAUSE = (
    Limit(
        rule="S-N20",
        says="Pre- or perimenopausal and suppression declined: no aromatase inhibitor, fulvestrant or oral SERD.",
        source="AI and fulvestrant labels; ASCO 2016; ABC4",
        drugs=AROMATASE_INHIBITORS | FULVESTRANT | ORAL_SERDS,
        closes=lambda p: (
            p.is_("ovaries", "declined")
            & p.is_("ovarian_suppression", "declined")
            & p.is_("menopausal_status", "premenopausal", "perimenopausal")
        ),
    ),
    Limit(
        rule="S-N22",
        says="Ribociclib is never paired with tamoxifen.",
        source="Kisqali US label 5.4; MONALEESA-7: QTcF rose more with tamoxifen",
        regimens=frozenset({"ribociclib+tamoxifen"}),
        closes=lambda p: p.everybody,
        since="2017-12-06",  # MONALEESA-7 in public: QTcF over 60 ms with tamoxifen
    ),
)

SKIN = (
    Limit(
        rule="S-N71",
        says="No alpelisib after Stevens-Johnson syndrome, TEN, erythema multiforme or DRESS.",
        source="Piqray US label 5.2",
        drugs=frozenset({"alpelisib"}),
        closes=lambda p: p.yes("severe_skin_reaction"),
    ),
)

RECEPTORS = (
    Limit(
        rule="S-N02",
        says="HER2-positive disease has another standard: no regimen of this library.",
        source="ASCO/CAP HER2; ASCO 2014 on HER2-positive disease",
        drugs=EVERY_DRUG,
        closes=lambda p: p.yes("her2_positive"),
    ),
    Limit(
        rule="S-N01",
        says="No hormone, alone or with a partner, and no CDK4/6 inhibitor when no sample had ER or PR of 1 %.",
        source="ASCO/CAP 2020; every label: hormone receptor-positive",
        drugs=ENDOCRINE | CDK46,
        closes=lambda p: p.no("receptor_ever_positive"),
    ),
    Limit(
        rule="S-N12",
        says="No PD-(L)1 inhibitor with chemotherapy or a conjugate in clearly hormone receptor-positive disease.",
        source="Keytruda and Tecentriq labels: triple-negative",
        regimens=PD1_COMBINATIONS,
        closes=lambda p: p.is_("endocrine_group", "positive"),
    ),
    Limit(
        rule="S-N09",
        says="No trastuzumab deruxtecan when HER2 is neither low nor ultralow.",
        source="Enhertu labels; DESTINY-Breast04 and -06",
        drugs=frozenset({"trastuzumab-deruxtecan"}),
        closes=lambda p: p.no("her2_low") & p.no("her2_ultralow"),
    ),
    Limit(
        rule="S-N10",
        says="HER2-ultralow, and not low, does not open trastuzumab deruxtecan in receptor-negative disease.",
        source="Enhertu labels of 2025; DESTINY-Breast06",
        drugs=frozenset({"trastuzumab-deruxtecan"}),
        closes=lambda p: p.is_("endocrine_group", "negative") & p.no("her2_low") & p.yes("her2_ultralow"),
    ),
    Limit(
        rule="S-N11",
        says="Receptor-positive: trastuzumab deruxtecan after progression on endocrine therapy for metastatic disease, "
        "or after chemotherapy for it, or relapse within 6 months of adjuvant chemotherapy.",
        source="Enhertu US label of 2025-01-27",
        drugs=frozenset({"trastuzumab-deruxtecan"}),
        regulator="FDA",
        closes=lambda p: (
            _receptor_positive(p) & p.no("progressed_on_metastatic_endocrine") & _no_chemotherapy_for_the_label(p)
        ),
    ),
    Limit(
        rule="S-N11d",
        says="Receptor-positive: trastuzumab deruxtecan after endocrine therapy or chemotherapy for metastatic "
        "disease, or relapse within 6 months of adjuvant chemotherapy.",
        source="Enhertu SmPC 4.1 of 2023-01 and 2025-03",
        drugs=frozenset({"trastuzumab-deruxtecan"}),
        regulator="EMA",
        closes=lambda p: (
            _receptor_positive(p) & p.at_most("metastatic_endocrine_lines", 0) & _no_chemotherapy_for_the_label(p)
        ),
    ),
    Limit(
        rule="S-N11b",
        says="Receptor-negative: trastuzumab deruxtecan after chemotherapy for metastatic disease, or relapse within "
        "6 months of adjuvant chemotherapy.",
        source="Enhertu labels, HER2-low; DESTINY-Breast04",
        drugs=frozenset({"trastuzumab-deruxtecan"}),
        closes=lambda p: p.is_("endocrine_group", "negative") & _no_chemotherapy_for_the_label(p),
    ),
)

RECHALLENGE = (
    *(
        Limit(
            rule=f"S-N32:{drug}",
            says=f"No {drug} again after progression on it.",
            source="ASCO 2014: a drug to which resistance was shown is not reused",
            drugs=frozenset({drug}),
            closes=_progressed_on(drug),
        )
        for drug in GIVEN_CONJUGATES
    ),
    Limit(
        rule="S-N34",
        says="No TROP2 conjugate after progression on a TROP2 conjugate.",
        source="TROPION-Breast01 and TROPiCS-02 exclusions: no earlier topoisomerase-1 conjugate",
        drugs=frozenset({"sacituzumab-govitecan", "datopotamab-deruxtecan"}),
        closes=lambda p: p.is_("adc_targets_progressed_on", "trop2"),
    ),
    Limit(
        rule="S-N33",
        says="No PARP inhibitor after progression on one.",
        source="OlympiAD and EMBRACA exclusions",
        drugs=PARP_INHIBITORS,
        closes=lambda p: p.is_("classes_progressed_on", "parp_inhibitor"),
    ),
    *(
        Limit(
            rule=f"S-N38:{combination}",
            says=f"No {combination} after progression on every drug of it, with suppression or without.",
            source="ASCO 2014: a drug to which resistance was shown is not reused",
            regimens=frozenset({combination}),
            closes=_progressed_on_all(combination.split("+")),
        )
        for combination in COMBINATIONS
    ),
    *(
        Limit(
            rule=f"S-N35:{drug}",
            says=f"No {drug} again, alone or with others, after progression on it.",
            source="ASCO 2014: a drug to which resistance was shown is not reused",
            drugs=frozenset({drug}),
            closes=_progressed_on(drug),
        )
        for drug in GIVEN_CHEMOTHERAPY
    ),
    *(
        Limit(
            rule=f"S-N36h:{drug}",
            says=f"No {drug} alone again after progression on it.",
            source="ASCO 2016: endocrine therapy until progression",
            drugs=frozenset({drug}),
            alone=True,
            closes=_progressed_on(drug),
        )
        for drug in ("tamoxifen", "toremifene", "megestrol-acetate", "estradiol")
    ),
    *(
        Limit(
            rule=rule,
            says=f"No {drug} alone again, with suppression or without, after progression on it.",
            source="ASCO 2016: endocrine therapy until progression",
            regimens=frozenset({drug}),
            closes=_progressed_on(drug),
        )
        for rule, drug in (
            ("S-N36", "letrozole"),
            ("S-N36b", "anastrozole"),
            ("S-N36c", "exemestane"),
            ("S-N36d", "fulvestrant"),
            ("S-N36e", "elacestrant"),
            ("S-N36f", "imlunestrant"),
            ("S-N36g", "vepdegestrant"),
        )
    ),
)

NEVER: tuple[Limit, ...] = (
    *BIOMARKERS,
    *FLUOROPYRIMIDINE_LIMITS,
    *GENERAL,
    *HEART,
    *IMMUNE,
    *REACTIONS,
    *LIVER_KIDNEY_EAR,
    *LUNG,
    *MENOPAUSE,
    *SKIN,
    *RECEPTORS,
    *RECHALLENGE,
)
