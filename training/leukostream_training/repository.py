"""Where things are in the repository, and what it says of itself."""
import functools
import os
from pathlib import Path
import re
import subprocess
import sys

NAME = "leukostream-cells"
VERSION = "2.4.0"
JDK_AT_LEAST = 25


def repository() -> Path:
    return Path(__file__).resolve().parents[2]


def bundle_folder() -> Path:
    return repository() / "inference-service" / "models" / NAME / VERSION


def training_commit() -> str:
    """The commit whose `training` folder made this, or 'uncommitted' where the folder differs from it."""
    def git(*arguments):
        return subprocess.run(["git", "-C", str(repository()), *arguments], capture_output=True, text=True, check=True).stdout.strip()
    try:
        return "uncommitted" if git("status", "--porcelain", "--", "training") else git("rev-parse", "HEAD")
    except (OSError, subprocess.CalledProcessError):
        return "uncommitted"


def jdk() -> Path:
    """A JDK that runs the services: JAVA_HOME, else one of those installed where Debian has them.

    @raise FileNotFoundError where none is new enough
    """
    candidates = [Path(os.environ[name]) for name in ("LEUKOSTREAM_JAVA_HOME", "JAVA_HOME") if os.environ.get(name)]
    for home in candidates + sorted(Path("/usr/lib/jvm").glob("*")):
        release = home / "release"
        found = re.search(r'JAVA_VERSION="(\d+)', release.read_text()) if release.is_file() else None
        if found and int(found.group(1)) >= JDK_AT_LEAST and (home / "bin" / "javac").exists():
            return home
    raise FileNotFoundError("no JDK %d or newer: install one and set JAVA_HOME to it" % JDK_AT_LEAST)


@functools.cache
def java_test_program(name: str) -> tuple:
    """The command of a program among the inference service's tests, which is built first, and its environment."""
    module, home = repository() / "inference-service", jdk()
    environment = {**os.environ, "JAVA_HOME": str(home)}
    libraries = module / "target" / "classpath"

    def maven(*arguments):
        subprocess.run([str(repository() / "mvnw"), "-B", "-q", "-pl", "inference-service", *arguments], cwd=repository(), env=environment, check=True)

    print("building the inference service, which cuts the cells", file=sys.stderr, flush=True)
    maven("-am", "install", "-DskipTests", "-Dspotless.check.skip=true")
    if not libraries.exists():
        maven("dependency:build-classpath", "-Dmdep.outputFile=%s" % libraries)
    # On the command line a class path of this length makes ONNX Runtime crash.
    environment["CLASSPATH"] = ":".join([str(module / "target" / "classes"), str(module / "target" / "test-classes"), libraries.read_text()])
    return [str(home / "bin" / "java"), "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", name], environment
