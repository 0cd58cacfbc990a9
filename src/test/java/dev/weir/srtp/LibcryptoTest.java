package dev.weir.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that are not what we need, made of functions in this very process. */
class LibcryptoTest {
    @TempDir
    Path folder;

    /** A library that says it is of this version and has all functions but one; none of them may be called. */
    private static SymbolLookup library(Arena arena, String version, long number, String missing) {
        MethodHandle text = MethodHandles.dropArguments(
                MethodHandles.constant(MemorySegment.class, arena.allocateFrom(version)), 0, int.class);
        Map<String, MemorySegment> symbols = new HashMap<>();
        Evp.FUNCTIONS.forEach(name -> symbols.put(name, MemorySegment.ofAddress(1)));
        symbols.put(
                "OpenSSL_version", stub(arena, text, FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT)));
        symbols.put(
                "OpenSSL_version_num",
                stub(arena, MethodHandles.constant(long.class, number), FunctionDescriptor.of(ValueLayout.JAVA_LONG)));
        symbols.remove(missing);
        return name -> Optional.ofNullable(symbols.get(name));
    }

    @SuppressWarnings("restricted")
    private static MemorySegment stub(Arena arena, MethodHandle target, FunctionDescriptor type) {
        return Linker.nativeLinker().upcallStub(target, type, arena);
    }

    private static String refusal(SymbolLookup library) {
        return assertThrows(CryptoUnavailable.class, () -> Libcrypto.of(library))
                .getMessage();
    }

    @Test
    void oneThatIsTooOldIsRefusedByItsVersion() {
        try (Arena arena = Arena.ofConfined()) {
            assertEquals(
                    "OpenSSL 1.1.1w  11 Sep 2023 is too old, it takes 3.0 or later",
                    refusal(library(arena, "OpenSSL 1.1.1w  11 Sep 2023", 0x1010_117fL, "")));
        }
    }

    @Test
    void eachFunctionThatIsMissingIsNamed() {
        try (Arena arena = Arena.ofConfined()) {
            for (String missing : Evp.FUNCTIONS) {
                assertEquals(
                        "the library has no " + missing,
                        refusal(library(arena, "OpenSSL 3.5.0", 0x3050_0000L, missing)));
            }
            assertEquals(
                    "the library has no OpenSSL_version_num", refusal(library(arena, "", 0, "OpenSSL_version_num")));
        }
    }

    @Test
    void oneThatHasAllIsTakenAndItsSpeedKnown() {
        try (Arena arena = Arena.ofConfined()) {
            Libcrypto slow = Libcrypto.of(library(arena, "OpenSSL 3.0.19 27 Jan 2026", 0x3000_0130L, ""));
            assertFalse(slow.hasFastGcm());
            assertEquals("OpenSSL 3.0.19 27 Jan 2026", slow.version());
            assertTrue(Libcrypto.of(library(arena, "OpenSSL 3.5.0", 0x3050_0000L, ""))
                    .hasFastGcm());
        }
    }

    @Test
    void whatIsNoLibraryIsPassedOver() throws Exception {
        Path garbage = Files.writeString(folder.resolve("libcrypto.so.3"), "this is no library");
        PacketCrypto chosen = PacketCrypto.choose(CryptoChoice.AUTO, Optional.empty(), List.of(garbage.toString()));

        assertEquals(
                "libcrypto is not used: none of " + garbage + " can be loaded",
                chosen.notes().getFirst());
        assertTrue(chosen.name().startsWith("JDK "), chosen.name());
    }
}
