package io.leukostream.standalone.cli;

import io.leukostream.simulator.ImageKind;
import io.leukostream.simulator.ImageTruth;
import io.leukostream.simulator.SyntheticWard;
import io.leukostream.simulator.Truth;
import io.leukostream.simulator.Ward;
import io.leukostream.simulator.WardWriter;
import io.leukostream.standalone.client.Unreachable;
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

/** Draws a synthetic ward. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = "Draws synthetic smears with known truth, into a folder or into the running system."
                + " The same seed draws the same images.")
public final class SimulateCommand implements Callable<Integer> {
    @Option(names = "--out", paramLabel = "DIR", description = "Write images and truth.json there.")
    private @Nullable Path folder;

    @Option(names = "--push", description = "Push the images into the running system.")
    private boolean push;

    @Spec
    private CommandSpec spec;

    @Option(names = "--patients", required = true, paramLabel = "N", description = "How many patients.")
    private int patients;

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
        if (push == (folder != null)) {
            throw new ParameterException(spec.commandLine(), "Name either --out DIR or --push.");
        }
        Ward ward = SyntheticWard.plan(
                patients,
                blastFraction == null ? OptionalDouble.empty() : OptionalDouble.of(blastFraction),
                cells,
                kind,
                seed);
        if (folder != null) {
            Truth truth = WardWriter.write(folder, ward);
            System.out.println(truth.images().size() + " images and " + Truth.FILE_NAME + " in " + folder);
            return ExitCode.OK;
        }
        Map<String, ImageTruth> pushed = WardPush.push(system.endpoints(), ward);
        System.out.println(pushed.size() + " synthetic images pushed; the patients are named "
                + ward.specimens().getFirst().patient() + " and so on");
        return ExitCode.OK;
    }
}
