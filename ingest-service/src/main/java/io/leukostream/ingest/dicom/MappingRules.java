package io.leukostream.ingest.dicom;

import io.leukostream.ingest.domain.SpecimenKind;
import io.leukostream.ingest.domain.SpecimenType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a site sets about the meaning of its DICOM attributes.
 *
 * @param kind of images that do not state it
 * @param specimenType of specimens that do not state it; null where they must
 * @param isAccessionSpecimen whether the accession number names the specimen where nothing else does
 * @param homeIssuer the issuer whose patient identifiers are the site's own; null where none is named
 * @param pixelSizeMicrometres of images that state none, as the form writes it; null where none is known
 * @param scanner the alias of scanners that have none of their own
 * @param scanners aliases by calling AE title or station name
 * @param statCallers calling AE titles whose images are STAT
 * @param marrowCodes codes of marrow beside the known ones, {@code scheme:code}
 * @param bloodCodes codes of blood beside the known ones
 * @param mostFrames of one instance, ≥ 1
 * @param mostPixels of one frame, 1..2³¹−1
 */
public record MappingRules(
        SpecimenKind kind,
        @Nullable SpecimenType specimenType,
        boolean isAccessionSpecimen,
        @Nullable String homeIssuer,
        @Nullable String pixelSizeMicrometres,
        String scanner,
        Map<String, String> scanners,
        Set<String> statCallers,
        Set<String> marrowCodes,
        Set<String> bloodCodes,
        int mostFrames,
        long mostPixels) {
    private static final Pattern CODE = Pattern.compile("[^:\\s]{1,16}:\\S{1,16}");
    /** Bone marrow; bone marrow specimen, one by aspiration. The second scheme is DICOM's older one. */
    private static final Set<String> MARROW = Set.of("SCT:14016003", "SCT:119359002", "SCT:396997002", "SRT:T-C1000");
    /** Blood; blood specimen, venous, capillary, arterial. */
    private static final Set<String> BLOOD =
            Set.of("SCT:87612001", "SCT:119297000", "SCT:122555007", "SCT:122554006", "SCT:122552005", "SRT:T-C2000");

    public MappingRules {
        scanners = Map.copyOf(scanners);
        statCallers = Set.copyOf(statCallers);
        marrowCodes = with(MARROW, "leukostream.dicom.marrow-codes", marrowCodes);
        bloodCodes = with(BLOOD, "leukostream.dicom.blood-codes", bloodCodes);
        if (mostFrames < 1) {
            throw new IllegalArgumentException("leukostream.dicom.max-frames must be at least 1, not " + mostFrames);
        }
    }

    /** Reads {@code AE-TITLE=alias} pairs. */
    public static Map<String, String> scanners(List<String> pairs) {
        Map<String, String> scanners = new HashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1 || equals == pair.length() - 1) {
                throw new IllegalArgumentException("leukostream.dicom.scanners must be title=alias pairs, not " + pair);
            }
            scanners.put(
                    pair.substring(0, equals).strip(),
                    pair.substring(equals + 1).strip());
        }
        return scanners;
    }

    private static Set<String> with(Set<String> known, String key, Set<String> more) {
        Set<String> all = new HashSet<>(known);
        for (String code : more) {
            if (!CODE.matcher(code).matches()) {
                throw new IllegalArgumentException(key + " must be of the form scheme:code, not " + code);
            }
            all.add(code);
        }
        return Set.copyOf(all);
    }
}
