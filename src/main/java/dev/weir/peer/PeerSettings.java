package dev.weir.peer;

import dev.weir.dtls.DtlsCertificate;
import dev.weir.dtls.DtlsConnection;
import dev.weir.dtls.Fingerprint;
import dev.weir.sdp.MediaOffer;
import dev.weir.srtp.Ciphers;
import io.netty.buffer.ByteBufAllocator;
import java.security.SecureRandom;
import java.util.function.Function;

/**
 * What a shard lends to each of its peers.
 *
 * @param threads makes what runs one peer's handshake; see {@link DtlsConnection.Threads}
 * @param ciphers of the shard: packets are protected with them
 * @param runBuffers where its peers' runs are written
 * @param ntpOfStart the shard's time 0 on the NTP clock, in nanoseconds: the clock of our sender reports
 * @param runs how packets are gathered for one send
 * @param deadlines of the shard, by which the peer is called
 * @param output the shard's sockets
 */
public record PeerSettings(
        DtlsCertificate certificate,
        Function<Peer, DtlsConnection.Threads> threads,
        SecureRandom random,
        Ciphers ciphers,
        ByteBufAllocator buffers,
        RunBuffers runBuffers,
        long ntpOfStart,
        RunLimits runs,
        Deadlines deadlines,
        Peer.Output output) {

    /** Of our certificate, for answers. */
    public MediaOffer.Hash fingerprint() {
        Fingerprint own = certificate.fingerprint();
        return new MediaOffer.Hash(own.algorithm(), own.hex());
    }
}
