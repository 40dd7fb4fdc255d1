package io.leukostream.ingest.rest;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.leukostream.ingest.PlatformResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The description of the interface: nothing without a summary, no example that the code would not write. */
@QuarkusTest
@QuarkusTestResource(value = PlatformResource.class, restrictToAnnotatedClass = true)
class OpenApiTest {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private static final Map<String, Class<?>> ANSWERS = Map.of(
            "/api/v1/images", ImagesResource.Accepted.class,
            "/api/v1/specimens", SpecimensResource.Codes.class,
            "/api/v1/patients/resolve", PatientsResource.Code.class,
            "/api/v1/dicom/refusals", DicomResource.Refusals.class,
            "/api/v1/dicom/refusals/retry", DicomResource.Again.class,
            "/api/v1/patients/merge", MergeResource.Merged.class,
            "/api/v1/patients/unmerge", MergeResource.Merged.class,
            "/api/v1/patients/identify", DisclosureResource.Identified.class,
            "/api/v1/patients/erase", DisclosureResource.Erased.class,
            "/api/v1/patients/access-log", DisclosureResource.Lines.class);

    private static final Map<String, Class<?>> QUESTIONS = Map.of(
            "/api/v1/specimens", SpecimensResource.SpecimenForm.class,
            "/api/v1/patients/resolve", PatientsResource.PatientForm.class,
            "/api/v1/patients/merge", MergeResource.MergeForm.class,
            "/api/v1/patients/unmerge", MergeResource.UnmergeForm.class,
            "/api/v1/patients/identify", DisclosureResource.IdentifyForm.class,
            "/api/v1/patients/erase", DisclosureResource.EraseForm.class);

    @Test
    void everyOperationHasASummaryAndExamplesThatTheCodeWouldWrite() throws JsonProcessingException {
        // Given
        String address = "/q/openapi?format=json";

        // When
        JsonNode paths = JSON.readTree(given().get(address).asString()).path("paths");

        // Then
        TreeSet<String> names = new TreeSet<>();
        paths.fieldNames().forEachRemaining(names::add);
        assertEquals(new TreeSet<>(ANSWERS.keySet()), names, "describe a new operation here and in openapi.yaml");
        for (String name : names) {
            JsonNode operation = paths.path(name).path(paths.path(name).has("get") ? "get" : "post");
            assertFalse(operation.path("summary").asText().isBlank(), name);
            for (Map.Entry<String, JsonNode> response :
                    operation.path("responses").properties()) {
                if (response.getKey().startsWith("2")) {
                    written(name, response.getValue(), ANSWERS.get(name));
                }
            }
            if (QUESTIONS.containsKey(name)) {
                written(name, operation.path("requestBody"), QUESTIONS.get(name));
            }
        }
    }

    private static void written(String name, JsonNode described, Class<?> type) throws JsonProcessingException {
        JsonNode example = described.at("/content/application~1json/example");
        assertFalse(example.isMissingNode(), name + " has no example: " + described);
        assertEquals(example, JSON.readTree(JSON.writeValueAsString(JSON.readValue(example.toString(), type))), name);
    }
}
