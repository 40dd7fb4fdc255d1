package io.leukostream.results;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.StrictErrorHandler;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.leukostream.results.rest.AccountingJson;
import io.leukostream.results.rest.AcknowledgementRequest;
import io.leukostream.results.rest.AlertJson;
import io.leukostream.results.rest.AuditJson;
import io.leukostream.results.rest.AuditKeyJson;
import io.leukostream.results.rest.CellJson;
import io.leukostream.results.rest.ClosureRequest;
import io.leukostream.results.rest.DrawJson;
import io.leukostream.results.rest.DriftJson;
import io.leukostream.results.rest.FrameJson;
import io.leukostream.results.rest.FrameRequest;
import io.leukostream.results.rest.ImageJson;
import io.leukostream.results.rest.Page;
import io.leukostream.results.rest.PatientJson;
import io.leukostream.results.rest.ReviewAccepted;
import io.leukostream.results.rest.ReviewJson;
import io.leukostream.results.rest.ReviewRequest;
import io.leukostream.results.rest.ShadowResource;
import io.leukostream.results.rest.SpecimenJson;
import io.leukostream.results.rest.SystemJson;
import io.leukostream.results.rest.VerdictJson;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The description of the interface: nothing without a summary, no example that the code would not write. */
@QuarkusTest
@QuarkusTestResource(PlatformResource.class)
class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(com.fasterxml.jackson.databind.SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** What each operation that answers in JSON answers with. */
    private static final Map<String, TypeReference<?>> ANSWERS = Map.ofEntries(
            Map.entry("get /api/v1/patients", new TypeReference<Page<PatientJson>>() {}),
            Map.entry("get /api/v1/patients/{patientId}/verdict", new TypeReference<VerdictJson>() {}),
            Map.entry("get /api/v1/patients/{patientId}/audit", new TypeReference<AuditJson>() {}),
            Map.entry("get /api/v1/audit/key", new TypeReference<AuditKeyJson>() {}),
            Map.entry("get /api/v1/specimens/{specimenId}", new TypeReference<SpecimenJson>() {}),
            Map.entry("get /api/v1/specimens/{specimenId}/cells", new TypeReference<Page<CellJson>>() {}),
            Map.entry("post /api/v1/specimens/{specimenId}/frames", new TypeReference<FrameJson>() {}),
            Map.entry("get /api/v1/specimens/{specimenId}/draws", new TypeReference<Page<DrawJson>>() {}),
            Map.entry("post /api/v1/specimens/{specimenId}/reviews", new TypeReference<ReviewAccepted>() {}),
            Map.entry("delete /api/v1/specimens/{specimenId}/reviews/{cellId}", new TypeReference<ReviewAccepted>() {}),
            Map.entry("get /api/v1/images/{imageId}", new TypeReference<ImageJson>() {}),
            Map.entry("get /api/v1/alerts", new TypeReference<Page<AlertJson>>() {}),
            Map.entry("get /api/v1/alerts/{alertId}", new TypeReference<AlertJson>() {}),
            Map.entry("post /api/v1/alerts/{alertId}/acknowledgements", new TypeReference<AlertJson>() {}),
            Map.entry("post /api/v1/alerts/{alertId}/closures", new TypeReference<AlertJson>() {}),
            Map.entry("get /api/v1/specimens/{specimenId}/review", new TypeReference<ReviewJson>() {}),
            Map.entry("get /api/v1/system", new TypeReference<SystemJson>() {}),
            Map.entry("get /api/v1/accounting", new TypeReference<AccountingJson>() {}),
            Map.entry("get /api/v1/drift", new TypeReference<DriftJson>() {}),
            Map.entry("get /api/v1/shadow", new TypeReference<List<ShadowResource.Bundle>>() {}),
            Map.entry("get /api/v1/shadow/comparison", new TypeReference<ShadowResource.Comparison>() {}));

    private static final Map<String, TypeReference<?>> QUESTIONS = Map.of(
            "post /api/v1/specimens/{specimenId}/frames", new TypeReference<FrameRequest>() {},
            "post /api/v1/specimens/{specimenId}/reviews", new TypeReference<ReviewRequest>() {},
            "post /api/v1/alerts/{alertId}/acknowledgements", new TypeReference<AcknowledgementRequest>() {},
            "post /api/v1/alerts/{alertId}/closures", new TypeReference<ClosureRequest>() {});

    private JsonNode paths;

    @BeforeEach
    void read() throws JsonProcessingException {
        paths = JSON.readTree(given().get("/q/openapi?format=json").asString()).path("paths");
    }

    @Test
    void everyOperationSaysWhatItDoes() {
        // When
        List<String> silent = new ArrayList<>();
        Set<String> known = new TreeSet<>();
        operations().forEach((name, operation) -> {
            known.add(name);
            if (operation.path("summary").asText().isBlank()) {
                silent.add(name);
            }
        });

        // Then
        assertEquals(List.of(), silent);
        assertEquals(new TreeSet<>(ANSWERS.keySet()), json(known), "describe a new operation here and in openapi.yaml");
    }

    private static Set<String> json(Set<String> operations) {
        Set<String> json = new TreeSet<>(operations);
        json.removeIf(name -> name.contains(" /fhir/")
                || name.endsWith(".csv")
                || name.endsWith("/crop")
                || name.endsWith("/display")
                || name.endsWith("/stream"));
        return json;
    }

    @Test
    void everyExampleIsWhatTheCodeWouldWrite() throws JsonProcessingException {
        // Given
        Map<String, JsonNode> operations = operations();

        // When
        List<String> different = new ArrayList<>();
        for (Map.Entry<String, TypeReference<?>> answer : ANSWERS.entrySet()) {
            JsonNode operation = operations.get(answer.getKey());
            JsonNode success = success(operation);
            compare(answer, success.at("/content/application~1json/example"), different);
        }
        for (Map.Entry<String, TypeReference<?>> question : QUESTIONS.entrySet()) {
            compare(
                    question,
                    operations.get(question.getKey()).at("/requestBody/content/application~1json/example"),
                    different);
        }

        // Then
        assertEquals(List.of(), different);
    }

    private static void compare(Map.Entry<String, TypeReference<?>> named, JsonNode example, List<String> different)
            throws JsonProcessingException {
        if (example.isMissingNode()) {
            different.add(named.getKey() + " has no example");
            return;
        }
        JsonNode written;
        try {
            written = JSON.readTree(JSON.writeValueAsString(JSON.readValue(example.toString(), named.getValue())));
        } catch (JsonProcessingException e) {
            different.add(named.getKey() + ": " + e.getOriginalMessage());
            return;
        }
        if (!example.equals(written)) {
            different.add(named.getKey() + ": " + example + " would be written as " + written);
        }
    }

    @Test
    void everyExampleOfFhirIsFhir() {
        // Given
        var parser = FhirContext.forR4().newJsonParser().setParserErrorHandler(new StrictErrorHandler());

        // When
        List<String> types = new ArrayList<>();
        operations().forEach((name, operation) -> {
            if (name.startsWith("get /fhir/")) {
                JsonNode example = success(operation).at("/content/application~1fhir+json/example");
                types.add(parser.parseResource(example.toString()).fhirType());
            }
        });

        // Then
        types.sort(null);
        assertEquals(List.of("Bundle", "Bundle", "CapabilityStatement", "DiagnosticReport", "Observation"), types);
    }

    @Test
    void pagesAreNoPartOfTheInterface() {
        // When
        List<String> names = new ArrayList<>();
        paths.fieldNames().forEachRemaining(names::add);

        // Then
        assertFalse(names.contains("/patients/{patientId}"), names.toString());
    }

    private static JsonNode success(JsonNode operation) {
        List<JsonNode> successes = new ArrayList<>();
        operation.path("responses").properties().forEach(response -> {
            if (response.getKey().startsWith("2")) {
                successes.add(response.getValue());
            }
        });
        assertEquals(1, successes.size(), operation.toString());
        return successes.getFirst();
    }

    private Map<String, JsonNode> operations() {
        Map<String, JsonNode> operations = new java.util.TreeMap<>();
        paths.properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    if (METHODS.contains(operation.getKey())) {
                        operations.put(operation.getKey() + " " + path.getKey(), operation.getValue());
                    }
                }));
        return operations;
    }
}
