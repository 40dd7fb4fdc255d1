package io.leukostream.inference.rest;

import io.leukostream.inference.assembly.InferenceService;
import io.leukostream.inference.domain.ModelDescription;
import io.leukostream.inference.domain.Validation;
import io.leukostream.inference.onnx.OnnxRuntime;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.ServiceUnavailableException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the service judges cells with. */
@Path("/api/v1/model")
public class ModelResource {
    private final InferenceService service;

    ModelResource(InferenceService service) {
        this.service = service;
    }

    /**
     * The bundle in use and what it runs on.
     *
     * @param operatingThresholds from which probability a cell is called blast, by kind of image
     * @param cellTypes that its network tells apart
     * @param provider cpu, cuda or tensorrt
     * @param whyNotBetter for each better provider why it was not taken
     * @param validatedFor kinds and specimen types for which its calls may decide something
     */
    public record ModelInUse(
            String name,
            String version,
            String bundleSha256,
            Map<String, Double> operatingThresholds,
            List<String> cellTypes,
            List<ValidatedFor> validatedFor,
            String provider,
            List<String> whyNotBetter,
            String runtimeVersion,
            boolean researchUseOnly) {
        public ModelInUse {
            operatingThresholds = Map.copyOf(operatingThresholds);
            cellTypes = List.copyOf(cellTypes);
            validatedFor = List.copyOf(validatedFor);
            whyNotBetter = List.copyOf(whyNotBetter);
        }
    }

    /** A kind and specimen type with how many subjects it was validated on. */
    public record ValidatedFor(String kind, String specimenType, int subjects) {
        static ValidatedFor of(Validation validation) {
            return new ValidatedFor(
                    validation.kind().name(),
                    validation.specimenType().name(),
                    validation.sensitivity().size() + validation.specificity().size());
        }
    }

    /** The model in use; 503 while the service starts or stops. */
    @GET
    public ModelInUse modelInUse() {
        InferenceService.Running running = service.running().orElseThrow(() -> new ServiceUnavailableException(1L));
        ModelDescription model = running.model();
        OnnxRuntime runtime = running.runtime();
        return new ModelInUse(
                model.name(),
                model.version().toString(),
                model.bundleSha256(),
                model.rules().entrySet().stream()
                        .collect(Collectors.toMap(
                                rule -> rule.getKey().name(),
                                rule -> rule.getValue().operatingThreshold())),
                model.types(),
                model.validations().stream().map(ValidatedFor::of).toList(),
                runtime.provider().name().toLowerCase(Locale.ROOT),
                runtime.whyNotBetter(),
                runtime.version(),
                true);
    }
}
