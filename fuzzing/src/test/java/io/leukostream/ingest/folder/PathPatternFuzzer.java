package io.leukostream.ingest.folder;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import io.leukostream.fuzzing.Finding;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Map;
import java.util.Optional;

/**
 * Patterns and paths of the watched folder: what is no pattern is refused with what is wrong; what a path tells stands in it,
 * as it is written there, and is told for every field of the pattern.
 */
public final class PathPatternFuzzer {
    private PathPatternFuzzer() {}

    /** Jazzer calls it. */
    public static void fuzzerTestOneInput(FuzzedDataProvider data) {
        String text = data.consumeString(200);
        String name = data.consumeRemainingAsString();
        PathPattern pattern;
        try {
            pattern = new PathPattern(text);
        } catch (IllegalArgumentException e) {
            Finding.unless(
                    String.valueOf(e.getMessage()).startsWith("leukostream.watch.pattern must be"),
                    "what is wrong is not said: " + e);
            return;
        }
        Path path;
        try {
            path = Path.of(name);
        } catch (InvalidPathException e) {
            // No file has such a name.
            return;
        }
        Optional<Map<String, String>> told = pattern.read(path);
        if (told.isEmpty()) {
            return;
        }
        Finding.unless(
                told.get().keySet().equals(pattern.fields()),
                "told of " + told.get().keySet());
        String written = Normalizer.normalize(path.toString(), Normalizer.Form.NFC);
        told.get().forEach((field, value) -> {
            boolean isChoice = field.equals("kind") || field.equals("specimenType") || field.equals("priority");
            Finding.unless(isChoice || written.contains(value), field + " is " + value + ", which " + name + " is not");
        });
    }
}
