"""`python3 -m leukostream_training <command>`, run in the folder `training`. Steps in their order: organise, clean, explore, train,
evaluate, export, golden."""
import argparse
from pathlib import Path
import sys


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="leukostream_training", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    organise = commands.add_parser("organise", help="index every image, find and cut the cells, choose the folds; goes on where it was ended")
    source = organise.add_mutually_exclusive_group()
    source.add_argument("--release", type=Path, metavar="DIR", help="a full download of C-NMC 2019, verified against the manifest")
    source.add_argument("--own", type=Path, nargs=2, metavar=("DIR", "CSV"), help="your own cells: a folder and a CSV with file, label and subject")
    source.add_argument("--shared", action="store_true", help="the shared data (the default where nothing was organised yet)")
    organise.add_argument("--partial", action="store_true", help="with --release: take what is there of an unfinished download")
    clean = commands.add_parser("clean", help="find exact and near duplicates and odd images; refuse a split that leaks")
    clean.add_argument("--split", type=Path, metavar="CSV", help="also check a split of yours: a CSV with file and part")
    commands.add_parser("explore", help="write work/explore.html: classes, subjects, sizes, colours, duplicates, the area baseline, hardest cells")
    train = commands.add_parser("train", help="cut the typed cells and train what is not trained yet")
    train.add_argument("--only", nargs="+", metavar="PART", help="some of typed, fine-tuned-look-0, ..., scratch-look-3")
    train.add_argument("--threads", type=int, default=2, help="threads of PyTorch (default 2)")
    commands.add_parser("evaluate", help="every figure: subjects and look-groups left out, calibration, types, refusal")
    export = commands.add_parser("export", help="write the bundle (model.onnx, model.json), evaluation.json and the model card")
    export.add_argument("--network", type=Path, metavar="FILE", help="take this model.onnx as it is, if it answers as what was trained: only the description is new")
    commands.add_parser("golden", help="write the golden data that the Java tests compare with")
    commands.add_parser("look-groups", help="write look-groups.json from the images of C-NMC (it is committed: only to check it)")
    return top


def run(chosen) -> int:
    if chosen.command == "organise":
        from . import organising, sources
        from .organising import Progress
        if chosen.partial and not chosen.release:
            raise sources.BadInput("--partial", ["goes with --release DIR"])
        progress = Progress("checking the release")
        source = (sources.named("release", [chosen.release] + (["--partial"] if chosen.partial else []), progress) if chosen.release
                  else sources.named("own", chosen.own) if chosen.own else sources.named("shared") if chosen.shared else None)
        organising.organise(source=source)
        return 0
    if chosen.command == "clean":
        from . import cleaning
        return 1 if cleaning.clean(split=chosen.split)["refused"] else 0
    if chosen.command == "explore":
        from . import exploring
        exploring.explore()
        return 0
    if chosen.command == "look-groups":
        from . import looks
        looks.write()
        return 0
    from . import training
    if chosen.command == "golden":
        from . import golden
        training.use_threads(1)
        golden.write()
        return 0
    from .organising import organise
    training.use_threads(chosen.threads if chosen.command == "train" else 2)
    organised = organise()
    if chosen.command == "train":
        from . import typed
        typed.cut()
        training.train(organised, only=chosen.only)
    elif chosen.command == "evaluate":
        from . import evaluation
        evaluation.evaluate(organised)
    else:
        from . import bundle
        bundle.export(organised, kept_network=chosen.network)
    return 0


def main(arguments=None) -> int:
    from .cleaning import LeakingSplit
    from .sources import BadInput
    try:
        return run(parser().parse_args(arguments))
    except (BadInput, LeakingSplit, FileNotFoundError) as refused:
        print("leukostream_training: %s" % refused, file=sys.stderr)
        return 2


if __name__ == "__main__":
    raise SystemExit(main())
