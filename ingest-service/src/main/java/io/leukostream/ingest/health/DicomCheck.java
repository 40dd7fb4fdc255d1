package io.leukostream.ingest.health;

import io.leukostream.ingest.dicom.DicomStanding;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Says how the DICOM door is; always ready, since the other doors need no Orthanc. */
@Readiness
@Singleton
final class DicomCheck implements HealthCheck {
    private final DicomStanding standing;

    DicomCheck(DicomStanding standing) {
        this.standing = standing;
    }

    @Override
    public HealthCheckResponse call() {
        DicomStanding.Now now = standing.now();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("dicom")
                .up()
                .withData("state", now.state().name())
                .withData("changesBehind", now.behind());
        if (now.lastPoll() != null) {
            response.withData("lastPoll", now.lastPoll().toString());
        }
        return response.build();
    }
}
