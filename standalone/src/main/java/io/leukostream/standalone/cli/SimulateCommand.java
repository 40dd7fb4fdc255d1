package io.leukostream.standalone.cli;

import io.leukostream.simulator.ImageKind;
import io.leukostream.simulator.ImageTruth;
import io.leukostream.simulator.SyntheticWard;
import io.leukostream.simulator.Truth;
import io.leukostream.simulator.Ward;
import io.leukostream.simulator.WardWriter;
import io.leukostream.standalone.client.Unreachable;
import io.leukostream.standalone.supervisor.Installation;
import io.leukostream.standalone.supervisor.StudyProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Draws a synthetic ward, or studies the verdict on virtual patients. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = "Draws synthetic smears with known truth, into a folder or into the running system."
                + " The same seed draws the same images. With --study: virtual patients without images, judged by the"
                + " verdict's own code at every look; prints how often it is wrong and what it needs.")
public final class SimulateCommand implements Callable<Integer> {
    private static final int STUDY_PATIENTS = 1000;

    @Option(
            names = "--out",
            paramLabel = "PATH",
            description = "Write images and truth.json into this folder; with --study, the document into this file.")
    private @Nullable Path out;

    @Option(names = "--study", description = "Study the verdict; see docs/operating-characteristics.md.")
    private boolean study;

    @Option(
            names = "--bundle",
            paramLabel = "DIR",
            description = "With --study: the folder of the bundle (default: the one that is shipped).")
    private @Nullable Path bundle;

    @Option(names = "--push", description = "Push the images into the running system.")
    private boolean push;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--patients",
            paramLabel = "N",
            description = "How many patients; with --study, for each fraction of blasts (default there: "
                    + STUDY_PATIENTS + ").")
    private @Nullable Integer patients;

    @Option(
            names = "--blast-fraction",
            paramLabel = "F",
            description = "Fraction of blasts of every patient, 0..1; by default every second patient has leukaemia.")
    private @Nullable Double blastFraction;

    @Option(
            names = "--cells",
            paramLabel = "N",
            description = "White cells per patient (default: ${DEFAULT-VALUE}).",
            defaultValue = "100")
    private int cells;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            converter = HyphenatedEnum.OfImageKind.class,
            description = "cell or field (default: ${DEFAULT-VALUE}).",
            defaultValue = "cell")
    private ImageKind kind;

    @Option(names = "--seed", paramLabel = "S", description = "Seed (default: ${DEFAULT-VALUE}).", defaultValue = "1")
    private long seed;

    @Mixin
    private SystemOptions system;

    @Override
    public Integer call() throws IOException, Unreachable, InterruptedException {
        if (study) {
            return study();
        }
        if (bundle != null) {
            throw new ParameterException(spec.commandLine(), "--bundle belongs to --study.");
        }
        if (patients == null) {
            throw new ParameterException(spec.commandLine(), "Say how many: --patients N.");
        }
        if (push == (out != null)) {
            throw new ParameterException(spec.commandLine(), "Name either --out DIR or --push.");
        }
        Ward ward = SyntheticWard.plan(
                patients,
                blastFraction == null ? OptionalDouble.empty() : OptionalDouble.of(blastFraction),
                cells,
                kind,
                seed);
        if (out != null) {
            Truth truth = WardWriter.write(out, ward);
            System.out.println(truth.images().size() + " images and " + Truth.FILE_NAME + " in " + out);
            return ExitCode.OK;
        }
        Map<String, ImageTruth> pushed = WardPush.push(system.endpoints(), ward);
        System.out.println(pushed.size() + " synthetic images pushed; the patients are named "
                + ward.specimens().getFirst().patient() + " and so on");
        return ExitCode.OK;
    }

    private int study() throws IOException, InterruptedException {
        if (push || blastFraction != null) {
            throw new ParameterException(
                    spec.commandLine(), "--study takes --seed, --patients, --bundle and --out only.");
        }
        Installation installation = Installation.current();
        int status = StudyProgram.run(
                installation,
                bundle == null ? installation.defaultModel() : bundle,
                seed,
                patients == null ? STUDY_PATIENTS : patients,
                out);
        if (status != 0) {
            return ExitCode.FAILED;
        }
        if (out != null) {
            System.out.println("The study is in " + out);
        }
        return ExitCode.OK;
    }
}
