package io.leukostream.inference.messaging;

import io.leukostream.events.SmearImage;
import io.leukostream.inference.domain.Delivery;
import io.leukostream.inference.domain.ImageHead;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.Outcome.Rejected;
import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.domain.ReceivedImage;
import io.leukostream.inference.domain.RejectionReason;
import io.leukostream.inference.domain.Source;
import io.leukostream.inference.domain.SpecimenType;
import io.leukostream.inference.messaging.ImageRecordReader.UnreadableException;
import io.leukostream.schemas.Identity;
import io.leukostream.schemas.PixelScale;
import io.leukostream.schemas.SiteAlias;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A record of an image topic. */
final class KafkaDelivery implements Delivery {
    /** Stands for the specimen of a record that names none. */
    static final String UNKNOWN = "UNKNOWN";

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /** How far a sender's clock may be ahead of the broker's. */
    private static final Duration MOST_AHEAD = Duration.ofDays(1);
    /** A requeued image keeps its time of receipt, and logs are kept for weeks; no site keeps images there for a year. */
    private static final Duration MOST_BEHIND = Duration.ofDays(366);

    private static final int DAY_LENGTH = 10;
    private static final int FIRST_YEAR = 1900;

    private final ConsumerRecord<String, byte[]> kafkaRecord;
    private final Priority priority;
    private final ImageRecordReader reader;

    KafkaDelivery(ConsumerRecord<String, byte[]> kafkaRecord, Priority priority, ImageRecordReader reader) {
        this.kafkaRecord = kafkaRecord;
        this.priority = priority;
        this.reader = reader;
    }

    @Override
    public Source source() {
        return new Source(kafkaRecord.topic(), kafkaRecord.partition(), kafkaRecord.offset());
    }

    @Override
    public Priority priority() {
        return priority;
    }

    @Override
    public Opened open() {
        byte[] value = kafkaRecord.value();
        if (value == null) {
            return new Opened.Unusable(rejected(RejectionReason.RECORD_UNREADABLE, "The record has no value."));
        }
        try {
            return open(reader.read(value));
        } catch (UnreadableException e) {
            return new Opened.Unusable(rejected(RejectionReason.RECORD_UNREADABLE, String.valueOf(e.getMessage())));
        }
    }

    /** By its key where that is an image id; else by its place in the log, of the specimen {@link #UNKNOWN}. */
    @Override
    public Rejected rejected(RejectionReason reason, String detail) {
        String key = kafkaRecord.key();
        boolean named = key != null && Identity.isImageId(key);
        return new Rejected(
                source(),
                named
                        ? key
                        : UNKNOWN + "." + kafkaRecord.topic() + "-" + kafkaRecord.partition() + "-"
                                + kafkaRecord.offset(),
                named ? Identity.specimenIdOf(key) : UNKNOWN,
                1,
                reason,
                detail,
                null,
                priority,
                null,
                null);
    }

    private Opened open(SmearImage image) {
        String specimenId = image.getSpecimenId();
        String imageId = image.getImageId();
        if (!Identity.isSpecimenId(specimenId)) {
            return new Opened.Unusable(
                    rejected(RejectionReason.INVALID_RECORD, "The specimen id has not the form of one."));
        }
        if (!Identity.isImageId(imageId) || !Identity.specimenIdOf(imageId).equals(specimenId)) {
            // The id that follows from specimen and bytes is the one that its receipt would have.
            return unusable(
                    image,
                    Identity.imageId(specimenId, image.getImage()),
                    RejectionReason.IMAGE_ID_MISMATCH,
                    "The image id is not one of that specimen.");
        }
        String fault = fault(image, Instant.ofEpochMilli(kafkaRecord.timestamp()));
        if (!fault.isEmpty()) {
            return unusable(image, imageId, RejectionReason.INVALID_RECORD, fault);
        }
        Double pixelSize = image.getPixelSizeMicrometres();
        ImageHead head = new ImageHead(
                imageId,
                specimenId,
                SpecimenType.valueOf(image.getSpecimenType()),
                Kind.valueOf(image.getKind()),
                image.getAttempt(),
                image.getContentSha256(),
                pixelSize == null ? OptionalDouble.empty() : OptionalDouble.of(pixelSize),
                priority,
                image.getScanner(),
                image.getReceivedAt());
        return new Opened.Image(new ReceivedImage(head, image.getImage()));
    }

    /** What ingest would refuse of a request, and a record that comes past it may hold all the same; empty for nothing. */
    private static String fault(SmearImage image, Instant logged) {
        Double pixelSize = image.getPixelSizeMicrometres();
        if (Arrays.stream(Kind.values()).noneMatch(kind -> kind.name().equals(image.getKind()))) {
            return "The kind is neither CELL nor FIELD.";
        }
        if (Arrays.stream(SpecimenType.values()).noneMatch(type -> type.name().equals(image.getSpecimenType()))) {
            return "The specimen type is neither BONE_MARROW nor PERIPHERAL_BLOOD.";
        }
        if (image.getAttempt() < 1) {
            return "The attempt is " + image.getAttempt() + "; attempts count from 1.";
        }
        if (pixelSize != null && !PixelScale.isPossible(pixelSize)) {
            return "The pixel size is " + pixelSize + " µm; no microscope's image has that.";
        }
        if (!image.getPriority().equals("ROUTINE") && !image.getPriority().equals("STAT")) {
            return "The priority is neither ROUTINE nor STAT.";
        }
        if (image.getCapturedOn() != null && !isDay(image.getCapturedOn())) {
            return "The day of capture is no day, such as 2026-01-31.";
        }
        if (!isNear(image.getReceivedAt(), logged)) {
            return "The time of receipt is too far from the log's: set the sender's clock.";
        }
        if (!isAliasOrNone(image.getScanner()) || !isAliasOrNone(image.getStain())) {
            return "Scanner or stain is no alias: up to " + SiteAlias.LONGEST + " letters, digits, spaces and ._/+()-.";
        }
        return "";
    }

    private static boolean isDay(String text) {
        try {
            int year = LocalDate.parse(text).getYear();
            return text.length() == DAY_LENGTH && year >= FIRST_YEAR;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isNear(Instant receivedAt, Instant logged) {
        return !receivedAt.isAfter(logged.plus(MOST_AHEAD)) && !receivedAt.isBefore(logged.minus(MOST_BEHIND));
    }

    private static boolean isAliasOrNone(@Nullable String text) {
        return text == null || SiteAlias.isOne(text);
    }

    private Opened unusable(SmearImage image, String imageId, RejectionReason reason, String detail) {
        return new Opened.Unusable(new Rejected(
                source(),
                imageId,
                image.getSpecimenId(),
                Math.max(1, image.getAttempt()),
                reason,
                detail,
                SHA_256.matcher(image.getContentSha256()).matches() ? image.getContentSha256() : null,
                priority,
                isAliasOrNone(image.getScanner()) ? image.getScanner() : null,
                isNear(image.getReceivedAt(), Instant.ofEpochMilli(kafkaRecord.timestamp()))
                        ? image.getReceivedAt()
                        : null));
    }
}
