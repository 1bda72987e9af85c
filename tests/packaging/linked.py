"""The libraries that a file of machine code loads, on any system."""

from __future__ import annotations

import io
import struct
from typing import Any

MACH_O = 0xFEEDFACF
# Load, load weakly, load and hand on.
LOAD_DYLIB = {0xC, 0x80000018, 0x8000001F}


def libraries(code: bytes) -> list[str]:
    if code.startswith(b"\x7fELF"):
        from elftools.elf.elffile import ELFFile

        # Its types do not say what a tag of the dynamic section has.
        dynamic: Any = ELFFile(io.BytesIO(code)).get_section_by_name(".dynamic")
        return [tag.needed for tag in dynamic.iter_tags("DT_NEEDED")]
    if code.startswith(b"MZ"):
        import pefile

        return [entry.dll.decode() for entry in pefile.PE(data=code).DIRECTORY_ENTRY_IMPORT]
    if struct.unpack_from("<I", code)[0] == MACH_O:
        return mach_o_libraries(code)
    raise ValueError("no machine code of a known system")


def required_symbols(code: bytes) -> set[str]:
    """The symbols without which an ELF file does not load."""
    from elftools.elf.elffile import ELFFile

    table: Any = ELFFile(io.BytesIO(code)).get_section_by_name(".dynsym")
    return {one.name for one in table.iter_symbols() if one["st_shndx"] == "SHN_UNDEF" and one["st_info"]["bind"] == "STB_GLOBAL"}


def mach_o_libraries(code: bytes) -> list[str]:
    """A header of 32 bytes, which has the number of commands; each command begins with its kind and size."""
    (commands,) = struct.unpack_from("<I", code, 16)
    found, at = [], 32
    for _ in range(commands):
        kind, size, name = struct.unpack_from("<III", code, at)
        if kind in LOAD_DYLIB:
            found.append(code[at + name : at + size].split(b"\0")[0].decode())
        at += size
    return found
