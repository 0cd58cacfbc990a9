package dev.weir.srtp;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;

/**
 * Checks and decrypts what comes in under one master key, in place. Holds the rollover counter and the replay window of
 * each SSRC; only authentic packets move them (RFC 3711 section 3.3), and only an authentic packet makes a stream
 * known. Belongs to one thread, whose owner closes it.
 */
public final class SrtpUnprotector implements AutoCloseable {
    /** The most SSRCs of RTP, and as many of RTCP: a publisher with three tracks in three layers, RTX each, uses 18. */
    public static final int MAX_STREAMS = 64;

    /** More than a second of one layer at its fastest, so that nothing is old that could still be useful. */
    static final int RTP_WINDOW = 1_024;

    static final int RTCP_WINDOW = 128;

    private static final int RTP_FIXED_HEADER_BYTES = 12;
    private static final int RTCP_HEADER_BYTES = 8;
    private static final int RTCP_SSRC = 4;
    private static final int E_BIT = 0x8000_0000;
    private static final int SEQUENCES = 1 << 16;

    private final SrtpProfile profile;
    private final RtpCipher cipher;
    private final Runnable onClose;
    private final IntObjectHashMap<ReplayWindow> rtp = new IntObjectHashMap<>();
    private final IntObjectHashMap<ReplayWindow> rtcp = new IntObjectHashMap<>();
    private long lastIndex = -1;
    private boolean closed;

    /** With the JDK's ciphers. */
    public SrtpUnprotector(SrtpProfile profile, SrtpKeys keys) {
        this(Ciphers.jdk(), profile, keys);
    }

    public SrtpUnprotector(Ciphers ciphers, SrtpProfile profile, SrtpKeys keys) {
        this.profile = profile;
        cipher = ciphers.open(profile, keys);
        onClose = ciphers::closed;
    }

    /**
     * Takes a packet between reader and writer index. If {@code OK}, its payload is in the clear and its tag is cut
     * off. The other parameters are what an RTP view read from its header: the size with CSRCs and extensions, the
     * SSRC, and the sequence number, 0..65535.
     */
    public SrtpResult unprotectRtp(ByteBuf packet, int headerBytes, int ssrc, int sequence) {
        requireOpen();
        if (headerBytes < RTP_FIXED_HEADER_BYTES || packet.readableBytes() < headerBytes + profile.rtpOverheadBytes()) {
            return SrtpResult.TOO_SHORT;
        }
        ReplayWindow known = rtp.get(ssrc);
        if (known == null && rtp.size() >= MAX_STREAMS) {
            return SrtpResult.TOO_MANY_STREAMS;
        }
        long index = known == null ? sequence : index(known.highest(), sequence);
        SrtpResult fresh = known == null ? SrtpResult.OK : known.check(index);
        if (fresh != SrtpResult.OK) {
            return fresh;
        }
        if (!cipher.unprotectRtp(packet, headerBytes, ssrc, index)) {
            return SrtpResult.FORGED;
        }
        accept(rtp, known, ssrc, index, RTP_WINDOW);
        lastIndex = index;
        return SrtpResult.OK;
    }

    /**
     * Takes a compound packet between reader and writer index. If {@code OK}, it is in the clear, without tag and
     * index.
     */
    public SrtpResult unprotectRtcp(ByteBuf packet) {
        requireOpen();
        if (packet.readableBytes() < RTCP_HEADER_BYTES + profile.rtcpOverheadBytes()) {
            return SrtpResult.TOO_SHORT;
        }
        int indexWord = cipher.rtcpIndexWord(packet);
        if ((indexWord & E_BIT) == 0) {
            // Only encrypted SRTCP is ever negotiated by DTLS-SRTP (RFC 5764 section 4.1.2).
            return SrtpResult.FORGED;
        }
        int ssrc = packet.getInt(packet.readerIndex() + RTCP_SSRC);
        ReplayWindow known = rtcp.get(ssrc);
        if (known == null && rtcp.size() >= MAX_STREAMS) {
            return SrtpResult.TOO_MANY_STREAMS;
        }
        int index = indexWord & ~E_BIT;
        SrtpResult fresh = known == null ? SrtpResult.OK : known.check(index);
        if (fresh != SrtpResult.OK) {
            return fresh;
        }
        if (!cipher.unprotectRtcp(packet, ssrc, indexWord)) {
            return SrtpResult.FORGED;
        }
        accept(rtcp, known, ssrc, index, RTCP_WINDOW);
        return SrtpResult.OK;
    }

    /** The 48-bit index of the RTP packet last accepted, or -1. */
    public long lastIndex() {
        return lastIndex;
    }

    /**
     * Drops what is known of an SSRC that has ended. Its old packets could then be replayed: only for one that is
     * ignored since.
     */
    public void forget(int ssrc) {
        rtp.remove(ssrc);
        rtcp.remove(ssrc);
    }

    /**
     * The index nearest to the highest that has these low 16 bits (RFC 3711 section 3.3.1 and appendix A). Before the
     * first rollover there is nothing below 0, so what would lie there can only be ahead.
     */
    private static long index(long highest, int sequence) {
        long nearest = highest + (short) (sequence - (int) highest);
        return nearest < 0 ? nearest + SEQUENCES : nearest;
    }

    private static void accept(
            IntObjectHashMap<ReplayWindow> streams, ReplayWindow known, int ssrc, long index, int size) {
        ReplayWindow window = known;
        if (window == null) {
            window = new ReplayWindow(size);
            streams.put(ssrc, window);
        }
        window.accept(index);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("an unprotector is used after its close");
        }
    }

    /** Frees what the ciphers hold. Further closes do nothing; any other use throws. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            cipher.close();
            onClose.run();
        }
    }
}
