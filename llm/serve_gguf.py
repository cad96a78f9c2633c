"""A llama.cpp server for one GGUF file on loopback, in its own process. Knows nothing of what it is asked.

Run as: python -m llm.serve_gguf --model PATH --port N --threads 1 [--context 4096] [--parent PID]
Standard input gives, as its first line, the key that requests must carry. Prints "ready" or "unusable", once.
"""

import argparse
import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
NICENESS = 10  # patients' turns have priority over drafts for the nurse


def die_with(parent: int) -> None:
    """Has the kernel end this process when the thread that started it ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:  # it had ended already
        raise SystemExit(1)


def serve(model: str, port: int, threads: int, context: int, key: str) -> object:
    """Returns the running server, which stops when the object is deleted. Raises RuntimeError for an unusable file."""
    import xllamacpp  # after `die_with`: loading takes a moment, in which our parent may end

    params = xllamacpp.CommonParams()
    params.model.path = model
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.reuse_port = True  # the parent keeps the port reserved, also across restarts
    params.api_keys = [key]
    params.n_ctx = context
    params.n_parallel = 1
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.cache_ram_mib = 0  # so that no prompt is kept after its answer
    params.endpoint_slots = False  # this endpoint would show prompts
    params.endpoint_metrics = True
    params.ui = False
    params.verbosity = 0
    return xllamacpp.Server(params)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Serve one GGUF file on 127.0.0.1, OpenAI-compatible.")
    parser.add_argument("--model", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--context", type=int, default=4096)
    parser.add_argument("--parent", type=int, help="end when this process, our parent, ends")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    if options.parent:
        die_with(options.parent)
    os.nice(NICENESS)
    key = sys.stdin.readline().strip()
    try:
        server = serve(options.model, options.port, options.threads, options.context, key)
    except RuntimeError:
        print("unusable", flush=True)
        raise
    print("ready", flush=True)
    signal.pause()
    del server


if __name__ == "__main__":
    main()
