package dev.weir.branch;

import dev.weir.media.Forwarder;
import java.util.HashMap;
import java.util.Map;

/** Counts how often the pictures of one viewer go on in another layer. A pause, or another track, is no switch. */
final class LayerSwitches {
    private final Branch.Output output;

    /** What each slot shows. */
    private final Map<Forwarder, Integer> layers = new HashMap<>();

    LayerSwitches(Branch.Output output) {
        this.output = output;
    }

    /** What a slot shows may have changed. */
    void onSlot(Forwarder slot) {
        int layer = slot.shownIndex();
        Integer before = layer < 0 ? layers.remove(slot) : layers.put(slot, layer);
        if (layer >= 0 && before != null && before != layer) {
            output.switched(before, layer);
        }
    }

    void clear() {
        layers.clear();
    }
}
