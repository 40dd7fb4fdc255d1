package io.leukostream.inference.messaging;

import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.domain.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Remembers across the death of the process which images were being worked on, because native code that crashes takes the
 * process with it and leaves no exception. Images that were in progress when the process died are suspects: they are
 * worked on one at a time, while nothing else is. One that was in progress alone at two deaths is guilty.
 *
 * <p>A process that somebody killed died of no image, so that such a death counts only where it comes again and again: the
 * system's memory guard kills as a person does. Where it is not known how the process died, it counts as a crash.
 *
 * <p>One small file for each lane, written before work begins and after it ended. It need not survive a power cut: then
 * nobody is under suspicion.
 */
final class CrashJournal {
    private static final int GUILTY = 2;
    private static final int GUILTY_OF_KILLS = 5;
    /** Exit statuses of a process that SIGINT, SIGKILL and SIGTERM ended. */
    private static final Set<Integer> KILLED = Set.of(130, 137, 143);

    /** How often the process died while it worked on an image alone. */
    private record Deaths(int crashes, int kills) {
        static final Deaths NONE = new Deaths(0, 0);

        Deaths andOne(boolean killed) {
            return killed ? new Deaths(crashes, kills + 1) : new Deaths(crashes + 1, kills);
        }
    }

    private final Path folder;
    private final Map<Source, Deaths> deathsAlone = new HashMap<>();
    private final Map<Priority, Set<Source>> inProgress = new EnumMap<>(Priority.class);

    /**
     * Reads what the last process left.
     *
     * @param folder exists
     * @param exitStatus of the last process; empty where nobody knows it
     */
    CrashJournal(Path folder, OptionalInt exitStatus) {
        this.folder = folder;
        for (Priority lane : Priority.values()) {
            inProgress.put(lane, new LinkedHashSet<>());
            for (String line : lines(lane)) {
                String[] fields = line.split(" ", -1);
                Source source = new Source(fields[0], Integer.parseInt(fields[1]), Long.parseLong(fields[2]));
                deathsAlone.put(
                        source,
                        new Deaths(Integer.parseInt(fields[3]), fields.length > 4 ? Integer.parseInt(fields[4]) : 0));
            }
        }
        if (deathsAlone.size() == 1) {
            boolean killed = exitStatus.isPresent() && KILLED.contains(exitStatus.getAsInt());
            deathsAlone.replaceAll((_, deaths) -> deaths.andOne(killed));
        }
    }

    /** Whether the image was in progress when the process died, so that it must be worked on alone. */
    synchronized boolean isSuspect(Source source) {
        return deathsAlone.containsKey(source);
    }

    /** Whether the process died too often while it worked on that image alone. */
    synchronized boolean isGuilty(Source source) {
        Deaths deaths = deathsAlone.getOrDefault(source, Deaths.NONE);
        return deaths.crashes() >= GUILTY || deaths.kills() >= GUILTY_OF_KILLS;
    }

    /** Work on these begins. */
    synchronized void begin(Priority lane, Collection<Source> sources) {
        lane(lane).addAll(sources);
        write(lane);
    }

    /** Work on these ended, however it did. */
    synchronized void end(Priority lane, Collection<Source> sources) {
        sources.forEach(lane(lane)::remove);
        write(lane);
    }

    /** These have their outcome, so they are suspects no more. */
    synchronized void acquit(Collection<Source> sources) {
        if (!deathsAlone.isEmpty()) {
            sources.forEach(deathsAlone::remove);
        }
    }

    private Set<Source> lane(Priority lane) {
        return inProgress.getOrDefault(lane, Set.of());
    }

    private void write(Priority lane) {
        String text = lane(lane).stream()
                .map(source -> {
                    Deaths deaths = deathsAlone.getOrDefault(source, Deaths.NONE);
                    return source.topic() + " " + source.partition() + " " + source.offset() + " " + deaths.crashes()
                            + " " + deaths.kills() + "\n";
                })
                .collect(Collectors.joining());
        try {
            Files.writeString(file(lane), text);
        } catch (IOException e) {
            throw new UncheckedIOException("what is in progress cannot be written to " + file(lane), e);
        }
    }

    private List<String> lines(Priority lane) {
        try {
            Path file = file(lane);
            List<String> whole = new ArrayList<>();
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    // A process that was killed while it wrote leaves a line that ends early.
                    if (line.matches("\\S+ \\d+ \\d+ \\d+( \\d+)?")) {
                        whole.add(line);
                    }
                }
            }
            return whole;
        } catch (IOException e) {
            throw new UncheckedIOException("what was in progress cannot be read", e);
        }
    }

    private Path file(Priority lane) {
        return folder.resolve("in-progress-" + LaneSettings.name(lane));
    }
}
