package io.leukostream.inference.domain;

/** Reads an image and finds its cells. Safe for use by several threads. */
@FunctionalInterface
public interface ImagePreparer {
    /** Prepares one image whose bytes and metadata have been checked. */
    Preparation prepare(ReceivedImage image);
}
