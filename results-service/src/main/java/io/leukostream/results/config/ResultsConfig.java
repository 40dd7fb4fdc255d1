package io.leukostream.results.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The settings of this service; each may be given as {@code LEUKOSTREAM_…} in the environment. */
@ConfigMapping(prefix = "leukostream")
public interface ResultsConfig {
    /** The broker. */
    Kafka kafka();

    /** The schema registry. */
    Registry registry();

    /** Where this service listens. */
    Http http();

    /** The folder of the state stores. */
    @WithDefault(".leukostream/results")
    Path data();

    /** Names this instance among several; stable over restarts. */
    @WithDefault("1")
    String instance();

    /** The limit on image bytes, from which fetches are derived. */
    Image image();

    /** How verdicts follow from evidence. */
    Verdict verdict();

    /** The comparison with a bundle on trial. */
    Shadow shadow();

    /** Drift of the scanners. */
    Drift drift();

    /** The accounting of images. */
    Accounting accounting();

    /** Who is to be looked at first. */
    Triage triage();

    /** How alerts live. */
    Alerts alert();

    /** How alerts reach people outside. */
    Notification notification();

    /** The audit. */
    Audit audit();

    /** The live stream. */
    Stream stream();

    /** Reading crops and displays. */
    Evidence evidence();

    /** Asking the other instances. */
    Instances instances();

    /** The broker. */
    interface Kafka {
        /** Host and port, several separated by commas. */
        @WithDefault("127.0.0.1:8092")
        String bootstrapServers();

        /** Threads of the topology. */
        @WithDefault("1")
        int streamThreads();

        /** How long after its death an instance's work is given to another. */
        @WithDefault("10s")
        Duration sessionTimeout();

        /** How often the topology commits, and thus how soon it tells. */
        @WithDefault("100ms")
        Duration commitInterval();

        /** Replicas of the topology's internal topics; −1 takes the broker's default. */
        @WithDefault("-1")
        int internalReplicas();

        /** Further instances that keep a copy of each store and go on from it when its owner dies; 0 with one instance. */
        @WithDefault("0")
        int standbyReplicas();
    }

    /** The schema registry. */
    interface Registry {
        /** Its core API. */
        @WithDefault("http://127.0.0.1:8085/apis/registry/v3")
        String url();
    }

    /** Where this service listens. */
    interface Http {
        /** The address; anything but loopback needs a sign-on in front. */
        @WithDefault("127.0.0.1")
        String host();

        /** The port. */
        @WithDefault("8080")
        int port();

        /** Host and port at which the other instances of this service reach this one; where it listens by default. */
        @WithDefault("${leukostream.http.host}:${leukostream.http.port}")
        String advertised();

        /**
         * Names that the service is asked under beside localhost, addresses and the host of the dashboard's address, without
         * port; others get 421.
         */
        Optional<List<String>> allowedHosts();

        /** How long a request's body may take to come. */
        @WithDefault("30s")
        Duration longestBody();
    }

    /** The limit on images. */
    interface Image {
        /** The largest image file, bytes. */
        @WithDefault("25165824")
        int maxBytes();
    }

    /** How verdicts follow from evidence. */
    interface Verdict {
        /** The fraction of blasts that the states refer to. */
        @WithDefault("0.25")
        double threshold();

        /** The fraction below which the diagnosis is to be avoided; shown only. */
        @WithDefault("0.20")
        double avoidBelow();

        /** Counted cells below which the model's calls say nothing. */
        @WithDefault("50")
        int minimumCells();

        /** Level of the decision over all looks. */
        @WithDefault("0.95")
        double level();

        /** The share of 1 − level that the MODEL basis spends; REVIEW spends the rest. */
        @WithDefault("0.5")
        double modelShare();

        /** The share of cells refused for their quality above which the model's calls are withheld; 1 never withholds. */
        @WithDefault("0.5")
        double refusedLimit();

        /**
         * Specimens registered longer than this before the patient's newest one do not count for the patient's state; all
         * count unless it is given.
         */
        Optional<Duration> period();

        /** What differs for peripheral blood, and every other type that is not bone marrow. */
        PeripheralBlood peripheralBlood();
    }

    /** Who is to be looked at first; it decides no state. */
    interface Triage {
        /** The most of normal specimens that may ever become URGENT, over all looks. */
        @WithDefault("0.2")
        double falseAlarmRate();

        /** The most of leukaemic specimens that may ever become ROUTINE, over all looks. */
        @WithDefault("0.15")
        double missRate();

        /** Cells below which nothing is said, of a specimen and of a reference subject. */
        @WithDefault("10")
        int minimumCells();
    }

    /** What differs for specimens that are not bone marrow. */
    interface PeripheralBlood {
        /** The fraction of blasts that the states refer to; that of the marrow unless given. */
        OptionalDouble threshold();

        /** Counted cells below which the model's calls say nothing; that of the marrow unless given. */
        OptionalInt minimumCells();

        /** Whether a fraction below the threshold is said to be that; few blasts in blood exclude nothing. */
        @WithDefault("false")
        boolean allClear();

        /** Whether a single cell that a reviewer labelled a blast is a reason, whatever the fraction. */
        @WithDefault("true")
        boolean anyBlast();
    }

    /** The comparison with a bundle on trial. */
    interface Shadow {
        /** How much of a bundle's outcomes of one partition is held in memory while it is compared, bytes as written. */
        @WithDefault("67108864")
        long mostBytes();
    }

    /** Drift of the scanners; it never changes a verdict. */
    interface Drift {
        /** Standard errors from the earlier days at which a day calls for attention. */
        @WithDefault("3")
        double attentionAt();

        /** How many days back the earlier days reach. */
        @WithDefault("30")
        int referenceDays();

        /** Fewer specimens on the earlier days are not compared with; at least 2. */
        @WithDefault("10")
        int leastSpecimens();

        /** How often the metric is computed anew. */
        @WithDefault("1m")
        Duration metricInterval();
    }

    /** The accounting of images. */
    interface Accounting {
        /** An image that has been pending longer is overdue: told by metric, readiness detail, and on the pages. */
        @WithDefault("10m")
        Duration overdueAfter();

        /** How often the pending images are looked at for the metrics and the readiness detail. */
        @WithDefault("15s")
        Duration metricInterval();
    }

    /** How alerts live. */
    interface Alerts {
        /** Time to acknowledge, by the site's own rule. */
        @WithDefault("30m")
        Duration timeToAcknowledge();

        /** How often overdue alerts are looked for. */
        @WithDefault("1s")
        Duration escalationCheck();

        /** Who is told, one after the other, while nobody acknowledges; without any, one rung at the due time, by all channels. */
        List<Rung> escalationLadder();

        /** Names of the channels by which raising is told; without any, all. */
        Optional<List<String>> channels();

        /** A patient's first alert, where it differs. */
        Episode firstTime();

        /** All later ones, where they differ. */
        Episode repeat();

        /** Alerts about specimens that are URGENT and that nobody has looked at. */
        Urgency triage();
    }

    /** What differs for some alerts; what is not set here is as for all. */
    interface Episode {
        /** Time to acknowledge. */
        Optional<Duration> timeToAcknowledge();

        /** The ladder; replaces the general one as a whole. */
        List<Rung> escalationLadder();

        /** Names of the channels by which raising is told. */
        Optional<List<String>> channels();
    }

    /** What differs for alerts about the triage; what is not set here is as for all. */
    interface Urgency extends Episode {
        /** Whether there are any. */
        @WithDefault("false")
        boolean enabled();
    }

    /** A rung of an escalation ladder. */
    interface Rung {
        /** How long past the due time. */
        @WithDefault("0s")
        Duration after();

        /** Who is told: a role or a name. */
        String to();

        /** Names of the channels by which; without any, all. */
        Optional<List<String>> channels();
    }

    /** How alerts reach people outside. A channel's name is of small letters, digits and hyphens. */
    interface Notification {
        /** The address under which people reach the dashboard; messages link to it. */
        @WithDefault("http://127.0.0.1:${leukostream.http.port:8080}")
        URI baseUrl();

        /** Webhooks by name. */
        Map<String, Webhook> webhook();

        /** E-mails by name; their server is set by {@code quarkus.mailer.*}. */
        Map<String, EMail> eMail();

        /** When what failed is tried again. */
        Retry retry();
    }

    /** A webhook. */
    interface Webhook {
        /** Where to. */
        URI url();

        /** Which the receiver knows too, at least 16 characters; signs what is sent. */
        String secret();

        /** How long the receiver may take. */
        @WithDefault("10s")
        Duration timeout();
    }

    /** An e-mail. */
    interface EMail {
        /** The sender's address. */
        String from();

        /** The receivers' addresses. */
        List<String> to();

        /** How long the server may take. */
        @WithDefault("20s")
        Duration timeout();
    }

    /** When what failed is tried again. */
    interface Retry {
        /** The pause after the first failure; it doubles each time. */
        @WithDefault("2s")
        Duration first();

        /** No pause is longer. */
        @WithDefault("10m")
        Duration most();

        /** After so many attempts a step is given up. */
        @WithDefault("20")
        int attempts();
    }

    /** The audit. */
    interface Audit {
        /**
         * The file of the site's key, which several instances share and a deployment mounts as a secret; without it this
         * service makes one in its folder.
         */
        Optional<Path> key();
    }

    /** The live stream. */
    interface Stream {
        /** Events that a client which was away can still get. */
        @WithDefault("5000")
        int remembered();

        /** How often a silent stream says that it lives. */
        @WithDefault("15s")
        Duration heartbeat();
    }

    /** Reading crops and displays. */
    interface Evidence {
        /** Readings at the same time. */
        @WithDefault("4")
        int readers();

        /** How long one reading may take. */
        @WithDefault("5s")
        Duration timeout();

        /** What is kept in memory of what was read, bytes. */
        @WithDefault("67108864")
        long cacheBytes();
    }

    /** Asking the other instances. */
    interface Instances {
        /** How long one may take to answer before the results are not ready. */
        @WithDefault("5s")
        Duration timeout();
    }
}
