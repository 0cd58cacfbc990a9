package dev.weir.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A WebSocket client that does less than it should: it answers no pings and never says goodbye. */
record RawSocket(Socket socket) {

    static RawSocket open(int port, String path) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        String head = "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        socket.getOutputStream().write(head.formatted(path).getBytes(StandardCharsets.UTF_8));
        InputStream stream = socket.getInputStream();
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\n")) {
            answer.append((char) stream.read());
        }
        return new RawSocket(socket);
    }

    /** A masked text frame (RFC 6455 section 5.2); the mask is zero, which leaves the text as it is. */
    void send(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x81);
        frame.write(0x80 | bytes.length);
        frame.writeBytes(new byte[4]);
        frame.writeBytes(bytes);
        socket.getOutputStream().write(frame.toByteArray());
        socket.getOutputStream().flush();
    }

    /** Writes without ever reading, until the server has cut the connection. */
    void assertCutWithin(Duration limit) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (System.nanoTime() < end) {
                send("{\"type\":\"ping\",\"id\":\"1\"}");
            }
        } catch (IOException _) {
            return;
        }
        throw new AssertionError("the connection is still there");
    }

    void close() throws IOException {
        socket.close();
    }
}
