package dev.weir.ice;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * A view of one STUN message in a buffer that it borrows; good until the next {@link #wrap} or until the buffer goes.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |0 0|     STUN Message Type     |         Message Length        |   RFC 8489 section 5
 * |                         Magic Cookie                          |
 * |                     Transaction ID (96 bits)                  |
 * |         Attribute Type        |            Length             |   section 14, value padded to 4 bytes
 * </pre>
 */
final class StunMessage {
    static final int BINDING_REQUEST = 0x0001;
    static final int BINDING_INDICATION = 0x0011;
    static final int BINDING_SUCCESS = 0x0101;
    static final int BINDING_ERROR = 0x0111;

    static final int USERNAME = 0x0006;
    static final int MESSAGE_INTEGRITY = 0x0008;
    static final int ERROR_CODE = 0x0009;
    static final int UNKNOWN_ATTRIBUTES = 0x000A;
    static final int MESSAGE_INTEGRITY_SHA256 = 0x001C;
    static final int XOR_MAPPED_ADDRESS = 0x0020;
    static final int PRIORITY = 0x0024;
    static final int USE_CANDIDATE = 0x0025;
    static final int FINGERPRINT = 0x8028;
    static final int ICE_CONTROLLED = 0x8029;
    static final int ICE_CONTROLLING = 0x802A;

    static final int HEADER_BYTES = 20;
    static final int TRANSACTION_BYTES = 12;
    static final int TRANSACTION_OFFSET = 8;
    static final int ATTRIBUTE_HEADER_BYTES = 4;
    static final int INTEGRITY_BYTES = 20;
    static final int INTEGRITY_ATTRIBUTE_BYTES = ATTRIBUTE_HEADER_BYTES + INTEGRITY_BYTES;
    static final int FINGERPRINT_ATTRIBUTE_BYTES = ATTRIBUTE_HEADER_BYTES + 4;
    static final int MAGIC_COOKIE = 0x2112A442;
    static final int FINGERPRINT_XOR = 0x5354554E;
    static final int FAMILY_IPV4 = 1;
    static final int FAMILY_IPV6 = 2;

    /** A check of a browser has about ten. A message with more than this is malformed. */
    static final int MAX_ATTRIBUTES = 32;
    /** As many unknown ones are named in an answer; the answer must stay shorter than the question anyway. */
    static final int MAX_UNKNOWN = 8;

    private static final int MAX_USERNAME_BYTES = 2 * IceCredentials.MAX_CHARS + 1;
    private static final int ABSENT = -1;

    private final int[] unknown = new int[MAX_UNKNOWN];
    private int unknownCount;
    private ByteBuf buffer;
    private int start;
    private int end;
    private int username;
    private int integrity;
    private int fingerprint;
    private int errorCode;
    private int xorMapped;
    private int priority;
    private int controlling;
    private int controlled;
    private boolean useCandidate;

    /** Whether a datagram has a STUN header (RFC 7983 section 7 leaves it the first bytes 0 to 3). */
    static boolean looksLikeStun(ByteBuf datagram) {
        int start = datagram.readerIndex();
        return datagram.readableBytes() >= HEADER_BYTES
                && datagram.getUnsignedByte(start) < 4
                && datagram.getInt(start + 4) == MAGIC_COOKIE;
    }

    /** The part of USERNAME before the colon, or null where there is none; looks at nothing else. */
    static String localUfrag(ByteBuf datagram) {
        if (!looksLikeStun(datagram)) return null;
        int at = datagram.readerIndex() + HEADER_BYTES;
        int end = datagram.writerIndex();
        for (int i = 0; i < MAX_ATTRIBUTES && at + ATTRIBUTE_HEADER_BYTES <= end; i++) {
            int length = datagram.getUnsignedShort(at + 2);
            int value = at + ATTRIBUTE_HEADER_BYTES;
            if (length > end - value) return null;
            if (datagram.getUnsignedShort(at) == USERNAME) return firstHalf(datagram, value, length);
            at = value + padded(length);
        }
        return null;
    }

    private static String firstHalf(ByteBuf datagram, int index, int length) {
        int colon = datagram.indexOf(index, index + Math.min(length, IceCredentials.MAX_CHARS + 1), (byte) ':');
        return colon <= index ? null : datagram.toString(index, colon - index, StandardCharsets.US_ASCII);
    }

    static int padded(int length) {
        return (length + 3) & ~3;
    }

    /** Points this view at the readable bytes. False: malformed, and nothing but another wrap is allowed. */
    boolean wrap(ByteBuf datagram) {
        reset(datagram);
        if (!looksLikeStun(datagram)) return false;
        int length = datagram.getUnsignedShort(start + 2);
        if (length != end - start - HEADER_BYTES || length % 4 != 0) return false;
        int at = start + HEADER_BYTES;
        for (int i = 0; at < end; i++) {
            if (i == MAX_ATTRIBUTES || fingerprint != ABSENT) return false;
            int valueBytes = datagram.getUnsignedShort(at + 2);
            int next = at + ATTRIBUTE_HEADER_BYTES + padded(valueBytes);
            if (next > end || !note(at, valueBytes)) return false;
            at = next;
        }
        return true;
    }

    private void reset(ByteBuf datagram) {
        buffer = datagram;
        start = datagram.readerIndex();
        end = datagram.writerIndex();
        unknownCount = 0;
        username = integrity = fingerprint = errorCode = xorMapped = priority = controlling = controlled = ABSENT;
        useCandidate = false;
    }

    /** Remembers where an attribute is. The first of a kind counts, and behind MESSAGE-INTEGRITY only FINGERPRINT. */
    private boolean note(int at, int bytes) {
        int type = buffer.getUnsignedShort(at);
        if (type == FINGERPRINT) {
            fingerprint = at;
            return bytes == 4;
        }
        if (integrity != ABSENT) return true;
        switch (type) {
            case MESSAGE_INTEGRITY -> {
                integrity = at;
                return bytes == INTEGRITY_BYTES;
            }
            case USERNAME -> {
                if (username == ABSENT) username = at;
                return bytes <= MAX_USERNAME_BYTES;
            }
            case PRIORITY -> {
                if (priority == ABSENT) priority = at;
                return bytes == 4;
            }
            case USE_CANDIDATE -> {
                useCandidate = true;
                return bytes == 0;
            }
            case ICE_CONTROLLING -> {
                if (controlling == ABSENT) controlling = at;
                return bytes == 8;
            }
            case ICE_CONTROLLED -> {
                if (controlled == ABSENT) controlled = at;
                return bytes == 8;
            }
            case XOR_MAPPED_ADDRESS -> {
                if (xorMapped == ABSENT) xorMapped = at;
                return isAddress(at, bytes);
            }
            case ERROR_CODE -> {
                if (errorCode == ABSENT) errorCode = at;
                return bytes >= 4;
            }
            case UNKNOWN_ATTRIBUTES, MESSAGE_INTEGRITY_SHA256 -> {
                return true;
            }
            default -> {
                // Types below 0x8000 must be understood (RFC 8489 section 14).
                if (type < 0x8000 && unknownCount < MAX_UNKNOWN) unknown[unknownCount++] = type;
                return true;
            }
        }
    }

    private boolean isAddress(int at, int bytes) {
        if (bytes != 8 && bytes != 20) return false;
        int family = buffer.getUnsignedByte(at + ATTRIBUTE_HEADER_BYTES + 1);
        return family == (bytes == 8 ? FAMILY_IPV4 : FAMILY_IPV6);
    }

    /** Class and method as on the wire, for example {@link #BINDING_REQUEST}. */
    int type() {
        return buffer.getUnsignedShort(start);
    }

    int lengthBytes() {
        return end - start;
    }

    /** A copy of the 12 bytes of the transaction id. */
    byte[] transaction() {
        byte[] id = new byte[TRANSACTION_BYTES];
        buffer.getBytes(start + TRANSACTION_OFFSET, id);
        return id;
    }

    boolean hasTransaction(byte[] id) {
        for (int i = 0; i < TRANSACTION_BYTES; i++) {
            if (buffer.getByte(start + TRANSACTION_OFFSET + i) != id[i]) return false;
        }
        return true;
    }

    boolean hasFingerprint() {
        return fingerprint != ABSENT;
    }

    boolean fingerprintFits() {
        return fingerprint != ABSENT
                && buffer.getInt(fingerprint + ATTRIBUTE_HEADER_BYTES) == fingerprint(buffer, start, fingerprint);
    }

    /** CRC-32 of everything before the attribute; the length in the header already counts it (section 14.7). */
    static int fingerprint(ByteBuf buffer, int start, int attributeIndex) {
        var crc = new CRC32();
        crc.update(buffer.nioBuffer(start, attributeIndex - start));
        return (int) crc.getValue() ^ FINGERPRINT_XOR;
    }

    boolean hasIntegrity() {
        return integrity != ABSENT;
    }

    boolean isAuthentic(StunKey key) {
        if (integrity == ABSENT) return false;
        byte[] claimed = new byte[INTEGRITY_BYTES];
        buffer.getBytes(integrity + ATTRIBUTE_HEADER_BYTES, claimed);
        return MessageDigest.isEqual(claimed, key.integrity(buffer, start, integrity));
    }

    boolean hasUsername() {
        return username != ABSENT;
    }

    boolean isUsername(byte[] expected) {
        if (username == ABSENT || buffer.getUnsignedShort(username + 2) != expected.length) return false;
        byte[] claimed = new byte[expected.length];
        buffer.getBytes(username + ATTRIBUTE_HEADER_BYTES, claimed);
        return Arrays.equals(claimed, expected);
    }

    boolean hasPriority() {
        return priority != ABSENT;
    }

    /** 0 to 2^32 - 1; only when {@link #hasPriority}. */
    long priority() {
        return buffer.getUnsignedInt(priority + ATTRIBUTE_HEADER_BYTES);
    }

    boolean useCandidate() {
        return useCandidate;
    }

    boolean isControlling() {
        return controlling != ABSENT;
    }

    boolean isControlled() {
        return controlled != ABSENT;
    }

    /** The tie-breaker of ICE-CONTROLLED or ICE-CONTROLLING; only when one of them is there. */
    long tieBreaker() {
        return buffer.getLong((controlled != ABSENT ? controlled : controlling) + ATTRIBUTE_HEADER_BYTES);
    }

    /** 300 to 699 by the RFC, 0 where there is no ERROR-CODE; whatever was sent, otherwise. */
    int errorCode() {
        if (errorCode == ABSENT) return 0;
        int hundreds = buffer.getByte(errorCode + ATTRIBUTE_HEADER_BYTES + 2) & 7;
        return hundreds * 100 + buffer.getUnsignedByte(errorCode + ATTRIBUTE_HEADER_BYTES + 3);
    }

    /** The address in XOR-MAPPED-ADDRESS (section 14.2), or null where there is none. */
    InetSocketAddress xorMappedAddress() {
        if (xorMapped == ABSENT) return null;
        int value = xorMapped + ATTRIBUTE_HEADER_BYTES;
        int port = buffer.getUnsignedShort(value + 2) ^ MAGIC_COOKIE >>> 16;
        byte[] address = new byte[buffer.getUnsignedShort(xorMapped + 2) - 4];
        for (int i = 0; i < address.length; i++) {
            address[i] = (byte) (buffer.getByte(value + 4 + i) ^ buffer.getByte(start + 4 + i));
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are the only lengths let in", e);
        }
    }

    /** The attributes that had to be understood and are not, at most {@link #MAX_UNKNOWN} of them. */
    int[] unknownAttributes() {
        return Arrays.copyOf(unknown, unknownCount);
    }
}
