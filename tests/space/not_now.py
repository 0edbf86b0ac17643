"""What must wait: findings that close a drug until they are corrected, by label, trial or guideline.

Written by hand; nothing is read from data/. Where no label gives the number, the source says so: that number is the
workbook's own, and equality with its rule proves only that both say the same. It was not kept which sources were opened.
"""

from tests.space.limits import Limit, People, Plane

AROMATASE_INHIBITORS = frozenset({"anastrozole", "exemestane", "letrozole"})
ORAL_SERDS = frozenset({"amcenestrant", "camizestrant", "elacestrant", "giredestrant", "imlunestrant", "vepdegestrant"})
LOW_OESTROGEN = AROMATASE_INHIBITORS | ORAL_SERDS | {"fulvestrant"}
ENDOCRINE = LOW_OESTROGEN | {
    "estradiol",
    "fluoxymesterone",
    "lasofoxifene",
    "megestrol-acetate",
    "tamoxifen",
    "toremifene",
}

CDK46 = frozenset({"abemaciclib", "dalpiciclib", "palbociclib", "ribociclib"})
PARP_INHIBITORS = frozenset({"olaparib", "talazoparib", "veliparib"})
ANTI_VEGF = frozenset({"bevacizumab", "ramucirumab"})
PATHWAY = frozenset({
    "alpelisib", "buparlisib", "capivasertib", "everolimus", "gedatolisib", "inavolisib", "ipatasertib", "pictilisib",
    "taselisib",
})  # fmt: skip
OTHER_TARGETED = frozenset({
    "cetuximab", "entinostat", "entrectinib", "iniparib", "larotrectinib", "repotrectinib", "selpercatinib",
    "sorafenib", "sunitinib",
})  # fmt: skip
TARGETED = CDK46 | PARP_INHIBITORS | ANTI_VEGF | PATHWAY | OTHER_TARGETED

PD1 = frozenset({"atezolizumab", "dostarlimab", "pembrolizumab", "toripalimab"})
CONJUGATES = frozenset({
    "datopotamab-deruxtecan", "glembatumumab-vedotin", "sacituzumab-govitecan", "sacituzumab-tirumotecan",
    "trastuzumab-deruxtecan",
})  # fmt: skip
BONE_AGENTS = frozenset({"denosumab", "ibandronate", "pamidronate", "zoledronic-acid"})

LIPOSOMAL_DOXORUBICIN = frozenset({"non-pegylated-liposomal-doxorubicin", "pegylated-liposomal-doxorubicin"})
FREE_ANTHRACYCLINES = frozenset({"doxorubicin", "epirubicin"})
ANTHRACYCLINES = FREE_ANTHRACYCLINES | LIPOSOMAL_DOXORUBICIN | {"mitoxantrone"}
INTRAVENOUS_TAXANES = frozenset({"docetaxel", "nab-paclitaxel", "paclitaxel"})
NEUROTOXIC = INTRAVENOUS_TAXANES | {"cisplatin", "eribulin", "ixabepilone", "vinorelbine"}
CYTOTOXIC = (
    ANTHRACYCLINES
    | NEUROTOXIC
    | {
        "capecitabine",
        "carboplatin",
        "cyclophosphamide",
        "etirinotecan-pegol",
        "etoposide-oral",
        "fluorouracil",
        "gemcitabine",
        "methotrexate",
        "mitomycin",
        "oral-paclitaxel-encequidar",
        "tesetaxel",
        "utidelone",
        "vinblastine",
    }
)


def _low_for_abemaciclib(p: People) -> Plane:
    return p.below("absolute_neutrophils", 1500) | p.below("platelets", 100_000) | p.below("haemoglobin_g_dl", 8)


def _pregnant(p: People) -> Plane:
    return p.is_("pregnancy", "first_trimester", "second_or_third_trimester")


def _active_lung_disease(p: People) -> Plane:
    return p.is_("lung_disease", "active")


def _febrile_neutropenia(p: People) -> Plane:
    return p.is_("emergency", "febrile_neutropenia")


BONE: tuple[Limit, ...] = (
    Limit(
        rule="S-N78",
        says="Zoledronic acid is not recommended for bone metastases at a creatinine clearance below 30 mL/min.",
        source="Zometa US label 2.2, 5.3; EU SmPC 4.2 (lowest dose step 30-39 mL/min)",
        drugs=frozenset({"zoledronic-acid"}),
        closes=lambda p: p.below("creatinine_clearance_ml_min", 30),
    ),
    Limit(
        rule="S-N78c",
        says="Pamidronate is not recommended for bone metastases at a clearance below 30 mL/min (severe impairment).",
        source="Aredia US label, renal impairment; EU SmPC 4.2",
        drugs=frozenset({"pamidronate"}),
        closes=lambda p: p.below("creatinine_clearance_ml_min", 30),
    ),
    Limit(
        rule="S-N79",
        says="Hypocalcaemia is corrected before denosumab.",
        source="Xgeva US label 4 (hypocalcaemia); EU SmPC 4.3 (severe, untreated)",
        drugs=frozenset({"denosumab"}),
        closes=lambda p: p.yes("hypocalcaemia"),
    ),
)

GENERAL: tuple[Limit, ...] = (
    Limit(
        rule="S-N45",
        says="No chemotherapy and no antibody-drug conjugate during febrile neutropenia.",
        source="labels of cytotoxic drugs and of Trodelvy; guidelines for febrile neutropenia",
        drugs=CYTOTOXIC | CONJUGATES,
        closes=_febrile_neutropenia,
    ),
    Limit(
        rule="S-C11",
        says="ECOG 3 that is known not to be due to reversible cancer alone: no chemotherapy, ADC or PD-(L)1 drug.",
        source="ASCO Choosing Wisely (ECOG 3-4); trials took ECOG 0-2; ECOG 4 is closed for good by another limit",
        drugs=CYTOTOXIC | CONJUGATES | PD1,
        closes=lambda p: (
            p.at_least("performance_status", 3)
            & p.at_most("performance_status", 3)
            & p.is_("performance_cause", "comorbidity", "mixed")
        ),
    ),
    Limit(
        rule="S-N88d",
        says="Somebody judged a CDK4/6 inhibitor unsuitable for this patient: none until the judgement changes.",
        source="judgement entered for the patient; ESMO 2021: endocrine therapy alone for those who cannot have one",
        drugs=CDK46,
        closes=lambda p: p.no("cdk46_suitable"),
    ),
    Limit(
        rule="S-N41",
        says="The patient declines chemotherapy.",
        source="patient's choice",
        drugs=CYTOTOXIC,
        closes=lambda p: p.yes("chemotherapy_declined"),
    ),
    Limit(
        rule="S-C28b",
        says="Neuropathy of grade 3 or more: no taxane, eribulin, vinorelbine, ixabepilone or cisplatin until better.",
        source="Ixempra, Halaven, Abraxane, Taxotere labels (hold or stop at grade 3-4)",
        drugs=NEUROTOXIC,
        closes=lambda p: p.at_least("neuropathy_grade", 3),
    ),
)

HEART: tuple[Limit, ...] = (
    Limit(
        rule="S-N60",
        says="Ribociclib is started only at a QTcF below 450 ms.",
        source="Kisqali US label 2.2, 5.4; EU SmPC 4.4; MONALEESA trials",
        drugs=frozenset({"ribociclib"}),
        closes=lambda p: p.at_least("qtcf_ms", 450),
    ),
    Limit(
        rule="S-N61b",
        says="Recent infarct, heart failure (of any degree) or bradyarrhythmia: no ribociclib.",
        source="Kisqali US label 5.4; EU SmPC 4.4: recent infarct, congestive heart failure, bradyarrhythmia",
        drugs=frozenset({"ribociclib"}),
        closes=lambda p: (
            p.yes("recent_infarct") | p.is_("heart_failure", "compensated", "severe") | p.yes("bradyarrhythmia")
        ),
    ),
    Limit(
        rule="S-N68d",
        says="Prolonged QTc (470 ms or more): correct electrolytes and repeat before toremifene.",
        source="Fareston boxed warning, EU SmPC 4.3: acquired QT prolongation; no label number (limit of women)",
        drugs=frozenset({"toremifene"}),
        closes=lambda p: p.at_least("qtcf_ms", 470),
    ),
    Limit(
        rule="S-N64b",
        says="Recent infarct: no conventional doxorubicin or epirubicin.",
        source="doxorubicin US label 4 (infarct within 4-6 weeks); epirubicin US label 4 (recent infarct)",
        drugs=FREE_ANTHRACYCLINES,
        closes=lambda p: p.yes("recent_infarct"),
    ),
    Limit(
        rule="S-N64e",
        says="LVEF below 50 %: no conventional doxorubicin or epirubicin.",
        source="ESC cardio-oncology 2022 and trials (normal LVEF, 50 % or more); no label number",
        drugs=FREE_ANTHRACYCLINES,
        closes=lambda p: p.below("lvef_percent", 50),
    ),
    Limit(
        rule="S-N64d",
        says="LVEF of 30 % or less: no anthracycline is started.",
        source="Schwartz 1987 and nuclear cardiology tables: do not start at a baseline of 30 % or less",
        drugs=ANTHRACYCLINES,
        closes=lambda p: p.at_most("lvef_percent", 30),
    ),
    Limit(
        rule="S-N65",
        says="LVEF below 40 %: trastuzumab deruxtecan is held.",
        source="Enhertu US label 2.3, 5.3; EU SmPC 4.2",
        drugs=frozenset({"trastuzumab-deruxtecan"}),
        closes=lambda p: p.below("lvef_percent", 40),
    ),
    Limit(
        rule="S-N67",
        says="Recent arterial thromboembolic event: no bevacizumab.",
        source="Avastin US label 5.4 (arterial events); EU SmPC 4.4",
        drugs=frozenset({"bevacizumab"}),
        closes=lambda p: p.yes("recent_arterial_event"),
    ),
    Limit(
        rule="S-N67b",
        says="Active bleeding, or major surgery within 28 days: no bevacizumab.",
        source="Avastin US label 5.2 (28 days, wound healed), 5.3 (haemorrhage, haemoptysis)",
        drugs=frozenset({"bevacizumab"}),
        closes=lambda p: p.yes("active_bleeding") | p.yes("major_surgery_within_28_days"),
    ),
    Limit(
        rule="S-N67c",
        says="Uncontrolled hypertension: no bevacizumab before the pressure is controlled.",
        source="Avastin EU SmPC 4.4; US label 5.6",
        drugs=frozenset({"bevacizumab"}),
        closes=lambda p: p.yes("uncontrolled_hypertension"),
    ),
)

IMMUNE_AND_LUNG: tuple[Limit, ...] = (
    Limit(
        rule="S-N88b",
        says="Earlier immune toxicity of grade 3: no PD-(L)1 drug until the organ is known (grade 4: never).",
        source="Keytruda US label 2.3 and EU SmPC 4.2: most grade 3 events withhold, grade 4 ends the drug",
        drugs=PD1,
        closes=lambda p: p.at_least("prior_immune_toxicity_grade", 3) & p.at_most("prior_immune_toxicity_grade", 3),
    ),
    Limit(
        rule="S-C12",
        says="No everolimus while ILD or pneumonitis is active.",
        source="Afinitor US label 2.9, 5.1; EU SmPC 4.2",
        drugs=frozenset({"everolimus"}),
        closes=_active_lung_disease,
    ),
    Limit(
        rule="S-C12e",
        says="No CDK4/6 inhibitor while ILD or pneumonitis is active.",
        source="Ibrance, Kisqali, Verzenio US labels 5 (ILD or pneumonitis): interrupt, stop when severe",
        drugs=CDK46,
        since="2019-09-13",  # the day of the FDA warning on lung inflammation with these three
        closes=_active_lung_disease,
    ),
    Limit(
        rule="S-C12b",
        says="No PD-(L)1 drug while pneumonitis is active.",
        source="Keytruda US label 2.3 and EU SmPC 4.2: withhold at grade 2, stop at grade 3-4",
        drugs=PD1,
        closes=_active_lung_disease,
    ),
)

ORGANS: tuple[Limit, ...] = (
    Limit(
        rule="S-N75",
        says="Sacituzumab govitecan: not below 1500 neutrophils on day 1, nor with neutropenic fever.",
        source="Trodelvy US label, boxed warning and 2.3; EU SmPC 4.2",
        drugs=frozenset({"sacituzumab-govitecan"}),
        closes=lambda p: p.below("absolute_neutrophils", 1500) | _febrile_neutropenia(p),
    ),
    Limit(
        rule="S-C47",
        says="Sacituzumab govitecan: not with bilirubin above 1.5 x normal (moderate impairment was not studied).",
        source="Trodelvy US label 8.6",
        drugs=frozenset({"sacituzumab-govitecan"}),
        closes=lambda p: p.above("bilirubin_x_uln", 1.5),
    ),
    Limit(
        rule="S-C70b",
        says="Datopotamab deruxtecan: not with bilirubin above 3 x normal (no dose is known).",
        source="Datroway US label 8.7: severe hepatic impairment",
        drugs=frozenset({"datopotamab-deruxtecan"}),
        closes=lambda p: p.above("bilirubin_x_uln", 3),
    ),
    Limit(
        rule="S-C50b",
        says="No full-dose combination with an anthracycline with bilirubin above 1.5 x normal.",
        source="clinical review: what drops out in hepatic crisis; the number is the workbook's own",
        regimens=frozenset(
            {
                "doxorubicin+cyclophosphamide",
                "epirubicin+cyclophosphamide",
                "doxorubicin+paclitaxel",
                "fluorouracil+doxorubicin+cyclophosphamide",
                "fluorouracil+epirubicin+cyclophosphamide",
            }
        ),
        closes=lambda p: p.above("bilirubin_x_uln", 1.5),
    ),
    Limit(
        rule="S-N76",
        says="Docetaxel: not with bilirubin above normal, nor with AST or ALT above 1.5 x and ALP above 2.5 x normal.",
        source="Taxotere US label, boxed warning",
        drugs=frozenset({"docetaxel"}),
        closes=lambda p: (
            p.above("bilirubin_x_uln", 1)
            | (p.above("transaminases_x_uln", 1.5) & p.above("alkaline_phosphatase_x_uln", 2.5))
        ),
    ),
    Limit(
        rule="S-N89",
        says="No taxane cycle below 1500 neutrophils.",
        source="Taxol, Taxotere, Abraxane US labels 4",
        drugs=INTRAVENOUS_TAXANES,
        closes=lambda p: p.below("absolute_neutrophils", 1500),
    ),
    Limit(
        rule="S-N87",
        says="No nab-paclitaxel with bilirubin above 5 x or AST above 10 x normal.",
        source="Abraxane US label 2.4; EU SmPC 4.2",
        drugs=frozenset({"nab-paclitaxel"}),
        closes=lambda p: p.above("bilirubin_x_uln", 5) | p.above("transaminases_x_uln", 10),
    ),
    Limit(
        rule="S-N90",
        says="Ixabepilone with capecitabine: contraindicated with AST or ALT above 2.5 x or bilirubin above normal.",
        source="Ixempra US label 4, boxed warning",
        regimens=frozenset({"ixabepilone+capecitabine"}),
        closes=lambda p: p.above("transaminases_x_uln", 2.5) | p.above("bilirubin_x_uln", 1),
    ),
    Limit(
        rule="S-N89b",
        says="Anthracyclines, platinum, cyclophosphamide, gemcitabine, Dato-DXd: 1500 neutrophils and 100,000 platelets.",
        source="labels: myelosuppression bars anthracyclines and carboplatin; the numbers are those of trials and protocols",
        drugs=ANTHRACYCLINES
        | {"carboplatin", "cisplatin", "cyclophosphamide", "gemcitabine", "datopotamab-deruxtecan"},
        closes=lambda p: p.below("absolute_neutrophils", 1500) | p.below("platelets", 100_000),
    ),
    Limit(
        rule="S-N89c",
        says="Taxanes, vinorelbine, T-DXd, sacituzumab govitecan and bevacizumab wait below 75,000 platelets.",
        source="labels hold them in severe thrombocytopenia; the number is the workbook's own",
        drugs=INTRAVENOUS_TAXANES | {"vinorelbine", "trastuzumab-deruxtecan", "sacituzumab-govitecan", "bevacizumab"},
        closes=lambda p: p.below("platelets", 75_000),
    ),
    Limit(
        rule="S-N90b",
        says="Ixabepilone alone: not with AST or ALT above 10 x or bilirubin above 3 x normal.",
        source="Ixempra US label 2.2",
        regimens=frozenset({"ixabepilone"}),
        closes=lambda p: p.above("transaminases_x_uln", 10) | p.above("bilirubin_x_uln", 3),
    ),
    Limit(
        rule="S-N90c",
        says="Ixabepilone: contraindicated below 1500 neutrophils or 100,000 platelets.",
        source="Ixempra US label 4",
        drugs=frozenset({"ixabepilone"}),
        closes=lambda p: p.below("absolute_neutrophils", 1500) | p.below("platelets", 100_000),
    ),
    Limit(
        rule="S-N91",
        says="Eribulin: no dose below 1000 neutrophils or 75,000 platelets.",
        source="Halaven US label 2.2",
        drugs=frozenset({"eribulin"}),
        closes=lambda p: p.below("absolute_neutrophils", 1000) | p.below("platelets", 75_000),
    ),
    Limit(
        rule="S-N91b",
        says="Eribulin was not studied in Child-Pugh C.",
        source="Halaven US label 8.6; EU SmPC 4.2",
        drugs=frozenset({"eribulin"}),
        closes=lambda p: p.is_("child_pugh", "class_c"),
    ),
    Limit(
        rule="S-N92",
        says="Vinorelbine: no intravenous dose below 1000 neutrophils.",
        source="Navelbine US label 2.2",
        drugs=frozenset({"vinorelbine"}),
        closes=lambda p: p.below("absolute_neutrophils", 1000),
    ),
    Limit(
        rule="S-C29",
        says="Palbociclib, ribociclib and dalpiciclib: no cycle below 1000 neutrophils.",
        source="Ibrance US label 2.2 (grade 3 on day 1: withhold), Kisqali US label 2.2",
        drugs=frozenset({"dalpiciclib", "palbociclib", "ribociclib"}),
        closes=lambda p: p.below("absolute_neutrophils", 1000),
    ),
    Limit(
        rule="S-C29b",
        says="Abemaciclib (EU): start only at 1500 neutrophils, 100,000 platelets and haemoglobin 8 g/dL or more.",
        source="Verzenios EU SmPC 4.2",
        drugs=frozenset({"abemaciclib"}),
        regulator="EMA",
        closes=_low_for_abemaciclib,
    ),
    Limit(
        rule="S-C29c",
        says="Abemaciclib (US): the counts of the EU text, for the US text names no start.",
        source="judgement of the workbook; the eligibility of MONARCH 3 is from memory",
        drugs=frozenset({"abemaciclib"}),
        regulator="FDA",
        closes=_low_for_abemaciclib,
    ),
    Limit(
        rule="S-N74f",
        says="Capecitabine (EU): not with bilirubin above 3 x normal, which counts as severe hepatic impairment.",
        source="Xeloda EU SmPC 4.3 (severe hepatic impairment); 3 x normal: the usual class of severe dysfunction",
        drugs=frozenset({"capecitabine"}),
        regulator="EMA",
        closes=lambda p: p.above("bilirubin_x_uln", 3),
    ),
    Limit(
        rule="S-N95",
        says="PARP inhibitors start after counts are back to grade 1: neutrophils 1500, platelets 75,000, Hb 10 g/dL.",
        source="Lynparza, Talzenna US label 5 and EU SmPC 4.4; limits of grade 1 by CTCAE",
        drugs=PARP_INHIBITORS,
        closes=lambda p: (
            p.below("absolute_neutrophils", 1500) | p.below("platelets", 75_000) | p.below("haemoglobin_g_dl", 10)
        ),
    ),
    Limit(
        rule="S-N99b",
        says="Bilirubin of 2 x normal or more: no methotrexate until it has come down.",
        source="working number of the workbook, earlier than the 5 mg/dL of the label; no label gives 2 x normal",
        drugs=frozenset({"methotrexate"}),
        closes=lambda p: p.at_least("bilirubin_x_uln", 2),
    ),
    Limit(
        rule="S-C57",
        says="Capecitabine: start only at 1500 neutrophils and 100,000 platelets or more.",
        source="Xeloda EU SmPC 4.2; US label 5 (myelosuppression)",
        drugs=frozenset({"capecitabine"}),
        closes=lambda p: p.below("absolute_neutrophils", 1500) | p.below("platelets", 100_000),
    ),
)

MENOPAUSE: tuple[Limit, ...] = (
    Limit(
        rule="S-N20b",
        says="Amenorrhoea without proof of menopause and suppression declined: no drug that needs low oestrogen yet.",
        source="ASCO 2016, ABC: menopause proven or ovaries suppressed; who accepts gets the drugs with suppression",
        drugs=LOW_OESTROGEN,
        closes=lambda p: p.is_("menopausal_status", "amenorrhoea_uncertain") & p.is_("ovaries", "declined"),
    ),
)

METABOLISM: tuple[Limit, ...] = (
    Limit(
        rule="S-N70",
        says="Type 1 diabetes: safety of alpelisib is not established.",
        source="Piqray US label 5.3; excluded from SOLAR-1",
        drugs=frozenset({"alpelisib"}),
        closes=lambda p: p.is_("diabetes", "type_1"),
    ),
    Limit(
        rule="S-N70b",
        says="Uncontrolled type 2 diabetes: glucose is controlled before alpelisib.",
        source="Piqray US label 5.3; excluded from SOLAR-1",
        drugs=frozenset({"alpelisib"}),
        closes=lambda p: p.is_("diabetes", "type_2_uncontrolled"),
    ),
    Limit(
        rule="S-N70c",
        says="HbA1c of 6.5 % or more is lowered before alpelisib.",
        source="SOLAR-1 after its amendment (below 6.5 %); no label number",
        drugs=frozenset({"alpelisib"}),
        closes=lambda p: p.at_least("hba1c_percent", 6.5),
    ),
    Limit(
        rule="S-N72",
        says="Type 1 diabetes: inavolisib was not studied.",
        source="Itovebi US label 5.1; excluded from INAVO120",
        drugs=frozenset({"inavolisib"}),
        closes=lambda p: p.is_("diabetes", "type_1"),
    ),
    Limit(
        rule="S-N72b",
        says="Uncontrolled type 2 diabetes: glucose is optimised before inavolisib.",
        source="Itovebi US label 2.2, 5.1; excluded from INAVO120",
        drugs=frozenset({"inavolisib"}),
        closes=lambda p: p.is_("diabetes", "type_2_uncontrolled"),
    ),
    Limit(
        rule="S-C20",
        says="HbA1c of 6 % or more, or fasting glucose of 126 mg/dL or more, is lowered before inavolisib.",
        source="INAVO120 eligibility: HbA1c below 6 % and fasting glucose below 126 mg/dL",
        drugs=frozenset({"inavolisib"}),
        closes=lambda p: p.at_least("hba1c_percent", 6) | p.at_least("fasting_glucose_mg_dl", 126),
    ),
    Limit(
        rule="S-C21",
        says="HbA1c of 8 % or more is lowered before capivasertib.",
        source="CAPItello-291 eligibility (8.0 % and more excluded); Truqap EU SmPC 4.4",
        drugs=frozenset({"capivasertib"}),
        closes=lambda p: p.at_least("hba1c_percent", 8),
    ),
    Limit(
        rule="S-N72d",
        says="Type 1 or uncontrolled type 2 diabetes: gedatolisib was not studied.",
        source="VIKTORIA-1 eligibility (NCT05501886)",
        drugs=frozenset({"gedatolisib"}),
        closes=lambda p: p.is_("diabetes", "type_1", "type_2_uncontrolled"),
    ),
    Limit(
        rule="S-C22b",
        says="Fasting glucose above 250 mg/dL: alpelisib is held.",
        source="Piqray US label, table 3",
        drugs=frozenset({"alpelisib"}),
        closes=lambda p: p.above("fasting_glucose_mg_dl", 250),
    ),
    Limit(
        rule="S-C22c",
        says="Fasting glucose above 160 mg/dL: inavolisib and capivasertib are held until it is 160 or lower.",
        source="Itovebi US label, table 2; Truqap US label, table 3",
        drugs=frozenset({"capivasertib", "inavolisib"}),
        closes=lambda p: p.above("fasting_glucose_mg_dl", 160),
    ),
)

PREGNANCY: tuple[Limit, ...] = (
    Limit(
        rule="S-N83",
        says="No endocrine, targeted, ADC, PD-(L)1, anti-VEGF or bone-modifying therapy in pregnancy.",
        source="US labels 5 and 8.1 (embryo-fetal toxicity); ESMO cancer in pregnancy",
        drugs=ENDOCRINE | TARGETED | CONJUGATES | PD1 | BONE_AGENTS,
        closes=_pregnant,
    ),
    Limit(
        rule="S-N83b",
        says="No chemotherapy in the first trimester.",
        source="ESMO cancer in pregnancy 2013; ASCO, NCI PDQ",
        drugs=CYTOTOXIC,
        closes=lambda p: p.is_("pregnancy", "first_trimester"),
    ),
    Limit(
        rule="S-N83c",
        says="No capecitabine in pregnancy.",
        source="Xeloda US label 5, 8.1; EU SmPC 4.3",
        drugs=frozenset({"capecitabine"}),
        closes=_pregnant,
    ),
    Limit(
        rule="S-N83f",
        says="No methotrexate in pregnancy.",
        source="methotrexate US label, boxed warning; ESMO cancer in pregnancy",
        drugs=frozenset({"methotrexate"}),
        closes=_pregnant,
    ),
    Limit(
        rule="S-N83d",
        says="No eribulin, ixabepilone or gemcitabine in pregnancy.",
        source="Halaven, Ixempra, Gemzar US labels 8.1; ESMO cancer in pregnancy",
        drugs=frozenset({"eribulin", "gemcitabine", "ixabepilone"}),
        closes=_pregnant,
    ),
    Limit(
        rule="S-N83i",
        says="No oral etoposide in pregnancy.",
        source="etoposide US label (embryo-fetal toxicity); ESMO cancer in pregnancy",
        drugs=frozenset({"etoposide-oral"}),
        closes=_pregnant,
    ),
    Limit(
        rule="S-N83g",
        says="No liposomal doxorubicin in pregnancy.",
        source="Doxil US label 5, 8.1; Caelyx and Myocet EU SmPC 4.6",
        drugs=LIPOSOMAL_DOXORUBICIN,
        closes=_pregnant,
    ),
)

NOT_NOW: tuple[Limit, ...] = (
    *BONE,
    *GENERAL,
    *HEART,
    *IMMUNE_AND_LUNG,
    *ORGANS,
    *MENOPAUSE,
    *METABOLISM,
    *PREGNANCY,
)
