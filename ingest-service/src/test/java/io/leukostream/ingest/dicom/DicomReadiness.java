package io.leukostream.ingest.dicom;

import static io.restassured.RestAssured.given;

import io.restassured.path.json.JsonPath;

/** What the readiness of the service under test says about its DICOM door. */
record DicomReadiness(String state, long changesBehind) {
    static DicomReadiness now() {
        JsonPath ready = given().get("/q/health/ready").jsonPath();
        String data = "checks.find { it.name == 'dicom' }.data.";
        return new DicomReadiness(ready.getString(data + "state"), ready.getLong(data + "changesBehind"));
    }
}
