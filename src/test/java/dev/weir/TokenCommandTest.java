package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TokenCommandTest {
    @Test
    void signsWhatVertxVerifies() throws Exception {
        Commands it = Commands.run(
                Path.of(""),
                Map.of("WEIR_AUTH_SECRET", Commands.SECRET),
                "token",
                "--room",
                "all-hands",
                "--name",
                "Zoë 😀",
                "--role",
                "host",
                "--admin",
                "--ttl",
                "30m");
        assertEquals(0, it.code(), it.err());
        Vertx vertx = Vertx.vertx();
        try {
            JWTAuth auth = JWTAuth.create(
                    vertx,
                    new JWTAuthOptions()
                            .addPubSecKey(
                                    new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(Commands.SECRET)));
            JsonObject claims = auth.authenticate(new TokenCredentials(it.out().strip()))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS)
                    .attributes()
                    .getJsonObject("accessToken");
            assertEquals("all-hands", claims.getString("room"));
            assertEquals("Zoë 😀", claims.getString("name"));
            assertEquals("host", claims.getString("role"));
            assertEquals(true, claims.getBoolean("admin"));
            assertEquals(32, claims.getString("sub").length());
            long ttl = claims.getLong("exp") - Instant.now().getEpochSecond();
            assertTrue(ttl > 1700 && ttl <= 1800, () -> "good for " + ttl + " s");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}
