package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            --prot 1                         | unknown flag '--prot'
            run --prot 1                     | unknown flag '--prot'
            run now                          | unknown argument 'now'
            walk                             | unknown argument 'walk'
            --port                           | Missing required parameter for option '--port' (PORT)
            --port 1 --port 2                | option '--port' (PORT) should be specified only once
            --port 99999                     | --port: must be a port from 0 to 65535, not '99999'
            --auth-secret short              | --auth-secret: must have 32 bytes or more, this one has 5 (openssl rand -base64 32 makes one)
            --cluster-members a:1            | --cluster-members: does nothing without --cluster
            --cluster --cluster-members a:1  | a cluster beyond loopback needs --cluster-secret (or WEIR_CLUSTER_SECRET; openssl rand -base64 32 makes one)
            --cluster --cluster-host 10.1.2.3 | a cluster beyond loopback needs --cluster-secret (or WEIR_CLUSTER_SECRET; openssl rand -base64 32 makes one)
            --cluster --cluster-dns weir     | a cluster beyond loopback needs --cluster-secret (or WEIR_CLUSTER_SECRET; openssl rand -base64 32 makes one)
            --cluster --cluster-dns weir --cluster-members a | --cluster-dns: stands instead of --cluster-members, not beside it
            --cluster --cluster-host 0.0.0.0 --cluster-secret 0123456789abcdef0123456789abcdef | --cluster-host: must be one address of this machine, not all of them
            --cluster --cluster-host 8.8.8.8 --cluster-secret 0123456789abcdef0123456789abcdef | 8.8.8.8 is a public address, where anybody could reach the cluster's ports: give --cluster-host a private one, or add --cluster-public and see to it that a firewall keeps others away
            --cluster --cluster-detection 500ms | --cluster-detection: must be from 1s to 60s
            --node no.dots                   | --node: must be up to 64 letters, digits, '-' or '_', not 'no.dots'
            --tcp-port 10000                 | --tcp-port: ICE over TCP is not in this release
            --host 0.0.0.0                   | on 0.0.0.0, which others can reach, weir needs --auth-secret (or WEIR_AUTH_SECRET), or --open to let everyone in
            load --prot 1                    | unknown flag '--prot'
            load --room a/b                  | --room: must be 1 to 128 letters, digits, '-', '_' or '.', not 'a/b'
            load --server ftp://x            | --server: must be an http or https address, not 'ftp://x'
            load --whip nowhere              | --whip: must be an http or https address, not 'nowhere'
            load --layers q,x                | --layers: must be one or several of q,h,f, not 'q,x'
            load --loss-in 101               | --loss-in: must be a number from 0 to 100, not '101'
            load --loss-out much             | --loss-out: must be a number from 0 to 100, not 'much'
            load --delay 3s                  | --delay: must be at most 2s, not '3s'
            load --duration soon             | --duration: must be a duration such as 90s, 30m, 1h or 7d, not 'soon'
            load --duration 500ms            | --duration: must be from 1s to 1d, not '500ms'
            load --rooms 0                   | --rooms: must be a number from 1 to 10000, not '0'
            load --publishers 0              | load: 0 clients in all; there must be 1 to 20000
            load --rooms 9999 --viewers 99   | load: 999900 clients in all; there must be 1 to 20000
            bench --only fan-in              | --only: must be one of fan-out-10, fan-out-50, fan-out-100, fan-out-200, conference-10, conference-30, room-200, rooms-1000, fan-out-1000-q, fan-out-1000-audio, publishers-500, weather-1000, join-storm, storm-50, storm-100, storm-200, not 'fan-in'
            token --room r --name n          | Missing required option: '--role=ROLE'
            token --room r --name n --role host                    | token: there is no secret to sign with: --auth-secret, WEIR_AUTH_SECRET or auth.secret
            token --room r --name n --role king --auth-secret 0123456789abcdef0123456789abcdef | --role: must be one of host, cohost, guest, viewer, recorder, not 'king'
            token --room a/b --name n --role host --auth-secret 0123456789abcdef0123456789abcdef | --room: must be 1 to 128 letters, digits, '-', '_' or '.', or *, not 'a/b'
            token --room r --name n --role host --ttl soon --auth-secret 0123456789abcdef0123456789abcdef | --ttl: must be a duration such as 90s, 30m, 1h or 7d, not 'soon'
            """)
    void answersAMistakeWithOneLineAndCode2(String arguments, String sentence) {
        Commands it = Commands.run(folder, Map.of(), arguments.split(" "));
        assertEquals("weir: " + sentence + System.lineSeparator(), it.err());
        assertEquals(2, it.code());
        assertEquals("", it.out());
    }

    @Test
    void namesAConfigurationFileThatIsMissingOrMalformed() throws Exception {
        Path missing = folder.resolve("none.yaml");
        assertEquals(
                "weir: --config: there is no file " + missing + System.lineSeparator(),
                Commands.run(folder, Map.of(), "--config", "none.yaml").err());
        Path malformed = Files.writeString(folder.resolve("bad.yaml"), "http: {port: 1\nx");
        Commands it = Commands.run(folder, Map.of(), "--config", malformed.toString());
        assertTrue(it.err().startsWith("weir: " + malformed + ":2: malformed YAML: "), it.err());
        assertEquals(2, it.code());
        assertEquals(
                "weir: --config: cannot read " + folder + System.lineSeparator(),
                Commands.run(folder, Map.of(), "--config", folder.toString()).err());
    }

    @Test
    void readsTheFileOfTheWorkingFolder() throws Exception {
        Files.createDirectories(folder.resolve("conf"));
        Files.writeString(folder.resolve("conf/weir.yaml"), "media: {loops: 7}\n");
        assertTrue(Commands.run(folder, Map.of(), "doctor").out().contains("7 media loops"));
    }

    @Test
    void showsVersionAndHelp() {
        assertEquals(
                "weir development\n",
                Commands.run(folder, Map.of(), "--version").out());
        assertEquals(
                "weir development\n",
                Commands.run(folder, Map.of(), "run", "--version").out());
        String help = Commands.run(folder, Map.of(), "run", "--help").out();
        for (Setting<?> setting : Settings.ALL) {
            assertTrue(help.contains(setting.flag()), setting.flag());
        }
        assertEquals(0, Commands.run(folder, Map.of(), "--help").code());
    }

    @Test
    void doctorNamesAddressesAndCrypto() {
        Commands it = Commands.run(folder, Map.of(), "doctor", "--advertise", "192.0.2.1,2001:db8::1");
        assertEquals(0, it.code(), it.out());
        assertTrue(it.out().contains("192.0.2.1, 2001:db8::1 (as given)"), it.out());
        assertTrue(it.out().contains("packet crypto"), it.out());
        Commands jdk = Commands.run(folder, Map.of(), "doctor", "--crypto", "jdk");
        assertTrue(jdk.out().contains("packet crypto   JDK "), jdk.out());
        assertTrue(jdk.out().contains("handshakes      BouncyCastle"), jdk.out());
    }
}
