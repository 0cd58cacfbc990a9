package dev.weir.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.ShardAnswer;

/** What became of a client's request. */
sealed interface Outcome {
    Outcome NO_ANSWER = new Failed(ErrorCode.UNAVAILABLE, "The room's media loop did not answer; try again.");

    /** @param fields of the answer, beside its type and id */
    record Ok(ObjectNode fields) implements Outcome {}

    /**
     * @param sentence for a person
     * @param retryAfterMs when to ask again, where that is known; else 0
     */
    record Failed(ErrorCode code, String sentence, long retryAfterMs) implements Outcome {
        Failed(ErrorCode code, String sentence) {
            this(code, sentence, 0);
        }
    }

    static Outcome ok() {
        return new Ok(SignalJson.object());
    }

    /** Of a request that a shard answers without more. */
    static Outcome of(ShardAnswer answer) {
        return switch (answer) {
            case ShardAnswer.Done _ -> ok();
            case ShardAnswer.Refused refused -> new Failed(refused.code(), refused.message(), refused.retryAfterMs());
            case ShardAnswer.Joined _,
                    ShardAnswer.Waiting _,
                    ShardAnswer.Answered _,
                    ShardAnswer.IceRestarted _,
                    ShardAnswer.OtherIce _,
                    ShardAnswer.Moved _,
                    ShardAnswer.Figured _,
                    ShardAnswer.Reached _,
                    ShardAnswer.Measured _ -> NO_ANSWER;
        };
    }
}
