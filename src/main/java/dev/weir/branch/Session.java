package dev.weir.branch;

import dev.weir.media.DecodeLimits;
import dev.weir.media.Forwarder;
import dev.weir.media.SendStream;
import dev.weir.media.Slots;
import dev.weir.media.Track;
import dev.weir.peer.Deadlines;
import dev.weir.peer.Peer;
import dev.weir.sdp.MediaAnswer;
import dev.weir.sdp.MediaOffer;
import dev.weir.signal.Capabilities;
import dev.weir.signal.CloseCode;
import dev.weir.signal.Event;
import dev.weir.signal.Identity;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Request;
import dev.weir.signal.Role;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One participant as his branch knows him: his socket, which may come and go, his events, his connection, what he
 * publishes and what he watches.
 */
final class Session implements Peer.Owner {
    /** How often it is looked whether one without socket or connection is gone. */
    private static final long LOOK_NANOS = 100_000_000;

    /** How often the estimate is looked at: two or three feedback packets apart. */
    private static final long ALLOCATION_INTERVAL_NANOS = 200_000_000;

    /** After a collapse all that was lost is sent again at once: more than this share of the path pauses no picture. */
    private static final int MAX_REPAIR_DIVISOR = 4;

    private final String sessionId;
    private final String participantId;
    private final Identity identity;
    private final String displayName;
    private final Capabilities capabilities;
    private final Branch branch;
    private final Deadlines.Timer timer;
    private final ClientLine line;
    private final Publications publications = new Publications();
    private final LayerSwitches switches;
    private final NegotiatedCodecs codecs = new NegotiatedCodecs();
    private final ReportedQuality quality = new ReportedQuality();
    private final Map<String, MediaAnswer.Slot> slotAnswers = new LinkedHashMap<>();

    /** Of a client without a socket. */
    private Optional<MediaPresence> presence = Optional.empty();

    private Role role;
    private boolean barred;
    private Standing standing = Standing.OUT;
    private long lastMedia;
    private Peer peer;
    private MediaOffer lastOffer;
    private Slots slots;
    private Request.View view = Request.View.NOTHING;
    private long nextAllocation;
    private long connectedAt;

    private enum Standing {
        OUT,
        WAITING,
        IN
    }

    Session(
            Branch branch,
            String sessionId,
            String participantId,
            String socketId,
            Identity identity,
            String displayName,
            Capabilities capabilities) {
        this.branch = branch;
        this.switches = new LayerSwitches(branch.output());
        this.sessionId = sessionId;
        this.participantId = participantId;
        this.line = new ClientLine(sessionId, socketId, branch.settings(), branch.output());
        this.identity = identity;
        this.displayName = displayName;
        this.capabilities = capabilities;
        this.timer = branch.settings().peers().deadlines().timer(this::onTimeout);
        timer.at(0);
    }

    String sessionId() {
        return sessionId;
    }

    String participantId() {
        return participantId;
    }

    Identity identity() {
        return identity;
    }

    String displayName() {
        return displayName;
    }

    Capabilities capabilities() {
        return capabilities;
    }

    /** Null before the room has answered the first join. */
    Role role() {
        return role;
    }

    /** Whether he is a participant now. */
    boolean in() {
        return standing == Standing.IN;
    }

    /** Whether he waits at the door. */
    boolean waits() {
        return standing == Standing.WAITING;
    }

    /** Whether the room has put him out, and he may not come back. */
    boolean barred() {
        return barred;
    }

    ClientLine line() {
        return line;
    }

    /** Null: none yet, or not any more. */
    Peer peer() {
        return peer;
    }

    Request.View view() {
        return view;
    }

    long seq() {
        return line.seq();
    }

    /** What his m-lines can carry. */
    NegotiatedCodecs codecs() {
        return codecs;
    }

    /** What his browser says of itself. */
    ReportedQuality quality() {
        return quality;
    }

    /** @return false when it comes too soon after the one before, and is not taken */
    boolean report(long now, Request.Quality said) {
        boolean taken = quality.take(now, said);
        if (taken && slots != null) {
            slots.limit(limits());
        }
        return taken;
    }

    /** Every slot, full or empty. */
    List<Forwarder> forwarders() {
        return slots == null ? List.of() : slots.all();
    }

    /** He comes from a node that was lost. */
    void was(Role former) {
        role = former;
    }

    /** The room let him in. */
    void entered(Role given) {
        role = given;
        standing = Standing.IN;
    }

    void changeRole(long now, Role given) {
        role = given;
        if (!given.maySend()) {
            publications.all().forEach(publication -> unpublish(now, publication));
        }
    }

    /** The room lets him wait. */
    void waitsNow() {
        standing = Standing.WAITING;
    }

    /** He is out of the room; the session may come back while its resume time lasts. */
    void left(long now) {
        standing = Standing.OUT;
        closePeer(now);
    }

    /** Sends him away for good. */
    void dismiss(long now, CloseCode code, String reason) {
        barred = true;
        left(now);
        line.hangUp(now, code, reason);
    }

    /** Tells the client, if there is a way to. */
    void tell(long now, Event event) {
        if (presence.isEmpty()) {
            line.tell(now, event);
        }
    }

    /** His client keeps no socket. */
    void liveByMedia(MediaPresence how) {
        presence = Optional.of(how);
    }

    Optional<MediaPresence> presence() {
        return presence;
    }

    /** Of the connection that there is. */
    MediaOffer lastOffer() {
        return lastOffer;
    }

    /** @return false: the client's credentials are those that we know */
    boolean restartIce(String ufrag, String pwd) {
        lastOffer = lastOffer.withIce(ufrag, pwd);
        return peer.update(lastOffer, publications.tracksByMid());
    }

    /** @return false when that socket is not his any more */
    boolean socketGone(long now, String closedSocketId, boolean properly) {
        boolean his = line.socketGone(now, closedSocketId, properly);
        if (his && peer == null) {
            lastMedia = now;
        }
        return his;
    }

    /** What the time says of him, when his socket is gone: that he left, or nothing yet. */
    Optional<LeaveReason> departure(long now) {
        if (standing == Standing.OUT) {
            return Optional.empty();
        }
        return presence.isPresent()
                ? presence.get().departure(now, connected(), !publications.isEmpty(), lastHeard())
                : line.departure(now, peer == null ? lastMedia : peer.lastAuthenticated());
    }

    private boolean connected() {
        return peer != null && peer.connected();
    }

    private long lastHeard() {
        return peer == null ? lastMedia : peer.lastHeard();
    }

    /** Whether others are to be told, now and once, that his connection is lost, or that it is back. */
    Optional<Boolean> takeLost(long now) {
        if (!in() || presence.isPresent() && !connected()) {
            return Optional.empty();
        }
        return presence.isPresent()
                ? presence.get().takeLost(now, !publications.isEmpty(), lastHeard())
                : Optional.of(line.takeLost(now)).filter(lost -> lost);
    }

    /** Whether nobody can come back to it any more. */
    boolean over(long now) {
        return standing == Standing.OUT && (presence.isPresent() || line.over(now));
    }

    /**
     * Takes an offer: makes or renews the connection, and settles what is published and which slots there are.
     *
     * @param declared what each sending mid carries, checked against the offer
     * @return the tracks that are new, by mid
     */
    Map<String, Publication> offer(long now, MediaOffer offer, Map<String, Source> declared) {
        if (peer != null && !peer.isSameConnection(offer)) {
            closePeer(now);
        }
        if (peer == null) {
            peer = new Peer(now, branch.settings().peers(), offer, participantId, this);
            slots = new Slots(branch.options().audioSlots());
            slots.limit(limits());
        }
        publications.withdraw(offer, declared, publication -> unpublish(now, publication));
        Map<String, Publication> added = publications.publish(offer, declared, participantId, peer, branch);
        addSlots(offer);
        codecs.update(offer, slots);
        peer.update(offer, publications.tracksByMid());
        lastOffer = offer;
        showNow(now);
        return added;
    }

    Publication publication(String trackId) {
        return publications.of(trackId);
    }

    List<Publication> publications() {
        return publications.all();
    }

    void unpublish(long now, Publication publication) {
        publications.remove(publication);
        branch.withdrew(now, this, publication.track());
    }

    List<MediaAnswer.Slot> slotAnswers() {
        return new ArrayList<>(slotAnswers.values());
    }

    List<Snapshot.Slot> slots() {
        List<Snapshot.Slot> all = new ArrayList<>();
        for (Forwarder forwarder : forwarders()) {
            Track track = forwarder.track();
            all.add(new Snapshot.Slot(forwarder.stream().mid(), track == null ? null : track.trackId()));
        }
        return all;
    }

    void view(long now, Request.View wanted) {
        view = wanted;
        showNow(now);
    }

    /** Fills the slots anew. Nothing flows before the keys are there: a keyframe would be lost. */
    void showNow(long now) {
        if (peer == null || !peer.connected()) {
            return;
        }
        slots.showVideos(now, view.audioOnly() ? List.of() : branch.wishes(this));
        hearNow(now);
        allocate(now);
    }

    /** Gives each picture what the path carries; with {@code adaptiveQuality: false} what its tile asks for, or nothing. */
    private void allocate(long now) {
        nextAllocation = Deadlines.lastCommon(now) + ALLOCATION_INTERVAL_NANOS;
        long audioBps = slots.audioBps(now);
        long estimate = peer.estimateBps();
        long taken = audioBps + Math.min(peer.repairBps(now), estimate / MAX_REPAIR_DIVISOR);
        long budget = estimate == Long.MAX_VALUE ? estimate : Math.max(0, estimate - taken);
        long wanted = slots.allocate(now, budget, branch.options().adaptiveQuality());
        peer.wanted(now, audioBps + ProbeTarget.bps(now - connectedAt, wanted));
    }

    void hearNow(long now) {
        if (peer != null && peer.connected()) {
            slots.hear(now, branch.voicesFor(this));
            slots.hearScreen(now, branch.screenAudioFor(this));
        }
    }

    private void onTimeout(long now) {
        if (peer != null && peer.connected()) {
            serve(now);
        }
        if (branch.departures().review(now, this)) {
            boolean quiet = peer != null && peer.connected() && !line.broken();
            timer.about(quiet ? Math.min(nextAllocation, slots.nextTimeout()) : now + LOOK_NANOS);
        }
    }

    private void serve(long now) {
        slots.onTimeout(now);
        if (now >= nextAllocation) {
            allocate(now);
            publications.all().forEach(publication -> LayerPlans.change(
                            now, publication.track(), branch.options().simulcast())
                    .ifPresent(event -> tell(now, event)));
        }
    }

    @Override
    public void connected(long now) {
        connectedAt = now;
        branch.output().noted(participantId, "media connected");
        showNow(now);
    }

    @Override
    public void ended(long now, String reason) {
        branch.output().noted(participantId, "media " + reason);
        presence.ifPresent(media -> media.ended(peer.connected()));
        closePeer(now);
    }

    void closePeer(long now) {
        if (peer == null) {
            return;
        }
        lastMedia = peer.lastAuthenticated();
        slots.close();
        slotAnswers.clear();
        switches.clear();
        publications.all().forEach(publication -> unpublish(now, publication));
        branch.closed(this, peer.traffic());
        peer.close();
        peer = null;
        slots = null;
    }

    private void addSlots(MediaOffer offer) {
        for (MediaOffer.Section section : offer.sections()) {
            if (section.sending()
                    || !section.active()
                    || slotAnswers.containsKey(section.mid())
                    || peer.slotCount() >= Peer.MAX_SLOTS) {
                continue;
            }
            SendStream stream = branch.settings().newStream(section);
            Forwarder forwarder = new Forwarder(stream, peer, this::onSlot);
            slots.add(forwarder);
            peer.addSlot(forwarder, section);
            slotAnswers.put(section.mid(), new MediaAnswer.Slot(section.mid(), stream.ssrc(), stream.rtxSsrc()));
        }
    }

    private DecodeLimits limits() {
        return quality.limits(capabilities.maxDecode());
    }

    private void onSlot(long now, Forwarder slot) {
        if (!in()) {
            return;
        }
        switches.onSlot(slot);
        String mid = slot.stream().mid();
        Track track = slot.track();
        tell(
                now,
                track == null
                        ? new Event.SlotChange(mid, null, null, null, false)
                        : new Event.SlotChange(
                                mid, track.trackId(), track.participantId(), slot.shownLayer(), slot.paused()));
    }
}
