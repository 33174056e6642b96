"""The process of a plain room: imports what its notebook needs, and answers requests.

It is started by its path, and told on its standard input where to call.
"""

import importlib
import json
import os
import socket
import sys
import types


def main():
    """Get ready, call back, and answer requests until the channel closes."""
    settings = json.load(sys.stdin)
    channel = socket.create_connection(("127.0.0.1", settings["port"]))
    channel.sendall(settings["word"].encode())
    wire, shells, child, stand_ins, witnesses = (
        load(name, settings["modules"][name])
        for name in ("wire", "shell", "child", "stand_ins", "witness")
    )
    for name in settings["packages"]:
        try:
            importlib.import_module(name)
        except ImportError:
            # Each is used by some notebooks only; a cell that needs it says so.
            pass
    shell, collector = shells.create(settings["output_bytes"])
    if "matplotlib.pyplot" in sys.modules:
        shell.enable_matplotlib("inline")
    # As in a notebook, modules in the working folder can be imported; this file's folder is none.
    sys.path[:1] = ["", *settings["paths"]]
    sys.meta_path.insert(0, shells.NotHere(settings["hidden_package"]))
    witness = witnesses.Witness(settings["watched"], settings["libraries"])
    witness.start()
    parts = shell, collector, shells, wire, stand_ins, witness
    child.Child(channel, *parts, confine=lambda channel: None).serve()


def load(name, path):
    """Return the module of ours called `name`."""
    module = types.ModuleType(f"_room_{name}")
    sys.modules[module.__name__] = module
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), f"<{name}>", "exec", dont_inherit=True), module.__dict__)
    return module


if __name__ == "__main__":
    try:
        main()
    finally:
        os._exit(1)
