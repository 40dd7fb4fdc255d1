package io.leukostream.results.rest;

import org.jspecify.annotations.Nullable;

/** Who opens a frame. */
public record FrameRequest(@Nullable String reviewer) {}
