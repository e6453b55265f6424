"""Run the plan on standard input, and print what came of it: both are JSON, as `bench.load` writes and reads them."""

import gc
import json
import resource
import sys

from bench.generator.recording import Recording
from bench.generator.running import Crowd
from bench.generator.scripts import SCRIPTS


def main() -> None:
    plan = json.load(sys.stdin)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    script = SCRIPTS[plan["script"]]
    recording = Recording(plan["watched"])
    crowd = Crowd(plan["port"], [script(client) for client in plan["clients"]], recording)
    gc.freeze()
    gc.disable()  # nothing here makes cycles
    crowd.run(plan["warm_up"], plan["seconds"])
    json.dump(recording.result(), sys.stdout)


if __name__ == "__main__":
    main()
