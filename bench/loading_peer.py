#!/usr/bin/python3
"""Windows of 8 frames drawn at random from videos: gyre and python3-av (Debian's), in turns.

    apt-get install python3-av
    bench/loading_peer.py --gyre build/gyre --json -

Both read the same files. The peer opens the file for each window ("reopen"), or keeps file and
decoder open ("open"), as a data loader of one process and of one process a core does. Pictures end
as RGB in one array of the batch on both sides. A ratio compares equal numbers of cores, to which
both are bound, with a process and a decoding thread for each: medians over the rounds.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import time

import av
import numpy

WINDOW, BATCH = 8, 16


def read_window(container, first, fps, out):
    stream = container.streams.video[0]
    container.seek(int(first / fps / stream.time_base), stream=stream)
    done = 0
    for frame in container.decode(stream):
        if frame.time < (first - 0.5) / fps:
            continue
        out[done] = frame.to_ndarray(format="rgb24")
        done += 1
        if done == WINDOW:
            return
    raise RuntimeError("a window has fewer frames than asked for")


def draw_windows(file, reopen, seconds, seed, rates, cores):
    """Frames a second of one process, bound to so many cores with the others."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    container = av.open(str(file))
    stream = container.streams.video[0]
    frames, fps = stream.frames, float(stream.average_rate)
    batch = numpy.empty((BATCH, WINDOW, stream.height, stream.width, 3), numpy.uint8)
    rng = random.Random(seed)
    done, began = 0, time.monotonic()
    while time.monotonic() - began < seconds:
        for place in range(BATCH):
            first = rng.randrange(frames - WINDOW)
            if reopen:
                with av.open(str(file)) as fresh:
                    read_window(fresh, first, fps, batch[place])
            else:
                read_window(container, first, fps, batch[place])
            done += WINDOW
    rates.put(done / (time.monotonic() - began))


def peer_rate(file, reopen, seconds, processes):
    rates = multiprocessing.Queue()
    workers = [
        multiprocessing.Process(
            target=draw_windows, args=(file, reopen, seconds, seed, rates, processes)
        )
        for seed in range(processes)
    ]
    for worker in workers:
        worker.start()
    total = sum(rates.get() for _ in workers)
    for worker in workers:
        worker.join()
    return total


def gyre_rates(gyre, folder):
    command = [gyre, "bench", "data", "--part", "loading", "--train-steps", "0"]
    output = subprocess.run(
        command + ["--folder", str(folder), "--json", "-"], check=True, stdout=subprocess.PIPE
    ).stdout
    return json.loads(output)["loading"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gyre", default="build/gyre", help="the program")
    parser.add_argument("--folder", default="bench_loading", help="for the videos; kept if there")
    parser.add_argument("--seconds", type=float, default=4, help="of each measurement of the peer")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", default="-", help="file for the result, - for standard output")
    options = parser.parse_args()

    folder = pathlib.Path(options.folder)
    own = not folder.exists()
    if own:
        subprocess.run(
            [options.gyre, "bench", "data", "--part", "loading-files", "--folder", str(folder)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    cores = os.cpu_count()
    counts = sorted({1, cores})
    ours, theirs, reports = {}, {}, []
    for round_number in range(options.rounds):
        print(f"round {round_number + 1} of {options.rounds}", file=sys.stderr)
        reports.append(gyre_rates(options.gyre, folder))
        for row in reports[-1]["windows"]:
            ours.setdefault((row["codec"], row["workers"]), []).append(row["frames_per_s"])
        for codec in ("h264", "av1"):
            file = next((folder / codec / "videos").rglob("*.mp4"))
            for mode in ("reopen", "open"):
                for count in counts:
                    rate = peer_rate(file, mode == "reopen", options.seconds, count)
                    theirs.setdefault((codec, mode, count), []).append(rate)
    rows = []
    for (codec, mode, count), rates in theirs.items():
        gyre, peer = statistics.median(ours[codec, count]), statistics.median(rates)
        rows.append(
            {
                "codec": codec,
                "peer": mode,
                "processes": count,
                "gyre_frames_per_s": gyre,
                "peer_frames_per_s": peer,
                "ratio": gyre / peer,
            }
        )
    result = {"python3_av": av.__version__, "cores": cores, "windows": rows, "gyre": reports}
    if own:
        shutil.rmtree(folder)
    text = json.dumps(result, indent=2)
    if options.json == "-":
        print(text)
    else:
        pathlib.Path(options.json).write_text(text + "\n")


if __name__ == "__main__":
    main()
