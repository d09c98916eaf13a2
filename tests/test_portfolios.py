import json

import pytest

from support import ROOT
from vraagalmere import VraagAlmere
from vraagalmere.corpus import Document, PageSegment, Sidecar
from vraagalmere.dutch import stem
from vraagalmere.holders import core, holders_of, items
from vraagalmere.parties import Parties
from vraagalmere.passages import Passage, passages_of
from vraagalmere.portfolios import Person, persons

ACCORD = "hoofdlijnenakkoord-2026-2030"


@pytest.fixture(scope="module")
def named(passages: list[Passage], documents: dict[str, Document]) -> tuple[Person, ...]:
    return persons(passages, documents)


@pytest.fixture(scope="module")
def college(named: tuple[Person, ...]) -> list[Person]:
    return [p for p in named if p.duties]


def test_the_college_as_the_accord_lists_it(college: list[Person]) -> None:
    # Counted by hand in corpus/hoofdlijnenakkoord-2026-2030.txt, lines 668-768.
    assert [(p.title, len(p.duties)) for p in college] == [
        ("Burgemeester W.H.J.M. van der Loo", 10),
        ("Wethouder P.J.G. Tang (PRO)", 6),
        ("Wethouder L. van Hilten (VVD)", 7),
        ("Wethouder J.S.A. Vroege (D66)", 14),
        ("Wethouder E.J. Slootweg (CDA)", 8),
        ("Wethouder J.S. Hulzebos (Leefbaar Almere)", 6),
        ("Wethouder A. Selman (PRO)", 11),
    ]
    assert {p.status for p in college} == {"Voorgestelde portefeuilleverdeling"}


def test_every_duty_is_a_line_of_the_document_and_none_is_missed(
    college: list[Person], documents: dict[str, Document], passages: list[Passage]
) -> None:
    lines = documents[ACCORD].lines[665:768]
    listed = [line[2:].strip() for line in lines if line.startswith("- ")]
    assert [d.text for p in college for d in p.duties] == listed and len(listed) == 62
    quotes = {p.id: p.quote for p in passages}
    assert all(quotes[d.passage] == d.text for p in college for d in p.duties)


def test_the_line_under_a_name_sums_up_the_portfolio_and_an_organ_does_not(college: list[Person]) -> None:
    mayor, tang = college[0], college[1]
    assert mayor.summary is None
    assert tang.summary is not None and tang.summary.text == "Volkshuisvesting en ruimtelijke ontwikkeling"


def test_who_signed_and_for_which_party(named: tuple[Person, ...]) -> None:
    assert [(p.name, p.party) for p in named if p.role == "ondertekenaar"] == [
        ("Aya Selman", "PRO Almere"),
        ("Lesley van Hilten", "VVD"),
        ("Suzanne van de Laar", "D66"),
        ("Kees Sanderse", "CDA"),
        ("Jordy Hulzebos", "Leefbaar Almere"),
    ]


def test_people_that_other_documents_give_a_role(named: tuple[Person, ...]) -> None:
    others = {(p.name, p.role) for p in named if p.document != ACCORD}
    assert others == {
        ("Hassan Buyatui", "lijsttrekker"),
        ("Anneke Dalger", "lijsttrekker"),
        ("Madalena Meijer", "projectleider"),
        ("Madalena Meijer", "eindredacteur"),
        ("Hanneke Mateman", "eindredacteur"),
        ("Cunera Joosten", "maker van de tekeningen"),
        ("Romy Santpoort", "maker van de foto's"),
    }


def test_another_accord_without_described_headings_is_read_too() -> None:
    text = "Verdeling\n\nWethouder B. de Vries (GroenRood)\n\n- Water\n- Wegen\n\nA. Jansen\nGroenRood"
    sidecar = Sidecar(
        id="ander", titel="t", korte_titel="t", partij="Coalitie", uitgever="GroenRood en Midden",
        soort="coalitieakkoord", datum="2030-01-01", datum_bewijs="", status="", groep="", spreker="",
        paginanummering="", samen=((8, 9),),
        paginas=(PageSegment(regels=(1, 9), paginas=None, bewijs=""),),
    )  # fmt: skip
    document = Document(sidecar, text)
    found = persons(passages_of(document), {"ander": document})
    assert [(p.title, [d.text for d in p.duties]) for p in found] == [
        ("Wethouder B. de Vries (GroenRood)", ["Water", "Wegen"]),
        ("ondertekenaar A. Jansen (GroenRood)", []),
    ]


def test_the_duties_in_one_line() -> None:
    assert [len(i) for i in items("Armoede en schuldhulpverlening")] == [1, 1]
    assert items("Jeugdzorg") == (frozenset({stem("jeugdzorg")}),)
    assert len(items("Beroeps- en hoger onderwijs (mbo, hbo en wo)")) == 4
    assert items("(Maatschappelijk) vastgoed") == (frozenset({stem("maatschappelijk"), stem("vastgoed")}),)


def test_what_a_statement_is_about_leaves_out_how_and_why() -> None:
    said = "we investeren in (technisch) onderwijs (mbo en hbo), zodat er banen komen; ook elders."
    assert core(said) == "we investeren in technisch onderwijs "


@pytest.mark.parametrize(
    ("statement", "headings", "holders"),
    [
        ("we houden het ophalen van grofvuil gratis;", ["Fysieke leefomgeving"], ["J.S.A. Vroege"]),
        ("we bouwen verder aan de sociale basis", ["een kansrijke jeugd", "Samen bouwen"], ["J.S. Hulzebos"]),
        ("we zijn er voor iedereen", ["Veiligheid en vrijheid"], ["W.H.J.M. van der Loo", "L. van Hilten"]),
        ("we werken samen", ["Bestuur en de stad"], []),
        ("we maken kunst, zodat er minder jeugdcriminaliteit is", ["Bestuur en de stad"], []),
    ],
)
def test_who_holds_a_statement(statement: str, headings: list[str], holders: list[str], college: list[Person]) -> None:
    assert [link.person.name for link in holders_of(statement, headings, college)] == holders


def test_the_reason_names_the_duty_and_the_words(college: list[Person]) -> None:
    (link,) = holders_of("we zorgen voor snelle schuldhulpverlening", ["Bestaanszekerheid"], college)
    assert link.duty.text == "Armoede en schuldhulpverlening"
    assert link.why == "In de tekst: ‘schuldhulpverlening’ staat in de taak ‘Armoede en schuldhulpverlening’."


@pytest.mark.parametrize(
    ("question", "said", "duty"),
    [
        ("Wie is de wethouder van jeugdzorg?", "Wethouder J.S. Hulzebos (Leefbaar Almere)", "Jeugdzorg"),
        ("wie gaat over dierenwelzijn", "Wethouder J.S.A. Vroege (D66)", "Dierenwelzijn"),
        (
            "welke wethouder moet ik hebben voor de opvang",
            "Wethouder A. Selman (PRO)",
            "Maatschappelijke opvang en beschermd wonen",
        ),
        ("wie is verantwoordelijk voor verkeersveiligheid", "Wethouder A. Selman (PRO)", "Verkeersveiligheid"),
        ("wethouder sport", "Wethouder J.S. Hulzebos (Leefbaar Almere)", "Sport en verenigingsbeleid"),
        ("Mobiliteit, welke wethouwder is dat?", "Wethouder L. van Hilten (VVD)", "Mobiliteit"),
        ("wie gaat er over de politie", "Burgemeester W.H.J.M. van der Loo", "Politie"),
    ],
)
def test_who_holds_a_subject(vraagbaak: VraagAlmere, question: str, said: str, duty: str) -> None:
    answer = vraagbaak.ask(question)
    assert (answer.soort, answer.zekerheid) == ("antwoord", "hoog")
    assert [s.tekst for s in answer.zinnen] == [f"{said} gaat over ‘{duty}’."]
    assert answer.bronnen[0].citaat == duty and answer.bronnen[0].pagina == "pagina 36-37"
    assert answer.bronnen[1].citaat.startswith(said)
    assert "‘Voorgestelde portefeuilleverdeling’. Het is een voorstel." in answer.inleiding[0]


def test_a_subject_of_two_members_names_both(vraagbaak: VraagAlmere) -> None:
    answer = vraagbaak.ask("wie is de wethouder onderwijs")
    assert [s.tekst for s in answer.zinnen] == [
        "Wethouder J.S.A. Vroege (D66) gaat over ‘Beroeps- en hoger onderwijs (mbo, hbo en wo)’.",
        "Wethouder J.S. Hulzebos (Leefbaar Almere) gaat over ‘Basis- en middelbaar onderwijs en kinderopvang’.",
    ]


def test_a_word_that_is_not_in_the_list_is_said_with_doubt(vraagbaak: VraagAlmere) -> None:
    answer = vraagbaak.ask("welke wethouder gaat over parkeren")
    assert answer.zekerheid == "laag" and answer.bronnen[0].citaat == "Mobiliteit"
    assert answer.inleiding[0].startswith("Het woord ‘parkeren’ staat zo niet in de lijst.")


def test_a_subject_that_is_in_no_portfolio_gets_nobody(vraagbaak: VraagAlmere) -> None:
    answer = vraagbaak.ask("Wie is de wethouder van defensie?")
    assert answer.soort == "geen_antwoord"
    assert answer.inleiding[0] == "In de lijst met taken van het college staat niet wie hierover gaat."


def test_the_whole_portfolio_of_one_member(vraagbaak: VraagAlmere) -> None:
    answer = vraagbaak.ask("wat doet wethouder Tang")
    assert (
        answer.zinnen[0].tekst
        == "Wethouder P.J.G. Tang (PRO) gaat over ‘Volkshuisvesting en ruimtelijke ontwikkeling’."
    )
    assert [s.citaat for s in answer.bronnen[1:]] == [
        "Volkshuisvesting", "Wonen en bouwen", "Gebiedsontwikkeling", "Ruimtelijke ordening en ontwikkeling",
        "Stedelijke vernieuwing", "Woonzorgvisie",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("wie heeft het akkoord getekend", ["Aya Selman (PRO Almere)", "Jordy Hulzebos (Leefbaar Almere)"]),
        ("van welke partij is Hulzebos", ["de partij Leefbaar Almere"]),
        ("wie is de burgemeester", ["W.H.J.M. van der Loo"]),
        ("hoeveel wethouders zijn er", ["6 wethouders", "E.J. Slootweg (CDA)"]),
        ("Wie gaat over jeugdzorg en wie over jeugdcriminaliteit?", ["Hulzebos", "L. van Hilten"]),
        ("Wie tekende voor D66?", ["Onder het akkoord staat Suzanne van de Laar (D66)."]),
        ("welke wethouder is van D66", ["1 wethouder van D66: J.S.A. Vroege"]),
        ("welke partijen zitten in de coalitie", ["PRO, VVD, D66, CDA en Leefbaar Almere"]),
    ],
)
def test_questions_about_people(vraagbaak: VraagAlmere, question: str, words: list[str]) -> None:
    answer = vraagbaak.ask(question)
    assert answer.soort == "antwoord" and all(w in answer.antwoord for w in words)


@pytest.mark.parametrize(
    "question", ["op welke wethouder moet ik stemmen", "Mag de wethouder mijn vergunning weigeren?"]
)
def test_a_request_for_advice_or_a_decision_stays_refused(vraagbaak: VraagAlmere, question: str) -> None:
    assert vraagbaak.ask(question).soort == "weigering"


def test_another_document_that_is_named_is_not_answered_from_the_accord(vraagbaak: VraagAlmere) -> None:
    answer = vraagbaak.ask("Hoeveel wethouders wil Samen voor Almere?")
    assert {s.document for s in answer.bronnen} == {"samen-voor-almere"}


def test_holders_agree_with_statements_labelled_by_hand(vraagbaak: VraagAlmere) -> None:
    from vraagalmere.commitments import commitments

    held = {c.id: {h.name.split()[-1] for h in c.holders} for c in commitments(vraagbaak.index)}
    rows = [json.loads(x) for x in (ROOT / "evals" / "sets" / "wethouders-60.jsonl").read_text().splitlines()]
    gold = {r["id"]: set(r["wethouders"]) - {"onduidelijk"} for r in rows}
    gold = {k: g for k, g in gold.items() if k in held}
    right = sum(len(gold[k] & held[k]) for k in gold)
    assert len(gold) == 58  # the two of 'Totaalbeeld' are no rows of the register
    assert right / sum(len(held[k]) for k in gold) >= 0.93
    assert right / sum(len(g) for g in gold.values()) >= 0.93


def test_every_duty_of_the_list_is_found_by_its_own_words(vraagbaak: VraagAlmere, college: list[Person]) -> None:
    for person in college:
        for duty in person.duties:
            answer = vraagbaak.ask(f"Welke wethouder gaat over {duty.text}?")
            shown = {s.passage for s in answer.bronnen[:3]}
            assert duty.passage in shown and shown & {*person.passages}, duty.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("wie is wethouder namens pvda", "In de lijst staat geen wethouder van de PvdA."),
        ("wie is de wethouder van samen voor almere", "In de lijst staat geen wethouder van Samen voor Almere."),
        ("wie is de wethouder van groenlinks", "In de lijst staat geen wethouder van GroenLinks."),
        ("wie heeft voor de pvda getekend", "Namens de PvdA staat er niemand onder het akkoord."),
        ("wie ondertekende namens samen voor almere", "Namens Samen voor Almere staat er niemand onder het akkoord."),
        ("heeft de VVD getekend", "Onder het akkoord staat Lesley van Hilten (VVD)."),
    ],
)
def test_a_party_without_an_office_or_signature_gets_nobody_elses(
    vraagbaak: VraagAlmere, question: str, said: str
) -> None:
    answer = vraagbaak.ask(question)
    assert answer.zinnen[0].tekst == said
    assert {s.document for s in answer.bronnen} == {ACCORD}


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("is suzanne van de laar wethouder", "Suzanne van de Laar wordt in de documenten niet als wethouder genoemd."),
        ("heeft Peter Tang ondertekend", "P.J.G. Tang wordt in de documenten niet als ondertekenaar genoemd."),
        ("is Hulzebos wethouder", "Wethouder J.S. Hulzebos (Leefbaar Almere) staat in de lijst."),
    ],
)
def test_whether_a_person_holds_an_office_or_signed(vraagbaak: VraagAlmere, question: str, said: str) -> None:
    assert vraagbaak.ask(question).zinnen[-1].tekst == said


def test_a_first_name_that_the_document_contradicts_is_not_taken_for_that_person(vraagbaak: VraagAlmere) -> None:
    assert "wordt in de documenten niet als" not in vraagbaak.ask("heeft Jan Tang ondertekend").antwoord


def test_the_alderman_of_a_subject_is_not_told_as_of_another_party(vraagbaak: VraagAlmere) -> None:
    answer = vraagbaak.ask("wie is de wethouder wonen van de VVD")
    assert answer.inleiding[0] == "Bij dit onderwerp staat in de lijst geen wethouder van de VVD."
    assert answer.zinnen[0].tekst == "Wethouder P.J.G. Tang (PRO) gaat over ‘Wonen en bouwen’."


def test_a_list_leader_that_no_document_names(vraagbaak: VraagAlmere) -> None:
    answer = vraagbaak.ask("wie is de lijsttrekker van de pvda")
    assert answer.soort == "geen_antwoord"
    assert answer.inleiding[0] == "In de documenten staat geen lijsttrekker van de PvdA."


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("zit de PvdA in de coalitie", ["De PvdA staat daar niet bij."]),
        ("zit de VVD in het college", ["De VVD staat daarbij."]),
        ("zit groenlinks erin", ["GroenLinks staat daar niet bij."]),
        ("is leefbaar almere een coalitiepartij", ["Leefbaar Almere staat daarbij."]),
        ("welke partijen vormen het college", []),
    ],
)
def test_which_parties_made_the_accord(vraagbaak: VraagAlmere, question: str, said: list[str]) -> None:
    answer = vraagbaak.ask(question)
    assert [s.tekst for s in answer.zinnen] == [
        "De coalitie bestaat uit PRO, VVD, D66, CDA en Leefbaar Almere.", *said
    ]  # fmt: skip
    assert "een samenwerking tussen PRO, VVD, D66, CDA en Leefbaar Almere" in answer.bronnen[0].citaat


def test_another_accord_has_its_own_coalition(documents: dict[str, Document], passages: list[Passage]) -> None:
    old = documents[ACCORD]
    other = Document(old.sidecar.model_copy(update={"uitgever": "GroenRood en CDA"}), old.text)
    parties = Parties.of([other], passages)
    assert parties.coalition == ("GroenRood", "CDA") and parties.listed_in == ""
    assert parties.named("zit GroenRood of het CDA erin") == ("GroenRood", "het CDA")
    assert parties.made_accord("het CDA") and not parties.made_accord("de VVD")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("wie is de eerste locoburgemeester", "Wethouder L. van Hilten (VVD) is ‘1e locoburgemeester’."),
        (
            "wie gaat over afvalinzameling",
            "Wethouder J.S.A. Vroege (D66) gaat over ‘Circulaire economie (afval en reiniging)’.",
        ),
        (
            "wie gaat over verkeersveiligheid en wie voor mobiliteit",
            "Wethouder L. van Hilten (VVD) gaat over ‘Mobiliteit’.",
        ),
    ],
)
def test_a_subject_in_other_words(vraagbaak: VraagAlmere, question: str, said: str) -> None:
    assert vraagbaak.ask(question).zinnen[0].tekst == said


@pytest.mark.parametrize("question", ["wie doet landbouw", "wie is de 2e locoburgemeester"])
def test_a_task_that_is_not_in_the_list_is_said(vraagbaak: VraagAlmere, question: str) -> None:
    assert vraagbaak.ask(question).inleiding[0].startswith("In de lijst met taken van het college staat niet")
