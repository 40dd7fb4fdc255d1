# Debian's Orthanc, the version that the tests run: receives DICOM, and ingest follows what it received.
FROM debian:bookworm-slim
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends orthanc orthanc-dicomweb \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir -p /var/lib/orthanc/db \
    && chown -R 10001:10001 /var/lib/orthanc
COPY docker/orthanc.json /etc/leukostream/orthanc.json
USER 10001:10001
ENTRYPOINT ["/usr/sbin/Orthanc", "/etc/leukostream/orthanc.json"]
