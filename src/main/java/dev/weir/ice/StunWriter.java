package dev.weir.ice;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;

/** Writes one STUN message, attribute by attribute in the order of the calls; then {@link #finish} gives it away. */
final class StunWriter {
    private static final int TYPICAL_BYTES = 160;

    private final ByteBuf buffer;

    StunWriter(int type, byte[] transaction) {
        buffer = ByteBufAllocator.DEFAULT.buffer(TYPICAL_BYTES);
        buffer.writeShort(type).writeShort(0).writeInt(StunMessage.MAGIC_COOKIE).writeBytes(transaction);
    }

    /** Any attribute, its value padded with zeros. */
    StunWriter attribute(int type, byte[] value) {
        header(type, value.length);
        buffer.writeBytes(value).writeZero(StunMessage.padded(value.length) - value.length);
        return this;
    }

    StunWriter priority(long priority) {
        header(StunMessage.PRIORITY, 4);
        buffer.writeInt((int) priority);
        return this;
    }

    StunWriter useCandidate() {
        header(StunMessage.USE_CANDIDATE, 0);
        return this;
    }

    StunWriter controlling(long tieBreaker) {
        header(StunMessage.ICE_CONTROLLING, 8);
        buffer.writeLong(tieBreaker);
        return this;
    }

    StunWriter controlled(long tieBreaker) {
        header(StunMessage.ICE_CONTROLLED, 8);
        buffer.writeLong(tieBreaker);
        return this;
    }

    StunWriter xorMappedAddress(InetSocketAddress address) {
        byte[] bytes = address.getAddress().getAddress();
        header(StunMessage.XOR_MAPPED_ADDRESS, 4 + bytes.length);
        buffer.writeByte(0).writeByte(bytes.length == 4 ? StunMessage.FAMILY_IPV4 : StunMessage.FAMILY_IPV6);
        buffer.writeShort(address.getPort() ^ StunMessage.MAGIC_COOKIE >>> 16);
        for (int i = 0; i < bytes.length; i++) buffer.writeByte(bytes[i] ^ buffer.getByte(4 + i));
        return this;
    }

    /** The code alone: the reason phrase is for people, and short answers cannot be used to flood anyone. */
    StunWriter errorCode(int code) {
        header(StunMessage.ERROR_CODE, 4);
        buffer.writeShort(0).writeByte(code / 100).writeByte(code % 100);
        return this;
    }

    StunWriter unknownAttributes(int[] types) {
        header(StunMessage.UNKNOWN_ATTRIBUTES, 2 * types.length);
        for (int type : types) buffer.writeShort(type);
        buffer.writeZero(StunMessage.padded(2 * types.length) - 2 * types.length);
        return this;
    }

    StunWriter integrity(StunKey key) {
        byte[] mac = key.integrity(buffer, 0, buffer.writerIndex());
        return attribute(StunMessage.MESSAGE_INTEGRITY, mac);
    }

    /** Adds the FINGERPRINT, which is last, and hands the buffer over to the caller. */
    ByteBuf finish() {
        int at = buffer.writerIndex();
        buffer.setShort(2, at - StunMessage.HEADER_BYTES + StunMessage.FINGERPRINT_ATTRIBUTE_BYTES);
        int fingerprint = StunMessage.fingerprint(buffer, 0, at);
        header(StunMessage.FINGERPRINT, 4);
        return buffer.writeInt(fingerprint);
    }

    private void header(int type, int bytes) {
        buffer.writeShort(type).writeShort(bytes);
    }
}
