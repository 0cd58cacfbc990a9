package dev.weir;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.weir.shard.LocalAddresses;
import dev.weir.srtp.CryptoUnavailable;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** {@code weir doctor}: what this machine has and lacks for a server; exit code 1 if one cannot work here. */
final class DoctorCommand implements Callable<Integer> {
    private static final Path RECEIVE_BUFFER_MAX = Path.of("/proc/sys/net/core/rmem_max");
    private static final Path SEND_BUFFER_MAX = Path.of("/proc/sys/net/core/wmem_max");
    private static final long BUFFER_BYTES_WANTED = 8 << 20;
    private static final long DESCRIPTORS_WANTED = 65_536;

    private final Surroundings surroundings;
    private final CommandSpec spec;
    private boolean lacking;

    private DoctorCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.spec = CommandSpec.wrapWithoutInspection(this).mixinStandardHelpOptions(true);
    }

    static CommandSpec spec(Surroundings surroundings) {
        CommandSpec spec = new DoctorCommand(surroundings).spec;
        spec.usageMessage()
                .description("Say what this machine lacks, and which addresses and crypto a server would use.")
                .sortOptions(false);
        SettingFlags.addTo(spec, Settings.ALL);
        return spec;
    }

    @Override
    public Integer call() {
        SettingValues values = SettingFlags.read(spec.commandLine().getParseResult(), surroundings);
        Configuration configuration = Configuration.of(values);
        say("weir", Main.version());
        say(
                "java",
                System.getProperty("java.version") + " " + System.getProperty("java.vendor") + ", "
                        + System.getProperty("java.home"));
        say(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch") + ", "
                        + Runtime.getRuntime().availableProcessors() + " cores, "
                        + configuration.media().loops() + " media loops");
        transport();
        buffer("receive buffer", RECEIVE_BUFFER_MAX, "net.core.rmem_max");
        buffer("send buffer", SEND_BUFFER_MAX, "net.core.wmem_max");
        descriptors();
        crypto(configuration);
        addresses(configuration);
        say("result", lacking ? "a server cannot work here, see above" : "a server can work here");
        return lacking ? Main.FAILURE : Main.OK;
    }

    private void transport() {
        if (Epoll.isAvailable()) {
            say(
                    "epoll",
                    "yes; UDP segmentation (GSO) "
                            + (EpollDatagramChannel.isSegmentedDatagramPacketSupported() ? "yes" : "no"));
        } else {
            Throwable cause = Epoll.unavailabilityCause();
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            say(
                    "epoll",
                    "no, NIO is used: "
                            + String.valueOf(cause.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse(""));
        }
    }

    /** A file below /proc/sys gives its value to the first read alone, and readString begins with one of a single byte. */
    private static String wholeValue(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = new byte[64];
            return new String(bytes, 0, Math.max(0, stream.read(bytes)), StandardCharsets.US_ASCII);
        }
    }

    private void buffer(String name, Path file, String key) {
        try {
            long bytes = Long.parseLong(wholeValue(file).strip());
            say(
                    name,
                    bytes + " bytes at most"
                            + (bytes >= BUFFER_BYTES_WANTED
                                    ? ""
                                    : ", bursts may be lost; better: sysctl -w " + key + "=" + BUFFER_BYTES_WANTED));
        } catch (IOException | NumberFormatException e) {
            say(name, "limit unknown on this system");
        }
    }

    private void descriptors() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long max = system.getMaxFileDescriptorCount();
            say(
                    "open files",
                    max + " at most"
                            + (max >= DESCRIPTORS_WANTED
                                    ? ""
                                    : ", one per WebSocket; better: ulimit -n " + DESCRIPTORS_WANTED));
        }
    }

    private void crypto(Configuration configuration) {
        try {
            Crypto crypto = Crypto.choose(configuration.media().crypto(), new SecureRandom());
            say("packet crypto", crypto.packets().name());
            say("handshakes", crypto.handshakes().name());
            crypto.notes().forEach(note -> say("", note));
        } catch (CryptoUnavailable e) {
            lacking = true;
            say("packet crypto", "MISSING: " + e.getMessage());
        }
    }

    private void addresses(Configuration configuration) {
        List<InetAddress> given = configuration.media().advertise();
        List<InetAddress> addresses = given.isEmpty() ? ownAddresses() : given;
        if (addresses.isEmpty()) {
            lacking = true;
            say("addresses", "NONE: no network interface is up");
            return;
        }
        say(
                "addresses",
                addresses.stream().map(NetUtil::toAddressString).collect(Collectors.joining(", "))
                        + (given.isEmpty() ? "" : " (as given)"));
    }

    private static List<InetAddress> ownAddresses() {
        try {
            return LocalAddresses.find();
        } catch (SocketException e) {
            return List.of();
        }
    }

    private void say(String name, String finding) {
        surroundings.out().printf("%-16s%s%n", name, finding);
    }
}
