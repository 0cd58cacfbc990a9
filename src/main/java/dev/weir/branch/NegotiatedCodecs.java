package dev.weir.branch;

import dev.weir.media.Forwarder;
import dev.weir.media.Slots;
import dev.weir.rtp.Codec;
import dev.weir.rtp.MediaKind;
import dev.weir.sdp.MediaOffer;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Which video codecs a connection's m-lines carry, as its last offer was answered. */
final class NegotiatedCodecs {
    private final Map<String, Set<Codec>> sent = new HashMap<>();
    private Set<Codec> taken = EnumSet.noneOf(Codec.class);
    private boolean watching;

    /** @param slots with those of the offer in them already */
    void update(MediaOffer offer, Slots slots) {
        sent.clear();
        for (MediaOffer.Section section : offer.sections()) {
            if (section.sending() && section.active()) {
                Set<Codec> codecs = EnumSet.noneOf(Codec.class);
                section.payloads().forEach(payload -> codecs.add(payload.codec()));
                sent.put(section.mid(), codecs);
            }
        }
        taken = EnumSet.allOf(Codec.class);
        taken.removeIf(codec -> codec.kind() != MediaKind.VIDEO);
        watching = false;
        for (Forwarder slot : slots.all()) {
            if (slot.stream().kind() == MediaKind.VIDEO) {
                watching = true;
                taken.removeIf(codec -> !slot.stream().takes(codec));
            }
        }
    }

    /** What the publisher may send on this m-line without a new offer. */
    Set<Codec> sentOn(String mid) {
        return sent.getOrDefault(mid, Set.of());
    }

    /** Whether there is a slot for pictures. */
    boolean watching() {
        return watching;
    }

    /** What every slot for pictures takes. */
    Set<Codec> taken() {
        return taken;
    }
}
