package dev.weir.media;

/** Is told what a slot shows. Must not call back. */
public interface SlotWatcher {
    /** What the slot shows changed, as {@link Forwarder}'s track, shown layer and pause tell. */
    void onSlot(long now, Forwarder slot);
}
