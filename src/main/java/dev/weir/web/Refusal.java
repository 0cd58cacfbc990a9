package dev.weir.web;

import dev.weir.signal.ErrorCode;

/** Ends the handling of one call with a problem; it never leaves this package. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    Refusal(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    static Refusal of(ErrorCode code, String sentence) {
        return new Refusal(Problem.of(code, sentence));
    }

    static Refusal of(Outcome.Failed failed) {
        return new Refusal(Problem.of(failed));
    }

    Problem problem() {
        return problem;
    }
}
