package dev.weir;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go and how they look. They go to standard error: standard output holds what was asked for.
 * Logback finds this class as a service, so the tests and the moments before the configuration is read have it too.
 */
public final class Logging extends ContextAwareBase implements Configurator {
    private static final String PATTERN = "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\", UTC} %-5level %logger{0}: %msg%n";

    /** Libraries that tell at info and debug what only their authors want to know. */
    private static final List<String> QUIET = List.of("io.netty", "io.vertx", "com.hazelcast", "org.bouncycastle");

    /** Warns of each message that is under way when its consumer goes, as at every stop. */
    private static final String BUS_CONSUMERS = "io.vertx.core.eventbus.impl.MessageConsumerImpl";

    /** Writes a stack trace for each connection that speaks no word of Hazelcast's, as any scanner's. */
    private static final String MEMBER_CONNECTIONS = "com.hazelcast.internal.server.tcp.TcpServerConnection";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        apply(context, new Configuration.Log(Configuration.Level.INFO, Configuration.Format.TEXT));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static void configure(Configuration.Log log) {
        apply((LoggerContext) LoggerFactory.getILoggerFactory(), log);
    }

    private static void apply(LoggerContext context, Configuration.Log log) {
        context.reset();
        RedactingEncoder encoder = new RedactingEncoder(
                switch (log.format()) {
                    case TEXT -> text(context);
                    case JSON -> json(context);
                });
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(log.level().name()));
        root.addAppender(console);
        context.getLogger(BUS_CONSUMERS).setLevel(Level.ERROR);
        context.getLogger(MEMBER_CONNECTIONS).setLevel(Level.ERROR);
        for (String library : QUIET) {
            if (root.getLevel().isGreaterOrEqual(Level.DEBUG)) {
                context.getLogger(library).setLevel(Level.WARN);
            }
        }
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithMarkers(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        return encoder;
    }
}
