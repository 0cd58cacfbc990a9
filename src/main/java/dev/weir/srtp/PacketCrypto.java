package dev.weir.srtp;

import java.security.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whose ciphers packets get, chosen once at start: the first whose library is there and passes {@link SelfTest}.
 * Immutable; any thread.
 */
public final class PacketCrypto {
    private final CipherProvider provider;
    private final List<String> notes;

    private PacketCrypto(CipherProvider provider, List<String> notes) {
        this.provider = provider;
        this.notes = List.copyOf(notes);
    }

    /**
     * Makes the choice.
     *
     * @param corretto Amazon Corretto's provider, if it is on the class path
     * @throws CryptoUnavailable if what was chosen by name cannot be used
     */
    public static PacketCrypto choose(CryptoChoice choice, Optional<Provider> corretto) {
        return choose(choice, corretto, Libcrypto.NAMES);
    }

    /** With the names of the library, for tests. */
    static PacketCrypto choose(CryptoChoice choice, Optional<Provider> corretto, List<String> libraries) {
        return switch (choice) {
            case AUTO -> first(corretto, libraries);
            case LIBCRYPTO -> libcrypto(libraries, List.of());
            case CORRETTO -> new PacketCrypto(tested(() -> corretto(corretto)), List.of());
            case JDK -> new PacketCrypto(tested(() -> Jca.JDK), List.of());
        };
    }

    private static PacketCrypto first(Optional<Provider> corretto, List<String> libraries) {
        List<String> notes = new ArrayList<>();
        try {
            return libcrypto(libraries, notes);
        } catch (CryptoUnavailable e) {
            notes.add("libcrypto is not used: " + e.getMessage());
        }
        try {
            return new PacketCrypto(tested(() -> corretto(corretto)), notes);
        } catch (CryptoUnavailable e) {
            notes.add("Amazon Corretto's provider is not used: " + e.getMessage());
        }
        return new PacketCrypto(tested(() -> Jca.JDK), notes);
    }

    private static PacketCrypto libcrypto(List<String> libraries, List<String> before) {
        LibcryptoCiphers found = (LibcryptoCiphers) tested(() -> LibcryptoCiphers.open(libraries));
        List<String> notes = new ArrayList<>(before);
        if (!found.hasFastGcm()) {
            notes.add(found.name() + " takes about twice as long for AES-GCM as OpenSSL 3.1 or later would");
        }
        return new PacketCrypto(found, notes);
    }

    private static CipherProvider corretto(Optional<Provider> corretto) {
        Provider provider = corretto.orElseThrow(() -> new CryptoUnavailable("it is not on the class path"));
        if (provider.getService("Cipher", "AES/GCM/NoPadding") == null) {
            throw new CryptoUnavailable("its native library does not load on this machine");
        }
        return new Jca(corretto);
    }

    /** Whatever goes wrong in somebody's ciphers, there are others. */
    static CipherProvider tested(Supplier<CipherProvider> open) {
        try {
            CipherProvider provider = open.get();
            SelfTest.run(provider);
            return provider;
        } catch (CryptoUnavailable e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new CryptoUnavailable(String.valueOf(e));
        }
    }

    /** Who it is, with the version. */
    public String name() {
        return provider.name();
    }

    /** What an operator should know of the choice: who was passed over and why, and what would be faster. */
    public List<String> notes() {
        return notes;
    }

    /** For one more event loop. */
    public Ciphers ciphers() {
        return new Ciphers(provider);
    }
}
