"""A large file is written in parts at the same time, and is the same as in one go."""

from pathlib import Path

import pytest

from crm.reading import transcoding


@pytest.fixture
def big(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(transcoding, "PART", 1000)
    monkeypatch.setattr(transcoding.os, "cpu_count", lambda: 3)
    path = tmp_path / "big.csv"
    path.write_bytes("".join(f'"{number}","𠮷野家，㐀","tb昵称{number}"\r\n' for number in range(5000)).encode("gb18030"))
    return path


def test_the_parts_are_the_whole(big: Path, tmp_path: Path) -> None:
    assert transcoding.copy_on_all_cores(big, tmp_path / "parts.csv", "gb18030", "strict", 1000)
    assert transcoding.copy(big, tmp_path / "one.csv", "gb18030", "strict", 1000)
    assert (tmp_path / "parts.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()
    assert (tmp_path / "parts.csv").read_text(encoding="utf-8").count("𠮷野家") == 5000
    assert not list(tmp_path.glob("parts.[0-9]"))


@pytest.mark.parametrize("place", [100, 50_000, -100])
def test_a_byte_that_is_none_of_the_encoding_is_found_in_any_part(big: Path, tmp_path: Path, place: int) -> None:
    content = bytearray(big.read_bytes())
    content[place] = 0xFF
    big.write_bytes(content)
    assert not transcoding.copy_on_all_cores(big, tmp_path / "parts.csv", "gb18030", "strict", 1000)


def test_without_another_interpreter_it_is_written_in_one_go(big: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcoding.sys, "executable", "")
    assert transcoding.copy_on_all_cores(big, tmp_path / "parts.csv", "gb18030", "strict", 1000)
    assert (tmp_path / "parts.csv").read_text(encoding="utf-8").count("\n") == 5000
