package dev.weir.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads one session description, line by line, and stops at the first problem. Unknown attributes are passed over, and
 * so are the RTP attributes of m-lines that carry no audio or video.
 */
final class SessionParser {
    /** An offer with 50 untrimmed slots is 250 kB from Chromium 156; signaling messages end at 1 MiB as well. */
    static final int MAX_TEXT = 1 << 20;

    static final int MAX_MEDIA = 256;
    static final int MAX_LINE = 8192;

    private static final Set<String> RTP_KINDS = Set.of("audio", "video");

    private final String text;
    private final MediaParser session = new MediaParser();
    private final List<MediaParser> media = new ArrayList<>();
    private List<String> bundle = List.of();
    private boolean bundled;
    private boolean iceLite;
    private int lineNumber;

    SessionParser(String text) {
        this.text = text;
    }

    Parsed parse() {
        if (text.length() > MAX_TEXT) {
            return new Parsed.Malformed("the description is longer than " + MAX_TEXT + " characters");
        }
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            int next = end < 0 ? text.length() : end + 1;
            String problem = line(text.substring(start, withoutLineEnd(start, next)));
            if (problem != null) {
                return new Parsed.Malformed(problem);
            }
            start = next;
        }
        return lineNumber == 0 ? new Parsed.Malformed("the description is empty") : description();
    }

    private int withoutLineEnd(int start, int end) {
        int last = end;
        if (last > start && text.charAt(last - 1) == '\n') {
            last--;
        }
        return last > start && text.charAt(last - 1) == '\r' ? last - 1 : last;
    }

    /** Takes one line; what is wrong with it, or null. So do all the methods below. */
    private String line(String line) {
        lineNumber++;
        if (line.isEmpty()) {
            return null;
        }
        String problem = shape(line);
        if (problem != null) {
            return problem;
        }
        return switch (line.charAt(0)) {
            case 'm' -> mediaLine(line.substring(2));
            case 'a' -> attribute(line.substring(2));
            default -> null;
        };
    }

    private String shape(String line) {
        if (line.length() > MAX_LINE) {
            return "line " + lineNumber + " is longer than " + MAX_LINE + " characters";
        }
        if (lineNumber == 1 && !line.equals("v=0")) {
            return "the description does not begin with v=0";
        }
        if (line.length() < 2 || line.charAt(1) != '=' || line.charAt(0) < 'a' || line.charAt(0) > 'z') {
            return "line " + lineNumber + " is not a letter, an equals sign and a value";
        }
        // Parts of the offer are written into the answer: nothing in a line may begin a new one there.
        return line.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')
                ? "line " + lineNumber + " holds a control character"
                : null;
    }

    private String mediaLine(String value) {
        if (media.size() == MAX_MEDIA) {
            return "the description has more than " + MAX_MEDIA + " m-lines";
        }
        String[] words = value.split(" ", 4);
        int port = words.length < 4 ? -1 : Tokens.number(words[1], 65_535);
        if (port < 0 || !Tokens.isToken(words[0]) || words[2].isBlank() || words[3].isBlank()) {
            return "line " + lineNumber + " is not an m-line of kind, port, protocol and formats";
        }
        MediaParser section = new MediaParser(media.size() + 1, words[0], port, words[2], words[3]);
        media.add(section);
        return RTP_KINDS.contains(words[0]) ? at(section.payloadTypes(words[3])) : null;
    }

    private String attribute(String attribute) {
        int colon = attribute.indexOf(':');
        String name = colon < 0 ? attribute : attribute.substring(0, colon);
        String value = colon < 0 ? "" : attribute.substring(colon + 1).strip();
        if (!media.isEmpty()) {
            MediaParser section = media.getLast();
            return at(
                    RTP_KINDS.contains(section.kind())
                            ? section.rtpAttribute(name, value)
                            : section.attribute(name, value));
        }
        switch (name) {
            case "ice-lite" -> iceLite = true;
            case "group" -> group(value);
            case "extmap" -> {
                return at(session.rtpAttribute(name, value));
            }
            default -> {
                return at(session.attribute(name, value));
            }
        }
        return null;
    }

    private void group(String value) {
        List<String> words = List.of(value.split(" +"));
        if (words.getFirst().equals("BUNDLE") && !bundled) {
            bundled = true;
            bundle = words.subList(1, words.size());
        }
    }

    private String at(String problem) {
        return problem == null ? null : "line " + lineNumber + ": " + problem;
    }

    private SessionDescription description() {
        return new SessionDescription(
                iceLite,
                session.extmapAllowMixed(),
                bundle,
                media.stream().map(section -> section.media(session)).toList());
    }
}
