FROM eclipse-temurin:25-jdk AS build
RUN apt-get update && apt-get install -y --no-install-recommends maven && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY pom.xml LICENSE NOTICE ./
COPY conf conf
COPY src/main src/main
RUN mvn -q -B package -Dmaven.test.skip=true

FROM eclipse-temurin:25-jre
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home weir
WORKDIR /opt/weir
COPY --from=build /src/target/weir.jar weir.jar
COPY conf conf
USER 10001
# HTTP and WebSocket; media takes one UDP port per event loop from 10000 on.
EXPOSE 8080/tcp 10000-10015/udp
# It answers outside of the container, so it asks for a secret (WEIR_AUTH_SECRET or WEIR_AUTH_SECRET_FILE) or --open.
ENV WEIR_HTTP_HOST=0.0.0.0
# The same JVM flags and variables as ./weir run; exec, so that the signals reach the server.
ENTRYPOINT ["sh", "-c", "exec java --enable-native-access=ALL-UNNAMED -XX:+UseZGC -XX:+UseCompactObjectHeaders \
-Xms${WEIR_HEAP:-1g} -Xmx${WEIR_HEAP:-1g} ${JAVA_OPTS:-} -jar /opt/weir/weir.jar \"$@\"", "weir"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD curl -fsSk "http://127.0.0.1:${WEIR_HTTP_PORT:-8080}/healthz" || curl -fsSk "https://127.0.0.1:${WEIR_HTTP_PORT:-8080}/healthz"
