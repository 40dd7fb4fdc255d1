package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateGlobal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The style sheets and the script: browsers keep them for long, so their address changes when their content does. */
@TemplateGlobal
public final class Assets {

    /** Start of the hash of them all, in every page's links to them. */
    public static final String assets = fingerprint();

    private Assets() {}

    private static String fingerprint() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (String name : List.of("dashboard.css", "report.css", "live.js")) {
                try (InputStream in = Assets.class.getResourceAsStream("/META-INF/resources/dashboard/" + name)) {
                    if (in == null) {
                        throw new IllegalStateException(name + " is missing from this build");
                    }
                    sha256.update(in.readAllBytes());
                }
            }
            return HexFormat.of().formatHex(sha256.digest()).substring(0, 12);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
