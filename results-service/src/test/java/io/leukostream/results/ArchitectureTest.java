package io.leukostream.results;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.leukostream.results", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule DOMAIN_IS_PURE = classes()
            .that()
            .resideInAPackage("..results.domain..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "org.apache.commons.numbers..",
                    "org.apache.commons.statistics..",
                    "io.leukostream.results.domain..")
            .because("the domain is a function of the evidence: turn records into its values in the room that reads"
                    + " them, and pass time as an argument");

    @ArchTest
    static final ArchRule DOMAIN_HAS_NO_CLOCK = noClasses()
            .that()
            .resideInAPackage("..results.domain..")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .because("a verdict must not depend on when it was computed: take the time as an argument");

    @ArchTest
    static final ArchRule ONLY_TOPOLOGY_KNOWS_STREAMS = noClasses()
            .that()
            .resideOutsideOfPackage("..results.topology..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka.streams..", "org.rocksdb..")
            .because("stores are asked through topology.ResultsStores; add the question there");

    @ArchTest
    static final ArchRule TOPOLOGY_HAS_NO_CLOCK = noClasses()
            .that()
            .resideInAPackage("..results.topology..")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("take the record's time, or the wall clock that Streams passes to a punctuation");

    @ArchTest
    static final ArchRule ONLY_FHIR_KNOWS_HAPI = noClasses()
            .that()
            .resideOutsideOfPackage("..results.fhir..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ca.uhn..", "org.hl7..")
            .because("the verdict becomes FHIR in the room fhir and nowhere else");

    @ArchTest
    static final ArchRule ONLY_NOTIFICATION_KNOWS_CLOUD_EVENTS = noClasses()
            .that()
            .resideOutsideOfPackage("..results.notification..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.cloudevents..")
            .because("an alert becomes a CloudEvent in the room notification and nowhere else");

    @ArchTest
    static final ArchRule ONLY_NOTIFICATION_SENDS_MAIL = noClasses()
            .that()
            .resideOutsideOfPackages("..results.notification..", "..results.config..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.quarkus.mailer..")
            .because("mail is a channel: add it in the room notification; config only hands the mailer in");

    @ArchTest
    static final ArchRule NOTIFICATION_KNOWS_NO_WEB = noClasses()
            .that()
            .resideInAPackage("..results.notification..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.ws..", "io.leukostream.results.rest..", "io.leukostream.results.stream..")
            .because("a channel is told what to say and where to note it; it asks nobody");

    @ArchTest
    static final ArchRule NOBODY_READS_PAST_THE_ROUTING = noClasses()
            .that()
            .resideOutsideOfPackages("..results.topology..", "..results.instances..", "..results.config..")
            .should()
            .dependOnClassesThat()
            .haveSimpleName("LocalStores")
            .because(
                    "what this instance holds is a part of everything: ask topology.ResultsStores, which asks the owner");

    @ArchTest
    static final ArchRule TOPOLOGY_KNOWS_NO_WEB = noClasses()
            .that()
            .resideInAnyPackage("..results.topology..", "..results.evidence..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.ws..", "io.leukostream.results.rest..", "io.leukostream.results.stream..")
            .because("imports run one way: web → topology → domain");

    @ArchTest
    static final ArchRule ONLY_AUDIT_KNOWS_KEYS = noClasses()
            .that()
            .resideOutsideOfPackages("..results.audit..", "..results.notification..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.security.Signature")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.security.Key.class)
            .because(
                    "the private key stays in audit.SiteKey; ask it to sign or to verify (a webhook's shared secret is the"
                            + " room notification's own)");

    @ArchTest
    static final ArchRule ONLY_CSV_KNOWS_ITS_LIBRARY = noClasses()
            .that()
            .resideOutsideOfPackage("..results.csv..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.commons.csv..")
            .because("tables are written in the room csv, which guards them against formulas");

    @ArchTest
    static final ArchRule THE_STUDY_KNOWS_THE_DOMAIN = classes()
            .that()
            .resideInAPackage("..results.study..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "com.fasterxml.jackson..",
                    "io.leukostream.results.domain..",
                    "io.leukostream.results.study..")
            .because("the study runs without the service: let it call the domain, and read the bundle itself");

    @ArchTest
    static final ArchRule NOBODY_KNOWS_THE_STUDY = noClasses()
            .that()
            .resideOutsideOfPackage("..results.study..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..results.study..")
            .because("it is a program beside the service");
}
