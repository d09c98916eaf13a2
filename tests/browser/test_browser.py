"""The chat and the plain pages as people use them, in a real Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from vraagalmere.web.render import themes

GROFVUIL = "Is grofvuil gratis?"
LONELY = "Wat doet de stad tegen eenzaamheid?"
Open = Callable[..., Any]


def ask(page: Any, question: str) -> None:
    """Type a question and wait for its answer."""
    before = page.locator(".gesprek > li").count()
    page.fill("#vraag", question)
    page.press("#vraag", "Enter")
    page.wait_for_selector(f".gesprek > li:nth-child({before + 1}) .antwoord .waardering")


def faults(page: Any, axe: str) -> list[str]:
    """What axe-core finds wrong on the page, with the first place of each."""
    page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run()).violations")
    return [f"{v['id']}: {v['nodes'][0]['target']} {v['nodes'][0]['failureSummary']}" for v in found]


def sideways(page: Any) -> int:
    """Pixels that the page is wider than its window."""
    return int(page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"))


def mark_in_view(page: Any) -> bool:
    return bool(
        page.evaluate("""() => { const r = document.querySelector('mark').getBoundingClientRect();
        return r.top >= 0 && r.bottom <= innerHeight; }""")
    )


def test_grofvuil_to_the_marked_page_in_two_taps(open_page: Open) -> None:
    page = open_page(has_touch=True)
    page.tap(f"text={GROFVUIL}")
    page.wait_for_selector(".kaart")
    page.tap(".kaart .open >> nth=0")
    page.wait_for_selector("dialog[open] mark")
    page.wait_for_timeout(200)
    assert "grofvuil" in " ".join(page.locator("dialog mark").all_inner_texts()).lower()
    assert mark_in_view(page)


@pytest.mark.parametrize("theme", themes(), ids=lambda t: t.id)
def test_each_theme_shows_six_questions_of_its_own(open_page: Open, theme: Any) -> None:
    page = open_page()
    page.click(f".thema[data-thema={theme.id}]")
    assert tuple(page.locator(".voorbeeld:visible").all_inner_texts()) == theme.vragen
    assert page.get_attribute(f".thema[data-thema={theme.id}]", "aria-pressed") == "true"
    page.click(".voorbeeld:visible >> nth=5")
    page.wait_for_selector(".antwoord .zin")


SCREENS = ("begin", "antwoord", "bron open", "fout", "weergave")


def screen(page: Any, name: str) -> None:
    """Bring the chat to one of the SCREENS."""
    if name == "weergave":
        page.click("#weergave summary")
    if name == "fout":
        page.route(
            "**/gradio_api/run/chat",
            lambda route: route.fulfill(
                status=429, content_type="application/problem+json", body=json.dumps({"detail": "Wacht even."})
            ),
        )
        page.fill("#vraag", GROFVUIL)
        page.press("#vraag", "Enter")
        page.wait_for_selector(".antwoord .melding")
    if name in ("antwoord", "bron open"):
        ask(page, LONELY)
    if name == "bron open":
        page.click(".kaart .open >> nth=0")
        page.wait_for_selector("dialog[open] mark")
    page.wait_for_timeout(300)


@pytest.mark.parametrize("look", ["licht", "donker", "hoog contrast", "hoog contrast donker"])
@pytest.mark.parametrize("name", SCREENS)
def test_axe_finds_nothing_in_the_chat(open_page: Open, axe: str, name: str, look: str) -> None:
    page = open_page(color_scheme="dark" if "donker" in look else "light", bypass_csp=True)
    if "hoog" in look:
        page.click("#weergave summary")
        page.click("#contrast")
        page.keyboard.press("Escape")
    screen(page, name)
    assert faults(page, axe) == []


PLAIN = (
    "/eenvoudig", f"/eenvoudig?vraag={GROFVUIL}", "/eenvoudig?vraag=xyzzy+wat", "/afdruk?vraag=grofvuil", "/documenten",
    "/uitleg", "/geen", "/document/hoofdlijnenakkoord-2026-2030",
    "/document/hoofdlijnenakkoord-2026-2030/pagina/32?begin=51376&eind=51421", "/document/pvda-gelijke-kansen",
)  # fmt: skip


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("path", PLAIN)
def test_axe_finds_nothing_on_the_plain_pages(open_page: Open, axe: str, path: str, look: str) -> None:
    assert faults(open_page(path, color_scheme=look, bypass_csp=True), axe) == []


@pytest.mark.parametrize("name", SCREENS)
def test_no_sideways_scrolling_at_320_pixels(open_page: Open, name: str) -> None:
    """320 CSS pixels is also what is left of 1280 at 400 % zoom (WCAG 1.4.10)."""
    page = open_page(width=320, height=256)
    screen(page, name)
    assert sideways(page) == 0
    if name == "bron open":
        assert page.evaluate("(d => d.scrollWidth - d.clientWidth)(document.querySelector('dialog'))") == 0


@pytest.mark.parametrize("path", PLAIN)
def test_no_sideways_scrolling_on_the_plain_pages(open_page: Open, path: str) -> None:
    assert sideways(open_page(path, width=320, height=640)) == 0


def test_keyboard_only_from_question_to_marked_page_and_back(open_page: Open) -> None:
    page = open_page(width=1280, height=800)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "sprong"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "vraag"
    page.keyboard.type(GROFVUIL)
    page.keyboard.press("Enter")
    page.wait_for_selector(".kaart")
    assert page.evaluate("document.activeElement.className") == "gevraagd"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "merk":
            break
    asked_from = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] mark")
    assert page.evaluate("document.activeElement.id") == "bladtitel"
    assert page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
    for _ in range(30):  # the focus stays inside
        page.keyboard.press("Tab")
        inside = "[document.body, ...document.querySelectorAll('dialog, dialog *')].includes(document.activeElement)"
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("document.activeElement.getAttribute('href')") == asked_from


def test_previous_and_next_page_inside_the_panel(open_page: Open) -> None:
    page = open_page()
    ask(page, GROFVUIL)
    page.click(".kaart .open >> nth=0")
    page.wait_for_selector("dialog[open] mark")
    number = int(re.findall(r"\d+", page.inner_text("dialog .bladnummer >> nth=0"))[0])
    page.click("dialog a[rel=next] >> nth=0")
    page.locator(f"dialog .bladnummer:has-text('{number + 1}')").first.wait_for()
    assert page.locator("dialog mark").count() == 0
    page.click("dialog a[rel=prev] >> nth=0")
    page.wait_for_selector("dialog mark")


def test_the_answer_is_announced_once_in_the_only_live_region(open_page: Open) -> None:
    page = open_page()
    assert page.locator("[aria-live]").count() == 1
    page.evaluate("""() => { window.said = []; new MutationObserver(() => {
        const t = document.getElementById('melder').textContent; if (t) said.push(t); }).observe(
        document.getElementById('melder'), {childList: true, characterData: true, subtree: true}); }""")
    ask(page, GROFVUIL)
    page.wait_for_timeout(400)
    said = [s for s in page.evaluate("said") if s != "Bezig met zoeken."]
    assert len(said) == 1
    assert "grofvuil" in said[0]
    assert "Dit heeft de coalitie afgesproken" in said[0]


def test_progress_and_stop_when_it_takes_long(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    held = []
    page.route("**/gradio_api/run/chat", lambda route: held.append(route))
    page.fill("#vraag", GROFVUIL)
    page.press("#vraag", "Enter")
    page.wait_for_selector("text=Bezig met zoeken", timeout=1000)
    assert page.evaluate("getComputedStyle(document.querySelector('.bezig'), '::before').animationName") == "none"
    page.click("text=Stop")
    page.wait_for_selector("text=Gestopt.")
    assert page.evaluate("document.activeElement.id") == "vraag"
    page.unroute("**/gradio_api/run/chat")
    ask(page, GROFVUIL)


def test_no_connection_says_so_and_can_be_tried_again(open_page: Open) -> None:
    page = open_page()
    page.route("**/gradio_api/run/chat", lambda route: route.abort())
    page.fill("#vraag", GROFVUIL)
    page.press("#vraag", "Enter")
    page.wait_for_selector("text=Er is geen verbinding")
    page.unroute("**/gradio_api/run/chat")
    page.click("text=Probeer opnieuw")
    page.wait_for_selector(".kaart")


def test_a_follow_up_goes_with_the_question_before_it(open_page: Open) -> None:
    page = open_page()
    ask(page, GROFVUIL)
    with page.expect_request("**/gradio_api/run/chat") as sent:
        ask(page, "en wat kost dat?")
    assert sent.value.post_data_json == {"data": ["en wat kost dat?", [GROFVUIL]]}
    assert "grofvuil" in page.inner_text(".gesprek > li:last-child .antwoord").lower()
    page.click("#opnieuw")
    assert page.locator(".gesprek > li").count() == 0
    assert page.evaluate("document.activeElement.id") == "welkom"


def test_a_link_reopens_the_question(open_page: Open) -> None:
    page = open_page(f"/?vraag={GROFVUIL}")
    page.wait_for_selector(".kaart")
    assert GROFVUIL in page.inner_text(".gevraagd")


def test_what_is_typed_is_never_markup(open_page: Open) -> None:
    page = open_page()
    page.on("dialog", lambda d: pytest.fail("script ran"))
    ask(page, "<img src=x onerror=alert(1)> grofvuil")
    assert page.locator(".gesprek img").count() == 0
    assert "<img" in page.inner_text(".gevraagd")


def test_a_difficult_word_is_explained_on_focus_and_escape_hides_it(open_page: Open) -> None:
    page = open_page()
    ask(page, GROFVUIL)
    word = page.locator(".woord button").first
    word.focus()
    tip = page.locator(".woord .uitleg").first
    assert tip.is_visible()
    box = tip.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.keyboard.press("Escape")
    assert not tip.is_visible()


def test_reading_aloud_only_with_a_voice_of_this_computer(open_page: Open) -> None:
    page = open_page()
    ask(page, GROFVUIL)
    assert page.locator("text=Lees voor").count() == 0
    page.evaluate("""speechSynthesis.getVoices = () => [{lang: 'nl-NL', localService: false, name: 'ver'}]""")
    ask(page, GROFVUIL)
    assert page.locator("text=Lees voor").count() == 0
    page.evaluate("""speechSynthesis.getVoices = () => [{lang: 'nl-NL', localService: true, name: 'hier'}]""")
    ask(page, GROFVUIL)
    assert page.locator("text=Lees voor").count() == 1


def test_larger_letters_contrast_and_dark(open_page: Open) -> None:
    page = open_page(color_scheme="light")
    size = "parseFloat(getComputedStyle(document.querySelector('#welkom')).fontSize)"
    before = page.evaluate(size)
    page.click("#weergave summary")
    page.click("#groter")
    assert page.evaluate(size) > before
    page.click("#donker")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 27, 30)"
    page.click("#contrast")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    page.reload()
    page.wait_for_selector("#vraag")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"


def test_feedback_says_what_is_kept(open_page: Open) -> None:
    page = open_page()
    ask(page, GROFVUIL)
    assert "Uw vraag bewaren we alleen als u het vinkje zet" in page.inner_text(".waardering")
    page.click(".waardering button >> nth=0")
    page.wait_for_selector("text=Uw vraag is niet bewaard.")


def test_copy_gives_the_answer_with_its_sources(open_page: Open) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, GROFVUIL)
    page.click("text=Kopieer antwoord")
    page.wait_for_selector("text=Antwoord gekopieerd")
    copied = page.evaluate("navigator.clipboard.readText()")
    for part in (GROFVUIL, "we houden het ophalen van grofvuil gratis", "pagina 18", "14 036"):
        assert part in copied


def test_without_javascript_everything_works(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False)
    page.wait_for_url("**/eenvoudig")
    page.fill("#vraag", GROFVUIL)
    page.click("button[type=submit]")
    page.click(".kaart .open >> nth=0")
    assert "grofvuil" in " ".join(page.locator("mark").all_inner_texts()).lower()
    page.click("a[rel=next] >> nth=0")
    assert page.locator("h1").count() == 1


def test_the_hand_out_is_one_clean_page(open_page: Open) -> None:
    page = open_page()
    ask(page, GROFVUIL)
    with page.context.expect_page() as opened:
        page.click("text=Afdrukken")
    sheet = opened.value
    sheet.wait_for_load_state()
    assert "vraag=" not in sheet.url
    sheet.emulate_media(media="print")
    assert not sheet.locator("#drukknop").is_visible()
    text = sheet.inner_text("body")
    for part in (GROFVUIL, "pagina 18", "Dit is geen besluit", "14 036"):
        assert part in text
    assert len(re.findall(rb"/Type\s*/Page\b", sheet.pdf(prefer_css_page_size=True))) == 1


def test_the_chat_itself_prints_without_buttons(open_page: Open) -> None:
    page = open_page()
    ask(page, GROFVUIL)
    page.emulate_media(media="print")
    assert page.locator(".knop:visible").count() == 0
    assert page.locator("#vraagvorm").is_hidden()
    assert page.locator(".kaart blockquote").first.is_visible()
