package dev.weir.srtp;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * The system's libcrypto: found, recent enough and with all functions that {@link Evp} calls, or not there for us.
 *
 * @param version as the library tells it, such as {@code OpenSSL 3.0.19 27 Jan 2026}
 * @param number of the version: 0xMNN00PP0
 */
@SuppressWarnings("restricted")
record Libcrypto(SymbolLookup symbols, String version, long number) {
    /** The system property that names another library, by its path: one newer than the system's, say. */
    private static final String PROPERTY = "weir.libcrypto";

    /** By the name that programs link with, so that no other thing of the name without a number is taken for it. */
    static final List<String> NAMES = System.getProperty(PROPERTY) == null
            ? List.of("libcrypto.so.3", "libcrypto.so.4")
            : List.of(System.getProperty(PROPERTY));

    /** The first with what we call; 1.1.1 is out of support. */
    private static final long OLDEST = 0x3000_0000L;

    /** From here on AES-GCM has one pass of wide instructions, at half the cost. */
    private static final long FAST_GCM = 0x3010_0000L;

    private static final int VERSION_TEXT = 0;
    private static final int VERSION_TEXT_BYTES = 256;

    /** Finds the first of these libraries, or throws. It stays loaded for the life of the process. */
    static Libcrypto find(List<String> names) {
        return of(load(names));
    }

    /** What was found, or throws. */
    static Libcrypto of(SymbolLookup symbols) {
        try {
            long number = (long) function(symbols, "OpenSSL_version_num", FunctionDescriptor.of(ValueLayout.JAVA_LONG))
                    .invokeExact();
            MemorySegment text = (MemorySegment) function(
                            symbols,
                            "OpenSSL_version",
                            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT))
                    .invokeExact(VERSION_TEXT);
            String version = text.reinterpret(VERSION_TEXT_BYTES).getString(0);
            if (number < OLDEST) {
                throw new CryptoUnavailable(version + " is too old, it takes 3.0 or later");
            }
            for (String name : Evp.FUNCTIONS) {
                symbol(symbols, name);
            }
            return new Libcrypto(symbols, version, number);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a native function throws nothing", e);
        }
    }

    boolean hasFastGcm() {
        return number >= FAST_GCM;
    }

    static MethodHandle function(SymbolLookup symbols, String name, FunctionDescriptor type, Linker.Option... options) {
        return Linker.nativeLinker().downcallHandle(symbol(symbols, name), type, options);
    }

    private static MemorySegment symbol(SymbolLookup symbols, String name) {
        return symbols.find(name).orElseThrow(() -> new CryptoUnavailable("the library has no " + name));
    }

    private static SymbolLookup load(List<String> names) {
        for (String name : names) {
            try {
                return SymbolLookup.libraryLookup(name, Arena.global());
            } catch (IllegalArgumentException e) {
                // Not there, or not for this machine: the next name.
            }
        }
        throw new CryptoUnavailable("none of " + String.join(", ", names) + " can be loaded");
    }
}
