"""The pages for staff in a real Chromium."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_browser import faults, sideways

Open = Callable[..., Any]
PAGES = (
    "/afspraken", "/afspraken?zoek=woning&met_geld=ja", "/afspraken?zoek=vliegveld", "/geld", "/vergelijk",
    "/vergelijk?thema=armoede", "/vergelijk?thema=preventief+fouilleren", "/wie",
)  # fmt: skip


@pytest.mark.parametrize("look", ["licht", "donker", "hoog contrast", "hoog contrast donker"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(open_page: Open, axe: str, path: str, look: str) -> None:
    page = open_page(path, color_scheme="dark" if "donker" in look else "light", bypass_csp=True)
    if "hoog" in look:  # as chosen under 'Weergave' in the chat
        page.evaluate("sessionStorage.setItem('contrast', 'hoog')")
        page.reload()
        black = "rgb(0, 0, 0)" if "donker" in look else "rgb(255, 255, 255)"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == black
    assert faults(page, axe) == []


@pytest.mark.parametrize("path", PAGES)
def test_no_sideways_scrolling_at_320_pixels(open_page: Open, path: str) -> None:
    assert sideways(open_page(path, width=320, height=640)) == 0


def test_rows_become_cards_on_a_phone_and_stay_a_table_for_a_screen_reader(open_page: Open) -> None:
    page = open_page("/afspraken", width=320, height=640)
    assert page.evaluate("getComputedStyle(document.querySelector('.register tbody tr')).display") == "block"
    assert page.get_by_role("row").count() > 50
    assert page.get_by_role("columnheader", name="Hoe vast").count() == 1


def test_columns_are_side_by_side_and_stacked_on_a_phone(open_page: Open) -> None:
    tops = "[...document.querySelectorAll('.kolommen > .kolom')].map(k => Math.round(k.getBoundingClientRect().top))"
    widths = (
        "[...document.querySelectorAll('.kolommen > .kolom')].map(k => Math.round(k.getBoundingClientRect().width))"
    )
    wide = open_page("/vergelijk?thema=armoede", width=1280, height=900)
    assert len(set(wide.evaluate(tops))) == 1 and len(set(wide.evaluate(widths))) == 1
    phone = open_page("/vergelijk?thema=armoede", width=390, height=844)
    assert len(set(phone.evaluate(tops))) == 4


def test_keyboard_from_the_chat_to_a_filtered_list_to_the_marked_page(open_page: Open) -> None:
    page = open_page("/", width=1280, height=900)
    page.get_by_role("link", name="Voor medewerkers").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/afspraken")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "sprong"
    page.focus("#zoek")
    page.keyboard.type("grofvuil")
    page.keyboard.press("Enter")
    page.wait_for_url("**/afspraken?zoek=grofvuil**")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.wat .plek a')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("mark")
    assert "grofvuil" in page.inner_text("mark").lower()


def test_filters_without_javascript(open_page: Open) -> None:
    page = open_page("/afspraken", java_script_enabled=False)
    page.select_option("#kracht", "onderzoeken")
    page.click("button[type=submit]")
    words = page.locator(".register .sterkte").all_inner_texts()
    assert words and set(words) == {"Onderzoeken"}


def test_export_is_a_download_of_the_filtered_list(open_page: Open) -> None:
    page = open_page("/afspraken?kracht=streven", accept_downloads=True)
    with page.expect_download() as got:
        page.click("text=CSV")
    assert got.value.suggested_filename == "afspraken-almere.csv"
    text = Path(got.value.path()).read_text(encoding="utf-8-sig")
    assert ";streven;" in text and ";doen;" not in text


def test_print_leaves_out_what_cannot_be_pressed(open_page: Open) -> None:
    page = open_page("/afspraken?zoek=grofvuil", width=1280, height=900)
    page.emulate_media(media="print")
    assert page.locator(".knop:visible").count() == 0
    assert page.locator(".filters").is_hidden() and page.locator(".tabs").is_hidden()
    assert page.locator(".register").is_visible()


@pytest.mark.skipif(
    "SCHERMEN" not in os.environ, reason="zet SCHERMEN op een map om de afbeeldingen voor docs te maken"
)
@pytest.mark.parametrize(
    ("name", "path"),
    [("afspraken", "/afspraken"), ("vergelijk", "/vergelijk?thema=afval"), ("geld", "/geld")],
)
def test_pictures_for_the_docs(open_page: Open, name: str, path: str) -> None:
    page = open_page(path, width=1280, height=1300)
    page.screenshot(path=str(Path(os.environ["SCHERMEN"]) / f"{name}.png"))
