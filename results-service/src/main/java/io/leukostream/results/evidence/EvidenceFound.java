package io.leukostream.results.evidence;

import io.leukostream.events.ImageEvidence;

/** What a reading of evidence came to. */
public sealed interface EvidenceFound {
    /** It was read. */
    record Read(ImageEvidence evidence) implements EvidenceFound {}

    /** It is past its retention. */
    record Gone() implements EvidenceFound {}

    /** The broker did not give it in time. */
    record Unavailable(String reason) implements EvidenceFound {}
}
