package dev.weir.branch;

import dev.weir.media.DecodeLimits;
import dev.weir.media.Forwarder;
import dev.weir.media.SendStream;
import dev.weir.media.Slots;
import dev.weir.media.Track;
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
import dev.weir.signal.ToSocket;
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
    private static final long SLOTS_INTERVAL_NANOS = 50_000_000;

    /** How often the estimate is looked at: two or three feedback packets apart. */
    private static final long ALLOCATION_INTERVAL_NANOS = 200_000_000;

    /** Something that he publishes. */
    record Publication(String mid, Source source, Track track) {}

    private final String sessionId;
    private final String participantId;
    private final Identity identity;
    private final String displayName;
    private final Capabilities capabilities;
    private final Branch branch;
    private final EventLog events = new EventLog();
    private final Absence absence = new Absence();
    private final Map<String, Publication> publications = new LinkedHashMap<>();
    private final NegotiatedCodecs codecs = new NegotiatedCodecs();
    private final ReportedQuality quality = new ReportedQuality();
    private final Map<String, MediaAnswer.Slot> slotAnswers = new LinkedHashMap<>();

    private String socketId;
    private String resumeSecret;
    private Role role;
    private boolean in;
    private long lastMedia;
    private Peer peer;
    private Slots slots;
    private Request.View view = Request.View.NOTHING;
    private long nextSlots;
    private long nextAllocation;
    private long connectedAt;

    Session(
            Branch branch,
            String sessionId,
            String participantId,
            String socketId,
            Identity identity,
            String displayName,
            Capabilities capabilities) {
        this.branch = branch;
        this.sessionId = sessionId;
        this.participantId = participantId;
        this.socketId = socketId;
        this.identity = identity;
        this.displayName = displayName;
        this.capabilities = capabilities;
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
        return in;
    }

    /** Null: none yet, or not any more. */
    Peer peer() {
        return peer;
    }

    Request.View view() {
        return view;
    }

    long seq() {
        return events.seq();
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

    /** The room let him in. */
    void entered(Role given) {
        role = given;
        in = true;
    }

    /** He is out of the room; the session may come back while its resume time lasts. */
    void left(long now) {
        in = false;
        closePeer(now);
    }

    /** Tells the client. */
    void tell(long now, Event event) {
        ToSocket.Deliver message = events.add(now, event);
        if (!absence.lasts()) {
            branch.output().toSocket(socketId, message);
        }
    }

    /** A new single-use token. */
    String newResumeToken() {
        resumeSecret = branch.settings().newId();
        return branch.settings().shard() + "." + sessionId + "." + resumeSecret;
    }

    boolean redeems(String token) {
        return resumeSecret != null && token.equals(branch.settings().shard() + "." + sessionId + "." + resumeSecret);
    }

    /** A new socket takes over. The one before, if it still is there, is told so. */
    void takeOver(String newSocketId) {
        if (!absence.lasts()) {
            branch.output().toSocket(socketId, new ToSocket.Close(CloseCode.REPLACED, "replaced"));
        }
        socketId = newSocketId;
        absence.end();
    }

    boolean reachesBackTo(long seen) {
        return events.reachesBackTo(seen);
    }

    void repeatAfter(long seen) {
        events.after(seen).forEach(message -> branch.output().toSocket(socketId, message));
    }

    /** @return whether it was his socket now: one that was replaced does not matter */
    boolean socketGone(long now, String closedSocketId, boolean properly) {
        if (absence.lasts() || !closedSocketId.equals(socketId)) {
            return false;
        }
        absence.begin(now, properly);
        if (peer == null) {
            lastMedia = now;
        }
        return true;
    }

    /** Sends him away for good. */
    void dismiss(long now, CloseCode code, String reason) {
        if (!absence.lasts()) {
            branch.output().toSocket(socketId, new ToSocket.Close(code, reason));
        }
        resumeSecret = null;
        left(now);
    }

    void changeRole(long now, Role given) {
        role = given;
        if (!given.maySend()) {
            List.copyOf(publications.values()).forEach(publication -> unpublish(now, publication));
        }
    }

    /** What the time says of him, when his socket is gone: that he left, or nothing yet. */
    Optional<LeaveReason> departure(long now) {
        return in ? absence.departure(now, peer == null ? lastMedia : peer.lastAuthenticated()) : Optional.empty();
    }

    /** Whether others are to be told, now and once, that his connection is lost. */
    boolean takeLost(long now) {
        return in && absence.takeLost(now);
    }

    /** Whether nobody can come back to it any more. */
    boolean over(long now) {
        return !in && absence.over(now);
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
        withdraw(now, offer, declared);
        Map<String, Publication> added = publish(offer, declared);
        addSlots(offer);
        codecs.update(offer, slots);
        Map<String, Track> tracks = new LinkedHashMap<>();
        publications.values().forEach(publication -> tracks.put(publication.mid(), publication.track()));
        peer.update(offer, tracks);
        showNow(now);
        return added;
    }

    Publication publication(String trackId) {
        return publications.values().stream()
                .filter(publication -> publication.track().trackId().equals(trackId))
                .findFirst()
                .orElse(null);
    }

    Map<String, Publication> publications() {
        return publications;
    }

    void unpublish(long now, Publication publication) {
        publications.remove(publication.mid());
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
        nextAllocation = now + ALLOCATION_INTERVAL_NANOS;
        long audioBps = slots.audioBps(now);
        long estimate = peer.estimateBps();
        long budget = estimate == Long.MAX_VALUE ? estimate : Math.max(0, estimate - audioBps - peer.repairBps(now));
        long wanted = slots.allocate(now, budget, branch.options().adaptiveQuality());
        peer.wanted(now, audioBps + ProbeTarget.bps(now - connectedAt, wanted));
    }

    void hearNow(long now) {
        if (peer != null && peer.connected()) {
            slots.hear(now, branch.voicesFor(this));
            slots.hearScreen(now, branch.screenAudioFor(this));
        }
    }

    void onTimeout(long now) {
        if (peer == null) {
            return;
        }
        if (now >= peer.nextTimeout()) {
            peer.onTimeout(now);
        }
        if (now >= nextSlots) {
            nextSlots = now + SLOTS_INTERVAL_NANOS;
            slots.onTimeout(now);
        }
        if (peer.connected() && now >= nextAllocation) {
            allocate(now);
            publications.values().forEach(publication -> LayerPlans.change(
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
        closePeer(now);
    }

    void closePeer(long now) {
        if (peer == null) {
            return;
        }
        lastMedia = peer.lastAuthenticated();
        slots.close();
        slotAnswers.clear();
        List.copyOf(publications.values()).forEach(publication -> unpublish(now, publication));
        branch.closed(this, peer.traffic());
        peer.close();
        peer = null;
        slots = null;
    }

    /** Takes back what the offer does not send any more, or sends as something else. */
    private void withdraw(long now, MediaOffer offer, Map<String, Source> declared) {
        for (Publication publication : List.copyOf(publications.values())) {
            boolean sent = offer.sections().stream()
                    .anyMatch(section ->
                            section.mid().equals(publication.mid()) && section.sending() && section.active());
            if (!sent || declared.get(publication.mid()) != publication.source()) {
                unpublish(now, publication);
            }
        }
    }

    private Map<String, Publication> publish(MediaOffer offer, Map<String, Source> declared) {
        Map<String, Publication> added = new LinkedHashMap<>();
        for (MediaOffer.Section section : offer.sections()) {
            Source source = declared.get(section.mid());
            if (!section.sending() || !section.active() || source == null || publications.containsKey(section.mid())) {
                continue;
            }
            Track track = new Track(
                    branch.settings().newId(),
                    participantId,
                    section.kind(),
                    branch.settings().newSsrc(),
                    LayerPlans.of(section.rids(), branch.options().simulcast()),
                    peer,
                    branch.settings().store());
            Publication publication = new Publication(section.mid(), source, track);
            publications.put(section.mid(), publication);
            added.put(section.mid(), publication);
        }
        return added;
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
        Capabilities.MaxDecode max = capabilities.maxDecode();
        return new DecodeLimits(
                max.height() == 0 ? Integer.MAX_VALUE : max.height(),
                max.streams() == 0 ? Integer.MAX_VALUE : max.streams(),
                quality.cpuLimited());
    }

    private void onSlot(long now, Forwarder slot) {
        if (!in) {
            return;
        }
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
