package dev.weir.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** How values of one type are written between nodes. Reading takes anything and refuses with a {@link WireRefusal}. */
interface WireForm {
    void write(Object value, JsonGenerator out) throws IOException;

    Object read(JsonNode node);

    /** What stands for a field that an older node did not send. */
    default Object absent() {
        return null;
    }
}
