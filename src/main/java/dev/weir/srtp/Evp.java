package dev.weir.srtp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;

/**
 * The functions of libcrypto that ciphers call, by plain addresses ({@link NativeMemory}). Those of the media path are
 * linked as critical: no change of the thread's state, which suits calls of well below 100 µs that never call back.
 * Touched only after {@link Libcrypto#find} has found the library.
 */
final class Evp {
    /** All that must be there. */
    static final List<String> FUNCTIONS = List.of(
            "OPENSSL_init_crypto",
            "EVP_CIPHER_fetch",
            "EVP_MD_fetch",
            "EVP_CIPHER_CTX_new",
            "EVP_CIPHER_CTX_free",
            "EVP_MD_CTX_new",
            "EVP_MD_CTX_free",
            "EVP_CipherInit_ex",
            "EVP_CipherUpdate",
            "EVP_CipherFinal_ex",
            "EVP_CIPHER_CTX_ctrl",
            "EVP_DigestInit_ex",
            "EVP_MD_CTX_copy_ex",
            "EVP_DigestUpdate",
            "EVP_DigestFinal_ex");

    /** EVP_CTRL_AEAD_GET_TAG and EVP_CTRL_AEAD_SET_TAG of openssl/evp.h. */
    private static final int GET_TAG = 0x10;

    private static final int SET_TAG = 0x11;

    /** OPENSSL_INIT_NO_ATEXIT: nothing is torn down below event loops that still run when the process ends. */
    private static final long NO_ATEXIT = 0x0008_0000L;

    private static final Libcrypto LIBRARY = Libcrypto.find(Libcrypto.NAMES);
    private static final Linker.Option FAST = Linker.Option.critical(false);

    private static final MethodHandle CIPHER_FETCH = link("EVP_CIPHER_fetch", JAVA_LONG, 3);
    private static final MethodHandle MD_FETCH = link("EVP_MD_fetch", JAVA_LONG, 3);
    private static final MethodHandle CIPHER_NEW = link("EVP_CIPHER_CTX_new", JAVA_LONG, 0);
    private static final MethodHandle MD_NEW = link("EVP_MD_CTX_new", JAVA_LONG, 0);
    private static final MethodHandle CIPHER_FREE = linkVoid("EVP_CIPHER_CTX_free");
    private static final MethodHandle MD_FREE = linkVoid("EVP_MD_CTX_free");
    private static final MethodHandle DIGEST_INIT = link("EVP_DigestInit_ex", JAVA_INT, 3);
    private static final MethodHandle CIPHER_INIT =
            fast("EVP_CipherInit_ex", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle CIPHER_UPDATE =
            fast("EVP_CipherUpdate", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle CIPHER_FINAL = fast("EVP_CipherFinal_ex", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CIPHER_CTRL =
            fast("EVP_CIPHER_CTX_ctrl", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MD_COPY = fast("EVP_MD_CTX_copy_ex", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle DIGEST_UPDATE = fast("EVP_DigestUpdate", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle DIGEST_FINAL = fast("EVP_DigestFinal_ex", JAVA_LONG, JAVA_LONG, JAVA_LONG);

    /** Fetched once: what a context is made from. */
    private static final long AES_128_GCM;

    private static final long AES_128_CTR;
    private static final long SHA1;

    static {
        MethodHandle init = Libcrypto.function(
                LIBRARY.symbols(), "OPENSSL_init_crypto", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
        try (Arena arena = Arena.ofConfined()) {
            require((int) init.invokeExact(NO_ATEXIT, 0L), "OPENSSL_init_crypto");
            AES_128_GCM = fetch(CIPHER_FETCH, arena.allocateFrom("AES-128-GCM"));
            AES_128_CTR = fetch(CIPHER_FETCH, arena.allocateFrom("AES-128-CTR"));
            SHA1 = fetch(MD_FETCH, arena.allocateFrom("SHA1"));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private Evp() {}

    private static long fetch(MethodHandle fetch, MemorySegment name) throws Throwable {
        long fetched = (long) fetch.invokeExact(0L, name.address(), 0L);
        if (fetched == 0) {
            throw new CryptoUnavailable("the library does not offer " + name.getString(0));
        }
        return fetched;
    }

    private static MethodHandle link(String name, MemoryLayout result, int addresses) {
        MemoryLayout[] types = new MemoryLayout[addresses];
        Arrays.fill(types, JAVA_LONG);
        return Libcrypto.function(LIBRARY.symbols(), name, FunctionDescriptor.of(result, types));
    }

    private static MethodHandle linkVoid(String name) {
        return Libcrypto.function(LIBRARY.symbols(), name, FunctionDescriptor.ofVoid(JAVA_LONG));
    }

    private static MethodHandle fast(String name, MemoryLayout... types) {
        return Libcrypto.function(LIBRARY.symbols(), name, FunctionDescriptor.of(JAVA_INT, types), FAST);
    }

    static long aes128Gcm() {
        return AES_128_GCM;
    }

    static long aes128Ctr() {
        return AES_128_CTR;
    }

    static long sha1() {
        return SHA1;
    }

    /** An EVP_CIPHER_CTX; its owner frees it. */
    static long newCipherContext() {
        try {
            return allocated((long) CIPHER_NEW.invokeExact());
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void freeCipherContext(long context) {
        try {
            CIPHER_FREE.invokeExact(context);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** An EVP_MD_CTX; its owner frees it. */
    static long newDigestContext() {
        try {
            return allocated((long) MD_NEW.invokeExact());
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void freeDigestContext(long context) {
        try {
            MD_FREE.invokeExact(context);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A zero for the cipher or the key keeps what the context has. */
    static void initCipher(long context, long cipher, long key, long iv, boolean encrypt) {
        try {
            require((int) CIPHER_INIT.invokeExact(context, cipher, 0L, key, iv, encrypt ? 1 : 0), "EVP_CipherInit_ex");
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** With a zero for {@code out}, the input is only authenticated. @param length takes what was written: an int */
    static void updateCipher(long context, long out, long length, long in, int bytes) {
        try {
            require((int) CIPHER_UPDATE.invokeExact(context, out, length, in, bytes), "EVP_CipherUpdate");
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** False: not authentic. */
    static boolean finishCipher(long context, long out, long length) {
        try {
            return (int) CIPHER_FINAL.invokeExact(context, out, length) == 1;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void getTag(long context, long tag, int bytes) {
        control(context, GET_TAG, tag, bytes);
    }

    static void setTag(long context, long tag, int bytes) {
        control(context, SET_TAG, tag, bytes);
    }

    private static void control(long context, int what, long tag, int bytes) {
        try {
            require((int) CIPHER_CTRL.invokeExact(context, what, bytes, tag), "EVP_CIPHER_CTX_ctrl");
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void initDigest(long context, long digest) {
        try {
            require((int) DIGEST_INIT.invokeExact(context, digest, 0L), "EVP_DigestInit_ex");
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void copyDigest(long to, long from) {
        try {
            require((int) MD_COPY.invokeExact(to, from), "EVP_MD_CTX_copy_ex");
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void updateDigest(long context, long in, int bytes) {
        try {
            require((int) DIGEST_UPDATE.invokeExact(context, in, (long) bytes), "EVP_DigestUpdate");
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void finishDigest(long context, long out) {
        try {
            require((int) DIGEST_FINAL.invokeExact(context, out, 0L), "EVP_DigestFinal_ex");
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static long allocated(long context) {
        if (context == 0) {
            throw new OutOfMemoryError("libcrypto has no memory for a context");
        }
        return context;
    }

    private static void require(int result, String function) {
        if (result != 1) {
            throw new IllegalStateException(function + " failed");
        }
    }

    /** A handle declares Throwable, but the functions below it throw nothing: what comes is ours. */
    private static RuntimeException unexpected(Throwable e) {
        return switch (e) {
            case RuntimeException ours -> throw ours;
            case Error error -> throw error;
            default -> new IllegalStateException("a native function throws nothing", e);
        };
    }
}
