package dev.weir.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.ShardAnswer;

/** What became of a client's request. */
sealed interface Outcome {
    Outcome NO_ANSWER = new Failed(ErrorCode.UNAVAILABLE, "The room's media loop did not answer; try again.");

    /** @param fields of the answer, beside its type and id */
    record Ok(ObjectNode fields) implements Outcome {}

    /** @param sentence for a person */
    record Failed(ErrorCode code, String sentence) implements Outcome {}

    static Outcome ok() {
        return new Ok(SignalJson.object());
    }

    /** Of a request that a shard answers without more. */
    static Outcome of(ShardAnswer answer) {
        return switch (answer) {
            case ShardAnswer.Done _ -> ok();
            case ShardAnswer.Refused(var code, var sentence) -> new Failed(code, sentence);
            case ShardAnswer.Joined _,
                    ShardAnswer.Waiting _,
                    ShardAnswer.Answered _,
                    ShardAnswer.IceRestarted _,
                    ShardAnswer.OtherIce _,
                    ShardAnswer.Moved _,
                    ShardAnswer.Figured _,
                    ShardAnswer.Measured _ -> NO_ANSWER;
        };
    }
}
