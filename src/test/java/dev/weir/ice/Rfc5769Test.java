package dev.weir.ice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The test vectors of RFC 5769 for short-term credentials, sections 2.1 to 2.3. */
class Rfc5769Test {
    static final String REQUEST = "000100582112a442b7e7a701bc34d686fa87dfae"
            + "802200105354554e207465737420636c69656e74"
            + "002400046e0001ff"
            + "80290008932ff9b151263b36"
            + "000600096576746a3a68367659202020"
            + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
            + "80280004e57a3bcf";
    static final String IPV4_RESPONSE = "0101003c2112a442b7e7a701bc34d686fa87dfae"
            + "8022000b7465737420766563746f7220"
            + "002000080001a147e112a643"
            + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
            + "80280004c07d4c96";
    static final String IPV6_RESPONSE = "010100482112a442b7e7a701bc34d686fa87dfae"
            + "8022000b7465737420766563746f7220"
            + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
            + "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
            + "80280004c8fb0b4c";
    static final String USERNAME = "evtj:h6vY";
    static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";

    private static final byte[] TRANSACTION = HexFormat.of().parseHex("b7e7a701bc34d686fa87dfae");
    private static final int SOFTWARE = 0x8022;

    private final StunMessage message = new StunMessage();
    private final StunKey key = new StunKey(PASSWORD);

    @Test
    void readsTheRequest() {
        assertTrue(message.wrap(bytes(REQUEST)));

        assertEquals(StunMessage.BINDING_REQUEST, message.type());
        assertArrayEquals(TRANSACTION, message.transaction());
        assertTrue(message.fingerprintFits());
        assertTrue(message.isAuthentic(key));
        assertFalse(message.isAuthentic(new StunKey(PASSWORD + "x")));
        assertTrue(message.isUsername(USERNAME.getBytes(StandardCharsets.US_ASCII)));
        assertEquals(0x6e0001ffL, message.priority());
        assertTrue(message.isControlled());
        assertFalse(message.isControlling());
        assertEquals(0x932ff9b151263b36L, message.tieBreaker());
        assertEquals(0, message.unknownAttributes().length);
        assertEquals("evtj", IceAgent.localUfrag(bytes(REQUEST)));
    }

    @Test
    void readsTheIpv4Response() throws Exception {
        readsResponse(IPV4_RESPONSE, "192.0.2.1");
    }

    @Test
    void readsTheIpv6Response() throws Exception {
        readsResponse(IPV6_RESPONSE, "2001:db8:1234:5678:11:2233:4455:6677");
    }

    private void readsResponse(String response, String address) throws Exception {
        assertTrue(message.wrap(bytes(response)));

        assertEquals(StunMessage.BINDING_SUCCESS, message.type());
        assertTrue(message.hasTransaction(TRANSACTION));
        assertTrue(message.fingerprintFits());
        assertTrue(message.isAuthentic(key));
        assertEquals(new InetSocketAddress(InetAddress.getByName(address), 32853), message.xorMappedAddress());
    }

    @Test
    void writesTheRequest() throws Exception {
        ByteBuf written = new StunWriter(StunMessage.BINDING_REQUEST, TRANSACTION)
                .attribute(SOFTWARE, "STUN test client".getBytes(StandardCharsets.US_ASCII))
                .priority(0x6e0001ffL)
                .controlled(0x932ff9b151263b36L)
                .attribute(StunMessage.USERNAME, USERNAME.getBytes(StandardCharsets.US_ASCII))
                .integrity(key)
                .finish();

        assertArrayEquals(paddedWithZeros(REQUEST, 76 - 3, 3), take(written));
    }

    @Test
    void writesTheIpv4Response() throws Exception {
        assertArrayEquals(paddedWithZeros(IPV4_RESPONSE, 35, 1), take(response("192.0.2.1")));
    }

    @Test
    void writesTheIpv6Response() throws Exception {
        assertArrayEquals(
                paddedWithZeros(IPV6_RESPONSE, 35, 1), take(response("2001:db8:1234:5678:11:2233:4455:6677")));
    }

    private ByteBuf response(String address) throws Exception {
        return new StunWriter(StunMessage.BINDING_SUCCESS, TRANSACTION)
                .attribute(SOFTWARE, "test vector".getBytes(StandardCharsets.US_ASCII))
                .xorMappedAddress(new InetSocketAddress(InetAddress.getByName(address), 32853))
                .integrity(key)
                .finish();
    }

    /**
     * The RFC pads with spaces, we with zeros, which changes what is hashed behind it: this is the vector with zeros
     * and its two hashes made anew, by another way than the writer's.
     */
    private static byte[] paddedWithZeros(String vector, int at, int count) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(vector);
        Arrays.fill(bytes, at, at + count, (byte) 0);
        int integrity = bytes.length - 8 - 24;
        ByteBuffer view = ByteBuffer.wrap(bytes);
        view.putShort(2, (short) (bytes.length - 20 - 8));
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(PASSWORD.getBytes(StandardCharsets.US_ASCII), "HmacSHA1"));
        mac.update(bytes, 0, integrity);
        view.put(integrity + 4, mac.doFinal());
        view.putShort(2, (short) (bytes.length - 20));
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, bytes.length - 8);
        view.putInt(bytes.length - 4, (int) crc.getValue() ^ 0x5354554e);
        return bytes;
    }

    private static byte[] take(ByteBuf buffer) {
        byte[] bytes = ByteBufUtil.getBytes(buffer);
        buffer.release();
        return bytes;
    }

    static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
    }
}
