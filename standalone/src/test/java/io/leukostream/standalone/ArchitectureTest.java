package io.leukostream.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the walls of the program. */
@AnalyzeClasses(packages = "io.leukostream.standalone", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule roomsDoNotKnowTheCommands = noClasses()
            .that()
            .resideInAnyPackage(
                    "..accounting..", "..audit..", "..requeue..", "..topics..", "..client..", "..supervisor..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..cli..", "picocli..")
            .because("a command calls a room; give the room what it needs as arguments");

    @ArchTest
    static final ArchRule roomsDoNotKnowEachOther = noClasses()
            .that()
            .resideInAnyPackage("..accounting..", "..audit..", "..requeue..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..client..", "..supervisor..")
            .because("the accounting, the audit and requeue know the topics and nothing else; pass them addresses");

    @ArchTest
    static final ArchRule theBalanceIsPure = noClasses()
            .that()
            .haveSimpleName("ImageLog")
            .or()
            .haveSimpleName("Balance")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache..", "io.apicurio..", "io.leukostream.events..")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .because("what counts as lost is decided without Kafka and without a clock; turn records into its terms in"
                    + " Reconciliation");

    @ArchTest
    static final ArchRule theChoiceIsPure = noClasses()
            .that()
            .haveSimpleName("ImageFates")
            .or()
            .haveSimpleName("Wanted")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "io.apicurio..")
            .because("what is sent again is decided without Kafka; talk to it in NewAttempts");

    @ArchTest
    static final ArchRule theCheckIsPure = noClasses()
            .that()
            .haveSimpleName("ChainCheck")
            .or()
            .haveSimpleName("Link")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache..", "io.apicurio..", "io.leukostream.events..")
            .because("what counts as changed is decided without Kafka; turn records into its terms in AuditLog");

    @ArchTest
    static final ArchRule theAgentStandsAlone = noClasses()
            .that()
            .haveSimpleName("ParentWatch")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("java..", "io.leukostream.standalone.supervisor")
            .because("it is loaded into processes that have none of our libraries");
}
