"""The chat where a language model writes: the switch, sentences one by one, stop, and who wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from models import honest, honest_sentences, number_lie, reply
from ollama_server import MODEL, Ollama, Play
from serving import running

where = "model_site"
"""The server of `open_page`."""
GROFVUIL = "Is grofvuil gratis?"
PARKING = "Voert de coalitie overal betaald parkeren in?"
WROTE = f"Geschreven door het taalmodel {MODEL} op deze computer. Elke zin is nagekeken."
Open = Callable[..., Any]


@pytest.fixture(scope="session")
def playing() -> Iterator[Ollama]:
    server = Ollama()
    with server.running():
        yield server


@pytest.fixture(autouse=True)
def ollama(playing: Ollama) -> Ollama:
    playing.answer = honest
    playing.fault = None
    playing.chats.clear()
    playing.gone.clear()
    return playing


@pytest.fixture(scope="session")
def model_site(tmp_path_factory: pytest.TempPathFactory, playing: Ollama) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("model")
    with running(folder, VRAAGALMERE_SCHRIJVER=f"ollama:{MODEL}", OLLAMA_HOST=playing.address) as address:
        yield address


def ask(page: Any, question: str) -> None:
    page.fill("#vraag", question)
    page.press("#vraag", "Enter")


def done(page: Any) -> str:
    """The text of the last answer, when it is whole."""
    page.wait_for_selector(".gesprek > li:last-child .waardering")
    return str(page.locator(".gesprek > li:last-child .antwoord").inner_text())


def drips(body: dict[str, Any]) -> Play:
    return Play(reply(*honest_sentences(body, each=4)), drip=0.12)


def test_answer_says_who_wrote_it(open_page: Open, ollama: Ollama) -> None:
    page = open_page()
    assert page.is_checked("#taalmodel")
    ask(page, GROFVUIL)
    assert WROTE in done(page) and len(ollama.chats) == 1
    assert page.locator(".kaart").count() == 1


def test_switch_off_lets_the_program_write_and_stays_off(open_page: Open, ollama: Ollama) -> None:
    page = open_page()
    page.focus("#taalmodel")
    page.keyboard.press("Space")
    for question in (GROFVUIL, PARKING):
        ask(page, question)
        assert "taalmodel" not in done(page)
    assert ollama.chats == [] and not page.is_checked("#taalmodel")
    page.check("#taalmodel")
    ask(page, GROFVUIL)
    page.wait_for_selector(".gesprek > li:nth-child(3) .waardering")
    assert WROTE in done(page)


def test_sentences_come_one_by_one_and_the_sources_last(open_page: Open, ollama: Ollama) -> None:
    ollama.answer = drips
    page = open_page()
    ask(page, PARKING)
    page.wait_for_selector(".wordt .zinnen")
    seen = page.locator(".wordt .zinnen").count()
    assert 1 <= seen < 4 and page.locator(".kaart").count() == 0
    assert page.locator(".wordt .groepkop").inner_text() == "Dit heeft de coalitie afgesproken"
    assert page.get_attribute(".wordt", "role") == "log"
    page.wait_for_selector(".wordt .zinnen >> nth=2")
    assert WROTE in done(page)
    assert page.locator(".antwoord .zin").count() == 4 and page.locator(".wordt").count() == 0
    page.wait_for_selector("#melder:text-is('Het antwoord is klaar.')", state="attached")


@pytest.mark.parametrize("play", [{"first": 30.0}, {"drip": 1.0}], ids=["before the first word", "halfway"])
def test_stop_stops_the_model_and_the_next_question_works(
    open_page: Open, ollama: Ollama, play: dict[str, float]
) -> None:
    ollama.answer = lambda body: Play(reply(*honest_sentences(body, each=4)), **play)
    page = open_page()
    ask(page, PARKING)
    page.wait_for_selector(".bezig .knop")
    page.focus(".bezig .knop")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Gestopt. U kunt een nieuwe vraag stellen.")
    assert ollama.gone.wait(2)
    assert page.evaluate("document.activeElement.id") == "vraag" and page.locator(".zinnen").count() == 0
    ollama.answer = honest
    ask(page, GROFVUIL)
    assert WROTE in done(page)


def test_leaving_the_page_stops_the_model(open_page: Open, ollama: Ollama) -> None:
    ollama.answer = lambda body: Play(honest(body), first=30)
    page = open_page()
    ask(page, PARKING)
    page.wait_for_selector(".bezig")
    page.close()
    assert ollama.gone.wait(2)


def test_lies_are_never_on_the_page(open_page: Open, ollama: Ollama) -> None:
    ollama.answer = lambda body: Play(reply(number_lie(body), *honest_sentences(body, each=3)), drip=0.1)
    page = open_page()
    page.evaluate("""() => { window.seen = ''; new MutationObserver(() => { window.seen += document.body.innerText; })
        .observe(document.body, { childList: true, subtree: true, characterData: true }); }""")
    ask(page, PARKING)
    assert WROTE in done(page)
    assert "parkeerplekken" in page.evaluate("window.seen") and "900.000" not in page.evaluate("window.seen")


def test_trouble_gives_the_answer_of_the_program_with_the_reason(open_page: Open, ollama: Ollama) -> None:
    ollama.fault = (500, "model requires more system memory")
    page = open_page()
    ask(page, GROFVUIL)
    text = done(page)
    assert "Dit antwoord schreef het programma zelf." in text and "more system memory" in text
    assert "Geschreven door" not in text and "De coalitie houdt het ophalen van grofvuil gratis." in text


def test_refusal_comes_without_the_model(open_page: Open, ollama: Ollama) -> None:
    page = open_page()
    ask(page, "Op welke partij moet ik stemmen?")
    assert "Ik geef geen stemadvies" in done(page) and ollama.chats == []


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("moment", ["begin", "busy", "answer"])
def test_axe_finds_nothing(open_page: Open, ollama: Ollama, axe: str, moment: str, look: str) -> None:
    page = open_page(color_scheme=look, bypass_csp=True)
    if moment == "busy":
        ollama.answer = lambda body: Play(reply(*honest_sentences(body, each=4)), drip=0.6)
        ask(page, PARKING)
        page.wait_for_selector(".wordt .zinnen")
    if moment == "answer":
        ask(page, PARKING)
        done(page)
    page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run()).violations")
    assert [f"{v['id']}: {v['nodes'][0]['target']}" for v in found] == []


def test_no_sideways_scrolling_at_320_pixels(open_page: Open, ollama: Ollama) -> None:
    ollama.answer = drips
    page = open_page(width=320, height=256)
    wide = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    assert page.evaluate(wide) == 0
    ask(page, PARKING)
    page.wait_for_selector(".wordt .zinnen")
    assert page.evaluate(wide) == 0
    done(page)
    assert page.evaluate(wide) == 0
