package dev.weir.media;

import java.util.List;

/**
 * Who has the floor, after I. Volfin and I. Cohen, "Dominant speaker identification for multipoint videoconferencing",
 * Computer Speech and Language 27 (2013), first shown at IEEEI 2012.
 *
 * <p>Of each voice there are three counts v out of n: the sub-bands that the newest frame fills, the active frames of
 * the last 100 ms, the active stretches of the last 700 ms. Each becomes a score of speech activity, the log-likelihood
 * ratio of "speaks", under which v is binomial, to "does not", under which v falls off exponentially. The voice that
 * takes the floor is one whose three scores are all sufficiently above those of him who has it: it is on now, he is
 * pausing, and it has had more of the last moments. So a click, a cough or a "yes" between does not take the floor, and
 * one who talks over another gets it when the other pauses.
 *
 * <p>As others who use it over RFC 6464 levels, we take the sub-bands from the level, since a server does not decode.
 * The windows are shorter than theirs, to decide within half a second, and one rule is added: a little noise against
 * complete silence is no speaker (see {@link #LEAST_LONG_TERM}). A pure function over {@link SpeechActivity}.
 */
final class DominantSpeaker {
    /** Logarithms of score ratios that a challenger must be above: immediate, medium, long (the paper's C1, C2, C3). */
    private static final double IMMEDIATE_RATIO = 3;

    private static final double MEDIUM_RATIO = 2;
    private static final double LONG_RATIO = 0;

    /** The exponential's parameters, as published implementations have them for counts of this size. */
    private static final double IMMEDIATE_LAMBDA = 0.78;

    private static final double MEDIUM_LAMBDA = 24;
    private static final double LONG_LAMBDA = 47;

    /** Parts of the long-term window with speech, below which nobody takes the floor, not even from nobody. */
    static final int LEAST_LONG_TERM = 3;

    private static final double[] IMMEDIATE = logScores(SpeechActivity.BANDS, IMMEDIATE_LAMBDA);
    private static final double[] MEDIUM = logScores(SpeechActivity.MEDIUM_FRAMES, MEDIUM_LAMBDA);
    private static final double[] LONG = logScores(SpeechActivity.LONG_PARTS, LONG_LAMBDA);

    private DominantSpeaker() {}

    /**
     * Who has the floor from now on.
     *
     * @param voices all that are brought up to now
     * @param incumbent who has it, or null
     * @return one of the voices, or the incumbent, or null
     */
    static SpeechActivity choose(List<SpeechActivity> voices, SpeechActivity incumbent) {
        SpeechActivity best = incumbent;
        double bestRatio = 0;
        for (int i = 0; i < voices.size(); i++) {
            SpeechActivity voice = voices.get(i);
            if (voice == incumbent || !outdoes(voice, incumbent)) {
                continue;
            }
            double ratio = MEDIUM[voice.mediumTerm()] + LONG[voice.longTerm()];
            if (best == incumbent || ratio > bestRatio) {
                best = voice;
                bestRatio = ratio;
            }
        }
        return best;
    }

    private static boolean outdoes(SpeechActivity voice, SpeechActivity incumbent) {
        int immediate = incumbent == null ? 0 : incumbent.immediate();
        int medium = incumbent == null ? 0 : incumbent.mediumTerm();
        int longTerm = incumbent == null ? 0 : incumbent.longTerm();
        return voice.longTerm() >= LEAST_LONG_TERM
                && IMMEDIATE[voice.immediate()] - IMMEDIATE[immediate] > IMMEDIATE_RATIO
                && MEDIUM[voice.mediumTerm()] - MEDIUM[medium] > MEDIUM_RATIO
                && LONG[voice.longTerm()] - LONG[longTerm] > LONG_RATIO;
    }

    /** The logarithm of log(C(n,v) p^v (1-p)^(n-v)) - log(lambda) + lambda v for p = 1/2 and each v of n. */
    private static double[] logScores(int n, double lambda) {
        double[] scores = new double[n + 1];
        double combinations = 1;
        for (int v = 0; v <= n; v++) {
            double score = Math.log(combinations) - n * Math.log(2) - Math.log(lambda) + lambda * v;
            scores[v] = Math.log(Math.max(score, 1e-10));
            combinations = combinations * (n - v) / (v + 1);
        }
        return scores;
    }
}
