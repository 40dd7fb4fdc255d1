package io.leukostream.inference;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the walls between the rooms. */
@AnalyzeClasses(packages = "io.leukostream.inference", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.leukostream.inference.";

    @ArchTest
    static final ArchRule domainIsPure = classes()
            .that()
            .resideInAPackage(ROOT + "domain..")
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage("java..", "org.jspecify..", ROOT + "domain..", "io.leukostream.schemas"))
            .because(
                    "policies must be testable without anything; move what needs a library to that library's room; what an"
                            + " image may state is in the schemas, since ingest asks it too");

    @ArchTest
    static final ArchRule onlyImagingKnowsOpenCv = only("imaging", "org.bytedeco..");

    @ArchTest
    static final ArchRule onlyOnnxKnowsOnnxRuntime = only("onnx", "ai.onnxruntime..");

    @ArchTest
    static final ArchRule onlyMessagingKnowsKafka =
            only("messaging", "org.apache.kafka..", "io.apicurio..", "org.apache.avro..", "io.leukostream.events..");

    @ArchTest
    static final ArchRule onlyMetricsKnowsMicrometer = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "metrics..", ROOT + "assembly..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.micrometer.."))
            .because("measuring is a decorator; wrap the port in the metrics room");

    @ArchTest
    static final ArchRule pipelineKnowsNoMechanism = classes()
            .that()
            .resideInAPackage(ROOT + "pipeline..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "org.jboss.logging..",
                    "io.leukostream.schemas..",
                    ROOT + "domain..",
                    ROOT + "pipeline.."))
            .because("the layouts work through the ports of the domain");

    @ArchTest
    static final ArchRule onlyAssemblyReadsConfiguration = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "config..", ROOT + "assembly..", ROOT + "health..")
            .should()
            .dependOnClassesThat(resideInAPackage(ROOT + "config.."))
            .because("rooms take values; turn configuration into them in assembly");

    private static ArchRule only(String room, String... libraries) {
        DescribedPredicate<com.tngtech.archunit.core.domain.JavaClass> library = resideInAnyPackage(libraries);
        return noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + room + "..")
                .should()
                .dependOnClassesThat(library)
                .because("each mechanism has one room; give " + room + " a method that answers in the domain's words");
    }
}
