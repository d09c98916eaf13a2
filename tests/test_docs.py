"""The pages that people write by hand say only what is so."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from support import ROOT
from vraagalmere import VraagAlmere
from vraagalmere.cli import render
from vraagalmere.settings import ENV_PREFIX, Settings
from vraagalmere.thresholds import Thresholds

SOURCE = ROOT / "src" / "vraagalmere"
LEFT_OUT = {"build", "dist", "node_modules", "shared"}
PAGES = [
    p
    for p in sorted(ROOT.rglob("*.md"))
    if not any(part.startswith(".") or part in LEFT_OUT for part in p.relative_to(ROOT).parts)
]
HAND_WRITTEN = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_relative_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        found = page if not path else page.parent / path
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_every_setting_is_explained(setting: str) -> None:
    assert f"| `{setting}` | `{ENV_PREFIX}{setting.upper()}` |" in (ROOT / "docs/instellingen.md").read_text()


@pytest.mark.parametrize("threshold", [t for t in Thresholds.model_fields if t != "uitleg"])
def test_every_threshold_is_explained(threshold: str) -> None:
    assert f"| `{threshold}` |" in (ROOT / "docs/instellingen.md").read_text()


def test_settings_page_names_no_threshold_that_is_gone() -> None:
    _, thresholds = (ROOT / "docs/instellingen.md").read_text().split("## Drempels")
    assert set(re.findall(r"^\| `(\w+)` \|", thresholds, re.MULTILINE)) <= set(Thresholds.model_fields)


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=name)
def test_files_that_are_named_exist(page: Path) -> None:
    """A name with a folder is sought from the root and from the package; a bare module in the package."""
    for named in re.findall(r"`([\w./-]+\.(?:py|yaml|json|txt|tsv|lock|toml))`", page.read_text()):
        assert (ROOT / named).exists() or (SOURCE / named).exists(), named


def test_architecture_names_every_module() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    modules = {p.name for p in SOURCE.glob("*.py")} - {"__init__.py"}
    packages = {f"{p.parent.name}/" for p in SOURCE.glob("*/__init__.py")}
    assert {m for m in modules | packages if f"`{m}`" not in text} == set()


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in HAND_WRITTEN:
        assert set(re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", page.read_text(), re.MULTILINE)) <= {
            pair for t in targets for pair in ((t, ""), ("", t))
        }, page.name


def test_readme_names_the_test_command() -> None:
    assert "make test" in (ROOT / "README.md").read_text()


def test_the_example_of_the_readme_is_the_real_output(vraagbaak: VraagAlmere) -> None:
    shown = re.search(
        r'^\$ vraagalmere vraag "(.+)"\n(.+?)^```', (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    assert shown
    assert shown[2].split() == render(vraagbaak.ask(shown[1])).split()
