package dev.weir;

import dev.weir.dtls.HandshakeCrypto;
import dev.weir.srtp.CryptoChoice;
import dev.weir.srtp.PacketCrypto;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who computes what on this machine: packets by the setting, handshakes by Amazon Corretto's provider where it loads,
 * unless the setting is for the JDK.
 *
 * @param notes what an operator should know of the choice
 */
record Crypto(PacketCrypto packets, HandshakeCrypto handshakes, List<String> notes) {
    private static final String CORRETTO = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    /** Throws {@link dev.weir.srtp.CryptoUnavailable} if the choice by name cannot be used. */
    static Crypto choose(CryptoChoice choice, SecureRandom random) {
        Optional<Provider> corretto = choice == CryptoChoice.JDK ? Optional.empty() : corretto();
        PacketCrypto packets = PacketCrypto.choose(choice, corretto);
        List<String> notes = new ArrayList<>(packets.notes());
        return new Crypto(packets, handshakes(corretto, random, notes), notes);
    }

    private static HandshakeCrypto handshakes(Optional<Provider> corretto, SecureRandom random, List<String> notes) {
        if (corretto.isPresent()) {
            try {
                return HandshakeCrypto.of(corretto.get(), random);
            } catch (GeneralSecurityException e) {
                notes.add("handshakes take about three times as long without Amazon Corretto's provider: "
                        + e.getMessage());
            }
        }
        return HandshakeCrypto.bouncyCastle();
    }

    /** By name, since it is in the jar for one kind of machine only, and works there only if its library loads. */
    private static Optional<Provider> corretto() {
        try {
            return Optional.of(
                    (Provider) Class.forName(CORRETTO).getField("INSTANCE").get(null));
        } catch (ReflectiveOperationException | LinkageError e) {
            return Optional.empty();
        }
    }
}
