package dev.weir.sdp;

import dev.weir.rtp.MediaKind;
import java.util.Locale;
import java.util.Optional;

/**
 * A client's ICE credentials as they come with candidates or for a restart (RFC 8840, {@code
 * application/trickle-ice-sdpfrag}). Candidates are read over: who is ICE-lite sends no checks.
 */
public record IceFragment(String ufrag, String pwd) {
    /** More lines than all candidates of a machine with many networks make. */
    private static final int MAX_LINES = 1_000;

    /** Of {@code candidate}, what RFC 8839 section 5.1 requires: up to the type. */
    private static final int CANDIDATE_WORDS = 8;

    /** The fragment, or a sentence that says what is wrong with it. */
    public sealed interface Result permits Read, Malformed {}

    public record Read(IceFragment fragment) implements Result {}

    public record Malformed(String sentence) implements Result {}

    /** Never throws. */
    public static Result read(String text) {
        return new Reading().whole(text);
    }

    /** What the server says of a restart. @param mid of the m-line that stands for the bundle */
    public static String write(MediaAnswer answer, MediaKind kind, String mid) {
        StringBuilder text = new StringBuilder();
        text.append("a=ice-lite\r\n");
        text.append("a=ice-ufrag:").append(answer.iceUfrag()).append("\r\n");
        text.append("a=ice-pwd:").append(answer.icePwd()).append("\r\n");
        text.append("m=").append(kind.name().toLowerCase(Locale.ROOT)).append(" 9 UDP/TLS/RTP/SAVPF 0\r\n");
        text.append("a=mid:").append(mid).append("\r\n");
        answer.candidates()
                .forEach(candidate -> text.append("a=").append(candidate.text()).append("\r\n"));
        return text.append("a=end-of-candidates\r\n").toString();
    }

    private static final class Reading {
        private String ufrag = "";
        private String pwd = "";

        Result whole(String text) {
            String[] lines = text.split("\r?\n", MAX_LINES + 1);
            if (lines.length > MAX_LINES) {
                return new Malformed("the fragment has more than " + MAX_LINES + " lines");
            }
            for (int i = 0; i < lines.length; i++) {
                Optional<String> problem = lines[i].isEmpty() ? Optional.empty() : problem(lines[i]);
                if (problem.isPresent()) {
                    return new Malformed("line " + (i + 1) + ": " + problem.get());
                }
            }
            if (ufrag.isEmpty() || pwd.isEmpty()) {
                return new Malformed("the fragment needs a=ice-ufrag and a=ice-pwd");
            }
            return new Read(new IceFragment(ufrag, pwd));
        }

        private Optional<String> problem(String line) {
            if (line.length() > SessionParser.MAX_LINE) {
                return Optional.of("it is longer than " + SessionParser.MAX_LINE + " characters");
            }
            if (line.length() < 2 || line.charAt(1) != '=') {
                return Optional.of(Tokens.quoted(line) + " is not of a type and a value");
            }
            if (line.charAt(0) != 'a') {
                return Optional.empty();
            }
            int colon = line.indexOf(':');
            String value = colon < 0 ? "" : line.substring(colon + 1);
            return switch (colon < 0 ? line.substring(2) : line.substring(2, colon)) {
                case "ice-ufrag" -> {
                    boolean first = ufrag.isEmpty() || ufrag.equals(value);
                    ufrag = value;
                    yield credential("ice-ufrag", value, 4, first);
                }
                case "ice-pwd" -> {
                    boolean first = pwd.isEmpty() || pwd.equals(value);
                    pwd = value;
                    yield credential("ice-pwd", value, 22, first);
                }
                case "candidate" ->
                    value.split(" ").length < CANDIDATE_WORDS
                            ? Optional.of("the candidate has too few words")
                            : Optional.empty();
                default -> Optional.empty();
            };
        }

        /** RFC 8839 section 5.4. All m-lines share one transport, so what stands twice has to be the same. */
        private static Optional<String> credential(String name, String value, int min, boolean alone) {
            if (!alone) {
                return Optional.of("there is another " + name + " before");
            }
            boolean fits = value.length() >= min && value.length() <= 256 && Tokens.isIce(value);
            return fits
                    ? Optional.empty()
                    : Optional.of("the " + name + " is not of " + min + " to 256 ICE characters");
        }
    }
}
