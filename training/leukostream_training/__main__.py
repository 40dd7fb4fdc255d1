"""`python3 -m leukostream_training <command>`, run in the folder `training`."""
import argparse


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(prog="leukostream_training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("organise", help="find the cells, choose the held-out subjects and the folds, cache the crops")
    commands.add_parser("look-groups", help="write look-groups.json from the images of C-NMC (it is committed: only to check it)")
    train = commands.add_parser("train", help="train what is not trained yet: the folds and the final network")
    train.add_argument("--only", nargs="+", metavar="PART", help="some of fold-0, fold-1, ..., final")
    train.add_argument("--threads", type=int, default=2, help="threads of PyTorch (default 2)")
    commands.add_parser("evaluate", help="out-of-fold figures, calibration, threshold and the held-out subjects")
    commands.add_parser("export", help="write the bundle (model.onnx, model.json) and the model card")
    commands.add_parser("golden", help="write the golden data that the Java tests compare with")
    chosen = parser.parse_args(arguments)

    from . import dataset, training
    if chosen.command == "organise":
        dataset.organise()
    elif chosen.command == "look-groups":
        from . import looks
        looks.write()
    elif chosen.command == "train":
        training.use_threads(chosen.threads)
        training.train(dataset.organise(), only=chosen.only)
    elif chosen.command == "evaluate":
        from . import evaluation
        training.use_threads()
        evaluation.evaluate(dataset.organise())
    elif chosen.command == "export":
        from . import bundle
        training.use_threads()
        bundle.export(dataset.organise())
    elif chosen.command == "golden":
        from . import golden
        training.use_threads(1)
        golden.write()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
