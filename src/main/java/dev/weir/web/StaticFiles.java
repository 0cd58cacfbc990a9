package dev.weir.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The page and the SDK, read from the class path once. Only what was found then is ever served, by its exact path, so
 * no request reaches a file system.
 */
final class StaticFiles {
    private static final String INDEX = "/index.html";
    private static final String SDK = "/sdk/";
    private static final int ETAG_BYTES = 16;

    private static final Map<String, String> CONTENT_TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("ts", "text/plain; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("md", "text/plain; charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("webp", "image/webp"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("wasm", "application/wasm"));

    /** The page loads nothing from elsewhere; sockets may go to other nodes. */
    private static final String CONTENT_SECURITY_POLICY = String.join(
            "; ",
            "default-src 'self'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob: mediastream:",
            "connect-src 'self' ws: wss:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'");

    private final Map<String, Asset> assets;

    private record Asset(Buffer bytes, String contentType, String etag) {}

    private StaticFiles(Map<String, Asset> assets) {
        this.assets = assets;
    }

    /** Reads everything below a folder of the class path; blocks. */
    static StaticFiles load(ClassLoader classes, String folder) throws IOException {
        Map<String, Asset> assets = new HashMap<>();
        // By a file and not by the folder, for which a jar need not have an entry.
        for (URL index : classes.resources(folder + INDEX).toList()) {
            if (index.openConnection() instanceof JarURLConnection jar) {
                try (FileSystem files = FileSystems.newFileSystem(pathOf(jar.getJarFileURL()))) {
                    read(files.getPath("/" + folder), assets);
                }
            } else {
                read(pathOf(index).getParent(), assets);
            }
        }
        return new StaticFiles(Map.copyOf(assets));
    }

    private static Path pathOf(URL file) throws IOException {
        try {
            return Path.of(file.toURI());
        } catch (URISyntaxException unexpected) {
            throw new IOException("no file: " + file, unexpected);
        }
    }

    private static void read(Path root, Map<String, Asset> assets) throws IOException {
        List<Path> files;
        try (Stream<Path> below = Files.walk(root)) {
            files = below.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            String path = "/" + root.relativize(file).toString().replace('\\', '/');
            byte[] bytes = Files.readAllBytes(file);
            assets.putIfAbsent(path, new Asset(Buffer.buffer(bytes), contentType(path), etag(bytes)));
        }
    }

    private static String contentType(String path) {
        return CONTENT_TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
    }

    private static String etag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(Arrays.copyOf(digest, ETAG_BYTES)) + '"';
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    Set<String> paths() {
        return assets.keySet();
    }

    /** Answers with the page itself. */
    void servePage(HttpServerRequest request) {
        serve(request, INDEX);
    }

    /** Answers with the file of that path, or that there is none. */
    void serve(HttpServerRequest request, String path) {
        Optional<Asset> found = Optional.ofNullable(assets.get(path));
        if (found.isEmpty()) {
            Problem.notFound().send(request.response());
            return;
        }
        Asset asset = found.get();
        HttpServerResponse response = request.response()
                .putHeader("ETag", asset.etag())
                .putHeader("Cache-Control", "no-cache")
                .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .putHeader("Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self)")
                .putHeader("Referrer-Policy", "no-referrer");
        if (path.startsWith(SDK)) {
            response.putHeader("Access-Control-Allow-Origin", "*")
                    .putHeader("Cross-Origin-Resource-Policy", "cross-origin");
        }
        if (isKnown(request.getHeader("If-None-Match"), asset.etag())) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader("Content-Type", asset.contentType()).end(asset.bytes());
        }
    }

    private static boolean isKnown(String ifNoneMatch, String etag) {
        return ifNoneMatch != null
                && Arrays.stream(ifNoneMatch.split(","))
                        .map(tag -> tag.strip().replaceFirst("^W/", ""))
                        .anyMatch(tag -> tag.equals(etag) || tag.equals("*"));
    }
}
