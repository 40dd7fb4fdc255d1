package io.leukostream.ingest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.leukostream.ingest", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule domainIsPure = classes()
            .that()
            .resideInAPackage("..ingest.domain..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "..ingest.domain..", "io.leukostream.schemas")
            .because("the domain is tested without a server: pass what it needs in as a value; how names are spelled is"
                    + " in the schemas, since inference asks it too");

    @ArchTest
    static final ArchRule domainDoesNoInputOrOutput = noClasses()
            .that()
            .resideInAPackage("..ingest.domain..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.io..", "java.nio.file..", "java.net..", "java.sql..")
            .because("the domain takes bytes and text: read them in another room");

    @ArchTest
    static final ArchRule sanitisingIsPure = classes()
            .that()
            .resideInAPackage("..ingest.sanitising..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang..",
                    "java.nio",
                    "java.nio.charset..",
                    "java.util..",
                    "org.jspecify..",
                    "..ingest.domain..",
                    "..ingest.sanitising..")
            .because("it takes bytes and gives bytes: what is published must not depend on anything else");

    @ArchTest
    static final ArchRule onlyMessagingKnowsTheLog = noClasses()
            .that()
            .resideOutsideOfPackage("..ingest.messaging..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "io.apicurio..", "org.apache.avro..", "io.leukostream.events..")
            .because("only messaging writes records: give EventPublisher a method that takes domain values");

    @ArchTest
    static final ArchRule onlyVaultKnowsTheDatabase = noClasses()
            .that()
            .resideOutsideOfPackage("..ingest.vault..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "org.h2..", "org.postgresql..", "org.flywaydb..")
            .because("database errors quote identifiers: give Vault a method that takes domain values");

    @ArchTest
    static final ArchRule onlyRestKnowsHttp = noClasses()
            .that()
            .resideOutsideOfPackage("..ingest.rest..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.ws.rs..", "io.vertx..", "org.jboss.resteasy..", "io.quarkus.vertx..")
            .because("what is not about HTTP must not know it: return a domain value and let rest answer");

    @ArchTest
    static final ArchRule onlyFolderWalksThroughFolders = noClasses()
            .that()
            .resideOutsideOfPackage("..ingest.folder..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.nio.file.DirectoryStream")
            .because("names of files hold identifiers, and folder is where nothing of them is logged");

    @ArchTest
    static final ArchRule onlyDicomAsksOverHttp = noClasses()
            .that()
            .resideOutsideOfPackages("..ingest.dicom..", "..ingest.messaging..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net.http..")
            .because(
                    "messaging asks the registry, and what Orthanc answers holds identifiers, and dicom is where nothing of it is logged");

    @ArchTest
    static final ArchRule onlyMetricsKnowsTheMeters = noClasses()
            .that()
            .resideOutsideOfPackage("..ingest.metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..")
            .because("a label may hold nothing that was submitted: give IngestMetrics or FolderMetrics a method");

    @ArchTest
    static final ArchRule onlyContractsAreShared = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.leukostream.inference..",
                    "io.leukostream.results..",
                    "io.leukostream.simulator..",
                    "io.leukostream.standalone..",
                    "io.leukostream.embedded..")
            .because("services share contracts only: write the small record that you need again here");

    @ArchTest
    static final ArchRule inwards = noClasses()
            .that()
            .resideInAnyPackage(
                    "..ingest.messaging..",
                    "..ingest.vault..",
                    "..ingest.intake..",
                    "..ingest.folder..",
                    "..ingest.dicom..",
                    "..ingest.metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..ingest.rest..", "..ingest.config..", "..ingest.health..")
            .because("what is made by config and called by rest must not look back at them");
}
