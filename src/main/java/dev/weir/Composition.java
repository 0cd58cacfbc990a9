package dev.weir;

import dev.weir.dtls.DtlsCertificate;
import dev.weir.room.RoomTimes;
import dev.weir.shard.HandshakeTurns;
import dev.weir.shard.ShardSettings;
import dev.weir.web.Cidr;
import dev.weir.web.WebConfig;
import dev.weir.web.WebhookSettings;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;

/** Hands each package its own part of the configuration. */
final class Composition {
    /** HTTP and signaling need little: text, and JSON of a few hundred bytes. */
    static final int WEB_VERTICLES = 1;

    /** A second of some 400 layers at 1.5 Mbps and more of smaller ones. */
    private static final long STORE_BYTES_PER_SHARD = 128L * 1024 * 1024;

    private Composition() {}

    static ShardSettings shard(Configuration configuration, Crypto crypto, SecureRandom random) {
        Configuration.Media media = configuration.media();
        return new ShardSettings(
                media.udpPort(),
                media.advertise(),
                DtlsCertificate.generate(random, crypto.handshakes()),
                random,
                crypto.packets(),
                HandshakeTurns.ofMachine(),
                media.runs(),
                STORE_BYTES_PER_SHARD,
                new RoomTimes(
                        configuration.rooms().emptyTimeout().toNanos(),
                        configuration.rooms().unusedTimeout().toNanos()));
    }

    static WebConfig web(Configuration configuration, OwnAddresses addresses) {
        Configuration.Http http = configuration.http();
        return new WebConfig(
                http.host(),
                http.port(),
                Set.copyOf(http.publicHosts()),
                http.allowOrigins(),
                http.trustedProxies().stream()
                        .map(Cidr::parse)
                        .flatMap(Optional::stream)
                        .toList(),
                tls(configuration.tls()),
                configuration.auth().secret(),
                !configuration.auth().asksForTokens(),
                configuration.media().iceServers().stream()
                        .map(Composition::iceServer)
                        .toList(),
                WEB_VERTICLES,
                addresses::now,
                Main.version(),
                rules(configuration));
    }

    static Optional<WebhookSettings> webhooks(Configuration.Webhooks webhooks) {
        return webhooks.url()
                .map(url ->
                        new WebhookSettings(url, webhooks.secret().orElseThrow(), webhooks.queue(), webhooks.giveUp()));
    }

    private static WebConfig.Rules rules(Configuration configuration) {
        Configuration.Auth auth = configuration.auth();
        return new WebConfig.Rules(
                auth.keySet(),
                given(auth.issuer()),
                given(auth.audience()),
                configuration.rooms().anyoneCreates(),
                configuration.rooms().onlyCreated(),
                configuration.limits().failuresPerMinute(),
                configuration.limits().joinsPerMinute(),
                configuration.cluster().region());
    }

    private static WebConfig.Tls tls(Configuration.Tls tls) {
        if (tls.selfSigned()) {
            return new WebConfig.Tls.SelfSigned();
        }
        return tls.enabled()
                ? new WebConfig.Tls.Files(
                        tls.cert().orElseThrow().toString(),
                        tls.key().orElseThrow().toString())
                : new WebConfig.Tls.Off();
    }

    private static WebConfig.IceServer iceServer(Configuration.IceServer server) {
        return switch (server) {
            case Configuration.FixedIceServer fixed ->
                new WebConfig.IceServer(
                        fixed.urls(), given(fixed.username()), given(fixed.credential()), Optional.empty(), 0);
            case Configuration.SharedSecretIceServer shared ->
                new WebConfig.IceServer(
                        shared.urls(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(shared.secret()),
                        shared.ttl().toSeconds());
        };
    }

    private static Optional<String> given(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }
}
