package io.leukostream.ingest.vault;

import io.leukostream.ingest.domain.Identifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Identifiers that a version before blanks were made alike kept with a no-break space or several blanks. They are written as
 * they are looked for now; where another row has that already, both stay, and the data officer merges the patients.
 */
final class OlderIdentifiers {
    private static final Logger LOG = Logger.getLogger(OlderIdentifiers.class);

    private OlderIdentifiers() {}

    private record Row(String code, String identifier) {}

    static void rewrite(Connection connection) throws SQLException {
        for (String table : List.of("patient", "specimen")) {
            String condition = Identifier.signsOfOthers().stream()
                    .map(sign -> "identifier like ?")
                    .collect(Collectors.joining(" or "));
            List<Row> older = VaultDatabase.list(
                    connection,
                    row -> new Row(row.getString(1), row.getString(2)),
                    "select code, identifier from " + table + " where " + condition,
                    Identifier.signsOfOthers().stream()
                            .map(sign -> "%" + sign + "%")
                            .toArray());
            int left = 0;
            for (Row row : older) {
                String kept = Identifier.kept(row.identifier());
                int changed = VaultDatabase.update(
                        connection,
                        "update " + table + " set identifier = ? where code = ?" + " and not exists (select 1 from "
                                + table + " other where other.identifier = ?)",
                        kept,
                        row.code(),
                        kept);
                left += 1 - changed;
            }
            if (left > 0) {
                LOG.warnf(
                        "%d rows of the table %s differ from others by blanks only: one patient may have two codes, to be"
                                + " merged",
                        left, table);
            }
        }
    }
}
