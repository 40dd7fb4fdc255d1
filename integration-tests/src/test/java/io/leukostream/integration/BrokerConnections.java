package io.leukostream.integration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The connections of processes to the broker, cut by the kernel with {@code ss -K} (Debian's iproute2; needs root, and a
 * kernel that lets sockets be destroyed).
 */
final class BrokerConnections {
    private static final Pattern LOCAL_PORT = Pattern.compile(":(\\d+)\\s+\\S+:\\d+\\s");

    private final String broker;

    /** @param bootstrapServers the broker's address */
    BrokerConnections(String bootstrapServers) {
        this.broker = bootstrapServers.substring(bootstrapServers.indexOf(':'));
    }

    /**
     * Breaks all of a process's connections to the broker at once.
     *
     * @return how many broke; 0 where this machine cannot do that, too
     */
    int cut(long pid) throws IOException, InterruptedException {
        List<String> before = ports(pid);
        if (before.isEmpty()) {
            return 0;
        }
        List<String> command = new ArrayList<>(List.of("ss", "-tnH", "-K", "dport", "=", broker, "and", "("));
        for (String port : before) {
            if (!command.getLast().equals("(")) {
                command.add("or");
            }
            command.addAll(List.of("sport", "=", ":" + port));
        }
        command.add(")");
        run(command);
        before.removeAll(ports(pid));
        return before.size();
    }

    private List<String> ports(long pid) throws IOException, InterruptedException {
        List<String> ports = new ArrayList<>();
        for (String line : run(List.of("ss", "-tnpH", "state", "established", "dport", "=", broker))
                .split("\n", -1)) {
            Matcher local = LOCAL_PORT.matcher(line);
            if (line.contains("pid=" + pid + ",") && local.find()) {
                ports.add(local.group(1));
            }
        }
        return ports;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            process.waitFor();
            return out;
        } catch (IOException e) {
            // No such program here.
            return "";
        }
    }
}
