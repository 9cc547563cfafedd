"""What the end-to-end tests share: running esimctl, and a second PC/SC program."""

import ctypes
import json
import os
import subprocess
import time

ESIMCTL = os.environ.get("ESIMCTL", "build/esimctl")


class Result:
    def __init__(self, code, out, err):
        self.code = code
        self.out = out
        self.err = err

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f"exit {self.code}\n{self.out}{self.err}"


def esimctl(*words, **environment):
    process = subprocess.run(
        [ESIMCTL, *words], capture_output=True, text=True, check=False, timeout=90, env={**os.environ, **environment}
    )
    return Result(process.returncode, process.stdout, process.stderr)


def start(*words):
    return subprocess.Popen([ESIMCTL, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def expect(condition, what, result=""):
    if not condition:
        raise SystemExit(f"failed: {what}\n{result}")
    print(f"ok: {what}")


class ReaderState(ctypes.Structure):
    """SCARD_READERSTATE of pcsc-lite."""

    _fields_ = [
        ("reader", ctypes.c_char_p),
        ("user_data", ctypes.c_void_p),
        ("current", ctypes.c_ulong),
        ("event", ctypes.c_ulong),
        ("atr_length", ctypes.c_ulong),
        ("atr", ctypes.c_ubyte * 33),
    ]


def wait_for_card(present, since=None, reader="Virtual PCD 00 00", seconds=20):
    """Until a card is in the reader, or none, and cards came and went another number of times than `since`. That
    number: what a program sees of a card that is reset may be no card, too, before the daemon has looked."""
    lib = ctypes.CDLL("libpcsclite.so.1")
    context = ctypes.c_long()
    lib.SCardEstablishContext(2, None, None, ctypes.byref(context))
    state = ReaderState(reader=reader.encode())
    deadline = time.monotonic() + seconds
    timeout = 0
    while True:
        lib.SCardGetStatusChange(context, ctypes.c_ulong(timeout), ctypes.byref(state), 1)
        empty, there = state.event & 0x10, state.event & 0x20 and state.atr_length
        number = state.event >> 16
        if (there if present else empty) and number != since:
            break
        if time.monotonic() > deadline:
            raise RuntimeError(f"the card in {reader} did not {'come' if present else 'go'}")
        state.current = state.event
        timeout = 500
    lib.SCardReleaseContext(context)
    return number


def enabled(*card):
    profiles = esimctl("list", "--json", *card).json()["profiles"]
    return [profile["nickname"] for profile in profiles if profile["state"] == "enabled"]


class OtherProgram:
    """Another program on the card, by libpcsclite itself."""

    SCOPE_SYSTEM, SHARE_EXCLUSIVE, SHARE_SHARED, PROTOCOL_ANY, LEAVE_CARD = 2, 1, 2, 3, 0

    class Pci(ctypes.Structure):
        _fields_ = [("protocol", ctypes.c_ulong), ("length", ctypes.c_ulong)]

    def __init__(self, reader="Virtual PCD 00 00", share=SHARE_SHARED):
        self.lib = ctypes.CDLL("libpcsclite.so.1")
        self.context = ctypes.c_long()
        self.card = ctypes.c_long()
        self.protocol = ctypes.c_ulong()
        self._call("SCardEstablishContext", self.SCOPE_SYSTEM, None, None, ctypes.byref(self.context))
        self._call(
            "SCardConnect",
            self.context,
            reader.encode(),
            share,
            self.PROTOCOL_ANY,
            ctypes.byref(self.card),
            ctypes.byref(self.protocol),
        )

    def _call(self, name, *arguments):
        code = getattr(self.lib, name)(*arguments)
        if code != 0:
            raise RuntimeError(f"{name}: {code & 0xFFFFFFFF:08X}")

    def begin(self):
        self._call("SCardBeginTransaction", self.card)

    def end(self):
        self._call("SCardEndTransaction", self.card, self.LEAVE_CARD)

    def transmit(self, command):
        octets = bytes.fromhex(command)
        answer = ctypes.create_string_buffer(300)
        length = ctypes.c_ulong(len(answer))
        pci = self.Pci(self.protocol.value, ctypes.sizeof(self.Pci))
        self._call(
            "SCardTransmit", self.card, ctypes.byref(pci), octets, len(octets), None, answer, ctypes.byref(length)
        )
        return answer.raw[: length.value].hex().upper()

    def leave(self):
        self._call("SCardDisconnect", self.card, self.LEAVE_CARD)
        self._call("SCardReleaseContext", self.context)
