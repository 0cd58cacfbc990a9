package dev.weir.peer;

import dev.weir.dtls.DtlsCertificate;
import dev.weir.dtls.DtlsConnection;
import dev.weir.ice.IceCredentials;
import io.netty.buffer.ByteBufAllocator;
import java.security.SecureRandom;
import java.util.function.Function;

/**
 * What a shard lends to each of its peers.
 *
 * @param threads makes what runs one peer's handshake; see {@link DtlsConnection.Threads}
 * @param ntpOfStart the shard's time 0 on the NTP clock, in nanoseconds: the clock of our sender reports
 */
public record PeerSettings(
        DtlsCertificate certificate,
        Function<Peer, DtlsConnection.Threads> threads,
        SecureRandom random,
        ByteBufAllocator buffers,
        long ntpOfStart) {

    IceCredentials newCredentials() {
        return IceCredentials.random(random);
    }
}
