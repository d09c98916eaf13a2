"""The wheel carries all that the default needs."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from support import ROOT


def test_wheel_in_an_empty_environment_answers_a_question(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    wheel = next(tmp_path.glob("*.whl"))
    assert wheel.stat().st_size < 30e6
    home = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(home), str(wheel)],
        check=True, capture_output=True,
    )  # fmt: skip
    # -S leaves out site-packages and with it the checkout's editable install; the dependencies come by path.
    environment = {
        "PYTHONPATH": os.pathsep.join([str(home), sysconfig.get_paths()["purelib"], sysconfig.get_paths()["platlib"]]),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "PATH": os.environ["PATH"],
    }
    code = (
        "import vraagalmere; from vraagalmere import VraagAlmere; a = VraagAlmere.open().ask('Is grofvuil gratis?');"
        "print(vraagalmere.__file__, a.bronnen[0].pagina)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, env=environment, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(home)) and done.stdout.strip().endswith("pagina 18")
