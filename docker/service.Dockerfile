# The image of one service. Build it from the repository's root after ./mvnw package:
#   docker build -f docker/service.Dockerfile --target ingest-service --build-arg SERVICE=ingest-service -t leukostream/ingest-service .
# BASE is any image with Java 25; for inference on a GPU one that also holds CUDA 12 and cuDNN 9.
ARG BASE=eclipse-temurin:25-jre

FROM ${BASE} AS service
ARG SERVICE
RUN groupadd --gid 10001 leukostream \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin leukostream \
    && mkdir /data && chown 10001:10001 /data
WORKDIR /app
COPY ${SERVICE}/target/quarkus-app/ /app/
ENV LEUKOSTREAM_HTTP_HOST=0.0.0.0 \
    LEUKOSTREAM_DATA=/data \
    JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=60 -XX:+ExitOnOutOfMemoryError"
VOLUME /data
USER 10001:10001
ENTRYPOINT ["java", "-jar", "/app/quarkus-run.jar"]

FROM service AS ingest-service
EXPOSE 8081

FROM service AS results-service
EXPOSE 8080

FROM service AS inference-service
COPY inference-service/models/ /app/models/
ENV LEUKOSTREAM_MODEL_DIRECTORY=/app/models/leukostream-cells/2.4.0
EXPOSE 8082
