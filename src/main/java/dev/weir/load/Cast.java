package dev.weir.load;

import java.util.ArrayList;
import java.util.List;

/** Who does what in a run: senders first, so that whoever comes to see finds something. */
record Cast(List<Part> senders, List<Part> viewers) {
    static Cast of(LoadPlan plan) {
        LoadPlan.People people = plan.people();
        List<Part> senders = new ArrayList<>();
        List<Part> viewers = new ArrayList<>();
        int number = 0;
        for (int room = 0; room < people.rooms(); room++) {
            String name = people.rooms() == 1 ? people.room() : people.room() + "-" + room;
            boolean cameras = hasCameras(room, plan.media().cameraRoomsPercent());
            int sending = people.participants() + people.publishers();
            for (int place = 0; place < people.perRoom(); place++) {
                Part part = part(plan, number++, name, place, cameras);
                (place < sending ? senders : viewers).add(part);
            }
        }
        return new Cast(List.copyOf(senders), List.copyOf(viewers));
    }

    /** Spreads the rooms with cameras evenly over all. */
    private static boolean hasCameras(int room, int percent) {
        return (room + 1) * percent / 100 > room * percent / 100;
    }

    /** The first of a room take part, the next publish, the last view. */
    private static Part part(LoadPlan plan, int number, String room, int place, boolean cameras) {
        LoadPlan.People people = plan.people();
        LoadPlan.Media media = plan.media();
        boolean sends = place < people.participants() + people.publishers();
        boolean receives = place < people.participants() || !sends;
        boolean camera = sends && cameras && place < media.cameras();
        boolean microphone = sends && media.audio();
        return new Part(
                number,
                room,
                place,
                camera ? media.layers() : List.of(),
                microphone,
                microphone && place < media.talkers(),
                receives && media.audio() ? media.audioSlots() : 0,
                receives ? media.tiles() : 0);
    }
}
