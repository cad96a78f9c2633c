"""Clinics bring guidelines in many kinds of file; a server that reads none of them carries no library for that."""

import subprocess
import sys

PROGRAM = (
    "import sys, knowledge.starter; print(*({'bs4', 'docx', 'lxml', 'markdownify', 'pypdf'} & sys.modules.keys()))"
)


def test_a_server_starts_without_the_libraries_that_read_documents() -> None:
    assert subprocess.check_output([sys.executable, "-c", PROGRAM], text=True).split() == []
