package dev.weir.bench;

import java.util.List;

/**
 * One row of the table.
 *
 * @param words the load, for people
 * @param flags of the generator
 * @param compared whether the same load also goes to the reference: our own server with single sends and the JDK's
 *     ciphers
 */
record Scenario(String name, String words, List<String> flags, boolean compared) {
    static final List<Scenario> ALL = List.of(
            fanOut(10, 1, false),
            fanOut(50, 1, false),
            fanOut(100, 2, true),
            fanOut(200, 4, false),
            of(
                    "conference-10",
                    "10 people, 9 tiles of 360 lines, 3 voices, simulcast q,h,f",
                    "--participants 10 --layers q,h,f --tiles 9 --tile-height 360 --audio --talkers 3 --verify 2"),
            new Scenario(
                    "conference-30",
                    "30 people, 9 tiles of 180 lines, 3 voices, simulcast q,h,f",
                    words("--participants 30 --layers q,h,f --tiles 9 --tile-height 180 --audio --talkers 3"
                            + " --verify 4"),
                    true),
            of(
                    "room-200",
                    "200 people in one room, 9 tiles of 180 lines, the 3 loudest of 6 voices, simulcast q,h,f",
                    "--participants 200 --layers q,h,f --tiles 9 --tile-height 180 --audio --talkers 6 --verify 16"),
            of(
                    "rooms-1000",
                    "1,000 rooms of 3, one talks, one q camera in every tenth room",
                    "--rooms 1000 --participants 3 --layers q --cameras 1 --camera-rooms 10 --audio --talkers 1"
                            + " --tile-height 180 --joins-per-second 100 --verify 16"),
            of(
                    "fan-out-1000-q",
                    "1 camera of 150 kbit/s to 1,000 viewers",
                    "--viewers 1000 --layers q --tile-height 180 --joins-per-second 100 --verify 16"),
            of(
                    "fan-out-1000-audio",
                    "1 microphone to 1,000 listeners",
                    "--viewers 1000 --cameras 0 --tiles 0 --audio --joins-per-second 100 --verify 16"),
            of(
                    "publishers-500",
                    "500 cameras of 150 kbit/s, 100 in each of 5 rooms, and 10 viewers with 9 tiles",
                    "--rooms 5 --publishers 100 --viewers 2 --layers q --tiles 9 --tile-height 180"
                            + " --joins-per-second 100"),
            of(
                    "weather-1000",
                    "10 cameras of 150 kbit/s to 99 viewers each; 40 ms and up to 20 ms more, each way",
                    "--rooms 10 --viewers 99 --layers q --tile-height 180 --joins-per-second 100 --verify 16"
                            + " --delay 40ms --jitter 20ms"),
            of(
                    "join-storm",
                    "500 joins at 200 a second into 10 rooms without media",
                    "--rooms 10 --publishers 0 --viewers 50 --joins-per-second 200"),
            storm(50),
            storm(100),
            storm(200));

    Scenario {
        flags = List.copyOf(flags);
    }

    private static Scenario fanOut(int viewers, int verify, boolean compared) {
        return new Scenario(
                "fan-out-" + viewers,
                "1 camera of 1.5 Mbit/s, 30 frames/s (its lower layers are off), to " + viewers + " viewers",
                words("--viewers " + viewers + " --layers q,h,f --verify " + verify),
                compared);
    }

    /** Whether anybody sends anything. */
    boolean hasMedia() {
        return !String.join(" ", flags).contains("--publishers 0");
    }

    /** All at once into one room: what a join costs with so many there. */
    private static Scenario storm(int people) {
        return of(
                "storm-" + people,
                people + " people join one room at once, without media",
                "--publishers 0 --viewers " + people + " --joins-per-second 1000");
    }

    private static Scenario of(String name, String words, String flags) {
        return new Scenario(name, words, words(flags), false);
    }

    private static List<String> words(String flags) {
        return List.of(flags.split(" "));
    }
}
