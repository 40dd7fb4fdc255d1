package io.leukostream.ingest.config;

import io.leukostream.ingest.domain.SpecimenKind;
import io.leukostream.ingest.domain.SpecimenType;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The service's settings; each can be given as an environment variable, such as {@code LEUKOSTREAM_DATA}. */
@ConfigMapping(prefix = "leukostream")
public interface IngestConfig {
    /** Folder of this service's own state: the vault. */
    Path data();

    /** Names this instance among those that watch the same folder. */
    @WithDefault("1")
    String instance();

    Kafka kafka();

    Registry registry();

    Vault vault();

    Image image();

    Http http();

    Admission admission();

    Disk disk();

    Watch watch();

    Dicom dicom();

    /** Who may ask. */
    interface Http {
        /** Names that the service is asked under beside localhost and addresses, without port; others get 421. */
        Optional<List<String>> allowedHosts();
    }

    /** The broker. */
    interface Kafka {
        /** Brokers to begin with, {@code host:port,…}. */
        String bootstrapServers();

        /** How long a record may take until all in-sync replicas have it; then the sender gets 503. */
        @WithDefault("10s")
        Duration deliveryTimeout();
    }

    /** The schema registry. */
    interface Registry {
        /** Its core API. */
        URI url();
    }

    /** The database of identifiers and acceptance marks. */
    interface Vault {
        /** {@code jdbc:postgresql://…} for more than one instance; an H2 file in the data folder if not set. */
        Optional<String> url();

        /** PostgreSQL's user. */
        Optional<String> username();

        /** PostgreSQL's password. */
        Optional<String> password();

        /**
         * What a caller must present as a bearer token to learn identifiers, read the log of accesses, or erase; at least
         * 24 characters. Without it nobody may.
         */
        Optional<String> permissionToken();
    }

    /** Limits on one image. */
    interface Image {
        /** The largest file, bytes. */
        int maxBytes();

        /** The most pixels (width × height) that a header may state. */
        @WithDefault("100000000")
        long maxPixels();
    }

    /** The admission limit. */
    interface Admission {
        /** Bytes of request bodies that are held at once, ≥ the largest body; beyond it senders get 429. */
        @WithDefault("134217728")
        long maxBytes();

        /** How long the body of a request may take to arrive; then its connection is closed. */
        @WithDefault("2m")
        Duration longestBody();

        /** How long an image may have waited for inference; then senders get 503. Well below the retention of the log. */
        @WithDefault("P5D")
        Duration longestWait();
    }

    /** The disk watermark. */
    interface Disk {
        /** Bytes that must be free on each watched disk, else senders get 503; 0 switches it off. */
        @WithDefault("1073741824")
        long minFreeBytes();

        /** A folder to watch beside {@code leukostream.data}, such as the broker's when it is on this machine. */
        Optional<List<Path>> watch();
    }

    /** The watched folder. */
    interface Watch {
        /** Where scanners put files; none is watched if not set. */
        Optional<Path> folder();

        /**
         * How the path of a file within the folder tells fields of the form, such as
         * {@code {patient}/{specimen}/{kind}/{file}}; only sidecars do if not set.
         */
        Optional<String> pattern();

        /** Fields that all images of the folder share, {@code specimenType=BONE_MARROW,scanner=north-1}. */
        Optional<List<String>> fields();

        /** How long size and time of a file must not have changed before it is taken. */
        @WithDefault("5s")
        Duration stableFor();

        /** Between two looks. */
        @WithDefault("2s")
        Duration interval();

        /** After which silence of another instance the files that it had taken are taken back; ≥ 4 intervals. */
        @WithDefault("2m")
        Duration claimsStaleAfter();

        /** Files that are taken in at once, 1..64. */
        @WithDefault("4")
        int workers();
    }

    /** The Orthanc whose instances are taken in. */
    interface Dicom {
        /** The root of its REST interface, {@code http://127.0.0.1:8042}; none is followed if not set. */
        Optional<URI> orthancUrl();

        /** Its user, where it asks for one. */
        Optional<String> orthancUsername();

        /** The user's password. */
        Optional<String> orthancPassword();

        /** Names this Orthanc among those that share a vault. */
        @WithDefault("orthanc")
        String source();

        /** Between two looks when there is nothing new. */
        @WithDefault("2s")
        Duration interval();

        /** How long Orthanc may take to answer. */
        @WithDefault("60s")
        Duration timeout();

        /** Instances that are taken in at once, 1..64. */
        @WithDefault("4")
        int workers();

        /** The most frames of one instance. */
        @WithDefault("10000")
        int maxFrames();

        /** Of images whose Image Type does not say {@code CELL} or {@code FIELD}. */
        @WithDefault("FIELD")
        SpecimenKind kind();

        /** Of specimens without a known code; such are refused if not set. */
        Optional<SpecimenType> specimenType();

        /** Codes of marrow beside those that are known, {@code scheme:code,…}. */
        Optional<List<String>> marrowCodes();

        /** Codes of blood beside those that are known. */
        Optional<List<String>> bloodCodes();

        /** Whether the accession number names the specimen where no specimen or container identifier does. */
        @WithDefault("false")
        boolean specimenFromAccession();

        /** The Issuer of Patient ID whose identifiers are the ones that the other doors are given. */
        Optional<String> homeIssuer();

        /** Pixel size (µm) of images that state none. */
        Optional<String> pixelSizeMicrometres();

        /** The published alias of scanners that have none of their own. */
        @WithDefault("dicom")
        String scanner();

        /** Aliases by calling AE title or station name, {@code MICRO1=north-1,…}. */
        Optional<List<String>> scanners();

        /** Calling AE titles whose images are STAT. */
        Optional<List<String>> statCallers();
    }
}
