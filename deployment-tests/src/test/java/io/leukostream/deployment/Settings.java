package io.leukostream.deployment;

import java.util.Set;

/** The environment variables that the services and the provisioning read, and what their values refer to. */
final class Settings {
    static final Set<String> KNOWN = Set.of(
            "LEUKOSTREAM_KAFKA_BOOTSTRAP_SERVERS",
            "LEUKOSTREAM_REGISTRY_URL",
            "LEUKOSTREAM_HTTP_HOST",
            "LEUKOSTREAM_HTTP_PORT",
            "LEUKOSTREAM_HTTP_ADVERTISED",
            "LEUKOSTREAM_HTTP_ALLOWED_HOSTS",
            "LEUKOSTREAM_KAFKA_STANDBY_REPLICAS",
            "LEUKOSTREAM_IMAGE_MAX_BYTES",
            "LEUKOSTREAM_DATA",
            "LEUKOSTREAM_INSTANCE",
            "LEUKOSTREAM_AUDIT_KEY",
            "LEUKOSTREAM_MODEL_DIRECTORY",
            "LEUKOSTREAM_MODEL_PROVIDER",
            "LEUKOSTREAM_VAULT_URL",
            "LEUKOSTREAM_DICOM_ORTHANC_URL",
            "LEUKOSTREAM_DICOM_ORTHANC_USERNAME",
            "LEUKOSTREAM_DICOM_ORTHANC_PASSWORD",
            "LEUKOSTREAM_VAULT_PERMISSION_TOKEN",
            "LEUKOSTREAM_TOPIC_REPLICAS",
            "POD_NAMESPACE");

    private Settings() {}
}
