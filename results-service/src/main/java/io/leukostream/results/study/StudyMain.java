package io.leukostream.results.study;

import io.leukostream.results.domain.VerdictPolicy;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the study and prints its document: arguments are the bundle's folder, the seed, the patients for each fraction of
 * blasts, and perhaps the file to write instead. Progress goes to standard error. Started by {@code ./leukostream simulate
 * --study}; it needs the class path of the service and nothing of a running one.
 */
public final class StudyMain {
    /** The seed of the committed document. */
    static final long SEED = 1;
    /** The patients for each fraction of the committed document. */
    static final int PATIENTS = 1000;

    private StudyMain() {}

    /** Ends with status 1 and a sentence if the bundle cannot be used. */
    public static void main(String[] arguments) {
        if (arguments.length < 3 || arguments.length > 4) {
            System.err.println("arguments: BUNDLE SEED PATIENTS [FILE]");
            System.exit(2);
        }
        try {
            String document =
                    document(Path.of(arguments[0]), Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]));
            if (arguments.length == 4) {
                Files.writeString(Path.of(arguments[3]), document);
            } else {
                new PrintStream(System.out, true, StandardCharsets.UTF_8).print(document);
            }
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** The document of a study with the default policy. */
    static String document(Path bundle, long seed, int patients) throws IOException {
        Study study = new Study(VerdictPolicy.DEFAULT, ModelFile.read(bundle), patients, seed);
        System.err.println("Seed " + seed + ", " + patients + " patients for each fraction of blasts.");
        AtomicInteger told = new AtomicInteger();
        Study.Outcome outcome = study.run(share -> tell(told, (int) (share * 10)));
        return StudyDocument.of(study, outcome);
    }

    private static synchronized void tell(AtomicInteger told, int tenths) {
        if (told.get() < tenths) {
            told.set(tenths);
            System.err.println(tenths * 10 + " % of the study is done.");
        }
    }
}
