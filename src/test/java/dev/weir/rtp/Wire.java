package dev.weir.rtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

/** Bytes for tests: written as hex with spaces, and spoilt in every way that a network or an attacker would. */
public final class Wire {
    private Wire() {}

    /** A heap buffer of these bytes. */
    public static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(array(hex));
    }

    public static byte[] array(String hex) {
        return ByteBufUtil.decodeHexDump(hex.replaceAll("\\s", ""));
    }

    /** What stands between reader and writer index, without spaces. */
    public static String hex(ByteBuf buffer) {
        return ByteBufUtil.hexDump(buffer);
    }

    public static String hex(String spaced) {
        return spaced.replaceAll("\\s", "");
    }

    /** Gives {@code parse} every truncation, every flip of one bit, and 2,000 seeded scrambles of the golden bytes. */
    public static void spoil(String golden, Consumer<ByteBuf> parse) {
        byte[] bytes = array(golden);
        for (int length = 0; length < bytes.length; length++) {
            parse.accept(Unpooled.copiedBuffer(bytes, 0, length));
        }
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            parse.accept(Unpooled.wrappedBuffer(flipped));
        }
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] scrambled = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            for (int change = random.nextInt(8); change >= 0 && scrambled.length > 0; change--) {
                scrambled[random.nextInt(scrambled.length)] = (byte) random.nextInt();
            }
            parse.accept(Unpooled.wrappedBuffer(scrambled));
        }
    }
}
