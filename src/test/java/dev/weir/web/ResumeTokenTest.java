package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.signal.ShardId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResumeTokenTest {
    @Test
    void thePassportIsTakenOffBehindWhatTheShardGave() {
        ResumeToken token = ResumeToken.parse("node-3.session.secret.passport");

        assertEquals(new ResumeToken("node-3.session.secret", "passport"), token);
        assertEquals(Optional.of(new ShardId("node", 3)), token.shard());
        assertEquals(new ResumeToken("node-3.session.secret", ""), ResumeToken.parse("node-3.session.secret"));
    }

    @ParameterizedTest
    @CsvSource({"x", "'...'", "'....'", "'.secret'", "'no shard.session.secret.passport'"})
    void anythingElseHasNoShard(String text) {
        assertEquals(Optional.empty(), ResumeToken.parse(text).shard());
    }
}
