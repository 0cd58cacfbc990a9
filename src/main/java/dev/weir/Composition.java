package dev.weir;

import dev.weir.cluster.ClusterSettings;
import dev.weir.dtls.DtlsCertificate;
import dev.weir.room.RoomTimes;
import dev.weir.shard.HandshakeTurns;
import dev.weir.shard.ShardSettings;
import dev.weir.web.Cidr;
import dev.weir.web.WebConfig;
import dev.weir.web.WebhookSettings;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
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

    /** What the other nodes are told of this one. @param port of HTTP as it is bound */
    static ClusterSettings.Face face(Configuration configuration, OwnAddresses addresses, int port) {
        List<InetAddress> own = addresses.now().stream()
                .filter(address -> !address.isLoopbackAddress())
                .sorted(Comparator.comparing(InetAddress::getHostAddress))
                .toList();
        List<String> texts = own.stream().map(InetAddress::getHostAddress).toList();
        return new ClusterSettings.Face(Main.version(), texts, publicUrl(configuration, own, port));
    }

    /** A server on all addresses, and without a public name, is told by the first that others can reach. */
    private static Optional<String> publicUrl(Configuration configuration, List<InetAddress> own, int port) {
        String host = configuration.http().host();
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        if (!everywhere || !configuration.http().publicHosts().isEmpty()) {
            return Optional.of(bare(Server.url(configuration, port).toString()));
        }
        return own.stream()
                .findFirst()
                .map(address -> bare(Server.url(configuration, address.getHostAddress(), port)
                        .toString()));
    }

    private static String bare(String url) {
        return url.substring(0, url.length() - 1);
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
