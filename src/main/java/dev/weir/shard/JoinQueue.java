package dev.weir.shard;

import java.util.ArrayDeque;

/**
 * Admits joins to one loop at the rate that it bears. Joins may take a part of the loop's time and no more, by the
 * clock: what each costs is measured as it goes, so the rate follows from the machine, from the size of rooms and from
 * what else runs there. Those beyond it wait, and where the wait would be too long they are told when to come back.
 * Each of these gets a later time than the one before, at the rate at which joins are taken, so that a crowd that was
 * refused does not return as one.
 *
 * <p>People who were in a meeting just now and lost their way go before those who come: a lost node is a storm of them.
 * Owned by its loop.
 */
public final class JoinQueue {
    /** What a join costs until it is known: a small room on a slow core. */
    private static final long FIRST_GUESS_NANOS = 500_000;

    /** What was known before counts as much as so many joins. */
    private static final int GUESS_WEIGHT = 16;

    private static final long FORGET_NANOS = 500_000_000L;

    /** After a calm this much is begun at once, and not more: media wait behind it. */
    private static final long BURST_NANOS = 10_000_000;

    private static final long SOONEST_RETURN_NANOS = 250_000_000L;
    private static final long LATEST_RETURN_NANOS = 30_000_000_000L;

    /** Somebody who wants in. */
    public interface Join {
        void begin(long now);

        /** It is not his turn within bearable time. */
        void refuse(long retryAfterMs);
    }

    private record Waiting(Join join, long since) {}

    private final JoinLimits limits;
    private final ArrayDeque<Waiting> returning = new ArrayDeque<>();
    private final ArrayDeque<Waiting> arriving = new ArrayDeque<>();

    private long allowanceNanos = BURST_NANOS;
    private long countedAt;
    private boolean held;

    private long guessNanos = FIRST_GUESS_NANOS;
    private double spentNanos;
    private double begun;
    private long forgottenAt;

    private long promisedUntil;
    private long refused;

    public JoinQueue(JoinLimits limits) {
        this.limits = limits;
    }

    /** Begins a join, has it wait, or refuses it. @param wasIn whether he comes back into a meeting */
    public void offer(long now, boolean wasIn, Join join) {
        refill(now);
        forget(now);
        if (queued() == 0 && mayBegin()) {
            begin(now, join);
        } else if (queued() >= limits.waiting() || waitNanos(wasIn) > limits.waitNanos()) {
            refuse(now, join);
        } else {
            (wasIn ? returning : arriving).add(new Waiting(join, now));
        }
    }

    /** Whether those who were let in are stuck further on, so that nobody should follow them yet. */
    public void hold(boolean stuck) {
        held = stuck;
    }

    /** To be called every few milliseconds while somebody waits. @param stuck as in {@link #hold} */
    public void onTick(long now, boolean stuck) {
        hold(stuck);
        refill(now);
        forget(now);
        while (queued() > 0 && mayBegin()) {
            begin(now, (returning.isEmpty() ? arriving : returning).remove().join());
        }
        refuseTheLate(now, returning);
        refuseTheLate(now, arriving);
    }

    /** The loop worked so long for joins: for their beginning, their offers and what the room says of them. */
    public void spent(long nanos) {
        spentNanos += nanos;
    }

    /** How many wait. */
    public int queued() {
        return returning.size() + arriving.size();
    }

    /** How many were told to come back later, so far. */
    public long refused() {
        return refused;
    }

    /** What a join costs the loop, as far as is known. */
    public long costNanos() {
        return (long) ((spentNanos + GUESS_WEIGHT * (double) guessNanos) / (begun + GUESS_WEIGHT));
    }

    private boolean mayBegin() {
        return !held && allowanceNanos > 0;
    }

    private void begin(long now, Join join) {
        // Charged as soon as it begins, since most of its work comes later.
        allowanceNanos -= costNanos();
        begun++;
        join.begin(now);
    }

    private void refill(long now) {
        allowanceNanos = Math.min(BURST_NANOS, allowanceNanos + (long) ((now - countedAt) * limits.share()));
        countedAt = now;
    }

    /** A room may have grown, or another one be stormed: what was halves in weight again and again. */
    private void forget(long now) {
        if (now - forgottenAt >= FORGET_NANOS) {
            forgottenAt = now;
            guessNanos = costNanos();
            spentNanos /= 2;
            begun /= 2;
        }
    }

    private long waitNanos(boolean wasIn) {
        int before = returning.size() + (wasIn ? 0 : arriving.size());
        return (long) (before * intervalNanos());
    }

    /** Between two joins that begin, when many wait. */
    private double intervalNanos() {
        return costNanos() / limits.share();
    }

    /** Joins became dearer while they waited, or are held up. */
    private void refuseTheLate(long now, ArrayDeque<Waiting> queue) {
        while (!queue.isEmpty() && now - queue.peek().since() > 2 * limits.waitNanos()) {
            refuse(now, queue.remove().join());
        }
    }

    private void refuse(long now, Join join) {
        refused++;
        double untilFree = queued() * intervalNanos();
        promisedUntil = Math.max(promisedUntil, now + (long) untilFree) + (long) intervalNanos();
        promisedUntil = Math.min(promisedUntil, now + LATEST_RETURN_NANOS);
        join.refuse(Math.max(SOONEST_RETURN_NANOS, promisedUntil - now) / 1_000_000);
    }
}
