package io.leukostream.ingest.rest;

import static io.restassured.RestAssured.given;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.LinkedHashMap;
import java.util.Map;

/** Posts images as a scanner does. */
final class Scanner {
    static final String PATIENT = "Annabella-Zwickelmeier";

    private Scanner() {}

    /** All fields of a specimen of {@link #PATIENT}. */
    static Map<String, String> fields(String specimen) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("patient", PATIENT);
        fields.put("specimen", specimen);
        fields.put("specimenType", "BONE_MARROW");
        fields.put("kind", "CELL");
        return fields;
    }

    static Response post(byte[] image, Map<String, String> fields) {
        return request(fields)
                .multiPart("image", "cell.png", image, "application/octet-stream")
                .post("/api/v1/images");
    }

    static RequestSpecification request(Map<String, String> fields) {
        RequestSpecification request = given();
        fields.forEach(request::multiPart);
        return request;
    }
}
