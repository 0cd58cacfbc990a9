package dev.weir.branch;

import dev.weir.media.SendStream;
import dev.weir.media.StoreBudget;
import dev.weir.peer.PeerSettings;
import dev.weir.rtp.Codec;
import dev.weir.rtp.MediaKind;
import dev.weir.sdp.MediaAnswer;
import dev.weir.sdp.MediaOffer;
import dev.weir.signal.ShardId;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a shard lends to its branches.
 *
 * @param shard the shard's name
 * @param candidates the addresses of the shard's port, as they are now
 */
public record BranchSettings(
        ShardId shard,
        PeerSettings peers,
        StoreBudget store,
        Supplier<List<MediaAnswer.Candidate>> candidates,
        SecureRandom random) {
    private static final int ID_BYTES = 16;

    /** @param storeBytes what the retransmission stores of the shard may take together */
    public static BranchSettings of(
            ShardId shard,
            PeerSettings peers,
            long storeBytes,
            Supplier<List<MediaAnswer.Candidate>> candidates,
            SecureRandom random) {
        return new BranchSettings(shard, peers, new StoreBudget(storeBytes), candidates, random);
    }

    /** What the stores take now, in bytes. */
    public long storeTakenBytes() {
        return store.takenBytes();
    }

    /** 128 random bits as text. */
    String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** An SSRC or CSRC, never 0. */
    int newSsrc() {
        int ssrc = random.nextInt();
        return ssrc == 0 ? 1 : ssrc;
    }

    /** What goes out by a new slot, with the receiver's payload types and numbers of its own. */
    SendStream newStream(MediaOffer.Section section) {
        Map<Codec, SendStream.PayloadTypes> types = new EnumMap<>(Codec.class);
        for (MediaOffer.Payload payload : section.payloads()) {
            types.put(payload.codec(), new SendStream.PayloadTypes(payload.payloadType(), payload.rtxPayloadType()));
        }
        return new SendStream(
                section.mid(),
                section.kind(),
                newSsrc(),
                section.kind() == MediaKind.VIDEO ? newSsrc() : 0,
                types,
                newSequence(),
                newSequence(),
                Integer.toUnsignedLong(random.nextInt()));
    }

    /** RFC 3711 receivers guess rollover 0 for the first packet they get, so it must not be near the wrap. */
    int newSequence() {
        return random.nextInt(1 << 15);
    }
}
