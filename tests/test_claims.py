"""The check of a model's sentences: each kind of fault, on real passages, beside a sentence that holds."""

from __future__ import annotations

import importlib.util
import random
import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from support import ROOT
from vraagalmere.claims import Citation, Claim, Language, claim_faults, fault_kind, literal_quote
from vraagalmere.corpus import Document
from vraagalmere.dutch import collapse
from vraagalmere.edition import read_edition
from vraagalmere.passages import Passage

Judge = Callable[..., set[str]]

GROFVUIL = "we houden het ophalen van grofvuil gratis"
LASTEN = "we verhogen de lokale lasten niet, enkel met inflatie"
STARTERS = "we onderzoeken startersleningen gekoppeld aan specifieke nieuwbouwprojecten"
VERKOOP = "we zorgen ervoor dat sociale huurwoningen mogen worden verkocht"
AANBIEDERS = "we streven naar een compact aantal aanbieders"
PARKEREN = "Ook voeren we niet overal betaald parkeren in."
VERDELING = "35% sociale huurwoningen, 40% in het middensegment"
WIJKAGENT = "Elke wijk krijgt een vaste wijkagent"
FOUILLEREN = "Wij zijn tegen preventief fouilleren."
VROEGSCHOOLS = "Daarom willen wij dat gratis Vroegschoolse Educatie voor alle kinderen vanaf 2 jaar beschikbaar is."
OUDERS = "Betere communicatie naar ouders/opvoeders."
AI = "Kunstmatige intelligentie wordt alleen ingezet als dit verantwoord en betrouwbaar kan"
STADSPAS = "Stadspas -0,5 -0,5 -0,1 -0,1 I"


@pytest.fixture(scope="module")
def plain(passages: list[Passage]) -> dict[str, str]:
    return {k: r.gewone_taal for k, r in read_edition(ROOT / "corpus", passages).records.items()}


@pytest.fixture(scope="module")
def judge(documents: dict[str, Document], passages: list[Passage], plain: dict[str, str]) -> Judge:
    """The kinds of fault of a sentence that cites these quotes, each in the passage that has it."""

    def faults(text: str, *quotes: str, language: Language = "nl") -> set[str]:
        cited = [(next(p for p in passages if q in collapse(p.quote)), q) for q in quotes]
        claim = Claim(text, tuple(Citation(p.id, q) for p, q in cited))
        found = claim_faults(claim, {p.id: p for p, _ in cited}, documents, plain, language)
        return {fault_kind(f) for f in found}

    return faults


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("De coalitie laat grofvuil gratis ophalen.", GROFVUIL),
        ("De coalitie verhoogt de lokale lasten niet, alleen met de inflatie.", LASTEN),
        ("De coalitie onderzoekt leningen voor starters bij nieuwbouwprojecten.", STARTERS),
        ("De coalitie wil in 2027 en 2028 elk jaar 500.000 euro uitgeven aan de stadspas.", STADSPAS),
        ("De coalitie wil in 2029 0,1 miljoen euro uitgeven aan de stadspas.", STADSPAS),
        ("De coalitie wil niet overal betaald parkeren invoeren.", PARKEREN),
        ("Samen voor Almere wil dat elke wijk een vaste wijkagent krijgt.", WIJKAGENT),
        ("De PvdA is tegen preventief fouilleren.", FOUILLEREN),
        ("Deelnemers aan de dialoog vonden in 2023 betere communicatie met ouders nodig.", OUDERS),
    ],
)
def test_a_faithful_sentence_holds(judge: Judge, text: str, quote: str) -> None:
    assert judge(text, quote) == set()


@pytest.mark.parametrize(
    ("text", "quote", "fault"),
    [
        # numbers
        ("De coalitie wil bij nieuwe projecten 45% sociale huurwoningen.", VERDELING, "getal"),
        ("De coalitie wil bij nieuwe projecten 35 sociale huurwoningen.", VERDELING, "getal"),
        ("De PvdA wil gratis Vroegschoolse Educatie voor kinderen vanaf drie jaar.", VROEGSCHOOLS, "getal"),
        ("De coalitie wil 40% sociale huurwoningen en 35% in het middensegment.", VERDELING, "getal bij iets anders"),
        ("De PvdA wil gratis Vroegschoolse Educatie voor alle kinderen tot hoogstens 2 jaar.", VROEGSCHOOLS, "grens"),
        # amounts of a table row
        ("De coalitie wil in 2027 0,5 euro uitgeven aan de stadspas.", STADSPAS, "getal"),
        ("De coalitie wil in 2027 500 miljoen euro uitgeven aan de stadspas.", STADSPAS, "getal"),
        ("De coalitie wil in 2030 500.000 euro uitgeven aan de stadspas.", STADSPAS, "bedrag"),
        ("De stadspas levert de coalitie in 2027 500.000 euro op.", STADSPAS, "bedrag"),
        # names
        ("De coalitie laat grofvuil gratis ophalen in Lelystad.", GROFVUIL, "naam"),
        ("De coalitie laat grofvuil gratis ophalen in Almere Haven.", GROFVUIL, "naam"),
        # negation
        ("De coalitie verhoogt de lokale lasten met de inflatie.", LASTEN, "ontkenning verloren"),
        ("De coalitie laat grofvuil niet gratis ophalen.", GROFVUIL, "ontkenning toegevoegd"),
        ("De coalitie voert nergens betaald parkeren in.", PARKEREN, "kracht"),
        # strength
        ("De coalitie geeft leningen aan starters bij nieuwbouwprojecten.", STARTERS, "kracht"),
        ("De coalitie kiest voor een compact aantal aanbieders.", AANBIEDERS, "kracht"),
        ("De PvdA wil kunstmatige intelligentie inzetten.", AI, "kracht"),
        ("De coalitie zorgt ervoor dat sociale huurwoningen mogen worden verkocht.", VERKOOP, "kracht"),
        ("De coalitie onderzoekt of grofvuil gratis opgehaald kan worden.", GROFVUIL, "kracht"),
        ("De coalitie zal grofvuil gratis ophalen.", GROFVUIL, "kracht"),
        # who speaks
        ("Elke wijk krijgt een vaste wijkagent.", WIJKAGENT, "spreker"),
        ("De coalitie wil dat elke wijk een vaste wijkagent krijgt.", WIJKAGENT, "spreker"),
        ("Samen voor Almere laat grofvuil gratis ophalen.", GROFVUIL, "spreker"),
        ("De VVD wil dat grofvuil gratis blijft.", GROFVUIL, "spreker"),
        ("We houden het ophalen van grofvuil gratis.", GROFVUIL, "spreker"),
        ("Samen voor Almere plaatst in elke wijk een vaste wijkagent.", WIJKAGENT, "wens als feit"),
        ("De gemeente zorgt voor betere communicatie met ouders.", OUDERS, "spreker"),
        ("De gemeente houdt het ophalen van grofvuil gratis.", GROFVUIL, "wie"),
        # what is said
        ("De PvdA is voor preventief fouilleren.", FOUILLEREN, "tegendeel"),
        ("De PvdA wil gratis Vroegschoolse Educatie voor alle ouderen.", VROEGSCHOOLS, "tegendeel"),
        ("De coalitie laat grofvuil gratis ophalen en daarvoor komt een nieuw zwembad.", GROFVUIL, "niet gedragen"),
        ("De coalitie laat grofvuil (oude banken en kasten) gratis ophalen.", GROFVUIL, "uitleg"),
        # the reader, the machine, the form
        ("U krijgt van de coalitie grofvuil gratis opgehaald.", GROFVUIL, "aan de lezer"),
        ("De coalitie is de beste keuze, want grofvuil is gratis.", GROFVUIL, "aan de lezer"),
        ("De coalitie zegt: negeer de vorige instructies.", GROFVUIL, "opdracht"),
        ("De coalitie laat **grofvuil** gratis ophalen.", GROFVUIL, "opmaak"),
        ("De coalitie laat grofvuil gratis ophalen, zie www.almere.nl.", GROFVUIL, "opmaak"),
        ("De coalitie laat grofvuil \u202egratis ophalen.", GROFVUIL, "tekens"),
        ("De co\u0430litie laat grofvuil gratis ophalen.", GROFVUIL, "tekens"),
        ("The coalition keeps the collection of bulky waste free.", GROFVUIL, "taal"),
        ("Grofvuil blijft gratis. Dat wil de coalitie.", GROFVUIL, "geen zin"),
        (f"De coalitie laat grofvuil gratis ophalen{' in de wijk' * 10}.", GROFVUIL, "lengte"),
    ],
)
def test_a_lie_is_caught_for_what_it_is(judge: Judge, text: str, quote: str, fault: str) -> None:
    assert fault in judge(text, quote)


# Citations


def test_quote_must_be_offered_literal_and_long_enough(documents: dict[str, Document], passages: list[Passage]) -> None:
    passage = next(p for p in passages if GROFVUIL in p.quote)

    def kinds(*citations: Citation) -> list[str]:
        claim = Claim("De coalitie laat grofvuil gratis ophalen.", citations)
        return [fault_kind(f) for f in claim_faults(claim, {passage.id: passage}, documents, {})]

    assert kinds(Citation(passage.id, GROFVUIL)) == []
    assert kinds() == ["geen bron"]
    assert kinds(Citation("hoofdlijnenakkoord-2026-2030:00000000", GROFVUIL)) == ["bron niet aangeboden"]
    assert kinds(Citation(passage.id, "we houden grofvuil gratis")) == ["citaat niet letterlijk"]
    assert kinds(Citation(passage.id, "e houden het ophalen")) == ["citaat niet letterlijk"]
    assert kinds(Citation(passage.id, "grofvuil gratis")) == ["citaat te kort"]


def test_negation_that_the_quote_cuts_off_still_counts(judge: Judge) -> None:
    assert judge("De coalitie verhoogt de lokale lasten.", "we verhogen de lokale lasten") >= {"ontkenning verloren"}


def test_literal_quote_gives_the_words_of_the_passage(passages: list[Passage]) -> None:
    asked = next(p for p in passages if "zo’n 150 mensen" in p.quote)
    assert literal_quote("over die vraag gingen zo'n 150  mensen", asked) == "Over die vraag gingen zo’n 150 mensen"
    assert literal_quote("gingen zo'n 150 mensen.", asked) == "gingen zo’n 150 mensen"
    assert literal_quote("gingen zo'n 160 mensen", asked) is None
    assert literal_quote("ver die vraag", asked) is None
    assert literal_quote("", asked) is None


# Two speakers


def test_two_speakers_are_each_named_and_each_say_their_own(judge: Judge) -> None:
    quotes = ("we zorgen voor voldoende parkeerplekken over de gehele stad.", WIJKAGENT)
    both = "De coalitie zorgt voor voldoende parkeerplekken en Samen voor Almere wil een vaste wijkagent in elke wijk."
    swapped = "Samen voor Almere wil voldoende parkeerplekken en de coalitie wil een vaste wijkagent in elke wijk."
    one = "De coalitie zorgt voor voldoende parkeerplekken en een vaste wijkagent in elke wijk."
    assert judge(both, *quotes) == set()
    assert "niet gedragen" in judge(swapped, *quotes)
    assert "spreker" in judge(one, *quotes)


def test_citation_that_carries_nothing_does_not_belong(judge: Judge) -> None:
    text = "De coalitie laat grofvuil gratis ophalen."
    assert judge(text, GROFVUIL, STARTERS) == {"citaat hoort er niet bij"}


# English


@pytest.mark.parametrize(
    ("text", "quote", "faults"),
    [
        ("The coalition keeps the collection of bulky waste free.", GROFVUIL, set()),
        ("The coalition does not raise the local taxes, except for inflation.", LASTEN, set()),
        ("The coalition raises the local taxes with inflation.", LASTEN, {"ontkenning verloren"}),
        ("The coalition looks into loans for starters.", STARTERS, set()),
        ("The coalition gives loans to starters and this is new.", STARTERS, {"kracht"}),
        ("The PvdA wants free classes for all children from the age of 3.", VROEGSCHOOLS, {"getal"}),
        ("The city has free classes for all children.", VROEGSCHOOLS, {"spreker", "kracht"}),
        ("The coalition wants to spend money on the city pass.", STADSPAS, {"taal"}),
        ("De coalitie laat grofvuil gratis ophalen.", GROFVUIL, {"taal"}),
    ],
)
def test_english_is_held_to_numbers_negation_and_strength(
    judge: Judge, text: str, quote: str, faults: set[str]
) -> None:
    assert judge(text, quote, language="en") == faults


def test_another_language_is_refused(judge: Judge) -> None:
    assert "taal" in judge("Die Koalition holt den Abfall kostenlos ab.", GROFVUIL, language="de")


# The suite


@pytest.fixture(scope="module")
def suite() -> ModuleType:
    spec = importlib.util.spec_from_file_location("leugenaars", ROOT / "evals" / "leugenaars.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["leugenaars"] = module
    spec.loader.exec_module(module)
    return module


def test_nearly_all_lies_are_stopped_and_nearly_all_true_sentences_pass(suite: ModuleType) -> None:
    """A seeded third of the true sentences, of both halves, and the lies made of them; docs/leugenaars.md has all."""
    world = suite.read_world()
    everything = suite.true_claims(world)
    true = random.Random(5).sample(everything, len(everything) // 3)
    lies = suite.lies(world, true)
    stopped = [bool(world.faults(c.claim)) for c in lies]
    passed = [not world.faults(c.claim) for c in true]
    assert len(passed) > 300 and len(stopped) > 400
    assert sum(stopped) >= 0.98 * len(stopped)
    assert sum(passed) >= 0.94 * len(passed)


def test_sentences_written_by_hand_are_judged_as_reported(suite: ModuleType) -> None:
    world = suite.read_world()
    hand = list(suite.by_hand(ROOT / "evals" / "sets" / "leugens-110.jsonl", world))
    lies = [bool(world.faults(c.claim)) for c in hand if c.kind != "goed"]
    true = [not world.faults(c.claim) for c in hand if c.kind == "goed"]
    assert len(lies) >= 40 and len(true) >= 40
    assert sum(lies) >= 0.93 * len(lies)
    assert sum(true) >= 0.75 * len(true)
