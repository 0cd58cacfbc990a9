package dev.weir.web;

import dev.weir.cluster.Bus;
import dev.weir.rtp.MediaKind;
import dev.weir.sdp.MediaAnswer;
import dev.weir.sdp.MediaOffer;
import dev.weir.signal.Capabilities;
import dev.weir.signal.OwnerAnswer;
import dev.weir.signal.Role;
import dev.weir.signal.RoomFigures;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Snapshot;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Answers as a shard would that owns no room yet, remembers what it was asked. */
final class FakeShard {
    private final ShardId shard;
    private final BlockingQueue<ShardRequest> asked = new LinkedBlockingQueue<>();
    /** What a test wants to be answered otherwise; null: as usual. */
    volatile Function<ShardRequest, Future<ShardAnswer>> instead = _ -> null;

    FakeShard(ShardId shard, Bus bus) {
        this.shard = shard;
        bus.serveShard(shard, this::answer);
        bus.serveOwner(shard, _ -> new OwnerAnswer.NotHere());
    }

    private Future<ShardAnswer> answer(ShardRequest request) {
        asked.add(request);
        Future<ShardAnswer> other = instead.apply(request);
        return other != null ? other : Future.succeededFuture(usual(request));
    }

    ShardAnswer usual(ShardRequest request) {
        return switch (request) {
            case ShardRequest.Join join -> joined(join);
            case ShardRequest.Offer offer -> answered(offer);
            case ShardRequest.Ask _, ShardRequest.SocketGone _, ShardRequest.LiveByMedia _, ShardRequest.OfHttp _ ->
                new ShardAnswer.Done();
            case ShardRequest.Figures _ -> new ShardAnswer.Figured(RoomFigures.NONE);
            case ShardRequest.Reach _ -> new ShardAnswer.Reached(0);
            case ShardRequest.Measures _ -> new ShardAnswer.Measured(List.of());
        };
    }

    ShardAnswer.Joined joined(ShardRequest.Join join) {
        Snapshot snapshot = new Snapshot(
                RoomOptions.defaults(join.place().room()),
                List.of(new Snapshot.Member("p2", "Grace", Role.GUEST, Capabilities.UNKNOWN, false, "ok", null)),
                List.of(),
                null,
                List.of(),
                List.of(),
                List.of(),
                Snapshot.Recording.OFF,
                List.of(),
                null);
        return new ShardAnswer.Joined(
                "session-" + shard.index(),
                "p1",
                Role.HOST,
                "sfu",
                shard + ".fresh",
                join.resume() != null,
                7,
                snapshot);
    }

    private static ShardAnswer answered(ShardRequest.Offer offer) {
        List<ShardAnswer.TrackId> tracks = new ArrayList<>();
        offer.tracks().forEach(track -> tracks.add(new ShardAnswer.TrackId(track.mid(), "t" + track.mid())));
        List<MediaAnswer.Slot> slots = offer.offer().sections().stream()
                .filter(section -> !section.sending() && section.active())
                .map(section -> new MediaAnswer.Slot(section.mid(), 1, section.kind() == MediaKind.VIDEO ? 2 : 0))
                .toList();
        MediaOffer.Hash fingerprint = new MediaOffer.Hash("sha-256", "AA");
        return new ShardAnswer.Answered(
                new MediaAnswer("ours", "secret", fingerprint, List.of(), slots, "weir"), tracks);
    }

    /** The next request of that kind; others before it are passed over. */
    <R extends ShardRequest> R next(Class<R> kind) throws InterruptedException {
        while (true) {
            ShardRequest request = asked.poll(5, TimeUnit.SECONDS);
            if (request == null) {
                throw new AssertionError("no " + kind.getSimpleName() + " came");
            }
            if (kind.isInstance(request)) {
                return kind.cast(request);
            }
        }
    }
}
