package dev.weir.peer;

import dev.weir.media.OutgoingRtp;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The pictures' packets for one viewer that came in this turn of the loop, in their order: their headers are written,
 * their payloads lie where they came in. They are put together at the end of the turn, all of one viewer at once, so
 * that his keys and the run are touched once and not anew for each packet.
 */
final class Gathered {
    /** More than a read of the socket brings; what comes when it is full is put together before. */
    static final int MOST = 16;

    private static final int HEADER_BYTES = 128;

    /** Made with the first packet: most connections never send a picture. */
    private Draft[] drafts;

    private ByteBuf headers;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    boolean isFull() {
        return count == MOST;
    }

    int count() {
        return count;
    }

    /** The headers' bytes: a draft tells where its own are. */
    ByteBuf headers() {
        return headers;
    }

    Draft draft(int i) {
        return drafts[i];
    }

    /**
     * Writes a packet's header. Keeps the packet's source until {@link #clear}.
     *
     * @param number its transport-wide one, or {@link Draft#UNNUMBERED}
     */
    Draft add(long now, int number, Slot slot, OutgoingRtp packet, SlotWriter writer) {
        if (drafts == null) {
            drafts = new Draft[MOST];
            for (int i = 0; i < MOST; i++) {
                drafts[i] = new Draft();
            }
            headers = Unpooled.buffer(MOST * HEADER_BYTES);
        }
        Draft draft = drafts[count++];
        draft.begin(now, number, slot, packet);
        draft.at = headers.writerIndex();
        headers.readerIndex(draft.at);
        writer.write(now, headers, slot, packet, draft);
        draft.written = headers.writerIndex() - draft.at;
        draft.source.retain();
        return draft;
    }

    void clear() {
        for (int i = 0; i < count; i++) {
            drafts[i].source.release();
            drafts[i].source = Unpooled.EMPTY_BUFFER;
        }
        count = 0;
        if (headers != null) {
            headers.clear();
        }
    }
}
