package dev.weir.web;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Plain HTTP over a plain socket: clients of a library would not send what a test wants to be refused. */
record Replies(int port) {

    /** @param headers by lower-case name */
    record Reply(int status, Map<String, String> headers, String body) {
        String code() {
            return Examples.parse(body).path("code").asText();
        }
    }

    Reply get(String path, String... headers) throws IOException {
        return request("GET", path, "localhost:" + port, headers);
    }

    /** @param json the body; empty: none */
    Reply send(String method, String path, String json, String... headers) throws IOException {
        return exchange(method, path, "localhost:" + port, json, headers);
    }

    Reply request(String method, String path, String host, String... headers) throws IOException {
        return exchange(method, path, host, "", headers);
    }

    private Reply exchange(String method, String path, String host, String body, String... headers) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        if (host != null) {
            head.append("Host: ").append(host).append("\r\n");
        }
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (bytes.length > 0) {
            boolean typed = String.join("\n", headers).contains("Content-Type:");
            head.append(typed ? "" : "Content-Type: application/json\r\n")
                    .append("Content-Length: ")
                    .append(bytes.length)
                    .append("\r\n");
        }
        boolean upgrades = String.join("\n", headers).contains("Connection: Upgrade");
        head.append(upgrades ? "\r\n" : "Connection: close\r\n\r\n");
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return read(method, new BufferedInputStream(socket.getInputStream()));
        }
    }

    private static Reply read(String method, InputStream stream) throws IOException {
        String status = line(stream);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(stream); !line.isEmpty(); line = line(stream)) {
            int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (first, second) -> first + ", " + second);
        }
        boolean hasBody = !method.equals("HEAD") && !status.contains(" 101 ");
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(stream.readNBytes(hasBody ? length : 0), StandardCharsets.UTF_8);
        return new Reply(Integer.parseInt(status.split(" ")[1]), headers, body);
    }

    private static String line(InputStream stream) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = stream.read(); next != '\n'; next = stream.read()) {
            if (next < 0) {
                throw new IOException("the connection ended early");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
