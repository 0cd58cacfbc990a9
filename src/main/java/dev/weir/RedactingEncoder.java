package dev.weir;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Whoever logs a URL or a header by mistake: no access token leaves in a line. */
final class RedactingEncoder extends EncoderBase<ILoggingEvent> {
    private static final Pattern PARAMETER = Pattern.compile("(access_token=)[^&\\s\"\\\\]+");
    private static final Pattern JWT = Pattern.compile("eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");

    private final Encoder<ILoggingEvent> encoder;

    RedactingEncoder(Encoder<ILoggingEvent> encoder) {
        this.encoder = encoder;
    }

    static String redact(String line) {
        if (!line.contains("access_token=") && !line.contains("eyJ")) {
            return line;
        }
        return JWT.matcher(PARAMETER.matcher(line).replaceAll("$1…")).replaceAll("…");
    }

    @Override
    public void start() {
        encoder.start();
        super.start();
    }

    @Override
    public byte[] headerBytes() {
        return encoder.headerBytes();
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        String line = new String(encoder.encode(event), StandardCharsets.UTF_8);
        return redact(line).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return encoder.footerBytes();
    }
}
