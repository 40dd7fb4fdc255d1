package io.leukostream.ingest.health;

import io.leukostream.ingest.domain.UnavailableException;
import io.leukostream.ingest.vault.Vault;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the vault's database answers. */
@Readiness
@Singleton
final class VaultCheck implements HealthCheck {
    private final Vault vault;

    VaultCheck(Vault vault) {
        this.vault = vault;
    }

    @Override
    public HealthCheckResponse call() {
        try {
            vault.check();
            return HealthCheckResponse.up("vault");
        } catch (UnavailableException e) {
            return HealthCheckResponse.named("vault")
                    .down()
                    .withData("reason", e.getMessage())
                    .build();
        }
    }
}
