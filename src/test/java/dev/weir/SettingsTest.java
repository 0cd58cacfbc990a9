package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void theFileHoldsEverySettingBesideItsDefault() throws Exception {
        assertEquals(Settings.yaml(), Files.readString(Path.of("conf/weir.yaml")), "write Settings.yaml() there");
    }

    @Test
    void theDocumentationHoldsTheSameTable() throws Exception {
        String page = Files.readString(Path.of("docs/CONFIGURATION.md"));
        assertTrue(page.contains(Settings.markdown()), () -> "put this there:\n" + Settings.markdown());
    }

    @Test
    void keysFlagsAndVariablesAreUnique() {
        Set<String> names = new HashSet<>();
        for (Setting<?> setting : Settings.ALL) {
            for (String name : List.of(setting.key(), setting.flag(), setting.variable())) {
                assertTrue(names.add(name), name);
            }
        }
    }

    @Test
    void variablesAreTheKeysInUpperCase() {
        assertEquals("WEIR_MEDIA_UDP_PORT", Settings.UDP_PORT.variable());
        assertEquals("WEIR_HTTP_TRUSTED_PROXIES", Settings.TRUSTED_PROXIES.variable());
        assertEquals("WEIR_AUTH_SECRET", Settings.AUTH_SECRET.variable());
    }

    @Test
    void theFlagsOfTheProtocolAreAllThere() {
        List<String> flags =
                new ArrayList<>(Settings.ALL.stream().map(Setting::flag).toList());
        Stream.of(("--host --port --udp-port --tcp-port --advertise --public-host --allow-origin --ice-servers"
                                + " --trusted-proxies --log-level --log-format --loops --cluster --cluster-members"
                                + " --cluster-secret --region --auth-secret --tls-cert --tls-key --tls-self-signed"
                                + " --max-rooms --open")
                        .split(" "))
                .forEach(flag -> assertTrue(flags.remove(flag), flag));
        Stream.of(("--auth-key-set --auth-issuer --auth-audience --anyone-creates-rooms --only-created-rooms"
                                + " --room-empty-timeout --room-unused-timeout --max-token-failures --max-joins --crypto"
                                + " --runs --run-bound-micros --webhook-url --webhook-secret --webhook-queue"
                                + " --webhook-give-up --cluster-dns --cluster-host --cluster-port --cluster-public"
                                + " --cluster-detection --node")
                        .split(" "))
                .forEach(flag -> assertTrue(flags.remove(flag), flag));
        assertEquals(List.of(), flags, "neither the protocol's nor of this list");
    }
}
