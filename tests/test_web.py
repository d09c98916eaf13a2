"""The plain pages, the API and the limits, without a browser."""

from __future__ import annotations

import gc
import json
import logging
import re
import threading
import time
from collections.abc import Iterator
from html import unescape

import pytest
from fastapi.testclient import TestClient

from vraagalmere.corpus import Document, Sidecar
from vraagalmere.dutch import collapse
from vraagalmere.settings import Settings
from vraagalmere.store import CURRENT
from vraagalmere.web.engine import Engine
from vraagalmere.web.gate import RateLimit, WebLimits, rewrite
from vraagalmere.web.page import PageView, view
from vraagalmere.web.render import Glossary, Term, themes
from vraagalmere.web.server import create_app

GROFVUIL = "Is grofvuil gratis?"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(index=tmp_path_factory.mktemp("web") / "index")


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings, chat=False), raise_server_exceptions=False) as made:
        yield made


def test_api_answers_with_the_same_object_as_the_pipeline(client: TestClient) -> None:
    got = client.get("/api/v1/vraag", params={"vraag": GROFVUIL})
    expected = client.app.state.engine.current().vraagbaak.ask(GROFVUIL).as_dict()
    body = got.json()
    for key in ("id", "milliseconden"):
        body.pop(key), expected.pop(key)
    assert got.status_code == 200
    assert body == json.loads(json.dumps(expected))
    assert got.headers["api-version"] == "1.0.0"
    assert got.headers["content-type"] == "application/json"


def test_api_uses_the_history_of_a_conversation(client: TestClient) -> None:
    body = client.post("/api/v1/vraag", json={"vraag": "en wat kost dat?", "geschiedenis": [GROFVUIL]}).json()
    assert "grofvuil" in json.dumps(body["uitleg"])


@pytest.mark.parametrize(
    ("method", "path", "kwargs", "status"),
    [
        ("GET", "/api/v1/vraag", {}, 422),
        ("GET", "/api/v1/vraag", {"params": {"vraag": "a" * 5001}}, 422),
        ("POST", "/api/v1/vraag", {"content": b"{"}, 422),
        ("POST", "/api/v1/vraag", {"json": {"vraag": "x", "onbekend": 1}}, 422),
        ("POST", "/api/v1/vraag", {"json": {"vraag": 3}}, 422),
        ("DELETE", "/api/v1/vraag", {}, 405),
        ("GET", "/api/v1/documenten/geen", {}, 404),
        ("GET", "/api/v1/documenten/hoofdlijnenakkoord-2026-2030/paginas/999", {}, 404),
        ("GET", "/api/v1/documenten/hoofdlijnenakkoord-2026-2030/paginas/twee", {}, 422),
        ("GET", "/api/v1/documenten/", {}, 404),
        ("GET", "/api/v1/geen", {}, 404),
        ("POST", "/api/v1/vraag", {"content": b"x" * 200_000}, 413),
    ],
)
def test_api_error_is_a_dutch_problem(
    client: TestClient, method: str, path: str, kwargs: dict[str, object], status: int
) -> None:
    got = client.request(method, path, **kwargs)  # type: ignore[arg-type]
    assert got.status_code == status
    assert got.headers["content-type"] == "application/problem+json"
    assert got.headers["api-version"] == "1.0.0"
    body = got.json()
    assert set(body) == {"type", "title", "status", "detail"}
    assert body["status"] == status
    assert re.search(r"\b(is|heeft|ontbreekt|bestaat|kan|tekens)\b", body["detail"])


def test_api_openapi_document_names_the_paths(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert set(document["paths"]) == {
        "/vraag", "/documenten", "/documenten/{id}", "/documenten/{id}/paginas/{nummer}",
        "/afspraken", "/geld", "/vergelijk", "/wie",
    }  # fmt: skip
    assert document["info"]["version"] == "1.0.0"
    assert document["servers"] == [{"url": "/api/v1"}]


def test_api_documents_and_pages(client: TestClient) -> None:
    documents = client.get("/api/v1/documenten").json()
    assert documents[0]["id"] == "hoofdlijnenakkoord-2026-2030"
    page = client.get("/api/v1/documenten/hoofdlijnenakkoord-2026-2030/paginas/18").json()
    assert "ophalen van grofvuil gratis" in page["tekst"]
    assert (page["vorige"], page["volgende"]) == (17, 19)


def test_healthy(client: TestClient) -> None:
    body = client.get("/gezond").json()
    assert body["status"] == "goed"
    assert body["documenten"] == 5


def test_plain_page_links_to_the_page_with_exactly_the_quote_marked(client: TestClient) -> None:
    answer = client.get("/api/v1/vraag", params={"vraag": GROFVUIL}).json()
    page = client.get("/eenvoudig", params={"vraag": GROFVUIL}).text
    for source in answer["bronnen"]:
        part = f"begin={source['begin']}&amp;eind={source['eind']}"
        link = re.search(rf'<a class="knop open" href="([^"]*{part}[^"]*)"', page)
        assert link
        seen = client.get(unescape(link[1])).text
        marks = [unescape(m) for m in re.findall(r"<mark[^>]*>(.*?)</mark>", seen, re.S)]
        assert collapse(" ".join(marks)) == collapse(source["citaat"])
        assert seen.count('id="citaat"') == 1


def _marks(seen: PageView) -> str:
    cells = [c for b in seen.blocks for c in [*b.cells, *(c for row in b.rows for c in row)]]
    return collapse(" ".join(p.text for c in cells for p in c.pieces if p.marked))


def test_every_passage_is_marked_exactly_on_its_page(client: TestClient) -> None:
    index = client.app.state.engine.current().vraagbaak.index
    for p in index.passages:
        seen = view(index.documents[p.document], p.pages[0] if p.pages else None, (p.start, p.end))
        assert seen is not None
        assert _marks(seen) == collapse(p.quote), p.id


def _two_pages() -> Document:
    text = "Kop\nDit staat op een en\ngaat door op twee."
    sidecar = Sidecar.model_validate({
        "id": "d", "titel": "T", "korte_titel": "T", "partij": "P", "uitgever": "U", "soort": "dialoogverslag",
        "datum": "2023", "datum_bewijs": "b", "status": "s", "groep": "g", "spreker": "s", "paginanummering": "p",
        "koppen": [{"regels": [1, 1], "niveau": 1}],
        "paginas": [
            {"regels": [1, 2], "paginas": [1, 1], "bewijs": "x"}, {"regels": [3, 3], "paginas": [2, 2], "bewijs": "x"},
        ],
    })  # fmt: skip
    return Document(sidecar, text)


def test_a_span_over_two_pages_is_marked_on_both_and_leads_on() -> None:
    document = _two_pages()
    span = (document.text.index("Dit"), len(document.text))
    first, second = view(document, 1, span), view(document, 2, span)
    assert first and second
    assert (_marks(first), first.goes_on, first.began) == ("Dit staat op een en", 2, None)
    assert (_marks(second), second.goes_on, second.began) == ("gaat door op twee.", None, 1)


def test_nothing_is_marked_in_another_version_or_outside_the_document() -> None:
    document = _two_pages()
    other = view(document, 1, (4, 10), "000000000000")
    assert other and other.changed and not _marks(other)
    outside = view(document, 1, (4, 9999))
    assert outside and not _marks(outside)
    assert view(document, 3) is None


def test_page_shows_headings_tables_and_lists_and_leaves_out_what_is_no_text(client: TestClient) -> None:
    page = client.get("/document/hoofdlijnenakkoord-2026-2030/pagina/32").text
    assert re.search(r"<h\d class=\"dockop\">Investeringen", page)
    assert re.search(r'<th scope="row">Gratis ophalen grofvuil</th><td>-0,3</td>', page)
    web = client.get("/document/pvda-gelijke-kansen").text
    assert "<li>Wij stellen een taskforce" in web
    assert web.count("3. Geen armoede en gelijke kansen voor iedereen") == 1


@pytest.mark.parametrize(
    "path",
    ["/document/geen", "/document/hoofdlijnenakkoord-2026-2030/pagina/999", "/geen", "/eenvoudig/", "/../etc/passwd"],
)
def test_a_page_that_is_not_there_says_what_to_do(client: TestClient, path: str) -> None:
    got = client.get(path)
    assert got.status_code == 404
    assert "Naar het begin" in got.text


@pytest.mark.parametrize("path", ["/eenvoudig", "/afdruk"])
@pytest.mark.parametrize(
    "question",
    ["<script>alert(1)</script> grofvuil",
     "\"><img src=x onerror=alert(1)> grofvuil", "' onmouseover='x grofvuil", "{{7*7}} grofvuil"],
)  # fmt: skip
def test_what_people_type_is_escaped(client: TestClient, path: str, question: str) -> None:
    page = client.get(path, params={"vraag": question, "eerder": question}).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "' onmouseover='" not in page.replace("&#39;", "")
    assert "49 grofvuil" not in page


def test_direction_characters_are_gone(client: TestClient) -> None:
    page = client.get("/eenvoudig", params={"vraag": "grofvuil \u202egratis\u2066?"}).text
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)


def test_personal_data_is_masked_everywhere(client: TestClient) -> None:
    for path in ("/eenvoudig", "/afdruk", "/api/v1/vraag"):
        text = client.get(path, params={"vraag": "Mijn mail is jan@voorbeeld.nl, is grofvuil gratis?"}).text
        assert "jan@voorbeeld.nl" not in text
        assert "[e-mailadres]" in text


def test_security_headers(client: TestClient) -> None:
    for path in ("/eenvoudig", "/api/v1/documenten", "/geen"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"


def test_a_question_that_is_too_long_gets_a_friendly_page(client: TestClient) -> None:
    got = client.get("/eenvoudig", params={"vraag": "a " * 3000})
    assert got.status_code == 422
    assert "korter dan 5.000 tekens" in got.text


def test_the_log_has_no_question(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client.get("/eenvoudig", params={"vraag": "geheimwoord grofvuil"})
    client.post("/afdruk", data={"vraag": "geheimwoord grofvuil"})
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    assert any("GET /eenvoudig 200" in line for line in ours)
    assert not any("geheimwoord" in line for line in ours)


def test_hand_out_has_everything(client: TestClient) -> None:
    page = client.post("/afdruk", data={"vraag": GROFVUIL}).text
    for part in (GROFVUIL, "pagina 18", "we houden het ophalen van grofvuil gratis", "Dit is geen besluit", "14 036"):
        assert part in page
    assert re.search(r"\d{1,2} [a-z]+ 20\d\d", page)


def test_feedback_keeps_the_question_only_when_asked(client: TestClient, settings: Settings) -> None:
    kept = settings.index.parent / "waarderingen.jsonl"
    form = {"hielp": "ja", "soort": "antwoord", "vraag": "Mijn mail is a@b.nl", "bronnen": "vals:00000000"}
    client.post("/waardering", data=form)
    client.post("/waardering", data={**form, "bewaar": "ja"})
    lines = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    assert "vraag" not in lines[0]
    assert lines[0] == {"dag": lines[0]["dag"], "hielp": True, "soort": "antwoord", "bronnen": []}
    assert lines[1]["vraag"] == "Mijn mail is [e-mailadres]"
    assert client.post("/waardering", data={**form, "hielp": "misschien"}).status_code == 422
    assert client.post("/waardering", data=form, headers={"sec-fetch-site": "cross-site"}).status_code == 400


def test_rate_limit_gives_a_token_back_after_a_while() -> None:
    limit = RateLimit(per_minute=60, burst=2)
    assert [limit.allows("a", now=0.0) for _ in range(3)] == [True, True, False]
    assert limit.allows("b", now=0.0)
    assert limit.allows("a", now=1.1)


def test_too_many_questions_get_a_friendly_answer(settings: Settings) -> None:
    with TestClient(create_app(settings, WebLimits(per_minute=1, burst=1), chat=False)) as client:
        assert client.get("/eenvoudig").status_code == 200
        page, data = client.get("/eenvoudig"), client.get("/api/v1/vraag", params={"vraag": GROFVUIL})
        assert page.status_code == data.status_code == 429
        assert "Wacht een halve minuut" in page.text
        assert data.json()["title"] == "Te veel verzoeken"
        assert data.headers["retry-after"] == "30"


def test_more_than_may_wait_hear_that_it_is_busy(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(settings, WebLimits(at_once=1, waiting=0), chat=False)
    hold, inside = threading.Event(), threading.Event()

    def slow() -> object:
        inside.set()
        hold.wait(10)
        return Engine.current(app.state.engine)

    monkeypatch.setattr(app.state.engine, "current", slow)
    with TestClient(app) as client:
        got: list[int] = []
        first = threading.Thread(
            target=lambda: got.append(client.get("/api/v1/vraag", params={"vraag": GROFVUIL}).status_code)
        )
        first.start()
        assert inside.wait(10)
        busy = client.get("/api/v1/vraag", params={"vraag": GROFVUIL})
        hold.set()
        first.join()
    assert (busy.status_code, got) == (503, [200])
    assert "druk" in busy.json()["detail"]


def test_a_new_index_is_taken_into_use_and_a_broken_one_is_not(settings: Settings) -> None:
    engine = Engine(settings)
    before = engine.current()
    pointer = settings.index / CURRENT
    name = pointer.read_text(encoding="utf-8")
    try:
        pointer.write_text("bestaat-niet", encoding="utf-8")
        _wait(engine, lambda: engine._name == "bestaat-niet")
        assert engine.current() is before
        pointer.write_text(name, encoding="utf-8")
        _wait(engine, lambda: engine.current() is not before)
        assert engine.current().vraagbaak.ask(GROFVUIL).soort == "antwoord"
    finally:
        pointer.write_text(name, encoding="utf-8")


def _wait(engine: Engine, done: object) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not done():  # type: ignore[operator]
        engine.current()
        time.sleep(0.05)
    assert done()  # type: ignore[operator]


@pytest.mark.parametrize("question", sorted({q for t in themes() for q in t.vragen}))
def test_every_example_is_answered(client: TestClient, question: str) -> None:
    assert client.app.state.engine.current().vraagbaak.ask(question).soort == "antwoord"


def test_each_theme_has_six_examples() -> None:
    assert [len(t.vragen) for t in themes()] == [6] * 7


def test_kinds_have_their_own_word_and_icon(client: TestClient) -> None:
    page = client.get("/eenvoudig", params={"vraag": "Wat zeggen de coalitie en de PvdA over armoede?"}).text
    sections = re.findall(
        r'<section class="groep (\w+)">\s*<p class="soort"><svg.*?</svg>\s*<span>(.*?)</span>', page, re.S
    )
    words = {
        "afspraak": "Afspraak van de coalitie",
        "wens": "Wens van een partij",
        "gezegd": "Gezegd in een gesprek met inwoners",
    }
    assert len(sections) >= 2
    assert all(words[icon] == word for icon, word in sections)


def test_a_difficult_word_is_explained_once_and_escaped() -> None:
    glossary = Glossary([Term(term="leges", vormen=("leges",), uitleg="Geld <voor> een dienst.")])
    html = str(glossary.mark("Leges & leges, leges.", {}, "a"))
    assert html.count("<button") == 1
    assert ">Leges</button>" in html
    assert "Geld &lt;voor&gt; een dienst." in html
    assert " &amp; leges, leges." in html
    assert "<button" not in glossary.mark("leges (kosten)", {}, "a")


def test_gradio_page_is_made_ours() -> None:
    given = (
        '<html lang="en"><head><meta property="og:image" content="https://x.y/z" /><script>1</script>'
        '<link rel="manifest" href="/manifest.json" /></head><body><gradio-app></gradio-app></body></html>'
    )
    page = rewrite(given, "abc")
    assert 'lang="nl"' in page
    assert "https://" not in page
    assert "manifest" not in page
    assert page.count("<script") == page.count('<script nonce="abc"') == 2
    assert "/eenvoudig" in page


@pytest.mark.filterwarnings("ignore")  # Gradio leaves event loops open
def test_chat_runs_in_gradio_and_keeps_to_itself(settings: Settings) -> None:
    with TestClient(create_app(settings)) as client:
        page = client.get("/")
        policy = page.headers["content-security-policy"]
        assert "unsafe-eval" not in policy
        assert "script-src 'self' 'nonce-" in policy
        assert not re.search(r"""(?:src|href|content)=["']?https?://""", page.text)
        got = client.post("/gradio_api/run/chat", json={"data": [GROFVUIL, []]}).json()["data"][0]
        assert "grofvuil" in got["html"]
        assert got["vraag"] == GROFVUIL
        long = client.post("/gradio_api/run/chat", json={"data": ["a" * 5001, []]})
        assert "korter dan 5.000" in long.text
        for closed in (
            "/gradio_api/upload",
            "/gradio_api/file=/etc/passwd",
            "/gradio_api/proxy=http://x",
            "/monitoring",
        ):
            assert client.get(closed).status_code == 404
        names = client.get("/gradio_api/info").json()["named_endpoints"]
        assert set(names) == {"/vraag", "/zoek", "/pagina", "/afspraken", "/geld", "/vergelijk", "/wie"}

        def tool(name: str, *given: object) -> object:
            return client.post(f"/gradio_api/run/{name}", json={"data": [*given]}).json()["data"][0]

        found = tool("afspraken", "hostels", "", "onderzoeken", "", 1)
        assert [a["tekst"] for a in found["afspraken"]] == ["we onderzoeken de mogelijkheden van hostels;"]
        assert len(tool("vergelijk", "afval")["kolommen"]) == 4
        assert {"Bezuinigingen", "Totaalbeeld"} <= {t["tabel"] for t in tool("geld")}
        assert "P.J.G. Tang" in {p["naam"] for p in tool("wie")}
        hard = client.post("/gradio_api/run/afspraken", json={"data": ["", "", "hard", "", 1]})
        assert "Kracht is 'doen', 'onderzoeken', 'streven' of 'voorwaarde'." in hard.text
    gc.collect()
