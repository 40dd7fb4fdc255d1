package io.leukostream.ingest.vault;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ConnectionValidator;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.sql.SQLException;
import java.time.Duration;
import org.flywaydb.core.Flyway;

/**
 * A vault over a migrated database, with connections as the service has them: one instance of ingest, as far as the vault
 * is concerned.
 */
public record OpenVault(
        AgroalDataSource dataSource,
        VaultDatabase database,
        Vault vault,
        Merges merges,
        Disclosures disclosures,
        Erasures erasures,
        AccessLog log)
        implements AutoCloseable {

    public static OpenVault at(String url) throws SQLException {
        AgroalDataSource dataSource = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(20)
                        .acquisitionTimeout(Duration.ofSeconds(30))
                        .validateOnBorrow(true)
                        .connectionValidator(ConnectionValidator.defaultValidator())
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(url))));
        Flyway.configure()
                .dataSource(dataSource)
                .locations(
                        url.startsWith("jdbc:h2:")
                                ? new String[] {"db/vault"}
                                : new String[] {"db/vault", "db/postgresql"})
                .load()
                .migrate();
        VaultDatabase database = new VaultDatabase(dataSource);
        return new OpenVault(
                dataSource,
                database,
                new Vault(database),
                new Merges(database),
                new Disclosures(database),
                new Erasures(database),
                new AccessLog(database));
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
