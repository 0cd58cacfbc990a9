package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StaticFilesTest {

    @Test
    void readsTheFolderFromAJarToo(@TempDir Path folder) throws IOException {
        Path jar = folder.resolve("a jar.jar");
        try (ZipOutputStream entries = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String name : List.of("site/index.html", "site/sdk/weir.js", "other/secret.txt", "site.txt")) {
                entries.putNextEntry(new ZipEntry(name));
                entries.write(name.getBytes(StandardCharsets.UTF_8));
            }
        }
        try (URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
            assertEquals(
                    Set.of("/index.html", "/sdk/weir.js"),
                    StaticFiles.load(classes, "site").paths());
            assertEquals(Set.of(), StaticFiles.load(classes, "nowhere").paths());
        }
    }
}
