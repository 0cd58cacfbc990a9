package dev.weir.srtp;

import java.security.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** All ciphers that this machine has. Linux on x86-64 with OpenSSL 3 has all three. */
public final class EveryProvider implements ArgumentsProvider {
    static List<CipherProvider> all() {
        List<CipherProvider> found = new ArrayList<>();
        found.add(Jca.JDK);
        try {
            found.add(LibcryptoCiphers.open(Libcrypto.NAMES));
        } catch (CryptoUnavailable e) {
            System.err.println("not tested: libcrypto, " + e.getMessage());
        }
        Provider corretto = corretto();
        if (corretto.getService("Cipher", "AES/GCM/NoPadding") != null) {
            found.add(new Jca(Optional.of(corretto)));
        } else {
            System.err.println("not tested: " + corretto.getInfo());
        }
        return found;
    }

    static Provider corretto() {
        try {
            return (Provider) Class.forName("com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider")
                    .getField("INSTANCE")
                    .get(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("Corretto's provider is a dependency", e);
        }
    }

    @Override
    public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
        return all().stream().map(Arguments::of);
    }
}
