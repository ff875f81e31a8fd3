import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.mark.parametrize(
    "script",
    [
        "make_typed_dicts.py",
        "make_keys.py",
        "make_browser_tables.py",
        "make_features_page.py",
        "make_api.py",
        "make_age_picture.py",
        "make_click_picture.py",
        "make_conditions_page.py",
        "make_edge_features.py",
        "make_support_table.py",
        "make_example_site.py",
        "make_llms.py",
    ],
)
def test_what_is_made_from_other_files_is_fresh(script: str) -> None:
    """Stale? Run the script."""
    made = subprocess.run([sys.executable, SCRIPTS / script, "--check"], capture_output=True, text=True)
    assert (made.returncode, made.stderr) == (0, "")
