import pytest

from vraagalmere import VraagAlmere
from vraagalmere.privacy import is_bsn, is_iban, mask


def test_bsn_by_the_eleven_test() -> None:
    # 1·9 + 1·8 + 1·7 + 2·6 + 2·5 + 2·4 + 3·3 + 3·2 - 3·1 = 66 = 6 · 11
    assert is_bsn("111222333")
    assert not is_bsn("111222334")
    assert not is_bsn("000000000")


def test_iban_by_its_check_digits() -> None:
    assert is_iban("NL91 ABNA 0417 1643 00")
    assert not is_iban("NL92 ABNA 0417 1643 00")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mijn bsn is 111222333, help", "mijn bsn is [burgerservicenummer], help"),
        ("111222334 is geen bsn", "111222334 is geen bsn"),
        ("NL91ABNA0417164300", "[rekeningnummer]"),
        ("bel 06-12345678 of +31 6 12345678", "bel [telefoonnummer] of [telefoonnummer]"),
        ("mail jan@voorbeeld.nl", "mail [e-mailadres]"),
        ("Ik woon op Zilverschoonlaan 12 in Buiten", "Ik woon op [adres] in Buiten"),
        ("postcode 1315 HR", "postcode [postcode]"),
        ("kenteken 12-XYZ-3", "kenteken [kenteken]"),
        ("geboren op 3-12-1981 in Almere", "[geboortedatum] in Almere"),
        ("Ik ben Jan van der Berg, is grofvuil gratis?", "[naam], is grofvuil gratis?"),
        ("mijn naam is Yara en ik zoek werk", "[naam] en ik zoek werk"),
        ("Ik ben Almeerder en 80", "Ik ben Almeerder en 80"),
        ("wat wil wethouder Van Hilten", "wat wil wethouder Van Hilten"),
        ("begroting 2027-2030, 35% en 14 036", "begroting 2027-2030, 35% en 14 036"),
    ],
)
def test_mask(text: str, masked: str) -> None:
    assert mask(text).text == masked


def test_question_with_personal_data_is_still_answered_and_never_repeats_it(vraagbaak: VraagAlmere) -> None:
    answer = vraagbaak.ask("Bel me op 06-12345678. Is grofvuil gratis?")
    assert answer.soort == "antwoord" and answer.bronnen[0].pagina == "pagina 18"
    assert answer.meldingen[0].startswith("persoonsgegevens")
    assert "12345678" not in str(answer.as_dict())
