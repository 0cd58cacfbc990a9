package dev.weir.shard;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Hears what Netty's leak detector says, which the build sets to look at every buffer. */
final class LeakWatch implements AutoCloseable {
    private static final int ROUNDS = 3;

    private final Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    private final List<String> leaks = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            leaks.add(event.getFormattedMessage());
        }
    };

    LeakWatch() {
        appender.start();
        logger.addAppender(appender);
    }

    /** The leaks so far: a buffer that is lost is seen when it is collected and another is made. */
    List<String> leaks() {
        for (int i = 0; i < ROUNDS; i++) {
            System.gc();
            PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
        }
        return leaks;
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        appender.stop();
    }
}
