package io.leukostream.inference.domain;

import java.nio.ByteBuffer;

/**
 * An image as it was delivered.
 *
 * @param file the encoded bytes, from position to limit; shared, not copied, so readers take a duplicate
 */
public record ReceivedImage(ImageHead head, ByteBuffer file) {}
