package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartFailureTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysThatAPortIsInUse(boolean nativeTransport) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            assertEquals(
                    "cannot listen on 127.0.0.1:" + port + ": the port is in use; choose another: --port",
                    bind("127.0.0.1", port, nativeTransport).getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysThatAnAddressDoesNotExistHere(boolean nativeTransport) throws Exception {
        assertEquals(
                "cannot listen on 198.51.100.7:8080: this machine has no such address: --port",
                bind("198.51.100.7", 8080, nativeTransport).getMessage());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysThatANameDoesNotResolve(boolean nativeTransport) throws Exception {
        String message = bind("no-such-host.invalid", 8080, nativeTransport).getMessage();
        assertTrue(message.startsWith("cannot listen on no-such-host.invalid:8080: "), message);
        assertEquals(1, message.lines().count(), message);
    }

    private static StartFailure bind(String host, int port, boolean nativeTransport) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(nativeTransport));
        try {
            ExecutionException e = assertThrows(ExecutionException.class, () -> vertx.createHttpServer()
                    .requestHandler(request -> request.response().end())
                    .listen(port, host)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS));
            return StartFailure.bind(e.getCause(), host, port, "--port");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }
}
