# Creates the topics and registers the schemas, then ends. Build it from the repository's root after
#   ./mvnw package
#   ./mvnw -pl embedded dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/libraries
ARG BASE=eclipse-temurin:25-jre

FROM ${BASE}
RUN groupadd --gid 10001 leukostream \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin leukostream
COPY embedded/target/libraries/ /app/libraries/
COPY embedded/target/embedded-*.jar /app/libraries/
USER 10001:10001
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-cp", "/app/libraries/*", "io.leukostream.embedded.ProvisionMain"]
