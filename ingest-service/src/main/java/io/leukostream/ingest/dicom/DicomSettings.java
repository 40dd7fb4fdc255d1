package io.leukostream.ingest.dicom;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which Orthanc is followed, and how. The text form leaves out the credentials.
 *
 * @param orthanc the root of its REST interface
 * @param username null where Orthanc asks for none
 * @param password null where there is no user name
 * @param source names this Orthanc among those that share a vault
 * @param holder names this instance of ingest among those that share a vault; only one of them follows
 * @param interval between two looks when there is nothing new, &gt; 0
 * @param timeout how long an answer may take, &gt; 0
 * @param workers instances that are taken in at once, 1..64
 */
public record DicomSettings(
        URI orthanc,
        @Nullable String username,
        @Nullable String password,
        String source,
        String holder,
        Duration interval,
        Duration timeout,
        int workers,
        MappingRules rules) {
    public DicomSettings {
        if (!"http".equals(orthanc.getScheme()) && !"https".equals(orthanc.getScheme())) {
            throw new IllegalArgumentException("leukostream.dicom.orthanc-url must begin with http:// or https://");
        }
        if (orthanc.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "leukostream.dicom.orthanc-url holds credentials: set .orthanc-username and .orthanc-password");
        }
        if ((username == null) != (password == null)) {
            throw new IllegalArgumentException(
                    "leukostream.dicom.orthanc-username and .orthanc-password are set together");
        }
        for (String name : new String[] {source, holder}) {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
                throw new IllegalArgumentException(
                        "leukostream.dicom.source and leukostream.instance must be 1 to 64 letters, digits and ._-: "
                                + name);
            }
        }
        if (!interval.isPositive() || !timeout.isPositive()) {
            throw new IllegalArgumentException(
                    "leukostream.dicom.interval and .timeout must be above 0: " + interval + ", " + timeout);
        }
        if (workers < 1 || workers > 64) {
            throw new IllegalArgumentException("leukostream.dicom.workers must lie in 1..64, not " + workers);
        }
    }

    @Override
    public String toString() {
        return "DicomSettings[" + source + ", " + interval + ", " + workers + "]";
    }
}
