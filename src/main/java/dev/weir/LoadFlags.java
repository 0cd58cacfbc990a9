package dev.weir;

import dev.weir.load.LayerShape;
import dev.weir.load.LoadPlan;
import dev.weir.web.Names;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The flags of {@code weir load}, read into a plan. */
final class LoadFlags {
    private static final int MAX_CLIENTS = 20_000;
    private static final int MAX_BITRATE_BPS = 50_000_000;
    private static final int MIN_BITRATE_BPS = 30_000;
    private static final int TILES_OF_MIDDLE_SIZE = 4;

    private final CommandSpec spec;
    private final Path folder;

    private LoadFlags(CommandSpec spec, Path folder) {
        this.spec = spec;
        this.folder = folder;
    }

    static void addTo(CommandSpec spec) {
        text(spec, "--server", "URL", "The server.", "http://127.0.0.1:8080");
        text(spec, "--whip", "URL", "Publish by WHIP there; {room} and {n} (the client's number) are filled in.", "");
        text(spec, "--whep", "URL", "View by WHEP there; {room} and {n} are filled in.", "");
        text(spec, "--token", "JWT", "Access token, good for all the rooms.", "");
        flag(spec, "--insecure", "Take any certificate.");
        text(spec, "--server-pid", "PID", "Take this process's CPU time (proc) instead of what /metrics says.", "");
        text(spec, "--room", "NAME", "The room, or the beginning of the rooms' names.", "load");
        text(spec, "--rooms", "N", "How many rooms.", "1");
        text(spec, "--participants", "N", "In each room, who send and receive.", "0");
        text(spec, "--publishers", "N", "In each room, who only send. Default: 1, or 0 with --participants.", "");
        text(spec, "--viewers", "N", "In each room, who only receive.", "0");
        text(spec, "--joins-per-second", "N", "How fast they come.", "50");
        text(spec, "--layers", "LAYERS", "Of each camera, of q, h and f; one alone goes without simulcast.", "f");
        text(spec, "--bitrate", "BPS", "Of the highest layer. Default: q 150000, h 500000, f 1500000.", "");
        text(spec, "--temporal-layers", "N", "1 or 2.", "1");
        flag(spec, "--audio", "Senders have microphones, with audio levels.");
        text(spec, "--talkers", "N", "Of a room's microphones so many send. Default: all.", "");
        text(spec, "--cameras", "N", "Of a room's senders so many have a camera. Default: all.", "");
        text(spec, "--camera-rooms", "PERCENT", "The share of the rooms that have cameras.", "100");
        text(spec, "--tiles", "N", "Pictures that a receiver shows at once.", "1");
        text(spec, "--tile-height", "PIXELS", "Default: 720 for one tile, 360 up to four, else 180.", "");
        text(spec, "--audio-slots", "N", "Voices that a receiver can hear.", "3");
        flag(spec, "--sha1", "AES128_CM_HMAC_SHA1_80 instead of AEAD_AES_128_GCM.");
        text(spec, "--loss-in", "PERCENT", "Drop this share of what comes in.", "0");
        text(spec, "--loss-out", "PERCENT", "Drop this share of what goes out.", "0");
        text(spec, "--delay", "DURATION", "Hold each datagram back, in each direction.", "");
        text(spec, "--jitter", "DURATION", "And for up to so long more, in order.", "");
        text(spec, "--view-changes", "N", "Views that change each second, among all receivers.", "0");
        text(spec, "--churn", "N", "Clients that leave each second, each followed by another.", "0");
        text(spec, "--warmup", "DURATION", "From the last join to the measured phase.", "5s");
        text(spec, "--duration", "DURATION", "Of the measured phase.", "20s");
        text(spec, "--verify", "N", "Decrypt and check one of N media packets; 1 checks all and costs most.", "1");
        text(spec, "--generator-loops", "N", "Event loops of the generator.", "1");
        text(spec, "--json", "FILE", "Write the figures there as JSON.", "");
    }

    static LoadPlan read(CommandSpec spec, Path folder) {
        LoadFlags flags = new LoadFlags(spec, folder);
        LoadPlan plan = new LoadPlan(flags.target(), flags.people(), flags.media(), flags.weather(), flags.course());
        int total = plan.people().total();
        if (total == 0 || total > MAX_CLIENTS) {
            throw new ConfigurationError("load: " + total + " clients in all; there must be 1 to " + MAX_CLIENTS);
        }
        return plan;
    }

    static Optional<Path> json(CommandSpec spec, Path folder) {
        String file = new LoadFlags(spec, folder).given("--json");
        return file.isEmpty() ? Optional.empty() : Optional.of(folder.resolve(file));
    }

    private LoadPlan.Target target() {
        String pid = given("--server-pid");
        String token = given("--token");
        return new LoadPlan.Target(
                url("--server", given("--server")),
                template("--whip"),
                template("--whep"),
                token.isEmpty() ? Optional.empty() : Optional.of(token),
                isSet("--insecure"),
                pid.isEmpty() ? OptionalLong.empty() : OptionalLong.of(number("--server-pid", 1, 1 << 22)));
    }

    private LoadPlan.People people() {
        String room = given("--room");
        if (!Names.isRoom(room)) {
            throw refused("--room", "must be 1 to 128 letters, digits, '-', '_' or '.'", room);
        }
        int participants = number("--participants", 0, MAX_CLIENTS);
        return new LoadPlan.People(
                room,
                number("--rooms", 1, 10_000),
                participants,
                numberOr("--publishers", 0, MAX_CLIENTS, participants > 0 ? 0 : 1),
                number("--viewers", 0, MAX_CLIENTS),
                number("--joins-per-second", 1, 10_000));
    }

    private LoadPlan.Media media() {
        int tiles = number("--tiles", 0, 50);
        int height = tiles <= 1 ? 720 : tiles <= TILES_OF_MIDDLE_SIZE ? 360 : 180;
        return new LoadPlan.Media(
                layers(),
                number("--temporal-layers", 1, 2),
                isSet("--audio"),
                numberOr("--talkers", 0, MAX_CLIENTS, MAX_CLIENTS),
                numberOr("--cameras", 0, MAX_CLIENTS, MAX_CLIENTS),
                number("--camera-rooms", 0, 100),
                tiles,
                numberOr("--tile-height", 1, 4_320, height),
                number("--audio-slots", 0, 16),
                isSet("--sha1"));
    }

    private List<LayerShape> layers() {
        String given = given("--layers");
        List<String> rids = List.of(given.split(",", -1));
        List<LayerShape> layers = new ArrayList<>(LayerShape.ALL.stream()
                .filter(layer -> rids.contains(layer.rid()))
                .toList());
        if (layers.size() != rids.size()) {
            throw refused("--layers", "must be one or several of q,h,f", given);
        }
        LayerShape highest = layers.removeLast();
        int bitrate = numberOr("--bitrate", MIN_BITRATE_BPS, MAX_BITRATE_BPS, highest.bitrateBps());
        layers.add(highest.withBitrate(bitrate));
        return layers;
    }

    private LoadPlan.Weather weather() {
        return new LoadPlan.Weather(
                share("--loss-in"), share("--loss-out"), millis("--delay", "0"), millis("--jitter", "0"));
    }

    private LoadPlan.Course course() {
        return new LoadPlan.Course(
                seconds("--warmup"),
                seconds("--duration"),
                decimal("--view-changes", 100_000),
                decimal("--churn", 1_000),
                number("--verify", 1, 10_000),
                number("--generator-loops", 1, 64));
    }

    private double share(String flag) {
        return decimal(flag, 100) / 100;
    }

    private double decimal(String flag, double max) {
        String text = given(flag);
        try {
            double value = Double.parseDouble(text);
            if (value >= 0 && value <= max) {
                return value;
            }
        } catch (NumberFormatException notOne) {
            throw refused(flag, "must be a number from 0 to " + Math.round(max), text);
        }
        throw refused(flag, "must be a number from 0 to " + Math.round(max), text);
    }

    private int seconds(String flag) {
        long seconds = duration(flag).toSeconds();
        if (seconds < 1 || seconds > Duration.ofDays(1).toSeconds()) {
            throw refused(flag, "must be from 1s to 1d", given(flag));
        }
        return (int) seconds;
    }

    private int millis(String flag, String none) {
        if (given(flag).isEmpty() || given(flag).equals(none)) {
            return 0;
        }
        long millis = duration(flag).toMillis();
        if (millis > 2_000) {
            throw refused(flag, "must be at most 2s", given(flag));
        }
        return (int) millis;
    }

    private Duration duration(String flag) {
        return parsed(flag, ValueType.DURATION_TYPE, given(flag));
    }

    private int number(String flag, int min, int max) {
        return parsed(flag, ValueType.integer(min, max), given(flag));
    }

    private int numberOr(String flag, int min, int max, int otherwise) {
        return given(flag).isEmpty() ? otherwise : number(flag, min, max);
    }

    private Optional<String> template(String flag) {
        String text = given(flag);
        if (!text.isEmpty()) {
            url(flag, text.replace("{room}", "r").replace("{n}", "0"));
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static URI url(String flag, String text) {
        try {
            URI uri = URI.create(text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException notOne) {
            throw refused(flag, "must be an http or https address", text);
        }
        throw refused(flag, "must be an http or https address", text);
    }

    private <T> T parsed(String flag, ValueType<T> type, String text) {
        try {
            return type.parser().parse(text, folder);
        } catch (ValueType.Refusal e) {
            throw new ConfigurationError(flag + ": " + e.getMessage());
        }
    }

    private String given(String flag) {
        return spec.findOption(flag).getValue();
    }

    private boolean isSet(String flag) {
        return Boolean.TRUE.equals(spec.findOption(flag).getValue());
    }

    private static ConfigurationError refused(String flag, String must, String text) {
        return new ConfigurationError(flag + ": " + must + ", not '" + text + "'");
    }

    private static void text(CommandSpec spec, String name, String argument, String description, String fallback) {
        spec.addOption(OptionSpec.builder(name)
                .type(String.class)
                .arity("1")
                .paramLabel(argument)
                .defaultValue(fallback)
                .description(description + (fallback.isEmpty() ? "" : " Default: " + fallback + "."))
                .build());
    }

    private static void flag(CommandSpec spec, String name, String description) {
        spec.addOption(OptionSpec.builder(name)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build());
    }
}
