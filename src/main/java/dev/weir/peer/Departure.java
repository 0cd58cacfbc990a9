package dev.weir.peer;

import dev.weir.bwe.BandwidthEstimator;
import dev.weir.media.OutgoingRtp;
import dev.weir.rtp.Bytes;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.NtpTime;
import dev.weir.rtp.RtpView;
import dev.weir.srtp.SrtpProtector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The last step out to one viewer: gathers what the {@link Outbox} lets go into runs. A run closes at the end of a turn
 * of the loop unless a picture in it is still on its way, for which it stays open to a bound; and whenever a packet does
 * not fit it. Voices wait for the end of the turn, or as long as a run that is open, and leave behind what is in it.
 */
final class Departure {
    /** IPv4 and UDP; IPv6 has 20 more, which the estimate's margins bear. */
    private static final int PATH_OVERHEAD_BYTES = 28;

    /** Voices that wait at most; where more come, those before them leave at once. */
    private static final int MAX_VOICES = 32;

    /** A run as long as this is worth sending, whatever else may come. */
    private static final int LONG_RUN = 8;

    private final BandwidthEstimator estimator;
    private final RunLimits limits;
    private final Run.Exit exit;
    private final Gathered gathered = new Gathered();
    private final Draft draft = new Draft();
    private final RtpView header = new RtpView();
    private final WaitingPackets voices = new WaitingPackets(MAX_VOICES);

    /** The run that is filled, and the one that a packet begins which does not fit it. */
    private Run run;

    private Run next;

    /** Pictures of which something is in the run and the last packet is not. */
    private int openPictures;

    /** Counts runs, so that a slot's open picture is of this one or of none. */
    private long runNumber = 1;

    /** @param exit takes each run */
    Departure(BandwidthEstimator estimator, RunBuffers buffers, RunLimits limits, Run.Exit exit) {
        this.estimator = estimator;
        this.limits = limits;
        this.exit = exit;
        this.run = new Run(buffers, estimator, limits.maxPackets());
        this.next = new Run(buffers, estimator, limits.maxPackets());
    }

    /** What a packet that is not yet protected takes of the path. */
    static int pathBytes(int packetBytes) {
        return packetBytes + PATH_OVERHEAD_BYTES;
    }

    static int pathBytes(ByteBuf packet) {
        return pathBytes(packet.readableBytes());
    }

    /**
     * Writes a picture's packet, which is in the run at the end of the turn at the latest.
     *
     * @return what it takes of the path, but for padding
     */
    int write(long now, Slot slot, OutgoingRtp packet, SlotWriter writer, SrtpProtector protector) {
        if (gathered.isFull()) {
            putTogether(now, protector);
        }
        int number = slot.numbered() ? estimator.nextSequence() : Draft.UNNUMBERED;
        Draft written = gathered.add(now, number, slot, packet, writer);
        int bytes = pathBytes(written.written + written.bytes);
        if (!packet.lasting()) {
            putTogether(now, protector);
        }
        return bytes;
    }

    /** Takes what is gathered into the run, or runs. */
    private void putTogether(long now, SrtpProtector protector) {
        for (int i = 0; i < gathered.count(); i++) {
            Draft packet = gathered.draft(i);
            makeRoom(now, packet.written + packet.bytes);
            Bytes.append(run.begin(), gathered.headers(), packet.at, packet.written);
            add(now, packet, protector);
            if (packet.slot != null && limits.maxPackets() > 1) {
                onPicture(packet.slot, packet.last);
            }
        }
        gathered.clear();
    }

    /** Takes in a packet that is written already, but for its number and time. Takes the buffer. */
    void send(long now, ByteBuf packet, long index, ExtensionIds ids, SrtpProtector protector) {
        send(now, now, packet, index, ids, protector);
    }

    private void send(long now, long since, ByteBuf packet, long index, ExtensionIds ids, SrtpProtector protector) {
        putTogether(now, protector);
        header.wrapHeader(packet);
        stamp(now, packet, ids);
        draft.index = index;
        draft.since = since;
        draft.more = !header.marker();
        draft.headerBytes = header.headerBytes();
        draft.source = packet;
        draft.from = header.payloadOffset();
        draft.bytes = header.payloadBytes();
        makeRoom(now, packet.readableBytes());
        Bytes.append(run.begin(), packet, packet.readerIndex(), header.headerBytes());
        add(now, draft, protector);
        draft.source = Unpooled.EMPTY_BUFFER;
        packet.release();
    }

    private void stamp(long now, ByteBuf packet, ExtensionIds ids) {
        int sendTime = header.extensionOffset(ids.id(Extension.ABS_SEND_TIME));
        if (sendTime >= 0) {
            packet.setMedium(sendTime, NtpTime.absSendTime(now));
        }
        int number = header.extensionOffset(ids.id(Extension.TRANSPORT_CC));
        draft.transportNumber = number < 0 ? Draft.UNNUMBERED : estimator.nextSequence();
        if (number >= 0) {
            packet.setShort(number, draft.transportNumber);
        }
    }

    /** Takes a voice's packet, which leaves behind the others of this turn. Takes the buffer. */
    void sendVoice(long now, ByteBuf packet, long index, ExtensionIds ids, SrtpProtector protector) {
        if (limits.maxPackets() == 1 || !voices.add(now, packet, index, ids)) {
            sendVoices(now, protector);
            send(now, packet, index, ids, protector);
        }
    }

    private void sendVoices(long now, SrtpProtector protector) {
        while (voices.count() > 0) {
            long index = voices.index();
            ExtensionIds ids = voices.extensions();
            long since = voices.since();
            send(now, since, voices.remove(), index, ids, protector);
        }
    }

    private void makeRoom(long now, int payloadBytes) {
        if (!run.hasRoom(payloadBytes)) {
            close(now);
            run.hasRoom(payloadBytes);
        }
    }

    /** Adds a packet, whose beginning is written to the run. */
    private void add(long now, Draft packet, SrtpProtector protector) {
        Run.Fit fit = run.end(packet, protector);
        if (fit == Run.Fit.NONE) {
            // Longer than the others: it begins the next run.
            next.hasRoom(run.written() + packet.bytes);
            run.moveTo(next);
            close(now);
            Run closed = run;
            run = next;
            next = closed;
            fit = run.end(packet, protector);
        }
        if (fit == Run.Fit.LAST) {
            close(now);
        }
    }

    private void onPicture(Slot slot, boolean last) {
        boolean open = slot.openInRun == runNumber;
        if (open && last) {
            openPictures--;
            slot.openInRun = 0;
        } else if (!open && !last && run.count() > 0) {
            openPictures++;
            slot.openInRun = runNumber;
        }
    }

    /** Whether there is something that {@link #endTurn} has to look at. */
    boolean isEmpty() {
        return run.count() == 0 && voices.count() == 0 && gathered.isEmpty();
    }

    /** When the run that is open, or a voice, has waited as long as it may. */
    long deadline() {
        long deadline = voices.count() == 0 ? Long.MAX_VALUE : voices.since() + limits.boundNanos();
        return run.count() == 0 ? deadline : Math.min(deadline, run.openedAt() + limits.boundNanos());
    }

    /** The loop has nothing more to read for now. What is whole leaves, and what has waited for its bound. */
    void endTurn(long now, SrtpProtector protector) {
        putTogether(now, protector);
        boolean waits = openPictures > 0 && run.count() > 0 && run.count() < LONG_RUN;
        if (waits && now < deadline()) {
            return;
        }
        sendVoices(now, protector);
        close(now);
    }

    private void close(long now) {
        run.close(now, exit);
        openPictures = 0;
        runNumber++;
    }

    /** Lets go what is there: there is no way to send it any more. @return how many packets that were */
    int clear() {
        int dropped = run.clear() + next.clear() + voices.count() + gathered.count();
        gathered.clear();
        while (voices.count() > 0) {
            voices.remove().release();
        }
        openPictures = 0;
        runNumber++;
        return dropped;
    }
}
