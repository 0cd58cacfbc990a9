package dev.weir.shard;

import dev.weir.dtls.DtlsCertificate;
import dev.weir.peer.RunLimits;
import dev.weir.room.RoomTimes;
import dev.weir.srtp.PacketCrypto;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;

/**
 * What all shards of a node have in common.
 *
 * @param udpPort the first shard's port, the next one's is one higher; 0: any free port for each socket
 * @param advertised what candidates say; empty: the machine's own addresses
 * @param crypto whose ciphers packets get
 * @param handshakes where the handshakes of all shards queue
 * @param runs how packets for one viewer are gathered for one send
 * @param storeBytes what the retransmission stores of one shard may take together
 * @param roomTimes how long rooms without people stay
 */
public record ShardSettings(
        int udpPort,
        List<InetAddress> advertised,
        DtlsCertificate certificate,
        SecureRandom random,
        PacketCrypto crypto,
        HandshakeTurns handshakes,
        RunLimits runs,
        long storeBytes,
        RoomTimes roomTimes) {
    public ShardSettings {
        advertised = List.copyOf(advertised);
    }
}
