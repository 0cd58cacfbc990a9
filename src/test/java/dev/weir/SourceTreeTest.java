package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SourceTreeTest {
    private static final int LINES_MAX = 450;
    private static final Set<String> KINDS = Set.of("java", "js", "mjs", "ts", "css", "html");
    private static final Pattern CORE =
            Pattern.compile("main/java/dev/weir/(rtp|srtp|ice|sdp|bwe|media|peer|relay|branch|room|signal)/");
    private static final Pattern UNDONE = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");

    @Test
    void noFileIsTooLongToRead() throws IOException {
        List<String> tooLong = sources()
                .filter(file -> lines(file).size() > LINES_MAX)
                .map(file -> file + " has " + lines(file).size() + " lines")
                .toList();
        assertEquals(List.of(), tooLong, "split by noun, at most " + LINES_MAX + " lines");
    }

    @Test
    void nothingIsLeftForLater() throws IOException {
        List<String> undone = sources()
                .filter(file -> lines(file).stream()
                        .anyMatch(line -> UNDONE.matcher(line).find()))
                .map(Path::toString)
                .toList();
        assertEquals(List.of(), undone, "do it, or open an issue");
    }

    /** Class files do not show blocks that are synchronized to the architecture test. */
    @Test
    void theCoreSynchronizesNothing() throws IOException {
        List<String> locking = sources()
                .filter(file -> CORE.matcher(file.toString()).find())
                .filter(file -> lines(file).stream().anyMatch(line -> line.matches(".*\\bsynchronized *\\(.*")))
                .map(Path::toString)
                .toList();
        assertEquals(List.of(), locking, "one owner, no locks");
    }

    private static Stream<Path> sources() throws IOException {
        return Files.walk(Path.of("src"))
                .filter(Files::isRegularFile)
                .filter(file ->
                        KINDS.contains(file.toString().substring(file.toString().lastIndexOf('.') + 1)));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new IllegalStateException(file.toString(), e);
        }
    }
}
