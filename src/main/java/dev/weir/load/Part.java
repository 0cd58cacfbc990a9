package dev.weir.load;

import java.util.List;

/**
 * What one client does.
 *
 * @param number among all clients
 * @param place among those of his room: whose pictures he looks at first follows from it
 * @param layers of his camera; empty: none
 * @param microphone whether he has one
 * @param talking whether it is open
 * @param audioSlots voices that he can hear; 0 with no video slots: he only sends
 * @param videoSlots pictures that he can see
 */
record Part(
        int number,
        String room,
        int place,
        List<LayerShape> layers,
        boolean microphone,
        boolean talking,
        int audioSlots,
        int videoSlots) {
    Part {
        layers = List.copyOf(layers);
    }

    boolean sends() {
        return microphone || !layers.isEmpty();
    }

    boolean receives() {
        return audioSlots + videoSlots > 0;
    }

    String name() {
        return "load " + number;
    }
}
